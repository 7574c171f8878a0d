// Law: what people say and prove themselves by is sealed, and gone when it ends; nothing counts twice; each change has its evidence.
import type { Test } from 'tap';
import type { FactorSecret, NewCode, Person } from '../../../src/store/people.ts';
import { acceptUnit, DAY, evidence, HOUR, MINUTE, newPickup, settlement, T0 } from '../../support/store-units.ts';
import { digestOf } from '../../support/store-names.ts';
import { accepted, recordsOf, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const HOME = digestOf('home');
const OTHER = digestOf('other');
const PASSWORD = { kind: 'password', hash: '$argon2id$one' } as const satisfies FactorSecret;
const TOTP = { kind: 'totp', secret: 'JBSWY3DPEHPK3PXP', lastStep: 100 } as const satisfies FactorSecret;
const PASSKEY = {
  kind: 'passkey',
  credentialId: 'credential-1',
  publicKey: 'AAAA',
  counter: 5,
  transports: ['internal'],
  label: 'My phone',
} as const satisfies FactorSecret;

const PHONE = { kind: 'phone', number: '+15550147265' } as const satisfies FactorSecret;

type Fixture = Pick<StoreFixture, 'store'>;

function add({ store }: Fixture, name: string | null, address = HOME): Promise<Person> {
  return store.people.add({ address, name, language: 'en', at: T0, evidence: [evidence('person.added', null)] });
}

async function enrol({ store }: Fixture, personId: number, secret: FactorSecret, at = T0): Promise<number> {
  const name = secret.kind === 'passkey' ? digestOf(secret.credentialId) : null;
  const written = [evidence('factor.enrolled', null, null, { factorKind: secret.kind })];
  const factor = await store.people.enrol({ personId, assurance: 'address', secret, name, at, evidence: written });
  if (factor === 'ended') throw new Error('ended');
  return factor.id;
}

function code(change: Partial<NewCode> = {}): Parameters<Fixture['store']['people']['addCode']>[0] {
  const salt = Buffer.alloc(16, 3);
  const times = { createdAt: T0, expiresAt: T0 + HOUR };
  const about = { address: HOME, deliveryId: null, kind: 'mailed-code', factorId: null, salt, digest: digestOf('code'), ...times } as const;
  return { ...about, ...change, endsOthers: 'none', evidence: [evidence('pickup.code-sent', null)] };
}

/** So many pickups. */
async function waiting(fixture: StoreFixture, count: number): Promise<readonly string[]> {
  const active = await Promise.all(
    Array.from({ length: count }, (_, i) => accepted(fixture, acceptUnit({ number: i + 1, state: 'active' }))),
  );
  const leases = active.flat().map(({ lease }) => lease);
  const after = { state: 'waiting', pickup: newPickup({ address: HOME }) } as const;
  await fixture.store.queue.settle(
    leases.map((lease) => settlement(lease, { after, status: null, evidence: [evidence('delivery.waiting', null)] })),
    null,
  );
  return leases.map(({ deliveryId }) => deliveryId);
}

const CHANGED = [evidence('person.changed', null)];
const FAILED = [evidence('pickup.sign-in-failed', null)];
const SIGNED_IN = [evidence('pickup.signed-in', null)];

export async function peopleLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('people of an address: added, named, found again after a restart', async (t) => {
    const fixture = await open(t);
    const pat = await add(fixture, null);
    const sam = await add(fixture, 'Sam Doe');
    await add(fixture, 'Ann', OTHER);
    await fixture.store.people.change({ personId: pat.id, name: 'Pat Doe', language: null, at: T0 + 1, evidence: CHANGED });
    await fixture.store.people.change({ personId: sam.id, name: null, language: 'es', at: T0 + 2, evidence: CHANGED });
    await fixture.store.people.change({ personId: 99, name: 'Nobody', language: null, at: T0, evidence: CHANGED });
    const again = await fixture.reopen();
    t.match(await again.store.people.ofAddress(HOME), [
      { id: pat.id, name: 'Pat Doe', language: 'en', lastSeenAt: T0 + 1, factors: [] },
      { id: sam.id, name: 'Sam Doe', language: 'es' },
    ]);
    t.equal(await again.store.people.find(99), null);
    t.match(
      recordsOf(again).map(({ kind, codes }) => [kind, codes]),
      [...[1, 2, 3].map((person) => ['person.added', { person }]), ['person.changed', {}], ['person.changed', {}]],
      'of nobody there is nothing to tell',
    );
    t.equal(verified(again).bad, null);
  });

  await t.test('factors: enrolled, found by passkey, replaced by their own kind', async (t) => {
    const fixture = await open(t);
    const pat = await add(fixture, 'Pat');
    await enrol(fixture, pat.id, PASSWORD);
    await enrol(fixture, pat.id, TOTP);
    const phone = await enrol(fixture, pat.id, PASSKEY);
    await enrol(fixture, pat.id, { ...PASSKEY, credentialId: 'credential-2', label: 'Laptop' });
    const newer = await enrol(fixture, pat.id, { ...PASSWORD, hash: '$argon2id$two' }, T0 + 1);
    const again = await fixture.reopen();
    const [found] = await again.store.people.ofAddress(HOME);
    t.same(
      found?.factors.map(({ kind }) => kind),
      ['totp', 'passkey', 'passkey', 'password'],
    );
    t.match(
      found?.factors.find(({ id }) => id === newer),
      { secret: { hash: '$argon2id$two' }, createdAt: T0 + 1, lastUsedAt: null },
    );
    t.match(await again.store.people.byPasskey(digestOf('credential-1')), {
      person: { id: pat.id },
      factor: { id: phone, secret: PASSKEY },
    });
    t.equal(await again.store.people.byPasskey(digestOf('credential-9')), null);
    t.equal(
      await fixture.store.people
        .enrol({ personId: 99, assurance: 'clinic', secret: PASSWORD, name: null, at: T0, evidence: FAILED })
        .catch(() => 'closed'),
      'closed',
      'a closed store does nothing',
    );
    const about = { personId: 99, assurance: 'clinic', secret: PASSWORD, name: null, at: T0, evidence: FAILED } as const;
    t.equal(await again.store.people.enrol(about), 'ended');
  });

  await t.test('no step and no counter is good twice, whoever is faster', async (t) => {
    const fixture = await open(t);
    const pat = await add(fixture, 'Pat');
    const ids = {
      password: await enrol(fixture, pat.id, PASSWORD),
      totp: await enrol(fixture, pat.id, TOTP),
      passkey: await enrol(fixture, pat.id, PASSKEY),
      phone: await enrol(fixture, pat.id, PHONE),
    };
    const cases: readonly (readonly [name: string, id: number, secret: FactorSecret, expected: string])[] = [
      ['the step of the enrolment', ids.totp, TOTP, 'used-before'],
      ['an older step', ids.totp, { ...TOTP, lastStep: 99 }, 'used-before'],
      ['the next', ids.totp, { ...TOTP, lastStep: 101 }, 'counted'],
      ['it again', ids.totp, { ...TOTP, lastStep: 101 }, 'used-before'],
      ['a counter that stands', ids.passkey, PASSKEY, 'used-before'],
      ['one that grew', ids.passkey, { ...PASSKEY, counter: 6 }, 'counted'],
      ['one that went back', ids.passkey, { ...PASSKEY, counter: 0 }, 'used-before'],
      ['a password', ids.password, PASSWORD, 'counted'],
      ['it again', ids.password, PASSWORD, 'counted'],
      ['one that was replaced meanwhile', ids.password, { ...PASSWORD, hash: '$argon2id$old' }, 'used-before'],
      ['a phone', ids.phone, PHONE, 'counted'],
      ['another number', ids.phone, { ...PHONE, number: '+15550147266' }, 'used-before'],
      ['another kind', ids.totp, PASSWORD, 'used-before'],
      ['nobody', 99, PASSWORD, 'used-before'],
    ];
    for (const [name, factorId, secret, expected] of cases)
      t.equal(await fixture.store.people.used({ factorId, secret, at: T0 + MINUTE }), expected, name);
    const both = [1, 2, 3].map(() => fixture.store.people.used({ factorId: ids.totp, secret: { ...TOTP, lastStep: 102 }, at: T0 }));
    t.same((await Promise.all(both)).toSorted(), ['counted', 'used-before', 'used-before']);
    const again = await fixture.reopen();
    t.equal(
      await again.store.people.used({ factorId: ids.totp, secret: { ...TOTP, lastStep: 102 }, at: T0 }),
      'used-before',
      'a restart forgives nothing',
    );
    t.match(await again.store.people.find(pat.id), { lastSeenAt: T0, factors: [{ lastUsedAt: T0 + MINUTE }, {}, {}, {}] });
    const zero = await enrol(again, pat.id, { ...PASSKEY, credentialId: 'synced', counter: 0 });
    for (const name of ['an authenticator that keeps no counter', 'again'])
      t.equal(
        await again.store.people.used({ factorId: zero, secret: { ...PASSKEY, credentialId: 'synced', counter: 0 }, at: T0 }),
        'counted',
        name,
      );
  });

  await t.test('an end: one factor, all of a person, the person', async (t) => {
    const fixture = await open(t);
    const { people } = fixture.store;
    const pat = await add(fixture, 'Pat');
    const sam = await add(fixture, 'Sam');
    const password = await enrol(fixture, pat.id, PASSWORD);
    const passkey = await enrol(fixture, pat.id, PASSKEY);
    await enrol(fixture, sam.id, TOTP);
    const removed = { at: T0, evidence: [evidence('factor.removed', null)] };
    t.equal(await people.endFactors({ ...removed, personId: sam.id, factorId: password }), 0, "another's");
    t.equal(await people.endFactors({ ...removed, personId: pat.id, factorId: password }), 1);
    t.equal(await people.endFactors({ ...removed, personId: pat.id, factorId: password }), 0, 'twice');
    t.equal(await people.used({ factorId: password, secret: PASSWORD, at: T0 }), 'used-before', 'it counts no more');
    t.equal(await people.endFactors({ ...removed, personId: pat.id, factorId: null }), 1);
    t.equal(await people.byPasskey(digestOf('credential-1')), null);
    t.equal(await people.used({ factorId: passkey, secret: { ...PASSKEY, counter: 9 }, at: T0 }), 'used-before');
    t.match(await people.find(pat.id), { name: 'Pat', factors: [] }, 'the person stays');
    const ended = { personId: sam.id, at: T0, evidence: [evidence('person.ended', null)] };
    t.same([await people.end(ended), await people.end(ended)], [true, false]);
    const again = await fixture.reopen();
    t.match(await again.store.people.ofAddress(HOME), [{ id: pat.id }]);
    t.equal((await again.store.people.ofAddress(HOME)).length, 1);
    t.same(
      recordsOf(again)
        .map(({ kind }) => kind)
        .slice(-3),
      ['factor.removed', 'factor.removed', 'person.ended'],
      'what did not happen has no evidence',
    );
  });

  await t.test('codes: of the address or of one pickup, until their time, spent once', async (t) => {
    const fixture = await open(t);
    const [one, two] = await waiting(fixture, 2);
    const { people } = fixture.store;
    await people.addCode(code({ kind: 'clinic-code' }));
    await people.addCode(code({ deliveryId: one ?? null }));
    await people.addCode(code({ address: OTHER }));
    await people.addCode(code({ expiresAt: T0 + MINUTE }));
    const codesAt = async (deliveryId: string | undefined, at: number): Promise<readonly string[]> =>
      (await people.codes({ address: HOME, deliveryId: deliveryId ?? '', at })).map(({ kind, deliveryId: of }) => `${kind} ${of ?? 'any'}`);
    t.same(await codesAt(one, T0), ['mailed-code any', `mailed-code ${one}`, 'clinic-code any'], 'newest first');
    t.same(await codesAt(two, T0 + MINUTE), ['clinic-code any'], 'its time is over as it ends');
    await people.addCode({ ...code({ deliveryId: one ?? null, digest: digestOf('newer') }), endsOthers: 'same-kind' });
    t.equal((await people.codes({ address: HOME, deliveryId: one ?? '', at: T0 + MINUTE })).length, 2, 'a newer one replaces its kind');
    const [newest] = await people.codes({ address: HOME, deliveryId: one ?? '', at: T0 });
    t.same(newest?.digest, digestOf('newer'));
    const right = { kind: 'right', codeId: newest?.id ?? 0, at: T0 + 1, evidence: SIGNED_IN } as const;
    const results = await Promise.all([1, 2, 3].map(() => people.tried(right)));
    t.same(results.toSorted(), ['counted', 'spent-before', 'spent-before'], 'three at the same moment');
    t.equal(await people.tried({ ...right, codeId: 1, at: T0 + 2 * HOUR }), 'spent-before', 'past its time');
    t.equal(recordsOf(fixture).filter(({ kind }) => kind === 'pickup.signed-in').length, 1);
    t.equal(await people.endCodes({ address: HOME, at: T0 + 2 }), 2);
    t.same(await codesAt(one, T0), []);
    t.equal((await people.codes({ address: OTHER, deliveryId: two ?? '', at: T0 })).length, 1, 'of that address only');
    await t.rejects(people.addCode(code({ deliveryId: '01M00000000000000000000099/0' })), 'a pickup that there is not');
  });

  await t.test('codes to phones: each names the one that it went to, and the phone goes like every factor', async (t) => {
    const fixture = await open(t);
    const [one = ''] = await waiting(fixture, 1);
    const pat = await add(fixture, 'Pat');
    const old = await enrol(fixture, pat.id, PHONE);
    const phone = await enrol(fixture, pat.id, { ...PHONE, number: '+15550147299' });
    const { people } = fixture.store;
    t.match((await people.find(pat.id))?.factors, [{ id: phone, secret: { number: '+15550147299' } }], 'one for each person');
    const to = (factorId: number): ReturnType<typeof code> => code({ kind: 'phone-code', factorId, deliveryId: one });
    await people.addCode(to(old));
    await people.addCode({ ...to(phone), endsOthers: 'same-kind' });
    await people.addCode(to(phone + 1));
    await people.addCode(code({ deliveryId: one }));
    const again = await fixture.reopen();
    t.same(
      (await again.store.people.codes({ address: HOME, deliveryId: one, at: T0 })).map(({ kind, factorId }) => [kind, factorId]),
      [
        ['mailed-code', null],
        ['phone-code', phone + 1],
        ['phone-code', phone],
      ],
    );
    const ended = { personId: pat.id, factorId: null, at: T0, evidence: [evidence('factor.removed', null)] };
    t.equal(await again.store.people.endFactors(ended), 1);
    t.same((await again.store.people.find(pat.id))?.factors, []);
    t.equal(await again.store.people.used({ factorId: phone, secret: { ...PHONE, number: '+15550147299' }, at: T0 }), 'used-before');
  });

  await t.test('wrong tries are counted across restarts, and old codes go', async (t) => {
    const fixture = await open(t);
    const [one = ''] = await waiting(fixture, 1);
    await fixture.store.people.addCode(code());
    await fixture.store.people.addCode(code({ kind: 'clinic-code', expiresAt: T0 + 30 * DAY }));
    const wrong = { kind: 'wrong', codeIds: [1, 2], at: T0, evidence: FAILED } as const;
    await Promise.all([1, 2, 3].map(() => fixture.store.people.tried(wrong)));
    const again = await fixture.reopen();
    await again.store.people.tried({ ...wrong, codeIds: [2] });
    const counted = await again.store.people.codes({ address: HOME, deliveryId: one, at: T0 });
    t.same(
      counted.map(({ id, failures }) => [id, failures]),
      [
        [2, 4],
        [1, 3],
      ],
    );
    t.equal(recordsOf(again).filter(({ kind }) => kind === 'pickup.sign-in-failed').length, 4);
    t.equal(await again.store.people.forgetCodes(T0 + DAY), 1);
    t.equal(await again.store.people.forgetCodes(T0 + DAY), 0);
    t.equal(verified(again).bad, null);
  });

  await t.test('an address that goes takes its people, factors and codes along', async (t) => {
    const fixture = await open(t);
    const pat = await add(fixture, 'Pat');
    await enrol(fixture, pat.id, PASSKEY);
    const ann = await add(fixture, 'Ann', OTHER);
    await enrol(fixture, ann.id, { ...PASSKEY, credentialId: 'ann' });
    await fixture.store.people.addCode(code());
    await fixture.store.pickups.removeAddress({ address: HOME, at: T0, evidence: [] });
    const { people } = (await fixture.reopen()).store;
    t.same(await people.ofAddress(HOME), []);
    t.equal(await people.byPasskey(digestOf('credential-1')), null);
    t.same(await people.codes({ address: HOME, deliveryId: '', at: T0 }), []);
    t.match(await people.byPasskey(digestOf('ann')), { person: { name: 'Ann' } });
  });

  await t.test('sealed anew: whoever has not ended, page by page; nothing of them changes, and nobody comes back', async (t) => {
    const fixture = await open(t);
    const ids: number[] = [];
    for (const name of ['Pat', 'Sam', 'Ann', null]) ids.push((await add(fixture, name)).id);
    const [pat = 0, sam = 0, ann = 0, nameless = 0] = ids;
    const factors: number[] = [];
    for (const [who, secret] of [
      [pat, PASSWORD],
      [pat, PASSKEY],
      [sam, TOTP],
      [ann, PASSWORD],
      [pat, TOTP],
    ] as const)
      factors.push(await enrol(fixture, who, secret));
    const { people } = fixture.store;
    await people.end({ personId: sam, at: T0, evidence: [] });
    await people.endFactors({ personId: ann, factorId: factors[3] ?? 0, at: T0, evidence: [] });
    const before = await people.ofAddress(HOME);
    const pages: readonly (readonly ['people' | 'factors', after: number, resealed: number, last: number | null])[] = [
      ['people', 0, 2, ann],
      ['people', ann, 1, null],
      ['people', nameless, 0, null],
      ['factors', 0, 2, factors[1] ?? 0],
      ['factors', factors[1] ?? 0, 1, null],
    ];
    for (const [of, after, resealed, last] of pages) t.same(await people.reseal({ of, after, limit: 2 }), { resealed, last }, of);
    t.equal((await people.reseal({ of: 'factors', after: 0, limit: 9 })).resealed, 3, 'as often as one likes');
    const again = await fixture.reopen();
    t.same(await again.store.people.ofAddress(HOME), before);
    t.equal(await again.store.people.find(sam), null);
    t.match(await again.store.people.byPasskey(digestOf('credential-1')), { person: { id: pat }, factor: { secret: PASSKEY } });
    t.equal(verified(again).bad, null);
  });
}
