// One-click unsubscribe assembled: the URIs that marketing and fundraising carry, and the place that they lead to.
import { addressGroup } from '../access/address-group.ts';
import type { UnsubscribeConfig } from '../config/config.ts';
import { addressOctets } from '../fetch/ip-address.ts';
import { isInRange, type NetworkRange, parseNetworkRange } from '../fetch/network-range.ts';
import { unsubscribe, type UnsubscribeDeps, unsubscribeUris } from '../gateway/unsubscribe.ts';
import type { ListeningServer } from '../http/listen.ts';
import { startUnsubscribeServer } from '../http/unsubscribe.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { RelayDeps } from '../methods/relay/relay.ts';

/** Nowhere without a place. */
export function unsubscribeUrlOf(place: UnsubscribeConfig | null, keys: Pick<SealingKeys, 'digest'>): RelayDeps['unsubscribeUrl'] {
  return place === null ? () => null : (delivery) => unsubscribeUris(place, keys, delivery);
}

/** Listens; rejects where the port cannot be had. */
export function startUnsubscribing(
  place: UnsubscribeConfig,
  deps: UnsubscribeDeps,
  bug: (where: string, error: unknown) => void,
): Promise<ListeningServer> {
  const sources = { ...unsubscribe(deps), clientOf: clientsBehind(place.proxies), now: () => performance.now(), bug };
  return startUnsubscribeServer(place, place, sources);
}

/**
 * Whom a request counts for: the client that a believed proxy names, else the peer itself. An IPv6 client counts with its /64.
 * @param proxies CIDR, or an address alone
 */
export function clientsBehind(proxies: readonly string[]): (peer: string, forwardedFor: string | undefined) => string {
  const believed = proxies.flatMap((text): readonly NetworkRange[] => {
    const range = parseNetworkRange(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    return range === null ? [] : [range];
  });
  return (peer, forwardedFor) => {
    const octets = addressOctets(peer);
    const isProxy = octets !== null && believed.some((range) => isInRange(octets, range));
    const named = isProxy && forwardedFor !== undefined && addressOctets(forwardedFor) !== null ? forwardedFor : peer;
    return addressGroup(named);
  };
}
