// A domain announces an MTA-STS policy that cannot be had: the log and the evidence say so (docs/adr/0007-announced-sts-policy-that-cannot-be-had.md).
import type { Clock } from '../gateway/clock.ts';
import type { RoadEvents } from '../gateway/events.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Log } from '../log/log.ts';
import { logDigest } from '../log/safe.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { OpenStore } from '../store/sqlite/direct-store.ts';
import type { OutgoingDeps } from './outgoing.ts';

export interface StsMissedParts {
  readonly log: Pick<Log, 'stsUnavailable'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly store: Pick<OpenStore, 'audit'>;
  readonly clock: Clock;
  readonly events: Pick<RoadEvents, 'bug'>;
}

export function stsMissed({ log, keys, store, clock, events }: StsMissedParts): OutgoingDeps['stsUnavailable'] {
  return ({ domain, reason, applied }) => {
    log.stsUnavailable({ destination: logDigest(keys.digest('log', domain)), reason, applied });
    const evidence: Evidence = {
      kind: 'sts-policy.missed',
      at: clock.now(),
      messageId: null,
      deliveryId: null,
      codes: { reason, applied },
      detail: { domain },
    };
    store.audit.append([evidence]).catch((error: unknown) => events.bug({ where: 'sts', error }));
  };
}
