// Whom a request over HTTP comes from, where a reverse proxy stands before us.
import { addressGroup } from '../access/address-group.ts';
import { addressOctets } from '../fetch/ip-address.ts';
import { isInRange, type NetworkRange, parseNetworkRange } from '../fetch/network-range.ts';

/**
 * The client that a believed proxy names, else the peer itself.
 * @param proxies CIDR, or an address alone
 */
export function clientBehind(proxies: readonly string[]): (peer: string, forwardedFor: string | undefined) => string {
  const believed = proxies.flatMap((text): readonly NetworkRange[] => {
    const range = parseNetworkRange(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    return range === null ? [] : [range];
  });
  return (peer, forwardedFor) => {
    const octets = addressOctets(peer);
    const isProxy = octets !== null && believed.some((range) => isInRange(octets, range));
    return isProxy && forwardedFor !== undefined && addressOctets(forwardedFor) !== null ? forwardedFor : peer;
  };
}

/** Whom a request counts for. An IPv6 client counts with its /64. */
export function clientsBehind(proxies: readonly string[]): (peer: string, forwardedFor: string | undefined) => string {
  const client = clientBehind(proxies);
  return (peer, forwardedFor) => addressGroup(client(peer, forwardedFor));
}
