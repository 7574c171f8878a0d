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
  readonly store: Pick<Store, 'readings'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly clock: Pick<Clock, 'steady'>;
  readonly enrolled: PortalDeps['enrolled'];
}

export function portalMethodOf({ config, deciding, store, keys, clock, enrolled }: PortalMethodParts): KeepingMethod {
  return portalMethod({
    portal: () => config().portal,
    digest: (label, ...values) => keys.digest(label, ...values),
    facts: (messageId) => store.readings.facts(messageId),
    enrolled,
    blindSpotLevel: (sender, recipient) => deciding.policy().settings(sender, recipient).blindSpotLevel,
    organisation: deciding.organisation,
    now: clock.steady,
  });
}
