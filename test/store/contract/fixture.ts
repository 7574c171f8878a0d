// What the contract suite needs of an engine: a store in a place of its own, its reader, and a way to close and open it again.
import type { ChainHead } from '../../../src/store/audit-log.ts';
import type { AcceptUnit } from '../../../src/store/journal.ts';
import type { ActiveDelivery, ClaimRequest, Lease } from '../../../src/store/queue.ts';
import type { Store, StoreReader } from '../../../src/store/store.ts';
import type { WithdrawalBoard } from '../../../src/store/withdrawal.ts';
import { verifyChain } from '../../../src/audit/verify.ts';
import type { Verification } from '../../../src/audit/verify.ts';
import { readRecord } from '../../../src/audit/record.ts';
import type { EvidenceRecord } from '../../../src/audit/record.ts';
import { evidence, MINUTE, T0 } from '../../support/store-units.ts';

export interface StoreFixture {
  readonly store: Store & { lastHead(): ChainHead };
  readonly board: WithdrawalBoard;
  readonly reader: StoreReader;
  /** Closes, and opens the same data. */
  reopen(): Promise<StoreFixture>;
}

/** Opens a store of its own for one test; it is closed and removed at the end of it. */
export type OpenFixture = (t: { teardown(work: () => Promise<void>): void }) => Promise<StoreFixture>;

export const OWNER = 'gateway-1';

/** Claims what is due a little after T0, unless told otherwise. */
export async function claim({ store }: StoreFixture, change: Partial<ClaimRequest> = {}): Promise<readonly ActiveDelivery[]> {
  const now = change.now ?? T0 + 1;
  const { claimed } = await store.queue.claim({
    owner: OWNER,
    now,
    until: now + MINUTE,
    limit: 100,
    perDestination: 100,
    busy: {},
    ...change,
  });
  return claimed;
}

/** Accepts a unit that must be new, and gives what was claimed with it. */
export async function accepted({ store }: Pick<StoreFixture, 'store'>, unit: AcceptUnit): Promise<readonly ActiveDelivery[]> {
  const result = await store.journal.accept(unit);
  if (result.kind !== 'accepted') throw new Error(`not accepted: ${result.kind}`);
  return result.active;
}

/** Begins an attempt of each; gives the leases that still held. */
export async function begun({ store }: StoreFixture, leases: readonly Lease[], at: number = T0 + 2): Promise<readonly Lease[]> {
  return store.queue.begin(
    leases.map((lease) => ({ lease, at, evidence: evidence('attempt.started', lease.deliveryId.slice(0, 26), lease.deliveryId) })),
  );
}

/** The states of a message's deliveries. */
export async function statesOf({ reader }: StoreFixture, messageId: string): Promise<readonly string[]> {
  return ((await reader.queue.show(messageId))?.entries ?? []).map(({ state }) => state);
}

/** All records of the log, in order. */
export function recordsOf({ reader }: Pick<StoreFixture, 'reader'>): readonly EvidenceRecord[] {
  return reader.audit.read({ afterSeq: 0, limit: 100_000 }).map(({ bytes }) => readRecord(bytes) ?? fail());
}

/** `kind deliveryId` of every record about a message, in order. */
export function kindsOf(fixture: Pick<StoreFixture, 'reader'>, messageId: string): readonly string[] {
  return recordsOf(fixture)
    .filter((record) => record.messageId === messageId)
    .map(({ kind }) => kind);
}

/** Verifies the whole log, details opened, against its own newest head. */
export function verified({ reader, store }: Pick<StoreFixture, 'reader' | 'store'>): Verification {
  const slices = function* () {
    for (let afterSeq = 0; ;) {
      const slice = reader.audit.read({ afterSeq, limit: 100 });
      if (slice.length === 0) return;
      yield slice;
      afterSeq = slice.at(-1)?.seq ?? 0;
    }
  };
  return verifyChain(slices(), {
    logId: reader.audit.logId(),
    head: { ...store.lastHead(), at: T0 },
    openDetail: (seq, sealedDetail) => reader.audit.openDetail({ seq, sealedDetail }),
  });
}

function fail(): never {
  throw new Error('a record does not read');
}
