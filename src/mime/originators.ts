// The addresses that a message says it is from, in every reading that mail programs are known to take: what one reader hides in a
// comment, a quoted string or an encoded word, another shows as the sender. Who restricts From checks them all.
import libmime from 'libmime';
import addressparser from 'nodemailer/lib/addressparser';
import { parseMailbox } from '../mail/address.ts';

/** `unclear`: an entry without an address, or something in the place of an address that is none. */
export interface Originators {
  readonly addresses: readonly string[];
  readonly reading: 'clear' | 'unclear';
}

/** More is no list of authors; the rest is not read and the reading unclear. */
const LONGEST = 16 * 1024;

/**
 * Reads the unfolded value of From, Sender or one of their Resent fields (RFC 5322 3.4, RFC 6854).
 * Never throws; each address once.
 */
export function readOriginators(value: string): Originators {
  const text = value.slice(0, LONGEST);
  const addresses = new Set<string>();
  let clear = text.length === value.length;
  for (const { address } of addressparser(text, { flatten: true })) {
    if (!isReadable(address)) clear = false;
    if (address !== '') addresses.add(address);
  }
  // The usual `Name <address>` and `address` have one reading.
  if (!PLAIN.test(text)) for (const address of otherReadings(text)) addresses.add(address);
  return { addresses: [...addresses], reading: clear && addresses.size > 0 ? 'clear' : 'unclear' };
}

/** U+FFFD stands where the octets were no UTF-8: what address that is, nobody can say. */
function isReadable(address: string): boolean {
  return parseMailbox(address) !== null && !address.includes('\ufffd');
}

const PLAIN = /^(?:[\w .'-]*|"[^"\\<>@]*") ?<[^\s"(),:;<>@[\\\]]+@[^\s"(),:;<>@[\\\]]+>$|^[^\s"(),:;<>@[\\\]]+@[^\s"(),:;<>@[\\\]]+$/;
/** What ends anything that looks like an address. */
const SEPARATOR = /[\s\p{Cc}"(),:;<>[\\\]]+/u;
/** A quoted string that no reader takes for more than a display name. */
const QUOTED_NAME = /"[^"\\<>]*"(?!@)/g;

function otherReadings(text: string): readonly string[] {
  const readings = [text];
  if (text.includes('=?')) {
    // Some readers decode first and parse then.
    const decoded = libmime.decodeWords(text).slice(0, LONGEST);
    readings.push(decoded, ...addressparser(decoded, { flatten: true }).map(({ address }) => address ?? ''));
  }
  return readings.flatMap((reading) => reading.replace(QUOTED_NAME, ' ').split(SEPARATOR).flatMap(addressesIn));
}

/** `a@b`; of `a@b@c` both. */
function addressesIn(word: string): readonly string[] {
  const pieces = word.split('@');
  return pieces.slice(1).flatMap((domain, i) => {
    const localPart = pieces[i] ?? '';
    return localPart === '' || domain === '' ? [] : [`${localPart}@${domain}`];
  });
}
