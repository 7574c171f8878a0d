// IP addresses as octets: one spelling for comparing, and which of them are out there on the Internet.
// Guarantee: an IPv4 address hidden in an IPv6 one (mapped, NAT64, 6to4) is judged as what it is.
import { isIPv4, isIPv6 } from 'node:net';

/** Special-purpose networks that are not globally reachable (IANA registry, RFC 6890), multicast and reserved space. */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** Within 2000::/3; everything outside of it is loopback, link-local, unique local, multicast, unspecified or unassigned. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];

const MAPPED = network('::ffff:0:0/96');
const NAT64 = network('64:ff9b::/96');
const SIX_TO_FOUR = network('2002::/16');
const LOOPBACK_V4 = network('::ffff:127.0.0.0/104');
const LOOPBACK_V6 = network('::1/128');
const GLOBAL_UNICAST = network('2000::/3');
const V4_NETWORKS = NOT_PUBLIC_V4.map(network);
const V6_NETWORKS = NOT_PUBLIC_V6.map(network);

interface Network {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/** 16 octets of an address, IPv4 as IPv4-mapped (RFC 4291 2.5.5.2). Null where it is not an address; one with a scope id is none. */
export function addressOctets(address: string): Uint8Array | null {
  if (isIPv4(address)) return mapped(address.split('.').map(Number));
  if (!isIPv6(address) || address.includes('%')) return null;
  const [left = '', right] = address.split('::');
  const head = groupOctets(left);
  const tail = groupOctets(right ?? '');
  return Uint8Array.from([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]);
}

/** One spelling per address, for sets; an IPv4-mapped address is the IPv4 one. Null where it is not an address. */
export function addressKey(address: string): string | null {
  const octets = addressOctets(address);
  return octets === null ? null : Buffer.from(octets).toString('hex');
}

/** Of this machine alone (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
export function isLoopbackAddress(address: string): boolean {
  const octets = addressOctets(address);
  return octets !== null && (isIn(octets, LOOPBACK_V4) || isIn(octets, LOOPBACK_V6));
}

/** May this address belong to somebody else's server on the Internet? False for what is not an address. */
export function isPublicAddress(address: string): boolean {
  const octets = addressOctets(address);
  return octets !== null && isPublic(octets);
}

function isPublic(octets: Uint8Array): boolean {
  if (isIn(octets, MAPPED)) return !V4_NETWORKS.some((private4) => isIn(octets, private4));
  if (isIn(octets, NAT64)) return isPublic(mapped(octets.subarray(12)));
  if (isIn(octets, SIX_TO_FOUR)) return isPublic(mapped(octets.subarray(2, 6)));
  return isIn(octets, GLOBAL_UNICAST) && !V6_NETWORKS.some((private6) => isIn(octets, private6));
}

function mapped(v4: Iterable<number>): Uint8Array {
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4]);
}

/** Octets of the groups on one side of "::", the last of which may be a dotted IPv4 address. */
function groupOctets(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function network(cidr: string): Network {
  const [address = '', bits = ''] = cidr.split('/');
  const octets = addressOctets(address);
  if (octets === null) throw new Error(`not a network: ${cidr}`);
  return { octets, bits: Number(bits) + (isIPv4(address) ? 96 : 0) };
}

function isIn(octets: Uint8Array, { octets: wanted, bits }: Network): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (octets[i] !== wanted[i]) return false;
  const mask = (0xff00 >> (bits & 7)) & 0xff;
  return ((octets[whole] ?? 0) & mask) === ((wanted[whole] ?? 0) & mask);
}
