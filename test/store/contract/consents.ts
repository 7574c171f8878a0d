// Law: a record of the registry is never changed; what is in force is what was recorded, has begun, has not ended and was not revoked;
// each change is one revision more, with its evidence in the same commit.
import type { Test } from 'tap';
import type { Consent } from '../../../src/mail/consent.ts';
import { consentSubject } from '../../../src/mail/consent.ts';
import type { ConsentListRequest, NewConsent } from '../../../src/store/consents.ts';
import { ATTESTATION, GIVEN, MARKETING, OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../../support/consents.ts';
import { evidence, HOUR, T0 } from '../../support/store-units.ts';
import { digestOf } from '../../support/store-names.ts';
import { recordsOf, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => digestOf([label, ...values].join('|'));
const subjectOf = (consent: Consent): Uint8Array => consentSubject(digest, consent);
const WRITTEN = evidence('consent.recorded', null, null, { by: 'person' });

function record({ store }: Pick<StoreFixture, 'store'>, consents: readonly Consent[]): ReturnType<typeof store.consents.record> {
  const records: readonly NewConsent[] = consents.map((consent) => ({ consent, subject: subjectOf(consent), evidence: WRITTEN }));
  return store.consents.record({ records, who: 'ann', at: T0 });
}

function revoke(
  { store }: Pick<StoreFixture, 'store'>,
  ids: readonly number[],
  at: number = T0 + HOUR,
): ReturnType<typeof store.consents.revoke> {
  return store.consents.revoke({ ids, at, who: 'bob', why: 'asked by phone', evidence: evidence('consent.revoked', null) });
}

async function kindsInForce(
  { store }: Pick<StoreFixture, 'store'>,
  consents: readonly Consent[],
  at: number = T0,
): Promise<readonly string[]> {
  const found = await store.consents.inForce(consents.map(subjectOf), at);
  return found.consents.map((each) => each.map(({ kind }) => kind).join(' '));
}

const ALL: ConsentListRequest = { kind: null, state: null, address: null, before: null, limit: 100 };

export async function consentLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test(
    'sealed anew: what holds or was in effect lately, page by page; nothing that it says changes, and no revision',
    async (t) => {
      const fixture = await open(t);
      const since = T0 + 10 * HOUR;
      const wished: readonly (readonly [name: string, consent: Consent, revokedAt: number | null, again: 'yes' | 'no'])[] = [
        ['holds', PLAIN_MAIL, null, 'yes'],
        ['holds until later', { ...OTHER_WAY, until: since + 1 }, null, 'yes'],
        ['ended at that time', { ...OTHER_WAY, until: since }, null, 'yes'],
        ['ended before', { ...OTHER_WAY, until: since - 1 }, null, 'no'],
        ['revoked before', OPT_OUT, since - 1, 'no'],
        ['revoked since', ATTESTATION, since, 'yes'],
        ['revoked since, but had ended before', { ...OTHER_WAY, until: since - 2 }, since, 'no'],
      ];
      await record(
        fixture,
        wished.map(([, consent]) => consent),
      );
      for (const [i, [, , at]] of wished.entries()) if (at !== null) await revoke(fixture, [i + 1], at);
      const { records } = fixture.reader.consents.list(ALL);
      const revision = await fixture.store.consents.revision();
      t.equal(records.length, wished.length);
      t.same(await fixture.store.consents.reseal({ since, after: 0, limit: 2 }), { resealed: 2, last: 2 });
      t.same(await fixture.store.consents.reseal({ since, after: 2, limit: 2 }), { resealed: 2, last: 6 });
      t.same(await fixture.store.consents.reseal({ since, after: 6, limit: 2 }), { resealed: 0, last: null });
      const again = await fixture.reopen();
      t.same(again.reader.consents.list(ALL).records, records);
      t.equal(await again.store.consents.revision(), revision);
      const ids = await Promise.all(
        wished.map(async (_, i) => (await again.store.consents.reseal({ since, after: i, limit: 1 })).last === i + 1),
      );
      for (const [i, [name, , , is]] of wished.entries()) t.equal(ids[i], is === 'yes', name);
    },
  );

  await t.test('recorded, found by subject, read whole, after a restart too', async (t) => {
    const fixture = await open(t);
    const given = [PLAIN_MAIL, MARKETING, OTHER_WAY, ATTESTATION];
    const recorded = await record(fixture, given);
    t.same(
      recorded,
      [1, 2, 3, 4].map((id) => ({ id, result: 'recorded' })),
    );
    const again = await fixture.reopen();
    t.same(await kindsInForce(again, [PLAIN_MAIL, ATTESTATION, { ...PLAIN_MAIL, address: 'ann@home.example' }]), [
      'plain-mail marketing other-way',
      'attestation',
      '',
    ]);
    for (const [i, consent] of given.entries())
      t.same(again.reader.consents.find(i + 1), {
        id: i + 1,
        kind: consent.kind,
        givenAt: GIVEN,
        until: consent.until,
        said: { consent, who: 'ann', recordedAt: T0 },
        revocation: null,
      });
    t.equal(again.reader.consents.find(9), null);
    t.match(
      recordsOf(again).map(({ kind, codes }) => [kind, codes]),
      given.map(({ kind }, i) => ['consent.recorded', { by: 'person', consent: i + 1, consentKind: kind }]),
    );
    t.equal(verified(again).bad, null);
  });

  await t.test('it holds for the scope and the address it names, and nowhere else', async (t) => {
    const fixture = await open(t);
    await record(fixture, [PLAIN_MAIL, { ...OPT_OUT, scope: 'ann@hospital.example' }]);
    t.same(
      await kindsInForce(fixture, [
        PLAIN_MAIL,
        { ...PLAIN_MAIL, scope: 'ann@hospital.example' },
        { ...PLAIN_MAIL, scope: 'other.example' },
        { ...PLAIN_MAIL, scope: 'lab.hospital.example' },
        { ...PLAIN_MAIL, address: 'pat2@home.example' },
        { ...ATTESTATION, address: 'pat@home.example' },
      ]),
      ['plain-mail', 'fundraising-opt-out', '', '', '', ''],
    );
  });

  await t.test('when it is in force', async (t) => {
    const fixture = await open(t);
    await record(fixture, [{ ...PLAIN_MAIL, givenAt: T0, until: T0 + HOUR }]);
    const cases: readonly (readonly [name: string, at: number, kinds: string])[] = [
      ['before it was given', T0 - 1, ''],
      ['as it is given', T0, 'plain-mail'],
      ['to its last moment', T0 + HOUR - 1, 'plain-mail'],
      ['as it ends', T0 + HOUR, ''],
    ];
    for (const [name, at, kinds] of cases) t.same(await kindsInForce(fixture, [PLAIN_MAIL], at), [kinds], name);
    t.same((await fixture.store.consents.inForce([subjectOf(PLAIN_MAIL)], T0)).consents, [
      [{ id: 1, kind: 'plain-mail', until: T0 + HOUR }],
    ]);
  });

  await t.test('revoked: not in force any more, the record stays with who, when and why', async (t) => {
    const fixture = await open(t);
    await record(fixture, [PLAIN_MAIL, MARKETING]);
    t.same(await revoke(fixture, [1, 7]), ['revoked', 'not-found']);
    t.same(await revoke(fixture, [1], T0 + 2 * HOUR), ['revoked-before']);
    const again = await fixture.reopen();
    t.same(await kindsInForce(again, [PLAIN_MAIL]), ['marketing'], 'also at a time before: a clock may go back');
    t.match(again.reader.consents.find(1), {
      said: { consent: PLAIN_MAIL, who: 'ann' },
      revocation: { at: T0 + HOUR, said: { who: 'bob', why: 'asked by phone' } },
    });
    t.equal(again.reader.consents.find(2)?.revocation, null);
    t.match(
      recordsOf(again).map(({ kind, codes }) => [kind, codes]),
      [['consent.recorded'], ['consent.recorded'], ['consent.revoked', { consent: 1, consentKind: 'plain-mail' }]],
      'what did not happen has no evidence',
    );
    t.same(await record(again, [PLAIN_MAIL]), [{ id: 4, result: 'recorded' }], 'given anew it is a new record');
    t.same(await kindsInForce(again, [PLAIN_MAIL]), ['marketing plain-mail']);
  });

  await t.test('the same record again is not another', async (t) => {
    const fixture = await open(t);
    await record(fixture, [PLAIN_MAIL]);
    t.same(await record(fixture, [PLAIN_MAIL, { ...PLAIN_MAIL, note: 'by phone' }, { ...PLAIN_MAIL, note: 'by phone' }]), [
      { id: 1, result: 'exists' },
      { id: 2, result: 'recorded' },
      { id: 2, result: 'exists' },
    ]);
    t.equal(recordsOf(fixture).length, 2);
  });

  await t.test('the revision grows with each change, and with nothing else', async (t) => {
    const fixture = await open(t);
    const { consents } = fixture.store;
    t.equal(await consents.revision(), 0);
    const steps: readonly (readonly [name: string, change: () => Promise<unknown>, revision: number])[] = [
      ['a record', () => record(fixture, [PLAIN_MAIL]), 1],
      ['the same again', () => record(fixture, [PLAIN_MAIL]), 1],
      ['two more', () => record(fixture, [MARKETING, OPT_OUT]), 3],
      ['a revocation', () => revoke(fixture, [2]), 4],
      ['of what is revoked', () => revoke(fixture, [2]), 4],
      ['of nothing', () => revoke(fixture, [99]), 4],
      ['a look', () => consents.inForce([subjectOf(PLAIN_MAIL)], T0), 4],
    ];
    for (const [name, change, revision] of steps) {
      await change();
      t.equal(await consents.revision(), revision, name);
      t.equal((await consents.inForce([], T0)).revision, revision, `${name}: with the look-up`);
    }
    t.equal(await (await fixture.reopen()).store.consents.revision(), 4);
  });

  await t.test('a unit that fails leaves neither record, nor revision, nor evidence', async (t) => {
    const fixture = await open(t);
    const bad = { consent: PLAIN_MAIL, subject: subjectOf(PLAIN_MAIL), evidence: { ...WRITTEN, at: Number.NaN } };
    const good = { ...bad, evidence: WRITTEN, consent: OPT_OUT };
    await t.rejects(fixture.store.consents.record({ records: [good, bad], who: 'ann', at: T0 }));
    t.equal(await fixture.store.consents.revision(), 0);
    t.same(fixture.reader.consents.list(ALL), { records: [], next: null });
    t.equal(recordsOf(fixture).length, 0);
    t.same(await record(fixture, [PLAIN_MAIL]), [{ id: 1, result: 'recorded' }]);
  });

  await t.test('listed: newest first, by kind, address and state, in slices', async (t) => {
    const fixture = await open(t);
    const other = { ...PLAIN_MAIL, address: 'ann@home.example', scope: 'ann@hospital.example' };
    await record(fixture, [PLAIN_MAIL, MARKETING, other, { ...OPT_OUT, until: T0 }, { ...OTHER_WAY, givenAt: T0 + HOUR }]);
    await revoke(fixture, [2]);
    const at = T0 + 1;
    const cases: readonly (readonly [name: string, request: Partial<ConsentListRequest>, ids: readonly number[], next: number | null])[] = [
      ['all', {}, [5, 4, 3, 2, 1], null],
      ['a kind', { kind: 'plain-mail' }, [3, 1], null],
      ['in force', { state: { in: 'in-force', at } }, [3, 1], null],
      ['not in force: revoked, ended, not begun', { state: { in: 'not-in-force', at } }, [5, 4, 2], null],
      ['an address, whatever the scope', { address: 'ann@home.example' }, [3], null],
      ['the first two', { limit: 2 }, [5, 4], 4],
      ['the next two', { limit: 2, before: 4 }, [3, 2], 2],
      ['the last', { limit: 2, before: 2 }, [1], null],
      ['a slice without a match says where to go on', { limit: 2, address: 'ann@home.example' }, [], 4],
    ];
    for (const [name, request, ids, next] of cases) {
      const found = fixture.reader.consents.list({ ...ALL, ...request });
      t.same([found.records.map(({ id }) => id), found.next], [ids, next], name);
    }
  });

  await t.test('a hundred recipients in one call', async (t) => {
    const fixture = await open(t);
    const people = Array.from({ length: 100 }, (_, i) => ({ ...PLAIN_MAIL, address: `p${i}@home.example` }));
    await record(
      fixture,
      people.filter((_, i) => i % 3 === 0),
    );
    t.same(
      await kindsInForce(fixture, people),
      people.map((_, i) => (i % 3 === 0 ? 'plain-mail' : '')),
    );
  });
}
