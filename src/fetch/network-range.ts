// Networks in CIDR notation, read strictly, and which addresses are in them.
import { addressOctets } from './ip-address.ts';

export interface NetworkRange {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/**
 * A network in CIDR notation (RFC 4632, RFC 4291 2.3). Null where it is none, where bits beyond the prefix are set (someone meant
 * another network), or where it is everybody (`/0`: an open relay).
 */
export function parseNetworkRange(text: string): NetworkRange | null {
  const [, address = '', prefix = ''] = /^([0-9A-Fa-f:.]+)\/(\d{1,3})$/.exec(text) ?? [];
  const octets = addressOctets(address);
  if (octets === null) return null;
  const isV4 = !address.includes(':');
  const length = Number(prefix);
  if (length < 1 || length > (isV4 ? 32 : 128)) return null;
  const bits = length + (isV4 ? 96 : 0);
  const beyond = octets.some((octet, i) => (octet & ~maskAt(bits, i) & 0xff) !== 0);
  return beyond ? null : { octets, bits };
}

export function isInRange(octets: Uint8Array, range: NetworkRange): boolean {
  return octets.every((octet, i) => (octet & maskAt(range.bits, i)) === range.octets[i]);
}

/** The bits of the i-th octet that belong to the prefix. */
function maskAt(bits: number, i: number): number {
  const left = Math.min(8, Math.max(0, bits - 8 * i));
  return (0xff00 >> left) & 0xff;
}

/** The first bits of an address as a word to look up; two addresses of one network have the same. */
export function maskedTo(octets: Uint8Array, bits: number): string {
  return Buffer.from(octets.map((octet, i) => octet & maskAt(bits, i))).toString('hex');
}
