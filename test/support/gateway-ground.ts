// What a use case of the gateway stands on, all of it real but the clock and the place: keys, spool, store on this thread, withdrawal
// board, evidence as it was written. In a folder in memory that is gone when the test ends.
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDetail, readRecord, type EvidenceRecord } from '../../src/audit/record.ts';
import type { Clock } from '../../src/gateway/clock.ts';
import type { Alarm, RoadEvents } from '../../src/gateway/events.ts';
import { type SealerMaterial, sealerFrom } from '../../src/keys/column-sealer.ts';
import type { KeyFolder } from '../../src/keys/key-folder.ts';
import type { Evidence } from '../../src/mail/evidence.ts';
import { openSpool } from '../../src/spool/file-spool.ts';
import type { Spool } from '../../src/spool/spool.ts';
import { type OpenStore, openDirectStore } from '../../src/store/sqlite/direct-store.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { ConsentReader } from '../../src/store/consents.ts';
import type { QueueEntry, QueueReader } from '../../src/store/queue.ts';
import { WithdrawalBoard } from '../../src/store/withdrawal.ts';
import { newPlace, openedKeys } from './key-folder.ts';
import { testFolder } from './test-store.ts';

/** When tests of the gateway begin. */
export const NOON = Date.UTC(2026, 10, 22, 12);

/** A clock that goes only where a test moves it. */
export class TestClock implements Clock {
  at = NOON;
  readonly now = (): number => this.at;
  readonly steady = (): number => this.at;
}

/** Remembers what the road told. */
export class ToldEvents implements RoadEvents {
  readonly told: { readonly what: keyof RoadEvents; readonly event: unknown }[] = [];
  readonly bugs: { readonly where: string; readonly error: unknown }[] = [];
  readonly alarms: Alarm[] = [];
  accepted = (event: unknown): void => this.#tell('accepted', event);
  refused = (event: unknown): void => this.#tell('refused', event);
  read = (event: unknown): void => this.#tell('read', event);
  settled = (event: unknown): void => this.#tell('settled', event);
  backedOff = (event: unknown): void => this.#tell('backedOff', event);
  reported = (event: unknown): void => this.#tell('reported', event);
  alarm = (alarm: Alarm): void => void this.alarms.push(alarm);
  bug = (bug: { readonly where: string; readonly error: unknown }): void => void this.bugs.push(bug);

  of(what: keyof RoadEvents): readonly unknown[] {
    return this.told.filter((one) => one.what === what).map(({ event }) => event);
  }

  #tell(what: keyof RoadEvents, event: unknown): void {
    this.told.push({ what, event });
  }
}

export interface WrittenEvidence extends EvidenceRecord {
  readonly detail: Evidence['detail'];
}

export interface GatewayGround {
  readonly dataFolder: string;
  readonly keys: KeyFolder;
  readonly spool: Spool;
  readonly store: OpenStore;
  readonly reader: QueueReader;
  readonly consentReader: ConsentReader;
  readonly board: WithdrawalBoard;
  readonly clock: TestClock;
  readonly events: ToldEvents;
  readonly random: (bytes: number) => Uint8Array;
  /** Every record so far, oldest first, opened. */
  readonly evidence: () => readonly WrittenEvidence[];
  /** Every delivery, whatever its state. */
  readonly deliveries: () => Promise<readonly QueueEntry[]>;
  /** Names of the files in the spool, unfinished ones too. */
  readonly spoolFiles: () => readonly string[];
}

interface Test {
  teardown(handler: () => void | Promise<void>): void;
}

/** @param slots of the withdrawal board */
export async function gatewayGround(t: Test, slots = 64): Promise<GatewayGround> {
  const folder = testFolder();
  const place = newPlace(folder.path);
  const { dataFolder } = place;
  const clock = new TestClock();
  const keys = openedKeys(place);
  keys.prepare(clock.at);
  const sealer = sealerFrom(keys.sealerMaterial(), clock.now);
  const board = new WithdrawalBoard(slots);
  const opening = openDirectStore({ dataFolder, sealer, board, now: clock.now }, (material) => sealer.renew(material as SealerMaterial));
  if (opening.kind !== 'open') throw new Error(`the store did not open: ${opening.kind}`);
  const { store } = opening;
  const reader = openReader({ dataFolder, sealer });
  t.teardown(async () => {
    await reader.close();
    await store.close();
    folder.remove();
  });
  const evidence = (): readonly WrittenEvidence[] =>
    reader.audit.read({ afterSeq: 0, limit: 100_000 }).map(({ seq, bytes, sealedDetail }) => {
      const record = readRecord(bytes);
      if (record === null) throw new Error(`record ${seq} cannot be read`);
      const salted = sealedDetail === null ? null : reader.audit.openDetail({ seq, sealedDetail });
      if (salted === 'damaged') throw new Error(`detail of record ${seq} is damaged`);
      return { ...record, detail: salted === null ? null : readDetail(salted) };
    });
  return {
    dataFolder,
    keys,
    spool: await openSpool(dataFolder),
    store,
    consentReader: reader.consents,
    reader: reader.queue,
    board,
    clock,
    events: new ToldEvents(),
    random: randomBytes,
    evidence,
    deliveries: () => reader.queue.list({ states: null, after: null, limit: 10_000 }),
    spoolFiles: () => readdirSync(join(dataFolder, 'spool')).flatMap((name) => readdirSync(join(dataFolder, 'spool', name))),
  };
}
