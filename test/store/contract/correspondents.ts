// Law: whom the organisation wrote to is remembered, and an address never written to is one slip away from a regular one exactly where
// one insertion, deletion, substitution or transposition lies between them.
import fc from 'fast-check';
import type { Test } from 'tap';
import { recipientDigests } from '../../../src/mail/one-slip.ts';
import type { Store } from '../../../src/store/store.ts';
import { HOUR, T0 } from '../../support/store-units.ts';
import { digestOf } from '../../support/store-names.ts';
import type { OpenFixture } from './fixture.ts';

const DAY = 24 * HOUR;

const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => digestOf([label, ...values].join('|'));

async function look(store: Store, address: string, at: number = T0): Promise<{ address: boolean; domain: boolean; oneSlip: boolean }> {
  const [found] = await store.correspondents.look([recipientDigests(digest, address)], at);
  if (found === undefined) throw new Error('no answer');
  return { ...found.seen, oneSlip: found.oneSlip };
}

/** As the gateway does: looks, decides, remembers. */
async function write(store: Store, addresses: readonly string[], at: number): Promise<void> {
  const found = await store.correspondents.look(
    addresses.map((address) => recipientDigests(digest, address)),
    at,
  );
  await store.correspondents.record({ recipients: found.map(({ correspondent }) => correspondent), at });
}

async function regular(store: Store, addresses: readonly string[], at: number = T0): Promise<void> {
  for (const later of [0, HOUR, DAY]) await write(store, addresses, at + later);
}

/** The plain comparison, on whole strings. */
export function isOneSlip(a: string, b: string): boolean {
  const [one, other] = [[...a], [...b]];
  const same = (x: readonly string[], y: readonly string[]): boolean => x.join('\0') === y.join('\0');
  if (same(one, other)) return false;
  if (one.length === other.length + 1) return one.some((_, i) => same(one.toSpliced(i, 1), other));
  if (one.length + 1 === other.length) return other.some((_, i) => same(other.toSpliced(i, 1), one));
  if (one.length !== other.length) return false;
  return one.some(
    (_, i) =>
      same(one.with(i, other[i] ?? ''), other) ||
      (i + 1 < one.length && same(one.with(i, one[i + 1] ?? '').with(i + 1, one[i] ?? ''), other)),
  );
}

const BOB = 'bob.lee@partner.example';
const SLIPS: readonly (readonly [name: string, address: string, oneSlip: boolean])[] = [
  ['one character more, in front', 'xbob.lee@partner.example', true],
  ['one more, doubled', 'bobb.lee@partner.example', true],
  ['one more, at the end', 'bob.lee@partner.examplee', true],
  ['one too few', 'bob.le@partner.example', true],
  ['the dot forgotten', 'boblee@partner.example', true],
  ['another letter', 'rob.lee@partner.example', true],
  ['another letter in the domain', 'bob.lee@pattner.example', true],
  ['two exchanged', 'obb.lee@partner.example', true],
  ['two exchanged in the domain', 'bob.lee@patrner.example', true],
  ['one too few in the domain', 'bob.lee@partner.exaple', true],
  ['two other letters', 'rob.lea@partner.example', false],
  ['two too many', 'bobbb.lee@partner.example', false],
  ['two too few', 'bob.l@partner.example', false],
  ['two exchanged that do not stand side by side', 'bol.bee@partner.example', false],
  ['one left out, another put in further on', 'bo.leeb@partner.example', false],
  ['one moved by two', 'bb.oee@partner.example', false],
  ['a neighbour that is only half exchanged', 'obx.lee@partner.example', false],
  ['someone else there', 'ann.ray@partner.example', false],
  ['someone else elsewhere', 'bob.lee@other.example', false],
];

export async function correspondentLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('seen: the address, the domain, after a restart too', async (t) => {
    const fixture = await open(t);
    t.same(await look(fixture.store, BOB), { address: false, domain: false, oneSlip: false });
    await write(fixture.store, [BOB], T0);
    const { store } = await fixture.reopen();
    t.same(await look(store, BOB), { address: true, domain: true, oneSlip: false });
    t.same(await look(store, 'ann@partner.example'), { address: false, domain: true, oneSlip: false });
    t.same(await look(store, 'bob.lee@other.example'), { address: false, domain: false, oneSlip: false });
  });

  await t.test('one slip away, and not', async (t) => {
    const { store } = await open(t);
    await regular(store, [BOB]);
    t.same(await look(store, BOB), { address: true, domain: true, oneSlip: false }, 'the known one itself');
    for (const [name, address, expected] of SLIPS) {
      t.equal(isOneSlip(BOB, address), expected, `${name}: the plain comparison`);
      t.equal((await look(store, address)).oneSlip, expected, name);
    }
    await write(store, ['rob.lee@partner.example'], T0 + 2 * DAY);
    t.equal((await look(store, 'rob.lee@partner.example')).oneSlip, false, 'who was written to is known');
  });

  await t.test('regular: three messages on two days', async (t) => {
    const start = Math.ceil(T0 / DAY) * DAY;
    const cases: readonly (readonly [name: string, times: readonly number[], regular: boolean])[] = [
      ['once', [0], false],
      ['twice, on two days', [0, DAY], false],
      ['three times in one day', [0, HOUR, DAY - 1], false],
      ['three times, across midnight', [DAY - 2, DAY - 1, DAY], true],
      ['three times on three days', [0, DAY, 2 * DAY], true],
      ['three times, the clock going back', [2 * DAY, DAY, DAY], true],
      ['many in one day, and one later', [...Array(9).keys(), 5 * DAY], true],
    ];
    for (const [name, times, expected] of cases) {
      const { store } = await open(t);
      for (const later of times) await write(store, [BOB, BOB], start + later);
      t.equal((await look(store, 'rob.lee@partner.example')).oneSlip, expected, name);
      t.equal((await look(store, 'bobb.lee@partner.example')).oneSlip, expected, `${name}: one too many`);
      t.equal((await look(store, 'bob.le@partner.example')).oneSlip, expected, `${name}: one too few`);
    }
  });

  await t.test('two messages decided at the same moment: the spelling is remembered with the next', async (t) => {
    const { store } = await open(t);
    await write(store, [BOB], T0);
    const both = await Promise.all([1, 2].map(() => store.correspondents.look([recipientDigests(digest, BOB)], T0 + DAY)));
    for (const found of both)
      await store.correspondents.record({ recipients: found.map(({ correspondent }) => correspondent), at: T0 + DAY });
    await write(store, [BOB], T0 + DAY + HOUR);
    t.equal((await look(store, 'rob.lee@partner.example')).oneSlip, true);
  });

  await t.test('against the plain comparison, over three letters', async (t) => {
    const { store } = await open(t);
    const words = fc.sample(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 7 }), {
      seed: 20261122,
      numRuns: 400,
    });
    const [known, strangers] = [[...new Set(words.slice(0, 12))], [...new Set(words.slice(12))]];
    await regular(store, known);
    const asked = strangers.filter((word) => !known.includes(word));
    const found = await store.correspondents.look(
      asked.map((word) => recipientDigests(digest, word)),
      T0,
    );
    const expected = asked.map((word) => known.some((one) => isOneSlip(one, word)));
    t.same(
      found.map(({ oneSlip }) => oneSlip),
      expected,
    );
    t.ok(expected.includes(true) && expected.includes(false), 'both happen');
  });

  await t.test('forgotten after two years without mail, its spelling too', async (t) => {
    const fixture = await open(t);
    await regular(fixture.store, [BOB, 'ann@partner.example']);
    const later = T0 + DAY + 731 * DAY;
    await write(fixture.store, ['ann@partner.example'], later);
    await write(fixture.store, ['carol@elsewhere.example'], later + 1);
    const { store } = await fixture.reopen();
    t.same(await look(store, BOB), { address: false, domain: true, oneSlip: false });
    t.same(await look(store, 'rob.lee@partner.example'), { address: false, domain: true, oneSlip: false });
    t.equal((await look(store, 'bob.le@partner.example')).oneSlip, false);
    t.equal((await look(store, 'an@partner.example')).oneSlip, true, 'one who still gets mail is known');
  });
}
