// What is known of a message besides its text: who sends it to whom, as far as it matters for whom the text is about.
import { writtenAddresses } from '../mail/content-facts.ts';
import type { Message } from '../mail/message.ts';
import type { Surroundings } from './detector.ts';

export interface EnvelopeFacts {
  readonly from: string;
  readonly to: readonly string[];
  /** Domains of the organisation, lower case: who has an address there is no patient by that address alone. */
  readonly organisation: readonly string[];
  readonly sends: Surroundings['sends'];
  /** Days since the epoch. */
  readonly today: number;
}

const MOST_NAMES = 50;
/** No more of a field is looked at, in code units. */
const LONGEST_FIELD = 4_000;
const WRITERS = ['from', 'sender'];
const READERS = ['to', 'cc'];

export function surroundingsOf(message: Message, { from, to, organisation, sends, today }: EnvelopeFacts): Surroundings {
  const own = new Set([...organisation, domainOf(from)]);
  const recipients = to.map((address) => address.toLowerCase());
  const written = valuesOf(message, WRITERS);
  return {
    recipients: recipients.filter((address) => !own.has(domainOf(address))),
    sender: from.toLowerCase(),
    writers: writersOf(from, written),
    senderNames: displayNames(written),
    recipientNames: displayNames(valuesOf(message, READERS)),
    sends,
    today,
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Of the message itself, not of one inside it. */
function valuesOf({ spans }: Message, fields: readonly string[]): readonly string[] {
  const values: string[] = [];
  for (const { part, place, text } of spans)
    if (part === '' && place.area === 'header' && fields.includes(place.field ?? '')) values.push(text.slice(0, LONGEST_FIELD));
  return values;
}

function writersOf(from: string, values: readonly string[]): readonly string[] {
  const addresses = [from, ...writtenAddresses(values)].filter((address) => address !== '');
  return [...new Set(addresses.map((address) => address.toLowerCase()))].slice(0, MOST_NAMES);
}

/** `Jane Doe` of `"Doe, Jane" <jane@x>` and of `Jane Doe <jane@x>`. */
function displayNames(values: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const value of values) {
    if (!value.includes('<')) continue;
    for (const [, quoted, bare] of value.matchAll(/(?:"([^"]{1,100})"|([^\s"<>,;][^"<>,;]{0,100}?))\s*<[^<>]{1,320}>/g)) {
      const name = (quoted ?? bare ?? '').trim().toLowerCase();
      if (name !== '' && !name.includes('@') && names.length < MOST_NAMES) names.push(name);
    }
  }
  return [...new Set(names)];
}
