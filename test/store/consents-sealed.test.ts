// The registry and the memory of correspondents at rest: nothing of them can be read, rows cannot be exchanged, and where a key was
// destroyed or bytes are damaged, what was allowed or refused goes on to hold.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import type { Consent } from '../../src/mail/consent.ts';
import { consentSubject } from '../../src/mail/consent.ts';
import { recipientDigests } from '../../src/mail/one-slip.ts';
import { openDirectStore } from '../../src/store/sqlite/direct-store.ts';
import { DATABASE } from '../../src/store/sqlite/open.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { Store } from '../../src/store/store.ts';
import { MARKETING, OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../support/consents.ts';
import { digestOf } from '../support/store-names.ts';
import { evidence, HOUR, T0 } from '../support/store-units.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';

const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => digestOf([label, ...values].join('|'));

function folderFor(t: { teardown(work: () => void): void }): string {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  return folder.path;
}

async function record(store: Store, consents: readonly Consent[]): Promise<void> {
  const records = consents.map((consent) => ({
    consent,
    subject: consentSubject(digest, consent),
    evidence: evidence('consent.recorded', null),
  }));
  await store.consents.record({ records, who: 'ann', at: T0 });
}

async function filled(folder: string): Promise<void> {
  const { store } = openTestDirect(folder);
  await record(store, [PLAIN_MAIL, MARKETING, OPT_OUT, OTHER_WAY]);
  await store.consents.revoke({ ids: [2], at: T0, who: 'bob', why: 'call', evidence: evidence('consent.revoked', null) });
  await store.close();
}

function openWith(dataFolder: string, destroyed: readonly string[]) {
  const sealer = testSealer(new Set(destroyed));
  const opened = openDirectStore({ dataFolder, sealer, board: null, now: () => T0 + HOUR }, () => {});
  if (opened.kind !== 'open') throw new Error(opened.kind);
  const reader = openReader({ dataFolder, sealer });
  const close = async (): Promise<void> => {
    await reader.close();
    await opened.store.close();
  };
  return { store: opened.store, reader, close };
}

const inForce = async (store: Store): Promise<readonly string[]> =>
  ((await store.consents.inForce([consentSubject(digest, PLAIN_MAIL)], T0)).consents[0] ?? []).map(({ kind }) => kind);

await t.test('a destroyed key: nobody reads it, and it holds all the same', async (t) => {
  const folder = folderFor(t);
  await filled(folder);
  const { store, reader, close } = openWith(folder, ['consents:1', 'consents:3', 'consents:2/revocation']);
  t.same(await inForce(store), ['plain-mail', 'fundraising-opt-out', 'other-way']);
  t.match(reader.consents.find(1), { said: null, revocation: null, kind: 'plain-mail' });
  t.match(reader.consents.find(2), { said: { consent: MARKETING }, revocation: { at: T0, said: null } }, 'still revoked');
  const listed = reader.consents.list({ kind: null, state: null, address: PLAIN_MAIL.address, before: null, limit: 10 });
  t.same(
    listed.records.map(({ id }) => id),
    [4, 2],
    'by address only what can be read is found',
  );
  const revocation = { at: T0, who: 'bob', why: 'call', evidence: evidence('consent.revoked', null) };
  t.same(await store.consents.revoke({ ids: [1], ...revocation }), ['revoked'], 'by number it can be revoked');
  t.same(await inForce(store), ['fundraising-opt-out', 'other-way']);
  await record(store, [OPT_OUT]);
  t.equal(await store.consents.revision(), 7, 'what cannot be compared is recorded anew');
  await close();
});

await t.test('damaged or exchanged bytes are of no record, and stop nothing else', async (t) => {
  const folder = folderFor(t);
  await filled(folder);
  const db = new Database(join(folder, DATABASE));
  db.prepare('UPDATE consents SET sealed = (SELECT sealed FROM consents WHERE id = 4) WHERE id = 1').run();
  db.prepare("UPDATE consents SET sealed_revocation = x'0011' WHERE id = 2").run();
  db.close();
  const { store, reader, close } = openWith(folder, []);
  const { records } = reader.consents.list({ kind: null, state: null, address: null, before: null, limit: 10 });
  t.match(records, [
    { id: 4, said: { consent: OTHER_WAY } },
    { id: 3, said: { consent: OPT_OUT } },
    { id: 2, said: { consent: MARKETING }, revocation: { at: T0, said: null } },
    { id: 1, said: null },
  ]);
  t.same(await inForce(store), ['plain-mail', 'fundraising-opt-out', 'other-way']);
  await close();
});

await t.test('many who record and revoke at the same moment: each once', async (t) => {
  const folder = folderFor(t);
  const { store } = openTestDirect(folder);
  await Promise.all(Array.from({ length: 5 }, () => record(store, [PLAIN_MAIL])));
  t.equal(await store.consents.revision(), 1);
  const revocation = { ids: [1], at: T0, who: 'bob', why: 'call', evidence: evidence('consent.revoked', null) };
  const results = await Promise.all(Array.from({ length: 3 }, () => store.consents.revoke(revocation)));
  t.same(results.flat().toSorted(), ['revoked', 'revoked-before', 'revoked-before']);
  t.equal(await store.consents.revision(), 2);
  await store.close();
});

await t.test('correspondents: no address, no domain and no rest of one in any file', async (t) => {
  const folder = folderFor(t);
  const { store } = openTestDirect(folder);
  for (const at of [T0, T0 + HOUR, T0 + 48 * HOUR]) {
    const looks = await store.correspondents.look([recipientDigests(digest, 'canary-person@canary-domain.example')], at);
    await store.correspondents.record({ recipients: looks.map(({ correspondent }) => correspondent), at });
  }
  const [slip] = await store.correspondents.look([recipientDigests(digest, 'canary-persan@canary-domain.example')], T0);
  t.equal(slip?.oneSlip, true, 'it is remembered');
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    for (const canary of ['canary', 'anary-perso', 'nary-domai']) t.notOk(bytes.includes(canary), `${canary} in ${name}`);
  }
  await store.close();
});

await t.test('correspondents: what is kept stays in proportion', async (t) => {
  const folder = folderFor(t);
  const { store } = openTestDirect(folder);
  const busy = recipientDigests(digest, 'busy@partner.example');
  for (let hour = 0; hour < 60; hour += 1) {
    const at = T0 + hour * HOUR;
    const looks = await store.correspondents.look([busy], at);
    await store.correspondents.record({ recipients: looks.map(({ correspondent }) => correspondent), at });
  }
  await store.close();
  const db = new Database(join(folder, DATABASE), { readonly: true });
  const { messages, lastAt } = db.prepare('SELECT messages, last_at AS lastAt FROM correspondents').get() as {
    messages: number;
    lastAt: number;
  };
  const rests = db.prepare('SELECT count(*) FROM correspondent_rests').pluck().get();
  db.close();
  t.equal(rests, 'busy@partner.example'.length, 'one for each character, once');
  t.ok(messages < 30, `a busy pair is not written with every message: ${messages} of 60`);
  t.ok(lastAt >= T0 + 60 * HOUR - 25 * HOUR, 'and its last mail is known to the day');
});
