// A domain that had verified TLS for days and loses it raises an alarm (DESIGN.md section 2, "Next method").
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { Outcome } from '../mail/outcome.ts';
import { meetsFloor, type TlsLevel } from '../mail/tls.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { DomainMemory } from '../store/domain-memory.ts';
import type { ActiveDelivery } from '../store/queue.ts';
import type { Clock } from './clock.ts';
import type { RoadEvents } from './events.ts';

const WRITE_EVERY_MS = 3_600_000;
const LONG_ENOUGH_MS = 3 * 24 * 3_600_000;
const REMEMBERED = 10_000;

export interface TlsWatchDeps {
  readonly domains: Pick<DomainMemory, 'readTlsHistory' | 'writeTlsHistory'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly clock: Clock;
  readonly events: RoadEvents;
}

/** Gives `watch(delivery, domain, outcome)`: remembers verified TLS, and returns the evidence of its loss. */
export function tlsWatch(deps: TlsWatchDeps): (delivery: ActiveDelivery, domain: string, outcome: Outcome) => Promise<readonly Evidence[]> {
  const writtenAt = new Map<string, number>();
  return async (delivery, domain, outcome) => {
    const level = levelSeen(outcome);
    if (level === null) return [];
    // A stricter floor may be missed by TLS that is as good as it ever was.
    if (meetsFloor(level, 'tls-verified')) {
      if (outcome.kind === 'relayed') await remember(domain, deps, writtenAt);
      return [];
    }
    const history = await deps.domains.readTlsHistory(deps.keys.digest('tls-history', domain));
    if (history === null || history.lastVerifiedAt - history.firstVerifiedAt < LONG_ENOUGH_MS) return [];
    const deliveryId = deliveryIdOf(delivery.message.id, delivery.n);
    deps.events.alarm({ what: 'tls-downgraded', destination: delivery.destination, level });
    const codes = {
      since: new Date(history.firstVerifiedAt).toISOString(),
      last: new Date(history.lastVerifiedAt).toISOString(),
      found: level,
    };
    return [{ kind: 'tls.downgraded', at: deps.clock.now(), messageId: delivery.message.id, deliveryId, codes, detail: { domain } }];
  };
}

/** The level that a next hop showed, or null where that is not known. A weaker floor lets mail go out over a loss: it is one all the same. */
function levelSeen(outcome: Outcome): TlsLevel | null {
  if (outcome.kind === 'relayed') return outcome.tls.level;
  return outcome.kind === 'not-reached' && outcome.code === 'delivery.below-floor' ? (outcome.tls?.level ?? 'none') : null;
}

async function remember(domain: string, deps: TlsWatchDeps, writtenAt: Map<string, number>): Promise<void> {
  const now = deps.clock.steady();
  const last = writtenAt.get(domain);
  if (last !== undefined && now - last < WRITE_EVERY_MS) return;
  writtenAt.delete(domain);
  writtenAt.set(domain, now);
  const oldest = writtenAt.size > REMEMBERED ? writtenAt.keys().next().value : undefined;
  if (oldest !== undefined) writtenAt.delete(oldest);
  const digest = deps.keys.digest('tls-history', domain);
  const history = await deps.domains.readTlsHistory(digest);
  await deps.domains.writeTlsHistory(digest, { firstVerifiedAt: history?.firstVerifiedAt ?? now, lastVerifiedAt: now });
}
