// retain: retention passed -> content and its keys are removed, the log stays. Content goes a set time after all its recipients have ended.
import type { Evidence } from '../mail/evidence.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Spool } from '../spool/spool.ts';
import type { AuditLog } from '../store/audit-log.ts';
import type { Consents } from '../store/consents.ts';
import type { People } from '../store/people.ts';
import type { Pickups } from '../store/pickups.ts';
import type { Policies } from '../store/policies.ts';
import type { Retention } from '../store/queue.ts';
import type { Clock } from './clock.ts';

export interface RetainDeps {
  readonly retention: Retention;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly spool: Pick<Spool, 'remove'>;
  readonly keys: Pick<SealingKeys, 'periods' | 'destroyPeriod'>;
  readonly clock: Clock;
  readonly policies: Pick<Policies, 'forget'>;
  readonly consents: Pick<Consents, 'reseal'>;
  readonly people: Pick<People, 'reseal'>;
  readonly pickups: Pick<Pickups, 'reseal'>;
  readonly contentForMs: number;
  /** What policy decided from. */
  readonly factsForMs: number;
  /** Personal detail (addresses, remote replies) lives so long; the chained records stay. */
  readonly detailForMs: number;
  /** A detail period was destroyed: who seals and opens columns must know. */
  readonly detailDestroyed: () => Promise<void>;
}

const AT_ONCE = 200;

/** One round. Gives how many messages lost their content; call again while that is `AT_ONCE`. */
export async function retain(deps: RetainDeps): Promise<number> {
  const ended = await deps.retention.endedBefore({ endedBefore: deps.clock.steady() - deps.contentForMs, limit: AT_ONCE });
  if (ended.length > 0) {
    const at = deps.clock.now();
    const evidence = ended.map(({ messageId }): Evidence => ({
      kind: 'content.removed',
      at,
      messageId,
      deliveryId: null,
      codes: { because: 'retention' },
      detail: null,
    }));
    await deps.retention.removeContent(
      ended.map(({ messageId }) => messageId),
      evidence,
    );
    for (const { messageId, place } of ended) if (place === 'file') await deps.spool.remove(messageId);
  }
  if (ended.length < AT_ONCE) {
    await forgetWhatWasDecidedFrom(deps);
    await destroyUnusedPeriods(deps);
    await destroyOldDetail(deps);
  }
  return ended.length;
}

/** Facts go after their time; a policy six years after it was last in effect (45 CFR 164.530(j)(2)), as the detail of evidence. */
async function forgetWhatWasDecidedFrom({ retention, policies, clock, factsForMs, detailForMs }: RetainDeps): Promise<void> {
  const now = clock.steady();
  let gone = AT_ONCE;
  while (gone > 0) gone = await retention.forgetFacts(now - factsForMs);
  await policies.forget(clock.now() - detailForMs);
}

/** A content period that is over and seals nothing any more is destroyed: what backups still hold of it is gone too. */
async function destroyUnusedPeriods(deps: RetainDeps): Promise<void> {
  const inUse = new Set(await deps.retention.periodsInUse());
  const now = deps.clock.steady();
  for (const { periodId, endsAt } of deps.keys.periods('content')) {
    // The day in between is for messages that got their data key at the end of the period and are not in the journal yet.
    if (endsAt + 86_400_000 > now || inUse.has(periodId)) continue;
    deps.keys.destroyPeriod('content', periodId);
    await deps.audit.append([
      {
        kind: 'period-key.destroyed',
        at: deps.clock.now(),
        messageId: null,
        deliveryId: null,
        codes: { purpose: 'content', period: periodId },
        detail: null,
      },
    ]);
  }
}

/**
 * What a detail period sealed is shredded when all of it is older than the time set: the log still verifies without it. Consents may hold
 * longer, and are kept for that time from when they were last in effect (45 CFR 164.530(j)(2)): they are sealed anew first, and so is who
 * reads at the portal and by what they prove it, and what waits there.
 */
async function destroyOldDetail(deps: RetainDeps): Promise<void> {
  const now = deps.clock.steady();
  const periods = deps.keys.periods('detail');
  const old = periods.filter(({ endsAt }) => endsAt + deps.detailForMs <= now);
  // Never the last one: what is sealed anew, and all that comes, must have another.
  if (old.length === 0 || !periods.some(({ endsAt }) => endsAt > now)) return;
  const resealed = await resealAll(deps);
  for (const { periodId } of old) {
    deps.keys.destroyPeriod('detail', periodId);
    await deps.detailDestroyed();
    await deps.audit.append([
      {
        kind: 'period-key.destroyed',
        at: deps.clock.now(),
        messageId: null,
        deliveryId: null,
        codes: { purpose: 'detail', period: periodId, resealed },
        detail: null,
      },
    ]);
  }
}

async function resealAll({ consents, people, pickups, clock, detailForMs }: RetainDeps): Promise<number> {
  const since = clock.now() - detailForMs;
  const limit = AT_ONCE;
  return (
    (await pageByPage(0, (after) => consents.reseal({ since, after, limit }))) +
    (await pageByPage(0, (after) => people.reseal({ of: 'people', after, limit }))) +
    (await pageByPage(0, (after) => people.reseal({ of: 'factors', after, limit }))) +
    (await pageByPage({ expiresAt: clock.steady(), nth: Number.MAX_SAFE_INTEGER }, (after) => pickups.reseal({ after, limit })))
  );
}

/** What else is to be written waits for one page and no more. */
async function pageByPage<T>(
  first: T,
  reseal: (after: T) => Promise<{ readonly resealed: number; readonly last: T | null }>,
): Promise<number> {
  let count = 0;
  for (let after: T | null = first; after !== null;) {
    const page = await reseal(after);
    count += page.resealed;
    after = page.last;
  }
  return count;
}
