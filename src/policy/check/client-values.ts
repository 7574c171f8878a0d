// Addresses of clients, one for each combination of networks: what is left of a network without those inside it begins where it does, or
// where one of those ends.
import { addressOctets } from '../../fetch/ip-address.ts';
import { parseNetworkRange } from '../../fetch/network-range.ts';

const MAPPED = 0xffffn << 32n;
const LAST = (1n << 128n) - 1n;

/** Addresses as facts spell them. Null is no client at all: the gateway itself. */
export function clientsFor(networks: readonly string[]): readonly (string | null)[] {
  const edges = new Set<bigint>([0n]);
  for (const network of networks) {
    const single = addressOctets(network);
    const range = single === null ? parseNetworkRange(network) : { octets: single, bits: 128 };
    if (range === null) continue;
    const start = numberOf(range.octets);
    edges.add(start);
    const end = start + (1n << BigInt(128 - range.bits));
    if (end <= LAST) edges.add(end);
  }
  return ['192.0.2.200', null, ...[...edges].map(spelled)];
}

function numberOf(octets: Uint8Array): bigint {
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function spelled(number: bigint): string {
  const parts = (bits: number, size: bigint, from: bigint): bigint[] =>
    Array.from({ length: bits }, (_, i) => (from >> (size * BigInt(bits - 1 - i))) & ((1n << size) - 1n));
  if (number >> 32n === MAPPED >> 32n) return parts(4, 8n, number & 0xffffffffn).join('.');
  return parts(8, 16n, number)
    .map((part) => part.toString(16))
    .join(':');
}
