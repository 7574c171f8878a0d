// Data folders of every schema that was ever released, for upgrade tests: one is built once, when its schema is new, and kept.
// node test/support/schema-folder.ts TARGET   (writes postern.db and expected.json there)
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store, StoreReader } from '../../src/store/store.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { acceptUnit, decideUnit, evidence, HOUR, MINUTE, newPickup, reading, settlement, status, T0 } from './store-units.ts';
import { digestOf, idOf } from './store-names.ts';
import { openTestDirect, testFolder } from './test-store.ts';
import { testSealer } from './test-sealer.ts';

/** What a folder holds, in words that do not depend on its schema. */
export async function contentsOf(store: Store, reader: StoreReader): Promise<object> {
  const entries = await reader.queue.list({ states: null, after: null, limit: 1000 });
  const ids = [...new Set(entries.map(({ deliveryId }) => deliveryId.slice(0, 26)))];
  const messages = await Promise.all(
    ids.map(async (id) => {
      const message = await store.journal.readMessage(id);
      const sealed = await store.journal.readSealed(id);
      return {
        id,
        kind: message?.kind,
        envelope: message?.envelope,
        headerMessageId: message?.headerMessageId,
        sealedBytes: sealed?.length ?? null,
      };
    }),
  );
  const { pickups } = reader.pickups.list({ open: 'all', after: null, limit: 100 });
  const { seq, hash, logId } = await store.audit.head();
  return {
    entries,
    messages,
    owed: (await store.queue.owedReports({ limit: 100 })).map(({ message, deliveries }) => ({ id: message.id, deliveries })),
    accounts: await store.accounts.list(),
    stsPolicy: await store.domains.readStsPolicy(digestOf('partner.example')),
    backOff: (await store.queue.readDestination(digestOf('dead.example')))?.notBefore,
    head: { logId, seq, hash: Buffer.from(hash).toString('hex') },
    facts: await Promise.all(ids.map((id) => store.readings.facts(id))),
    unread: await store.readings.unread({ after: null, limit: 100 }),
    pictures: await store.readings.sightings([digestOf('logo'), digestOf('scan')]),
    counts: await reader.queue.counts(),
    // Schemas before the fourth have none.
    ...(pickups.length === 0 ? {} : { pickups: pickups.map((one) => ({ ...one, address: Buffer.from(one.address).toString('hex') })) }),
  };
}

/** One delivery in every state that there is, reports owed, an account, a back-off, remembered domains, removed content. */
export async function fill(store: Store): Promise<void> {
  const accept = async (number: number, state: 'queued' | 'active' | 'held', to: string = 'bob@partner.example') => {
    const result = await store.journal.accept(acceptUnit({ number, state, recipients: [to], at: T0 + number * MINUTE }));
    if (result.kind !== 'accepted') throw new Error('not accepted');
    return result.active[0]?.lease ?? { deliveryId: `${idOf(number)}/0`, owner: '', token: 0 };
  };
  await accept(1, 'queued');
  await accept(2, 'held');
  const begun = await accept(3, 'active');
  await store.queue.begin([{ lease: begun, at: T0, evidence: evidence('attempt.started', idOf(3), begun.deliveryId) }]);
  await store.queue.settle([settlement(await accept(4, 'active'))], null);
  await store.queue.settle(
    [settlement(await accept(5, 'active'), { after: { state: 'returned' }, report: 'failed', status: status(T0) })],
    null,
  );
  const deferred = { after: { state: 'deferred', dueAt: T0 + HOUR }, status: status(T0, 'delivery.timeout') } as const;
  const news = { destination: digestOf('dead.example'), notBefore: T0 + HOUR, failures: 2 };
  await store.queue.settle([settlement(await accept(6, 'active', 'carol@dead.example'), deferred)], news);
  await store.queue.settle(
    [settlement(await accept(7, 'active'), { after: { state: 'waiting', pickup: newPickup() }, status: null })],
    null,
  );
  await store.queue.settle([settlement(await accept(8, 'active'))], null);
  await store.retention.removeContent([idOf(8)], [evidence('content.removed', idOf(8))]);
  await store.journal.accept(acceptUnit({ number: 9, delivery: () => ({ repeatDigest: digestOf('repeat 1 bob@partner.example') }) }));
  const account = {
    name: 'ehr',
    passwordHash: '$scrypt$x',
    state: 'enabled',
    mayUse: ['*@hospital.example'],
    reports: null,
    likelyRepeats: 'report',
  } as const;
  await store.accounts.add({ ...account, createdAt: T0, changedAt: T0 }, evidence('account.added', null));
  await store.domains.writeStsPolicy(digestOf('partner.example'), {
    id: '1',
    text: 'version: STSv1\n',
    fetchedAt: T0,
    expiresAt: T0 + HOUR,
  });
  await store.journal.decide(decideUnit(1, { reading: reading({ pictures: [digestOf('logo')] }) }));
  await store.counts.count({ account: 'ehr', at: T0, messages: 1, recipients: [digestOf('bob')] });
}

async function build(target: string): Promise<void> {
  const folder = testFolder();
  const { store } = openTestDirect(folder.path);
  await fill(store);
  const reader = openReader({ dataFolder: folder.path, sealer: testSealer() });
  const expected = await contentsOf(store, reader);
  await reader.close();
  await store.close();
  mkdirSync(target, { recursive: true });
  cpSync(join(folder.path, 'postern.db'), join(target, 'postern.db'));
  writeFileSync(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
  folder.remove();
}

if (import.meta.main) {
  const [target] = process.argv.slice(2);
  if (target === undefined) throw new Error('give the folder to write');
  await build(target);
}
