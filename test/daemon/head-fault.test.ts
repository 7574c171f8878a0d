// A log that is not the one whose head was signed is not gone on with: cut, put back, written anew, or of another gateway.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { signHead } from '../../src/audit/head.ts';
import { headFault } from '../../src/daemon/head-fault.ts';
import type { KeyFolder } from '../../src/keys/key-folder.ts';
import type { ChainHead } from '../../src/store/audit-log.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { newPlace, openedKeys } from '../support/key-folder.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';

interface Log {
  readonly keys: KeyFolder;
  readonly head: ChainHead;
  fault(): Promise<string | null>;
  /** What someone with access to the database could do. */
  tamper(sql: string): void;
}

async function logOfThree(t: { teardown(work: () => void): void }): Promise<Log> {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const place = newPlace(folder.path);
  const keys = openedKeys(place);
  const { store } = openTestDirect(place.dataFolder);
  const record = { kind: 'gateway.started', at: 1, messageId: null, deliveryId: null, codes: {}, detail: null } as const;
  for (let i = 0; i < 3; i++) await store.audit.append([record]);
  const head = store.lastHead();
  await store.close();
  return {
    keys,
    head,
    async fault() {
      const reader = openReader({ dataFolder: place.dataFolder, sealer: testSealer() });
      const chain = reader.audit.latest({ messageId: null, beforeSeq: null, limit: 1 })[0] ?? { seq: 0, hash: new Uint8Array(32) };
      try {
        return await headFault(keys, () => ({ logId: reader.audit.logId(), seq: chain.seq, hash: chain.hash }), reader.audit);
      } finally {
        await reader.close();
      }
    },
    tamper(sql) {
      const db = new Database(join(place.dataFolder, 'postern.db'));
      db.exec(sql);
      db.close();
    },
  };
}

await t.test('without a head, and with the right one, the log is gone on with', async (t) => {
  const log = await logOfThree(t);
  t.equal(await log.fault(), null);
  await log.keys.head.write(signHead({ ...log.head, at: 1 }, log.keys.head));
  t.equal(await log.fault(), null);
});

const CASES: readonly (readonly [name: string, text: RegExp, sql: string])[] = [
  ['the newest record removed', /ends at record 2, but its signed head is record 3/, 'DELETE FROM evidence WHERE seq = 3'],
  ['written anew, and longer', /record 3 is not the one that the signed head/, 'UPDATE evidence SET hash = zeroblob(32) WHERE seq = 3'],
  ['another log', /of another log/, "UPDATE meta SET value = 'other' WHERE name = 'log-id'"],
];

for (const [name, text, sql] of CASES) {
  await t.test(name, async (t) => {
    const log = await logOfThree(t);
    await log.keys.head.write(signHead({ ...log.head, at: 1 }, log.keys.head));
    log.tamper(sql);
    t.match(await log.fault(), text);
  });
}

await t.test('a head that another key signed', async (t) => {
  const [log, other] = [await logOfThree(t), await logOfThree(t)];
  await log.keys.head.write(signHead({ ...log.head, at: 1 }, other.keys.head));
  t.match(await log.fault(), /does not bear this key's signature/);
});
