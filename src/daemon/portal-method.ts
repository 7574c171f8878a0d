// The portal as a delivery method, joined: configuration, facts, policy's settings, who is enrolled.
import type { Config } from '../config/config.ts';
import type { Clock } from '../gateway/clock.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { KeepingMethod } from '../methods/method.ts';
import { portalMethod } from '../methods/portal/portal.ts';
import type { PortalDeps } from '../methods/portal/portal.ts';
import type { Store } from '../store/store.ts';
import type { Deciding } from './deciding.ts';

export interface PortalMethodParts {
  readonly config: () => Config;
  readonly deciding: Pick<Deciding, 'policy' | 'organisation'>;
  readonly store: Pick<Store, 'readings' | 'journal'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly clock: Pick<Clock, 'steady'>;
  readonly enrolled: PortalDeps['enrolled'];
}

export function portalMethodOf({ config, deciding, store, keys, clock, enrolled }: PortalMethodParts): KeepingMethod {
  return portalMethod({
    portal: () => config().portal,
    digest: (label, ...values) => keys.digest(label, ...values),
    facts: async (messageId) => (await store.readings.facts(messageId)) ?? factsOfAnswered(messageId, store),
    enrolled,
    blindSpotLevel: (sender, recipient) => deciding.policy().settings(sender, recipient).blindSpotLevel,
    organisation: deciding.organisation,
    now: clock.steady,
  });
}

/** What a person writes at the portal is not read: it holds as much as what they answer. */
async function factsOfAnswered(messageId: string, { readings, journal }: PortalMethodParts['store']): ReturnType<PortalDeps['facts']> {
  const message = await journal.readMessage(messageId);
  return message?.kind === 'answer' && message.about !== null ? readings.facts(message.about.slice(0, messageId.length)) : null;
}
