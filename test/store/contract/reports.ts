// Law: a report stays owed until a DSN that says it is accepted, or evidence says that none is due; it is settled exactly once.
import type { Test } from 'tap';
import type { OwedReference } from '../../../src/store/queue.ts';
import { acceptUnit, evidence, HOUR, MINUTE, settlement, status, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, claim, kindsOf } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const TO = ['a@x.example', 'b@x.example', 'c@x.example'];

async function failedTwoOfThree(fixture: StoreFixture): Promise<void> {
  const active = await accepted(fixture, acceptUnit({ number: 1, recipients: TO, state: 'active' }));
  await fixture.store.queue.settle(
    active.map(({ lease, n }) =>
      n === 1 ? settlement(lease) : settlement(lease, { after: { state: 'returned' }, report: 'failed', status: status(T0 + n) }),
    ),
    null,
  );
}

function dsn(number: number, settlesReports: readonly OwedReference[]) {
  return acceptUnit({ number, recipients: ['ann@hospital.example'], message: { kind: 'dsn', about: idOf(1) } }, { settlesReports });
}

export async function reportLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('owed for those who failed, grouped by message, with what the DSN says', async (t) => {
    const fixture = await open(t);
    await failedTwoOfThree(fixture);
    const again = await fixture.reopen();
    const [owed, ...more] = await again.store.queue.owedReports({ limit: 10 });
    t.equal(more.length, 0);
    t.equal(owed?.message.id, idOf(1));
    t.same(owed?.deliveries, [
      {
        deliveryId: `${idOf(1)}/0`,
        recipient: TO[0],
        orcpt: null,
        notify: null,
        kind: 'failed',
        status: status(T0),
        expiresAt: T0 + 24 * HOUR,
      },
      {
        deliveryId: `${idOf(1)}/2`,
        recipient: TO[2],
        orcpt: null,
        notify: null,
        kind: 'failed',
        status: status(T0 + 2),
        expiresAt: T0 + 24 * HOUR,
      },
    ]);
  });

  await t.test('cleared by the DSN in its own commit', async (t) => {
    const fixture = await open(t);
    await failedTwoOfThree(fixture);
    const [owed] = await fixture.store.queue.owedReports({ limit: 10 });
    await accepted(fixture, dsn(2, owed?.deliveries ?? []));
    t.same(await fixture.store.queue.owedReports({ limit: 10 }), []);
  });

  await t.test('not cleared by a DSN that was not accepted', async (t) => {
    const fixture = await open(t);
    await failedTwoOfThree(fixture);
    const [owed] = await fixture.store.queue.owedReports({ limit: 10 });
    const unit = dsn(1, owed?.deliveries ?? []);
    await t.rejects(fixture.store.journal.accept(unit), 'its id is taken');
    const slot = fixture.board.open() ?? 0;
    fixture.board.withdraw(slot);
    t.match(await fixture.store.journal.accept({ ...dsn(2, owed?.deliveries ?? []), ticket: slot }), { kind: 'withdrawn' });
    t.equal((await fixture.store.queue.owedReports({ limit: 10 }))[0]?.deliveries.length, 2);
  });

  await t.test('a report that came meanwhile is not cleared with the one before', async (t) => {
    const fixture = await open(t);
    const [one] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    const delayed = {
      after: { state: 'deferred', dueAt: T0 + MINUTE },
      report: 'delayed',
      status: status(T0, 'delivery.timeout'),
    } as const;
    await fixture.store.queue.settle([settlement(one?.lease ?? fail(), delayed)], null);
    const [owed] = await fixture.store.queue.owedReports({ limit: 10 });
    const [again] = await claim(fixture, { now: T0 + MINUTE });
    await fixture.store.queue.settle(
      [settlement(again?.lease ?? fail(), { after: { state: 'returned' }, report: 'failed', status: status(T0 + 9) })],
      null,
    );
    await accepted(fixture, dsn(2, owed?.deliveries ?? []));
    t.match(await fixture.store.queue.owedReports({ limit: 10 }), [{ deliveries: [{ kind: 'failed', status: { at: T0 + 9 } }] }]);
  });

  await t.test('a later settlement without a report keeps the one owed', async (t) => {
    const fixture = await open(t);
    const [one] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    await fixture.store.queue.settle(
      [settlement(one?.lease ?? fail(), { after: { state: 'deferred', dueAt: T0 }, report: 'delayed', status: status(T0) })],
      null,
    );
    const [again] = await claim(fixture);
    await fixture.store.queue.settle(
      [settlement(again?.lease ?? fail(), { after: { state: 'deferred', dueAt: T0 + HOUR }, status: null })],
      null,
    );
    t.match(await fixture.store.queue.owedReports({ limit: 10 }), [{ deliveries: [{ kind: 'delayed' }] }]);
  });

  await t.test('withheld, with evidence', async (t) => {
    const fixture = await open(t);
    await failedTwoOfThree(fixture);
    const [owed] = await fixture.store.queue.owedReports({ limit: 10 });
    await fixture.store.queue.withholdReports(owed?.deliveries.slice(0, 1) ?? [], [evidence('report.withheld', idOf(1), `${idOf(1)}/0`)]);
    t.same(
      (await fixture.store.queue.owedReports({ limit: 10 }))[0]?.deliveries.map(({ deliveryId }) => deliveryId),
      [`${idOf(1)}/2`],
    );
    t.equal(kindsOf(fixture, idOf(1)).at(-1), 'report.withheld');
  });

  await t.test('owed from the start', async (t) => {
    const fixture = await open(t);
    const expanded = { kind: 'expanded', status: status(T0, 'relayed') } as const;
    await accepted(fixture, acceptUnit({ number: 1, delivery: () => ({ report: expanded }) }));
    t.match(await fixture.store.queue.owedReports({ limit: 10 }), [{ deliveries: [{ kind: 'expanded', status: expanded.status }] }]);
  });

  await t.test('oldest first, and no more messages than asked', async (t) => {
    const fixture = await open(t);
    for (let number = 1; number <= 4; number++) {
      const [one] = await accepted(fixture, acceptUnit({ number, state: 'active', delivery: () => ({ destination: digestOf('x') }) }));
      await fixture.store.queue.settle(
        [settlement(one?.lease ?? fail(), { after: { state: 'returned' }, report: 'failed', status: status(T0) })],
        null,
      );
    }
    t.same(
      (await fixture.store.queue.owedReports({ limit: 3 })).map(({ message }) => message.id),
      [idOf(1), idOf(2), idOf(3)],
    );
  });
}

function fail(): never {
  throw new Error('nothing was claimed');
}
