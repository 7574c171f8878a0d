// What is known of a message besides its text: who sends it to whom, as far as it matters for whom the text is about.
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

export function surroundingsOf(message: Message, { from, to, organisation, sends, today }: EnvelopeFacts): Surroundings {
  const own = new Set([...organisation, domainOf(from)]);
  const recipients = to.map((address) => address.toLowerCase());
  return {
    recipients: recipients.filter((address) => !own.has(domainOf(address))),
    sender: from.toLowerCase(),
    senderNames: displayNames(message, ['from', 'sender']),
    recipientNames: displayNames(message, ['to', 'cc']),
    sends,
    today,
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** `Jane Doe` of `"Doe, Jane" <jane@x>` and of `Jane Doe <jane@x>`: only of the message itself, not of one inside it. */
function displayNames({ spans }: Message, fields: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const { part, place, text } of spans) {
    if (part !== '' || place.area !== 'header' || !fields.includes(place.field ?? '') || !text.includes('<')) continue;
    for (const [, quoted, bare] of text.slice(0, 4_000).matchAll(/(?:"([^"]{1,100})"|([^\s"<>,;][^"<>,;]{0,100}?))\s*<[^<>]{1,320}>/g)) {
      const name = (quoted ?? bare ?? '').trim().toLowerCase();
      if (name !== '' && !name.includes('@') && names.length < MOST_NAMES) names.push(name);
    }
  }
  return [...new Set(names)];
}
