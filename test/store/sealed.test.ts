// People's data lies sealed: nothing of it can be read in the files, rows cannot be exchanged, and what is damaged or whose key
// was destroyed stops nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { readDetail } from '../../src/audit/record.ts';
import { openDirectStore } from '../../src/store/sqlite/direct-store.ts';
import type { OpenStore } from '../../src/store/sqlite/direct-store.ts';
import { DATABASE } from '../../src/store/sqlite/open.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { StoreReader } from '../../src/store/store.ts';
import { accepted, kindsOf } from './contract/fixture.ts';
import { acceptUnit, HOUR, MINUTE, settlement, status, T0 } from '../support/store-units.ts';
import { digestOf, idOf } from '../support/store-names.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';

const CANARIES = [
  'canary-sender',
  'canary-recipient',
  'canary-other',
  'canary-orcpt',
  'canary-envid',
  'canary-header-id',
  'canary-references',
  'canary-reports',
  'canary-mta',
  'canary-detail',
  'canary-sts',
];

function folderFor(t: { teardown(work: () => void): void }): string {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  return folder.path;
}

function openWith(dataFolder: string, destroyed: readonly string[]): { store: OpenStore; reader: StoreReader } {
  const sealer = testSealer(new Set(destroyed));
  const opened = openDirectStore({ dataFolder, sealer, board: null, now: () => T0 + HOUR }, () => {});
  if (opened.kind !== 'open') throw new Error(opened.kind);
  return { store: opened.store, reader: openReader({ dataFolder, sealer }) };
}

await t.test('no address, name or detail can be read in any file', async (t) => {
  const folder = folderFor(t);
  const { store } = openTestDirect(folder);
  const { envelope } = acceptUnit({ number: 1 }).message;
  const unit = acceptUnit({
    number: 1,
    recipients: ['canary-recipient@partner.example'],
    state: 'active',
    message: {
      reportTo: 'canary-reports@hospital.example',
      headerMessageId: '<canary-header-id@x>',
      references: '<canary-references@x>',
      envelope: {
        ...envelope,
        reversePath: 'canary-sender@x.example',
        envid: 'canary-envid',
        recipients: [{ address: 'canary-recipient@partner.example', notify: null, orcpt: 'rfc822;canary-orcpt@x' }],
      },
    },
    delivery: () => ({ recipient: 'canary-other@x.example' }),
  });
  const evidence = unit.evidence.map((one) => ({ ...one, detail: { from: 'canary-detail' } }));
  const result = await store.journal.accept({ ...unit, evidence });
  const lease = result.kind === 'accepted' ? result.active[0]?.lease : undefined;
  if (lease === undefined) throw new Error('not claimed');
  await store.queue.settle([settlement(lease, { status: { ...status(T0), remoteMta: 'canary-mta.example' } })], null);
  await store.domains.writeStsPolicy(digestOf('x'), { id: 'canary-sts', text: 'mx: canary-sts', fetchedAt: T0, expiresAt: T0 });
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    for (const canary of CANARIES)
      for (const encoding of ['utf8', 'utf16le'] as const) t.notOk(bytes.includes(canary, 0, encoding), `${canary} in ${name}`);
  }
  await store.close();
});

await t.test('a damaged envelope: that delivery is held for a person, the others go on', async (t) => {
  const folder = folderFor(t);
  const before = openTestDirect(folder);
  for (const number of [1, 2, 3]) await before.store.journal.accept(acceptUnit({ number }));
  await before.store.close();
  const db = new Database(join(folder, DATABASE));
  db.prepare('UPDATE messages SET sealed = (SELECT sealed FROM messages WHERE id = ?) WHERE id = ?').run(idOf(1), idOf(2));
  db.close();
  const { store, reader } = openWith(folder, []);
  const { claimed } = await store.queue.claim({
    owner: 'gateway-1',
    now: T0 + MINUTE,
    until: T0 + HOUR,
    limit: 10,
    perDestination: 10,
    busy: {},
  });
  t.same(
    claimed.map(({ message }) => message.id),
    [idOf(1), idOf(3)],
    'bytes of another row do not open',
  );
  t.match(await reader.queue.list({ states: ['held'], after: null, limit: 10 }), [
    { deliveryId: `${idOf(2)}/0`, recipient: '', reversePath: '', hold: { reason: 'content.unreadable' } },
  ]);
  t.same(kindsOf({ reader }, idOf(2)).slice(-2), ['content.damaged', 'delivery.held']);
  t.equal(await store.queue.expireHolds({ now: T0 + 48 * HOUR, limit: 10 }), 1);
  t.same(await store.queue.owedReports({ limit: 10 }), [], 'nobody can be told of it');
  t.equal(kindsOf({ reader }, idOf(2)).at(-1), 'report.withheld', 'and evidence says so');
  t.equal(await reader.queue.show(idOf(2)), null);
  await t.rejects(store.journal.readMessage(idOf(2)), { code: 'content.unreadable' });
  await reader.close();
  await store.close();
});

await t.test('a destroyed key: what it sealed is gone, and said to be', async (t) => {
  const folder = folderFor(t);
  const before = openTestDirect(folder);
  const [one] = await accepted(before, acceptUnit({ number: 1, state: 'active' }));
  if (one === undefined) throw new Error('not claimed');
  await before.store.queue.settle([settlement(one.lease, { after: { state: 'returned' }, report: 'failed', status: status(T0) })], null);
  await before.store.journal.accept(acceptUnit({ number: 2 }));
  const { logId } = before.store;
  await before.store.close();
  const gone = [`messages:${idOf(1)}`, `evidence:${logId}:1`];
  const { store, reader } = openWith(folder, gone);
  t.equal(await store.journal.readMessage(idOf(1)), null);
  t.match(await reader.queue.list({ states: null, after: null, limit: 10 }), [
    { recipient: '', state: 'returned' },
    { recipient: 'bob@partner.example' },
  ]);
  t.same(await store.queue.owedReports({ limit: 10 }), []);
  const [first, second] = reader.audit.read({ afterSeq: 0, limit: 2 });
  if (first?.sealedDetail == null || second?.sealedDetail == null) throw new Error('no detail');
  t.equal(reader.audit.openDetail({ seq: 1, sealedDetail: first.sealedDetail }), null);
  t.same(readDetail((reader.audit.openDetail({ seq: 2, sealedDetail: second.sealedDetail }) as Uint8Array | null) ?? Buffer.alloc(0)), {
    from: 'ann@hospital.example',
  });
  t.equal(reader.audit.openDetail({ seq: 3, sealedDetail: second.sealedDetail }), 'damaged', 'a detail opens only in its own place');
  await reader.close();
  await store.close();
});
