// IP addresses as certificates carry them (RFC 5280 4.2.1.6): 4 octets or 16.
import { isIPv4, isIPv6 } from 'node:net';

/** Null where the name is no IP address. */
export function addressBytes(name: string): Uint8Array | null {
  if (isIPv4(name)) return Uint8Array.from(name.split('.').map(Number));
  if (!isIPv6(name) || name.includes('%')) return null;
  // The URL parser writes every IPv6 address in hexadecimal, dotted tails too (RFC 5952).
  const [head = '', tail] = new URL(`http://[${name}]`).hostname.slice(1, -1).split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function groups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
