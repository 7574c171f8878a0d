// Which client addresses count as one for limits and throttling: an IPv4 address by itself, an IPv6 one with its /64,
// because one customer gets at least that many (RFC 6177). Pure.
import { addressOctets } from '../fetch/ip-address.ts';

/** One word per group; what is not an address is one group of its own. */
export function addressGroup(address: string): string {
  const octets = addressOctets(address);
  if (octets === null) return 'none';
  const hex = Buffer.from(octets).toString('hex');
  return isMapped(octets) ? hex.slice(24) : hex.slice(0, 16);
}

function isMapped(octets: Uint8Array): boolean {
  return octets.subarray(0, 10).every((octet) => octet === 0) && octets[10] === 0xff && octets[11] === 0xff;
}
