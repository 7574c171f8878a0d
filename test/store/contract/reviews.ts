// Law: the owner of every hold is told once, and reminded once at half-time, in the commit of the notice; verdicts are counted as they were said.
import type { Test } from 'tap';
import type { PersonalChange } from '../../../src/store/queue.ts';
import type { HoldToTell, Judgement } from '../../../src/store/reviews.ts';
import { acceptUnit, DECISION, decideUnit, evidence, HOUR, MINUTE, settlement, T0 } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { accepted, kindsOf } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const ID = `${idOf(1)}/0`;
const HOLD = { reason: 'policy.held', owner: 'review@hospital.example', deadline: T0 + 4 * HOUR };
const HALF_TIME = T0 + 2 * HOUR;

function change(what: PersonalChange['change'], more: Partial<PersonalChange> = {}): PersonalChange {
  const kind = ({ hold: 'held', release: 'released', cancel: 'cancelled', return: 'returned', retry: 'retried' } as const)[what];
  return {
    deliveryId: ID,
    change: what,
    at: T0 + HOUR,
    hold: what === 'hold' ? HOLD : null,
    decision: null,
    report: null,
    status: null,
    evidence: evidence(`delivery.${kind}`, idOf(1), ID),
    judgement: null,
    ...more,
  };
}

async function toTell({ store }: StoreFixture, now = T0, after: string | null = null, limit = 100): Promise<readonly HoldToTell[]> {
  return store.reviews.toTell({ now, after, limit });
}

async function dues(fixture: StoreFixture, now: number): Promise<readonly string[]> {
  return (await toTell(fixture, now)).map(({ deliveryId, due }) => `${due} ${deliveryId.slice(24)}`);
}

/** A notice of these, accepted. */
async function tell(fixture: StoreFixture, number: number, tellsOf: readonly string[], at = T0): Promise<void> {
  await accepted(fixture, acceptUnit({ number, at, message: { kind: 'notice' } }, { tellsOf }));
}

/** Every way into a hold. */
const WAYS: Readonly<Record<string, (fixture: StoreFixture) => Promise<unknown>>> = {
  'held when it came': (fixture) => accepted(fixture, acceptUnit({ number: 1, state: 'held', delivery: () => ({ hold: HOLD }) })),
  'held by policy afterwards': async (fixture) => {
    await accepted(fixture, acceptUnit({ number: 1, state: 'undecided' }));
    const deliveries = [{ n: 0, decision: DECISION, state: 'held', hold: HOLD, report: null }] as const;
    await fixture.store.journal.decide(decideUnit(1, { deliveries }));
  },
  'held after an attempt': async (fixture) => {
    const [one] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    if (one === undefined) throw new Error('nothing was claimed');
    await fixture.store.queue.settle([settlement(one.lease, { at: T0, after: { state: 'held', hold: HOLD } })], null);
  },
  'held by a person': async (fixture) => {
    await accepted(fixture, acceptUnit({ number: 1 }));
    await fixture.store.queue.change(change('hold', { at: T0 }));
  },
};

export async function reviewLaws(t: Test, open: OpenFixture): Promise<void> {
  for (const [way, hold] of Object.entries(WAYS)) {
    await t.test(`${way}: told once, reminded once`, async (t) => {
      const fixture = await open(t);
      await hold(fixture);
      t.same(await toTell(fixture), [{ messageId: idOf(1), deliveryId: ID, hold: HOLD, decision: DECISION, due: 'notice' }]);
      await tell(fixture, 2, [ID], T0 + MINUTE);
      t.same(await dues(fixture, HALF_TIME - 1), []);
      t.same(await dues(fixture, HALF_TIME), [`reminder ${ID.slice(24)}`]);
      const again = await fixture.reopen();
      await tell(again, 3, [ID], HALF_TIME);
      t.same(await dues(again, HOLD.deadline), []);
    });
  }

  await t.test('half of the working time: nobody is reminded on a Sunday; a hold within a weekend goes by its own half', async (t) => {
    const friday = Date.UTC(2026, 10, 27, 15);
    const monday = Date.UTC(2026, 10, 30);
    const table = [
      ['two working days from Friday 15:00', friday, friday + 96 * HOUR, monday + 15 * HOUR],
      ['two working days from Saturday', friday + 24 * HOUR, monday + 48 * HOUR, monday + 24 * HOUR],
      ['two days by the clock from Friday: what is left of Friday', friday, friday + 48 * HOUR, friday + 4.5 * HOUR],
      ['Friday evening to Monday noon', friday + 6 * HOUR, monday + 12 * HOUR, monday + 4.5 * HOUR],
      ['four hours on a Saturday', friday + 24 * HOUR, friday + 28 * HOUR, friday + 26 * HOUR],
      ['within a day', monday, monday + HOUR, monday + HOUR / 2],
    ] as const;
    const fixture = await open(t);
    for (const [i, [name, at, deadline, half]] of table.entries()) {
      const number = 2 * i + 1;
      const hold = { ...HOLD, deadline };
      await accepted(fixture, acceptUnit({ number, at, state: 'held', delivery: () => ({ hold }) }));
      await tell(fixture, number + 1, [`${idOf(number)}/0`], at);
      const due = async (now: number): Promise<boolean> => (await toTell(fixture, now)).some(({ messageId }) => messageId === idOf(number));
      t.same([await due(half - 1), await due(half)], [false, true], name);
    }
  });

  await t.test('who hears of it only at half-time is not reminded in the same breath', async (t) => {
    const fixture = await open(t);
    await WAYS['held when it came']?.(fixture);
    await tell(fixture, 2, [ID], HALF_TIME);
    t.same(await dues(fixture, HOLD.deadline), []);
  });

  await t.test('held again, told again', async (t) => {
    const fixture = await open(t);
    await WAYS['held when it came']?.(fixture);
    await tell(fixture, 2, [ID]);
    await fixture.store.queue.change(change('release'));
    t.same(await dues(fixture, HALF_TIME), [], 'released: nobody is reminded');
    await fixture.store.queue.change(change('hold'));
    t.same(await dues(fixture, T0 + HOUR), [`notice ${ID.slice(24)}`]);
  });

  await t.test('a notice that was not accepted has told nobody, and one of what has ended marks nothing', async (t) => {
    const fixture = await open(t);
    await WAYS['held when it came']?.(fixture);
    const taken = acceptUnit({ number: 1, recipients: ['review@hospital.example'], message: { kind: 'notice' } }, { tellsOf: [ID] });
    await t.rejects(fixture.store.journal.accept(taken), 'its id is taken');
    t.equal((await toTell(fixture)).length, 1);
    await fixture.store.queue.change(change('cancel'));
    await tell(fixture, 2, [ID, `${idOf(9)}/0`, 'nonsense']);
    t.same(await toTell(fixture, HOLD.deadline), []);
  });

  await t.test('of messages only, in order, page by page', async (t) => {
    const fixture = await open(t);
    const to = ['a@x.example', 'b@x.example', 'c@y.example'];
    for (let number = 1; number <= 3; number++) await accepted(fixture, acceptUnit({ number, state: 'held', recipients: to }));
    await accepted(fixture, acceptUnit({ number: 4, state: 'held', message: { kind: 'dsn' } }));
    await accepted(fixture, acceptUnit({ number: 5, state: 'queued' }));
    const first = await toTell(fixture, T0, null, 5);
    const rest = await toTell(fixture, T0, first.at(-1)?.deliveryId ?? null, 5);
    t.same(
      [...first, ...rest].map(({ deliveryId }) => deliveryId),
      [1, 2, 3].flatMap((number) => [0, 1, 2].map((n) => `${idOf(number)}/${n}`)),
    );
    t.same([first.length, rest.length], [5, 4]);
  });

  await t.test('verdicts: counted by message, by reason and by kind, since a time', async (t) => {
    const fixture = await open(t);
    const say = async (number: number, at: number, judgement: Judgement): Promise<void> => {
      await accepted(fixture, acceptUnit({ number, state: 'held' }));
      const deliveryId = `${idOf(number)}/0`;
      const said = { ...judgement, evidence: evidence('review.judged', idOf(number), deliveryId) };
      const result = await fixture.store.queue.change(change('release', { deliveryId, at, judgement: said }));
      t.equal(result, 'done');
    };
    const near = { code: 'person-and-health', kinds: ['name', 'condition'] } as const;
    const far = { code: 'health-alone', kinds: ['condition'] } as const;
    await say(1, T0, { verdict: 'not-phi', reasons: [near, near, far] });
    await say(2, T0 + HOUR, { verdict: 'not-phi', reasons: [far] });
    await say(3, T0 + HOUR, { verdict: 'phi', reasons: [near] });
    await say(4, T0 + HOUR, { verdict: 'phi', reasons: [] });
    t.same(await fixture.store.reviews.verdicts(0), {
      messages: { phi: 2, notPhi: 2 },
      reasons: [
        { code: 'health-alone', phi: 0, notPhi: 2 },
        { code: 'person-and-health', phi: 1, notPhi: 1 },
        { code: '', phi: 1, notPhi: 0 },
      ].sort((a, b) => b.notPhi - a.notPhi || (a.code < b.code ? -1 : 1)),
      kinds: [
        { kind: 'condition', phi: 1, notPhi: 2 },
        { kind: 'name', phi: 1, notPhi: 1 },
      ],
    });
    t.match((await (await fixture.reopen()).store.reviews.verdicts(T0 + 1)).messages, { phi: 2, notPhi: 1 });
  });

  await t.test('a verdict comes with its change, and its evidence, or not at all', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, acceptUnit({ number: 1, state: 'held' }));
    const judgement = { verdict: 'not-phi', reasons: [], evidence: evidence('review.judged', idOf(1), ID) } as const;
    t.equal(await fixture.store.queue.change(change('return', { judgement })), 'done');
    t.same(kindsOf(fixture, idOf(1)).slice(-2), ['delivery.returned', 'review.judged']);
    t.same(await fixture.store.queue.change(change('return', { judgement })), { not: 'legal', state: 'returned' });
    t.same((await fixture.store.reviews.verdicts(0)).messages, { phi: 0, notPhi: 1 });
  });

  await t.test('an expired hold says whom to ask, where the owner has an address', async (t) => {
    const fixture = await open(t);
    for (const [i, owner] of ['review@hospital.example, second@hospital.example', 'administrator'].entries())
      await accepted(fixture, acceptUnit({ number: i + 1, state: 'held', delivery: () => ({ hold: { ...HOLD, owner } }) }));
    await fixture.store.queue.expireHolds({ now: HOLD.deadline, limit: 9 });
    const owed = await fixture.store.queue.owedReports({ limit: 9 });
    t.same(
      owed.map(({ deliveries }) => deliveries[0]?.status.ask),
      ['review@hospital.example or second@hospital.example', undefined],
    );
    t.same(await toTell(fixture, HOLD.deadline), []);
  });
}
