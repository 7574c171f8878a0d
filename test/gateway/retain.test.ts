// Retention: content goes a set time after its last recipient has ended, its period key when nothing needs it; the evidence stays.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { retain, type RetainDeps } from '../../src/gateway/retain.ts';
import { sealerFrom } from '../../src/keys/column-sealer.ts';
import { type Consent, consentSubject } from '../../src/mail/consent.ts';
import { DATABASE } from '../../src/store/sqlite/open.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { Lease } from '../../src/store/queue.ts';
import type { FactorSecret } from '../../src/store/people.ts';
import { OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../support/consents.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { newMessageId, readWhole, writeWhole } from '../support/sealed-content.ts';
import { digestOf, idOf } from '../support/store-names.ts';
import { acceptUnit, decideUnit, newPickup, settlement } from '../support/store-units.ts';

const DAY = 86_400_000;
const FOR = 7 * DAY;
const YEARS = 6 * 365 * DAY;

interface Kept {
  readonly messageId: string;
  readonly leases: readonly Lease[];
  /** The content, or why there is none. */
  readonly read: () => Promise<string>;
}

let number = 0;

/** A message with real sealed content in the journal (and in the spool, where it is large), its recipients being worked on. */
async function kept({ store, spool, keys, clock }: GatewayGround, sizeBytes: number, recipients = ['a@x.example']): Promise<Kept> {
  const messageId = newMessageId();
  const { key, wrappedKey, periodId } = keys.newDataKey(messageId, clock.at);
  const plain = Buffer.alloc(sizeBytes, 'x');
  const { place, sealed } = await writeWhole(spool.writer(messageId, key), plain);
  const content = { place, sizeBytes, wrappedKey, periodId, digest: Buffer.alloc(32), needs: 'nothing' } as const;
  const unit = acceptUnit({ number: ++number, recipients, state: 'active', at: clock.at, message: { id: messageId, content } }, { sealed });
  const result = await store.journal.accept(unit);
  return {
    messageId,
    leases: result.kind === 'accepted' ? result.active.map(({ lease }) => lease) : [],
    async read() {
      const row = place === 'row' ? await store.journal.readSealed(messageId) : null;
      if (place === 'row' && row === null) return 'no bytes';
      try {
        const opened = keys.unwrapDataKey(messageId, wrappedKey, periodId);
        return (await readWhole(spool.read({ messageId, place, sealed: row, sizeBytes, key: opened }))).toString('latin1');
      } catch (error) {
        return error instanceof Error ? error.message : 'unreadable';
      }
    },
  };
}

async function end({ store, clock }: GatewayGround, leases: readonly Lease[]): Promise<void> {
  await store.queue.settle(
    leases.map((lease) => settlement(lease, { at: clock.at, evidence: [] })),
    null,
  );
}

function deps({ store, spool, keys, clock }: GatewayGround): RetainDeps {
  const detailDestroyed = () => store.renewSealer(keys.sealerMaterial());
  const { retention, audit, policies, consents, people, pickups } = store;
  const times = { contentForMs: FOR, factsForMs: 2 * FOR, detailForMs: YEARS };
  return { retention, audit, policies, consents, people, pickups, spool, keys, clock, ...times, detailDestroyed };
}

for (const [name, sizeBytes] of [
  ['in a row', 1_000],
  ['in a file', 400_000],
] as const) {
  t.test(`content ${name}`, async (t) => {
    const ground = await gatewayGround(t);
    const { messageId, leases, read } = await kept(ground, sizeBytes);
    await end(ground, leases);
    ground.clock.at += FOR;
    t.equal(await retain(deps(ground)), 0);
    t.equal((await read()).length, sizeBytes, 'to the last moment it is there');
    ground.clock.at += 1;
    const before = ground.evidence();
    t.equal(await retain(deps(ground)), 1);
    t.not((await read()).length, sizeBytes, 'gone');
    t.same(ground.spoolFiles(), []);
    t.equal(await ground.store.journal.readSealed(messageId), null);
    t.equal((await ground.store.journal.readMessage(messageId))?.content.wrappedKey.length ?? 0, 0, 'its key too');
    const after = ground.evidence();
    t.same(after.slice(0, before.length), before, 'what was written stays');
    t.match(after.slice(before.length), [{ kind: 'content.removed', messageId, codes: { because: 'retention' }, detail: null }]);
    t.equal(await retain(deps(ground)), 0, 'once');
  });
}

interface StayCase {
  readonly name: string;
  readonly settle: (ground: GatewayGround, leases: readonly Lease[]) => Promise<unknown>;
  readonly removed: number;
}

const stays: readonly StayCase[] = [
  { name: 'one recipient still waits', settle: (ground, leases) => end(ground, leases.slice(1)), removed: 0 },
  {
    name: 'one recipient is held',
    settle: async (ground, [first, ...rest]) => {
      await end(ground, rest);
      const hold = { reason: 'x', owner: 'administrator', deadline: NOON + 100 * DAY };
      if (first !== undefined) await ground.store.queue.settle([settlement(first, { after: { state: 'held', hold } })], null);
    },
    removed: 0,
  },
  {
    name: 'a report is owed: its DSN could not refer to it else',
    settle: (ground, leases) =>
      ground.store.queue.settle(
        leases.map((lease) => settlement(lease, { at: NOON, after: { state: 'returned' }, report: 'failed' })),
        null,
      ),
    removed: 0,
  },
  { name: 'all have ended', settle: end, removed: 1 },
];

for (const { name, settle, removed } of stays) {
  t.test(`${removed === 0 ? 'stays' : 'goes'}: ${name}`, async (t) => {
    const ground = await gatewayGround(t);
    const { leases, read } = await kept(ground, 1_000, ['a@x.example', 'b@x.example', 'c@y.example']);
    await settle(ground, leases);
    ground.clock.at += 2 * FOR;
    t.equal(await retain(deps(ground)), removed);
    t.equal((await read()).length === 1_000, removed === 0);
  });
}

t.test('a round is bounded; the next goes on', async (t) => {
  const ground = await gatewayGround(t);
  const leases: Lease[] = [];
  for (let i = 0; i < 250; i++) leases.push(...(await kept(ground, 10)).leases);
  await end(ground, leases);
  ground.clock.at += 2 * FOR;
  t.same([await retain(deps(ground)), await retain(deps(ground)), await retain(deps(ground))], [200, 50, 0]);
  t.equal(ground.evidence().filter(({ kind }) => kind === 'content.removed').length, 250);
});

t.test('a period key is destroyed when its time is over and nothing is sealed under it', async (t) => {
  const ground = await gatewayGround(t);
  const { keys, clock } = ground;
  const live = (): readonly number[] => keys.periods('content').map(({ periodId }) => periodId);
  const files = (): readonly string[] => readdirSync(join(keys.folder, 'periods')).filter((name) => /^content-.*\.key$/.test(name));
  const [first] = keys.periods('content');
  const endsAt = first?.endsAt ?? 0;
  const early = await kept(ground, 1_000);
  const late = await kept(ground, 1_000);
  await end(ground, early.leases);
  clock.at = endsAt + 2 * DAY;
  keys.prepare(clock.at);
  const before = live();
  await retain(deps(ground));
  t.same(live(), before, 'one message still needs it');
  await end(ground, late.leases);
  const unused = (await kept(ground, 1_000)).messageId;
  clock.at += FOR + 1;
  keys.prepare(clock.at);
  await retain(deps(ground));
  t.notOk(live().includes(first?.periodId ?? 0), 'destroyed');
  t.equal(files().length, live().length);
  t.notOk(existsSync(join(keys.folder, 'periods', 'content-0000000001.key')));
  const destroyed = ground.evidence().filter(({ kind }) => kind === 'period-key.destroyed');
  t.match(destroyed, [{ codes: { purpose: 'content', period: first?.periodId } }]);
  t.ok((await ground.store.journal.readSealed(unused)) !== null, 'the message of the running period is untouched');
  await retain(deps(ground));
  t.equal(ground.evidence().filter(({ kind }) => kind === 'period-key.destroyed').length, 1, 'once');
});

t.test('a period is kept a day longer: a message may have its data key and not be in the journal yet', async (t) => {
  const ground = await gatewayGround(t);
  const { keys, clock } = ground;
  const [first] = keys.periods('content');
  const endsAt = first?.endsAt ?? 0;
  clock.at = endsAt + DAY - 1;
  await retain(deps(ground));
  t.ok(keys.periods('content').some(({ periodId }) => periodId === first?.periodId));
  clock.at += 1;
  await retain(deps(ground));
  t.notOk(keys.periods('content').some(({ periodId }) => periodId === first?.periodId));
});

t.test('the period that runs and the next are never destroyed, used or not', async (t) => {
  const ground = await gatewayGround(t);
  const before = ground.keys.periods('content');
  await retain(deps(ground));
  t.same(ground.keys.periods('content'), before);
});

t.test('personal detail is shredded years later, the records of it stay', async (t) => {
  const ground = await gatewayGround(t);
  const { keys, clock } = ground;
  const { leases } = await kept(ground, 1_000);
  await end(ground, leases);
  const [first] = keys.periods('detail');
  const detailOf = () => ground.evidence().find(({ kind }) => kind === 'message.accepted')?.detail;
  const before = ground.evidence().map(({ seq, kind, codes }) => ({ seq, kind, codes }));
  t.ok(detailOf());
  clock.at = (first?.endsAt ?? 0) + YEARS - 1;
  keys.prepare(clock.at);
  await ground.store.renewSealer(keys.sealerMaterial());
  await retain(deps(ground));
  t.ok(detailOf(), 'to the last moment it can be read');
  clock.at += 1;
  await retain(deps(ground));
  t.equal(detailOf(), null, 'nobody can read it any more');
  const after = ground.evidence().map(({ seq, kind, codes }) => ({ seq, kind, codes }));
  t.same(after.slice(0, before.length), before);
  t.match(after.at(-1), { kind: 'period-key.destroyed', codes: { purpose: 'detail', period: first?.periodId } });
});

t.test('consents outlive the key that sealed them: sealed anew before it is destroyed, as long as they must be kept', async (t) => {
  const ground = await gatewayGround(t);
  const { keys, clock, store } = ground;
  const record = (consent: Consent): ReturnType<typeof store.consents.record> => {
    const written = { kind: 'consent.recorded', at: clock.at, messageId: null, deliveryId: null, codes: {}, detail: null } as const;
    const subject = consentSubject((label, ...values) => keys.digest(label, ...values), consent);
    return store.consents.record({ records: [{ consent, subject, evidence: written }], who: 'ann', at: clock.at });
  };
  const [first] = keys.periods('detail');
  const endsAt = first?.endsAt ?? 0;
  await record(PLAIN_MAIL);
  await record({ ...OTHER_WAY, until: endsAt - 1 });
  await record(OPT_OUT);
  const revoked = { kind: 'consent.revoked', at: clock.at, messageId: null, deliveryId: null, codes: {}, detail: null } as const;
  await store.consents.revoke({ ids: [3], at: endsAt + DAY, who: 'bob', why: 'letter', evidence: revoked });
  const said = () => {
    const reader = openReader({ dataFolder: ground.dataFolder, sealer: sealerFrom(keys.sealerMaterial(), () => clock.at) });
    const found = [1, 2, 3].map((id) => reader.consents.find(id));
    return { close: reader.close(), says: found.map((one) => one?.said?.consent ?? null), why: found[2]?.revocation?.said ?? null };
  };
  const round = async (at: number): Promise<void> => {
    clock.at = at;
    keys.prepare(at);
    await store.renewSealer(keys.sealerMaterial());
    await retain(deps(ground));
  };
  await round(endsAt + YEARS);
  t.notOk(
    keys.periods('detail').some(({ periodId }) => periodId === first?.periodId),
    'the key is gone',
  );
  const after = said();
  await after.close;
  t.same(after.says, [PLAIN_MAIL, null, OPT_OUT], 'what holds and what was in effect less than six years ago can be read');
  t.same(after.why, { who: 'bob', why: 'letter' });
  t.match(ground.evidence().at(-1), { kind: 'period-key.destroyed', codes: { purpose: 'detail', resealed: 2 } });
  const next = keys.periods('detail').find(({ endsAt: end }) => end > clock.at)?.endsAt ?? 0;
  await round(next + YEARS);
  const later = said();
  await later.close;
  t.same(later.says, [PLAIN_MAIL, null, null], 'six years after its end a refusal goes; what holds stays');
});

const PASSKEY = {
  kind: 'passkey',
  credentialId: 'credential-1',
  publicKey: 'AAAA',
  counter: 5,
  transports: [],
  label: 'phone',
} as const satisfies FactorSecret;
const HOME = digestOf('home');

/** Time goes on to then, as it does for a gateway that runs. */
async function reach({ keys, store, clock }: GatewayGround, at: number): Promise<void> {
  clock.at = at;
  keys.prepare(at);
  await store.renewSealer(keys.sealerMaterial());
}

/** Pat reads at the address with a passkey, an app and a password; Sam did, and has ended. */
async function readers({ store: { people }, clock }: GatewayGround): Promise<{ readonly pat: number; readonly sam: number }> {
  const add = async (name: string): Promise<number> =>
    (await people.add({ address: HOME, name, language: 'es', at: clock.at, evidence: [] })).id;
  const [pat, sam] = [await add('Pat Doe'), await add('Sam Doe')];
  const about = { assurance: 'clinic', at: clock.at, evidence: [] } as const;
  await people.enrol({ ...about, personId: pat, secret: PASSKEY, name: digestOf('credential-1') });
  await people.enrol({ ...about, personId: pat, secret: { kind: 'totp', secret: 'JBSWY3DPEHPK3PXP', lastStep: 1 }, name: null });
  await people.enrol({ ...about, personId: sam, secret: { kind: 'password', hash: '$argon2id$one' }, name: null });
  await people.end({ personId: sam, at: clock.at, evidence: [] });
  return { pat, sam };
}

/** A message that waits at the portal until then. Gives its delivery's id. */
async function waits(ground: GatewayGround, expiresAt: number): Promise<string> {
  const { leases } = await kept(ground, 100);
  const after = { state: 'waiting', pickup: newPickup({ address: HOME, expiresAt }) } as const;
  await ground.store.queue.settle(
    leases.map((lease) => settlement(lease, { at: ground.clock.at, after, status: null, evidence: [] })),
    null,
  );
  return leases[0]?.deliveryId ?? '';
}

const sealedOf = ({ dataFolder }: GatewayGround, sql: string): readonly Buffer[] => {
  const db = new Database(join(dataFolder, DATABASE), { readonly: true });
  try {
    return db.prepare<[], Buffer>(sql).pluck().all();
  } finally {
    db.close();
  }
};

t.test('a passkey of seven years ago signs in, also where a crash came between; who has ended does not come back', async (t) => {
  const ground = await gatewayGround(t);
  const { keys, store, clock } = ground;
  const [first] = keys.periods('detail');
  const endsAt = first?.endsAt ?? 0;
  const { pat, sam } = await readers(ground);
  const open = await waits(ground, endsAt + 2 * YEARS);
  const over = await waits(ground, endsAt + DAY);
  await reach(ground, endsAt + YEARS + 300 * DAY);
  const signsIn = async (after: string): Promise<void> => {
    const found = await store.people.byPasskey(digestOf('credential-1'));
    t.match(found, { person: { id: pat, name: 'Pat Doe', language: 'es' }, factor: { secret: PASSKEY } }, after);
    t.match(await store.pickups.find(open), { detail: { recipient: 'bob@partner.example' }, overAt: null }, after);
  };
  const dying: RetainDeps['keys'] = {
    periods: (purpose) => keys.periods(purpose),
    destroyPeriod(purpose, periodId) {
      if (purpose === 'detail') throw new Error('the power went');
      keys.destroyPeriod(purpose, periodId);
    },
  };
  const dies: RetainDeps = { ...deps(ground), people: { reseal: () => Promise.reject(new Error('the power went')) } };
  await t.rejects(retain(dies), 'between two tables');
  await signsIn('consents done, people not');
  await t.rejects(retain({ ...deps(ground), keys: dying }), 'all sealed anew, the key still there');
  await signsIn('all done but the key');
  await retain(deps(ground));
  t.notOk(
    keys.periods('detail').some(({ periodId }) => periodId === first?.periodId),
    'the key is gone',
  );
  await signsIn('after its key');
  const [factor] = (await store.people.find(pat))?.factors ?? [];
  t.equal((await store.people.find(pat))?.factors.length, 2);
  t.equal(await store.people.used({ factorId: factor?.id ?? 0, secret: { ...PASSKEY, counter: 6 }, at: clock.at }), 'counted');
  t.equal(await store.pickups.find(over), null, 'what is over went with the key');
  t.equal(await store.people.find(sam), null);
  const sealer = sealerFrom(keys.sealerMaterial(), () => clock.at);
  const [name = Buffer.alloc(0)] = sealedOf(ground, `SELECT sealed FROM people WHERE id = ${sam}`);
  t.equal(sealer.open(name, `people:${sam}`), null, 'the name of who has ended cannot be opened by anybody');
  t.same(sealedOf(ground, `SELECT sealed FROM factors WHERE person = ${sam}`), [Buffer.alloc(0)]);
  t.match(ground.evidence().at(-1), { kind: 'period-key.destroyed', codes: { purpose: 'detail', resealed: 4 } });
});

t.test('more people than a page has: all of them, and between two pages others write', async (t) => {
  const ground = await gatewayGround(t);
  const { keys, store } = ground;
  const endsAt = keys.periods('detail')[0]?.endsAt ?? 0;
  const add = (i: number) =>
    store.people.add({ address: digestOf(String(i)), name: `Reader ${i}`, language: null, at: NOON, evidence: [] });
  const added = await Promise.all(Array.from({ length: 450 }, (_, i) => add(i)));
  await reach(ground, endsAt + YEARS);
  const pages: number[] = [];
  const people: RetainDeps['people'] = {
    reseal: async (request) => {
      const page = await store.people.reseal(request);
      if (request.of === 'people') pages.push(page.resealed);
      return page;
    },
  };
  await retain({ ...deps(ground), people });
  t.same(pages, [200, 200, 50]);
  const names = await Promise.all(added.map(async ({ id }) => (await store.people.find(id))?.name));
  t.same(
    names,
    added.map((_, i) => `Reader ${i}`),
  );
});

t.test('while no period runs none is destroyed: nothing could be sealed anew', async (t) => {
  const ground = await gatewayGround(t);
  const before = ground.keys.periods('detail');
  ground.clock.at += 2 * YEARS;
  await retain(deps(ground));
  t.same(ground.keys.periods('detail'), before);
});

t.test('what was decided from goes after its time, a policy years after it was last in effect', async (t) => {
  const ground = await gatewayGround(t);
  const { store, clock } = ground;
  await store.journal.accept(acceptUnit({ number: 901, state: 'undecided', at: clock.at }));
  await store.journal.decide(decideUnit(901, { at: clock.at }));
  const activated = { kind: 'policy.activated', at: clock.at, messageId: null, deliveryId: null, codes: {}, detail: null } as const;
  const source = { policy: 'version: 1', lists: { 'vips.txt': 'ann@x.example' } };
  await store.policies.activate({ version: 'first', source }, clock.at, activated);
  clock.at += DAY;
  await store.policies.activate({ version: 'second', source }, clock.at, activated);
  t.match(await store.policies.read('first'), { source, firstAt: clock.at - DAY, lastAt: clock.at }, 'in effect until the next');
  clock.at += 2 * FOR - DAY;
  await retain(deps(ground));
  t.ok(await store.readings.facts(idOf(901)));
  clock.at += 1;
  await retain(deps(ground));
  t.equal(await store.readings.facts(idOf(901)), null);
  await store.policies.activate({ version: 'second', source }, clock.at, activated);
  clock.at += YEARS;
  await retain(deps(ground));
  t.equal(await store.policies.read('first'), null);
  t.ok(await store.policies.read('second'), 'the one that was in effect later stays');
});
