// One-click unsubscribe assembled: the URIs that marketing and fundraising carry, and the place that they lead to.
import type { UnsubscribeConfig } from '../config/config.ts';
import { unsubscribe, type UnsubscribeDeps, unsubscribeUris } from '../gateway/unsubscribe.ts';
import type { ListeningServer } from '../http/listen.ts';
import { startUnsubscribeServer } from '../http/unsubscribe.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { RelayDeps } from '../methods/relay/relay.ts';
import { clientsBehind } from './clients-behind.ts';

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
