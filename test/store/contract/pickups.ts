// Law: a pickup begins with the settlement of its delivery and is over once; what happens to it happens with its evidence, its report and the
// step of its delivery, in one commit; and what has been opened cannot be taken back.
import type { Test } from 'tap';
import type { EvidenceKind } from '../../../src/mail/evidence.ts';
import type { NewPickup, Pickup, PickupChange, PickupEvent } from '../../../src/store/pickups.ts';
import { acceptUnit, DAY, evidence, HOUR, MINUTE, newPickup, settlement, status, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, kindsOf, recordsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const ID = `${idOf(1)}/0`;
const BOB = digestOf('pickup bob@partner.example');

/** A message of that number whose only delivery waits. */
async function waiting(fixture: StoreFixture, number = 1, pickup: Partial<NewPickup> = {}, at = T0): Promise<string> {
  const [one] = await accepted(fixture, acceptUnit({ number, state: 'active', at }));
  if (one === undefined) throw new Error('nothing was claimed');
  const after = { state: 'waiting', pickup: newPickup(pickup) } as const;
  const evidenceOf = evidence('delivery.waiting', idOf(number), one.lease.deliveryId);
  await fixture.store.queue.settle([settlement(one.lease, { at, after, status: null, evidence: [evidenceOf] })], null);
  return one.lease.deliveryId;
}

async function find({ store }: StoreFixture, deliveryId = ID): Promise<Pickup> {
  const found = await store.pickups.find(deliveryId);
  if (found === null) throw new Error('no pickup');
  return found;
}

function happened(event: Extract<PickupEvent, { what: What }>, change: Partial<PickupChange> = {}): PickupChange {
  const kind: EvidenceKind = event.what === 'notice-owed' ? 'pickup.resent' : `pickup.${event.what}`;
  const deliveryId = change.deliveryId ?? ID;
  return {
    deliveryId,
    at: T0 + HOUR,
    event,
    report: null,
    evidence: [evidence(kind, deliveryId.slice(0, 26), deliveryId)],
    ...change,
  };
}

/** Answers that came back have laws of their own (answers.ts). */
type What = Exclude<PickupEvent['what'], 'answer-bounced'>;

async function does(fixture: StoreFixture, ...events: readonly What[]): Promise<string> {
  let last = 'nothing';
  for (const what of events) {
    const event: Extract<PickupEvent, { what: What }> = what === 'notice-owed' ? { what, notice: 'again' } : { what };
    last = (await fixture.store.pickups.change(happened(event))).kind;
  }
  return last;
}

/** A notice accepted that is this one. */
async function noticed(
  fixture: StoreFixture,
  number: number,
  notice: 'first' | 'reminder' | 'again',
  at: number,
  deliveryId = ID,
): Promise<void> {
  await accepted(fixture, acceptUnit({ number, at, message: { kind: 'notice' } }, { noticesOf: [{ deliveryId, notice }] }));
}

const owed = async ({ store }: StoreFixture): Promise<readonly string[]> =>
  (await store.pickups.owedNotices(100)).map(({ deliveryId, owed: notice }) => `${notice ?? ''} ${deliveryId.slice(24)}`);
const openOf = async ({ store }: StoreFixture): Promise<number> => (await store.pickups.ofAddress(BOB, 100)).length;
const reports = async ({ store }: StoreFixture): Promise<readonly string[]> =>
  (await store.queue.owedReports({ limit: 100 })).flatMap(({ deliveries }) =>
    deliveries.map(({ kind, status: said }) => `${kind} ${said.code}`),
  );

export async function pickupLaws(t: Test, open: OpenFixture): Promise<void> {
  await beginningLaws(t, open);
  await eventLaws(t, open);
  await noticeLaws(t, open);
  await endingLaws(t, open);
}

async function beginningLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('begun: everything as it was given, and a notice is owed', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    const again = await fixture.reopen();
    const { address, ...rest } = await find(again);
    t.same(Buffer.from(address), Buffer.from(BOB));
    t.match(rest, {
      ...newPickup({ address: undefined as never }),
      deliveryId: ID,
      messageId: idOf(1),
      n: 0,
      state: 'waiting',
      createdAt: T0,
      owed: 'first',
      notice: 'owed',
      opened: 0,
      answers: 0,
      overAt: null,
    });
    t.same(await owed(again), [`first ${ID.slice(24)}`]);
    t.same(kindsOf(again, idOf(1)).slice(-1), ['delivery.waiting']);
    t.equal(verified(again).bad, null);
  });

  await t.test('a lease that is gone begins nothing', async (t) => {
    const fixture = await open(t);
    const [one] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    const lease = { deliveryId: ID, owner: 'another', token: one?.lease.token ?? 0 };
    const gone = await fixture.store.queue.settle([settlement(lease, { after: { state: 'waiting', pickup: newPickup() } })], null);
    t.equal(gone.length, 1);
    t.equal(await fixture.store.pickups.find(ID), null);
  });

  await t.test('of one address, newest first, open ones only', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2, 3]) await waiting(fixture, number, {}, T0 + number * MINUTE);
    await waiting(fixture, 4, { address: digestOf('pickup carol@x.example') });
    await fixture.store.pickups.change(
      happened({ what: 'bounced' }, { deliveryId: `${idOf(2)}/0`, report: { kind: 'failed', status: status(T0) } }),
    );
    const found = await fixture.store.pickups.ofAddress(BOB, 100);
    t.same(
      found.map(({ messageId }) => messageId),
      [idOf(3), idOf(1)],
    );
    t.equal((await fixture.store.pickups.ofAddress(BOB, 1)).length, 1);
    t.same(await fixture.store.pickups.ofAddress(digestOf('nobody'), 100), []);
  });

  await t.test('for people: oldest first, page by page, open ones or all', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2, 3, 4, 5]) await waiting(fixture, number);
    await fixture.store.pickups.expire({ now: T0 + 30 * DAY, limit: 2 });
    const { pickups } = fixture.reader;
    const first = pickups.list({ open: 'all', after: null, limit: 3 });
    const rest = pickups.list({ open: 'all', after: first.next, limit: 3 });
    t.same(
      [...first.pickups, ...rest.pickups].map(({ messageId }) => messageId),
      [1, 2, 3, 4, 5].map(idOf),
    );
    t.equal(rest.next, null);
    t.same(
      pickups.list({ open: 'open', after: null, limit: 9 }).pickups.map(({ messageId }) => messageId),
      [3, 4, 5].map(idOf),
    );
  });

  await t.test('what there is none of', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, acceptUnit({ number: 1 }));
    for (const deliveryId of [ID, `${idOf(9)}/0`, 'nonsense', `${ID}0`]) {
      t.equal(await fixture.store.pickups.find(deliveryId), null, deliveryId);
      t.equal((await fixture.store.pickups.change(happened({ what: 'opened' }, { deliveryId }))).kind, 'not-found', deliveryId);
    }
  });
}

/** What may come after what was before; `notice-owed` is a second notice. */
const ORDER: readonly (readonly [before: readonly What[], may: readonly What[]])[] = [
  [[], ['opened', 'downloaded', 'recalled', 'bounced', 'away', 'alarmed', 'notice-owed']],
  [['opened'], ['opened', 'downloaded', 'bounced', 'away', 'notice-owed']],
  [['downloaded'], ['opened', 'downloaded', 'bounced', 'away', 'notice-owed']],
  [['recalled'], ['restored', 'bounced', 'away']],
  [
    ['recalled', 'restored'],
    ['opened', 'downloaded', 'recalled', 'bounced', 'away', 'alarmed', 'notice-owed'],
  ],
  [['bounced'], []],
  [
    ['opened', 'bounced'],
    ['opened', 'downloaded', 'bounced', 'away', 'notice-owed'],
  ],
];
const EVENTS: readonly What[] = ['opened', 'downloaded', 'recalled', 'restored', 'bounced', 'away', 'alarmed', 'notice-owed'];

async function eventLaws(t: Test, open: OpenFixture): Promise<void> {
  for (const [before, may] of ORDER) {
    await t.test(`after ${before.join(', ') || 'nothing'}`, async (t) => {
      for (const what of EVENTS) {
        const fixture = await open(t);
        await waiting(fixture);
        await does(fixture, ...before);
        const seq = fixture.store.lastHead().seq;
        const result = await does(fixture, what);
        t.equal(result, may.includes(what) ? 'done' : 'not-legal', what);
        const ends = !before.some((one) => ['opened', 'downloaded'].includes(one)) && ['opened', 'downloaded', 'bounced'].includes(what);
        t.equal(fixture.store.lastHead().seq - seq, may.includes(what) ? (ends ? 2 : 1) : 0, `${what}: evidence with it, or nothing`);
      }
    });
  }

  await t.test('the first reading ends the delivery, once, with its report; the pickup stays open', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    const report = { kind: 'picked-up', status: { ...status(T0), code: 'picked-up' } } as const;
    await fixture.store.pickups.change(happened({ what: 'opened' }, { report }));
    await fixture.store.pickups.change(happened({ what: 'opened' }, { report, at: T0 + DAY }));
    await fixture.store.pickups.change(happened({ what: 'downloaded' }, { report, at: T0 + 2 * DAY }));
    t.same(await statesOf(fixture, idOf(1)), ['picked-up']);
    t.match(await find(fixture), {
      state: 'picked-up',
      opened: 2,
      firstOpenedAt: T0 + HOUR,
      lastOpenedAt: T0 + 2 * DAY,
      downloadedAt: T0 + 2 * DAY,
      overAt: null,
      remindAt: null,
      alarmAt: null,
    });
    t.same(await reports(fixture), ['picked-up picked-up']);
    t.equal(kindsOf(fixture, idOf(1)).filter((kind) => kind === 'delivery.picked-up').length, 1, 'one end in the log');
    t.same(await fixture.reader.queue.counts().then(({ waiting: w, 'picked-up': p }) => [w, p]), [0, 1]);
    t.equal(await openOf(fixture), 1);
  });

  await t.test('a notice that came back: returned with its report where nobody has read it, else only noted', async (t) => {
    const report = { kind: 'failed', status: status(T0, 'pickup.notice-bounced') } as const;
    const fixture = await open(t);
    await waiting(fixture, 1);
    await waiting(fixture, 2);
    const second = `${idOf(2)}/0`;
    await fixture.store.pickups.change(happened({ what: 'opened' }, { deliveryId: second }));
    for (const deliveryId of [ID, second]) await fixture.store.pickups.change(happened({ what: 'bounced' }, { deliveryId, report }));
    t.same([...(await statesOf(fixture, idOf(1))), ...(await statesOf(fixture, idOf(2)))], ['returned', 'picked-up']);
    t.same(await reports(fixture), ['failed pickup.notice-bounced']);
    t.match(await find(fixture), { overAt: T0 + HOUR, bouncedAt: T0 + HOUR, owed: null });
    t.match(await find(fixture, second), { overAt: null, bouncedAt: T0 + HOUR });
  });

  await t.test('the originator is told once that it stands unopened, and it goes on waiting', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    const report = { kind: 'unopened', status: { ...status(T0, 'pickup.waiting'), until: T0 + 30 * DAY } } as const;
    await fixture.store.pickups.change(happened({ what: 'alarmed' }, { report }));
    t.same(await statesOf(fixture, idOf(1)), ['waiting']);
    t.same(await reports(fixture), ['unopened pickup.waiting']);
    t.match((await fixture.store.queue.owedReports({ limit: 1 }))[0]?.deliveries[0]?.status, { until: T0 + 30 * DAY });
    t.same(await fixture.store.pickups.unopened({ due: 'alarm', now: T0 + 20 * DAY, limit: 9 }), []);
    await fixture.store.pickups.change(happened({ what: 'opened' }, { report: { kind: 'picked-up', status: status(T0, 'relayed') } }));
    t.match(await reports(fixture), [/^picked-up/], 'what came later is what is told');
    await fixture.store.queue.withholdReports([{ deliveryId: ID, kind: 'picked-up' }], []);
    t.same(await reports(fixture), [], 'counted once');
  });

  await t.test('nothing happens past its term', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    for (const what of EVENTS) {
      const event: Extract<PickupEvent, { what: What }> = what === 'notice-owed' ? { what, notice: 'again' } : { what };
      t.equal((await fixture.store.pickups.change(happened(event, { at: T0 + 30 * DAY }))).kind, 'not-legal', what);
    }
    t.same(await statesOf(fixture, idOf(1)), ['waiting'], 'expiry has its own report and evidence');
  });

  await t.test('a person takes it out of the portal: over, and a later one begins anew', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    const hold = { reason: 'person', owner: 'review@hospital.example', deadline: T0 + 2 * DAY };
    const change = { deliveryId: ID, decision: null, report: null, status: null, judgement: null } as const;
    const held = { ...change, change: 'hold', at: T0 + HOUR, hold, evidence: evidence('delivery.held', idOf(1), ID) } as const;
    t.equal(await fixture.store.queue.change(held), 'done');
    t.match(await find(fixture), { overAt: T0 + HOUR, owed: null, remindAt: null });
    const released = {
      ...change,
      change: 'release',
      at: T0 + HOUR,
      hold: null,
      evidence: evidence('delivery.released', idOf(1), ID),
    } as const;
    await fixture.store.queue.change(released);
    const { claimed } = await fixture.store.queue.claim({
      owner: 'g',
      now: T0 + HOUR,
      until: T0 + DAY,
      limit: 9,
      perDestination: 9,
      busy: {},
    });
    const lease = claimed[0]?.lease ?? fail();
    await fixture.store.queue.settle(
      [settlement(lease, { at: T0 + 2 * HOUR, after: { state: 'waiting', pickup: newPickup() }, status: null })],
      null,
    );
    t.match(await find(fixture), { overAt: null, createdAt: T0 + 2 * HOUR, owed: 'first', state: 'waiting' });
  });
}

async function noticeLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('a notice is owed until one is accepted, and counts in that commit only', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    const taken = acceptUnit(
      { number: 1, recipients: ['x@x.example'], message: { kind: 'notice' } },
      { noticesOf: [{ deliveryId: ID, notice: 'first' }] },
    );
    await t.rejects(fixture.store.journal.accept(taken), 'its id is taken');
    t.equal((await owed(fixture)).length, 1);
    await noticed(fixture, 2, 'reminder', T0 + MINUTE);
    t.equal((await owed(fixture)).length, 1, 'another kind clears nothing');
    await noticed(fixture, 3, 'first', T0 + MINUTE);
    t.same(await owed(fixture), []);
    t.match(await find(await fixture.reopen()), { notice: 'sent', noticedAt: T0 + MINUTE, remindedAt: null });
  });

  await t.test('a code that the originator is told: owed until it is told, or the pickup is over', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2, 3]) await waiting(fixture, number, { tells: number === 3 ? null : 'code' });
    const codes = async (): Promise<readonly string[]> => (await fixture.store.pickups.owedCodes(9)).map(({ messageId }) => messageId);
    t.same(await codes(), [idOf(1), idOf(2)]);
    await accepted(fixture, acceptUnit({ number: 4, message: { kind: 'notice' } }, { noticesOf: [{ deliveryId: ID, notice: 'code' }] }));
    t.same(await codes(), [idOf(2)]);
    t.match(await find(fixture), { tells: null, owed: 'first' }, 'the recipient has had no notice by that');
    await fixture.store.pickups.expire({ now: T0 + 30 * DAY, limit: 9 });
    t.same(await codes(), []);
  });

  await t.test('a reminder: when due, of unopened ones, once', async (t) => {
    const fixture = await open(t);
    await waiting(fixture, 1);
    const due = async (now: number): Promise<number> => (await fixture.store.pickups.unopened({ due: 'reminder', now, limit: 9 })).length;
    t.equal(await due(T0 + 4 * DAY), 0, 'not before the first notice has gone out');
    await noticed(fixture, 2, 'first', T0 + MINUTE);
    t.same([await due(T0 + 3 * DAY - 1), await due(T0 + 3 * DAY)], [0, 1]);
    await noticed(fixture, 3, 'reminder', T0 + 4 * DAY);
    t.equal(await due(T0 + 9 * DAY), 0);
    await noticed(fixture, 4, 'reminder', T0 + 5 * DAY);
    t.match(await find(fixture), { remindedAt: T0 + 4 * DAY, noticedAt: T0 + 4 * DAY, owed: null });
  });

  await t.test('what is opened or recalled is not brought to mind', async (t) => {
    for (const what of ['opened', 'recalled'] as const) {
      const fixture = await open(t);
      await waiting(fixture);
      await noticed(fixture, 2, 'first', T0 + MINUTE);
      await fixture.store.pickups.change(happened({ what: 'notice-owed', notice: 'reminder' }));
      await does(fixture, what);
      t.same(await owed(fixture), [], what);
      for (const due of ['reminder', 'alarm'] as const)
        t.same(await fixture.store.pickups.unopened({ due, now: T0 + 29 * DAY, limit: 9 }), [], `${what}: ${due}`);
    }
  });

  await t.test('recalled before its first notice: none goes out, until it is restored', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    await does(fixture, 'recalled');
    t.same(await owed(fixture), []);
    await does(fixture, 'restored');
    t.same(await owed(fixture), [`first ${ID.slice(24)}`]);
  });

  await t.test('a first notice that has not gone out yet is not lost to another, but for a lost factor', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    for (const [notice, left] of [
      ['again', 'first'],
      ['reminder', 'first'],
      ['lost-factor', 'lost-factor'],
    ] as const) {
      await fixture.store.pickups.change(happened({ what: 'notice-owed', notice }));
      t.same(await owed(fixture), [`${left} ${ID.slice(24)}`]);
    }
  });
}

async function endingLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('past its term: unopened ones expire, recalled ones are cancelled, with a report; read ones close', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2, 3, 4]) await waiting(fixture, number, number === 4 ? { expiresAt: T0 + 31 * DAY } : {});
    await fixture.store.pickups.change(happened({ what: 'recalled' }, { deliveryId: `${idOf(2)}/0` }));
    await fixture.store.pickups.change(happened({ what: 'opened' }, { deliveryId: `${idOf(3)}/0` }));
    const now = T0 + 30 * DAY;
    t.equal(await fixture.store.pickups.expire({ now: now - 1, limit: 9 }), 0);
    t.same(
      [await fixture.store.pickups.expire({ now, limit: 2 }), await fixture.store.pickups.expire({ now, limit: 2 })],
      [2, 1],
      'in slices',
    );
    const states = await Promise.all([1, 2, 3, 4].map((number) => statesOf(fixture, idOf(number))));
    t.same(states.flat(), ['expired', 'cancelled', 'picked-up', 'waiting']);
    t.same((await reports(fixture)).toSorted(), ['failed pickup.not-opened', 'failed pickup.recalled']);
    const last = [1, 2, 3].map((number) => kindsOf(fixture, idOf(number)).at(-1));
    t.same(last, ['delivery.expired', 'delivery.cancelled', 'pickup.closed']);
    t.match(
      recordsOf(fixture).filter(({ kind }) => kind === 'delivery.expired'),
      [{ codes: { code: 'pickup.not-opened', method: 'portal' } }],
    );
    t.equal(await openOf(fixture), 1);
    const counts = await fixture.reader.queue.counts();
    t.same([counts.waiting, counts.expired, counts.cancelled, counts['picked-up']], [1, 1, 1, 1]);
    t.equal(verified(fixture).bad, null);
  });

  await t.test('the content stays while a pickup of it is open, whatever else has ended, and goes when the last one is over', async (t) => {
    const fixture = await open(t);
    const { retention, queue, pickups } = fixture.store;
    const to = ['bob@partner.example', 'carol@x.example', 'dan@y.example'];
    const active = await accepted(fixture, acceptUnit({ number: 1, recipients: to, state: 'active' }));
    const [bob, carol, dan] = active.map(({ lease }) => lease);
    if (bob === undefined || carol === undefined || dan === undefined) throw new Error('nothing was claimed');
    await queue.settle([settlement(dan)], null);
    for (const [lease, expiresAt] of [
      [bob, T0 + 10 * DAY],
      [carol, T0 + 30 * DAY],
    ] as const)
      await queue.settle(
        [settlement(lease, { at: T0, after: { state: 'waiting', pickup: newPickup({ expiresAt }) }, status: null })],
        null,
      );
    const gone = async (endedBefore: number): Promise<readonly string[]> =>
      (await retention.endedBefore({ endedBefore, limit: 9 })).map(({ messageId }) => messageId);
    for (const { deliveryId } of [bob, carol]) await pickups.change(happened({ what: 'opened' }, { deliveryId }));
    t.same(await gone(T0 + 99 * DAY), [], 'all deliveries have ended');
    await pickups.expire({ now: T0 + 10 * DAY, limit: 9 });
    t.same(await gone(T0 + 99 * DAY), [], 'one of two is open');
    await pickups.expire({ now: T0 + 30 * DAY, limit: 9 });
    t.same(await gone(0), [idOf(1)], 'at once: the term was its time');
    await retention.removeContent([idOf(1)], [evidence('content.removed', idOf(1))]);
    t.same(await gone(T0 + 99 * DAY), []);
  });

  await t.test('not before the report that it was not opened is made', async (t) => {
    const fixture = await open(t);
    await waiting(fixture);
    await fixture.store.pickups.expire({ now: T0 + 30 * DAY, limit: 9 });
    const gone = async (): Promise<number> => (await fixture.store.retention.endedBefore({ endedBefore: 0, limit: 9 })).length;
    t.equal(await gone(), 0);
    await fixture.store.queue.withholdReports([{ deliveryId: ID, kind: 'failed' }], []);
    t.equal(await gone(), 1);
  });

  await t.test('a recipient is removed: everything of theirs is over, and who they are is shredded', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2]) await waiting(fixture, number);
    await waiting(fixture, 3, { address: digestOf('pickup carol@x.example') });
    await fixture.store.pickups.change(happened({ what: 'opened' }, { deliveryId: `${idOf(2)}/0` }));
    const removed = await fixture.store.pickups.removeAddress({ address: BOB, at: T0 + DAY, evidence: [evidence('person.ended', null)] });
    t.equal(removed, 2);
    t.same([...(await statesOf(fixture, idOf(1))), ...(await statesOf(fixture, idOf(2)))], ['returned', 'picked-up']);
    t.same(await reports(fixture), ['failed pickup.removed']);
    for (const number of [1, 2]) t.equal(await fixture.store.pickups.find(`${idOf(number)}/0`), null, 'no detail, no pickup');
    t.equal((await find(fixture, `${idOf(3)}/0`)).overAt, null, 'nobody else');
    t.same(await owed(fixture), [`first ${`${idOf(3)}/0`.slice(24)}`]);
    t.equal(recordsOf(fixture).at(-1)?.kind, 'person.ended');
    t.equal((await (await fixture.reopen()).store.pickups.ofAddress(BOB, 9)).length, 0);
  });

  await t.test('sealed anew: what is open, page by page; what is over, past its term or removed is passed over', async (t) => {
    const fixture = await open(t);
    const { pickups } = fixture.store;
    const now = T0 + 20 * DAY;
    const ids: string[] = [];
    for (const [i, pickup] of [
      {},
      { expiresAt: now },
      { address: digestOf('pickup carol@x.example') },
      {},
      { expiresAt: now + 1 },
    ].entries())
      ids.push(await waiting(fixture, i + 1, pickup));
    await pickups.removeAddress({ address: digestOf('pickup carol@x.example'), at: T0 + DAY, evidence: [] });
    await pickups.change(happened({ what: 'opened' }, { deliveryId: ids[0] ?? '' }));
    await pickups.change(happened({ what: 'recalled' }, { deliveryId: ids[3] ?? '' }));
    const before = await Promise.all(ids.map((id) => pickups.find(id)));
    const past = { expiresAt: now, nth: Number.MAX_SAFE_INTEGER };
    const first = await pickups.reseal({ after: past, limit: 2 });
    t.match(first, { resealed: 2, last: { expiresAt: T0 + 30 * DAY } });
    t.same(await pickups.reseal({ after: first.last ?? past, limit: 2 }), { resealed: 1, last: null }, 'two that end together');
    const again = await fixture.reopen();
    t.same(await Promise.all(ids.map((id) => again.store.pickups.find(id))), before);
    t.equal(before[2], null, 'who was removed stays so');
    const later = { ...past, expiresAt: now + 1 };
    t.same(await again.store.pickups.reseal({ after: later, limit: 9 }), { resealed: 2, last: null }, 'the term is over as it ends');
    t.equal(verified(again).bad, null);
  });
}

function fail(): never {
  throw new Error('nothing was claimed');
}
