// Law: an answer written at the portal counts at the pickup that it answers in the commit that accepts it, and shows there how it stands.
import type { Test } from 'tap';
import { acceptUnit, DAY, evidence, MINUTE, newPickup, settlement, status, T0 } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { accepted, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const ID = `${idOf(1)}/0`;
const OTHER = `${idOf(2)}/1`;

async function waiting({ store }: StoreFixture, number: number, recipients: readonly string[]): Promise<void> {
  for (const { lease } of await accepted({ store }, acceptUnit({ number, recipients, state: 'active' }))) {
    const after = { state: 'waiting', pickup: newPickup() } as const;
    const written = [evidence('delivery.waiting', idOf(number), lease.deliveryId)];
    await store.queue.settle([settlement(lease, { after, status: null, evidence: written })], null);
  }
}

const answer = (number: number, about: string | null, kind: 'answer' | 'notice' = 'answer', recipients = ['ann@hospital.example']) =>
  acceptUnit({ number, recipients, state: 'active', at: T0 + number * MINUTE, message: { kind, about } });

const shown = async ({ store }: StoreFixture, deliveryId: string): Promise<readonly string[]> =>
  (await store.pickups.answersTo(deliveryId)).map(({ messageId, at, state }) => `${messageId.slice(24)} ${(at - T0) / MINUTE} ${state}`);
const counted = async ({ store }: StoreFixture, deliveryId: string): Promise<number | undefined> =>
  (await store.pickups.find(deliveryId))?.answers;

export async function answerLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('counted with what it answers, in order, as each stands', async (t) => {
    const fixture = await open(t);
    await waiting(fixture, 1, ['bob@partner.example']);
    await waiting(fixture, 2, ['bob@partner.example', 'carol@partner.example']);
    t.same(await shown(fixture, ID), []);
    const [first] = await accepted(fixture, answer(3, ID));
    await accepted(fixture, answer(4, OTHER));
    const [second, also] = await accepted(fixture, answer(5, ID, 'answer', ['ann@hospital.example', 'dan@partner.example']));
    t.equal(await counted(fixture, ID), 2);
    t.equal(await counted(fixture, OTHER), 1, 'of two recipients of one message it was this one');
    t.equal(await counted(fixture, `${idOf(2)}/0`), 0);
    t.same(await shown(fixture, ID), ['03 3 active', '05 5 active']);
    if (first === undefined || second === undefined || also === undefined) throw new Error('nothing was claimed');
    await fixture.store.queue.settle([settlement(first.lease), settlement(also.lease)], null);
    await fixture.store.queue.settle(
      [settlement(second.lease, { after: { state: 'returned' }, report: 'failed', status: status(T0) })],
      null,
    );
    t.same(await shown(fixture, ID), ['03 3 relayed', '05 5 returned'], 'the originator counts, not those who get a copy');
    const again = await fixture.reopen();
    t.same(await shown(again, ID), ['03 3 relayed', '05 5 returned']);
    t.equal(verified(again).bad, null);
  });

  await t.test('one that came back after it was handed over is shown so: by its id, else the newest; twice is once', async (t) => {
    const fixture = await open(t);
    const { pickups, queue } = fixture.store;
    await waiting(fixture, 1, ['bob@partner.example']);
    const came = async (id: string | null, at = T0 + 20 * MINUTE): Promise<string> => {
      const event = { what: 'answer-bounced', answer: id } as const;
      return (await pickups.change({ deliveryId: ID, at, event, report: null, evidence: [evidence('pickup.noted', idOf(1), ID)] })).kind;
    };
    t.equal(await came(null), 'not-legal', 'no answer, nothing that could come back');
    const claimed = await Promise.all([3, 4, 5, 6].map((number) => accepted(fixture, answer(number, ID))));
    const leases = claimed.flat().map(({ lease }) => lease);
    await queue.settle(
      leases.slice(0, 3).map((lease) => settlement(lease)),
      null,
    );
    const cases: readonly (readonly [name: string, id: string | null, kind: string, shown: readonly string[]])[] = [
      ['by its id', idOf(3), 'done', ['returned', 'relayed', 'relayed', 'active']],
      ['again', idOf(3), 'done', ['returned', 'relayed', 'relayed', 'active']],
      ['one that is on its way still', idOf(6), 'not-legal', ['returned', 'relayed', 'relayed', 'active']],
      ["another's", idOf(9), 'not-legal', ['returned', 'relayed', 'relayed', 'active']],
      ['nobody says which: the newest that was handed over', null, 'done', ['returned', 'relayed', 'returned', 'active']],
      ['again', null, 'done', ['returned', 'relayed', 'returned', 'active']],
    ];
    for (const [name, id, kind, states] of cases) {
      t.equal(await came(id), kind, name);
      t.same(
        (await shown(fixture, ID)).map((line) => line.split(' ').at(-1)),
        states,
        name,
      );
    }
    t.equal(await came(idOf(4), T0 + 40 * DAY), 'not-legal', 'past its term');
    const again = await fixture.reopen();
    t.match(await again.store.pickups.find(ID), {
      detail: { recipient: 'bob@partner.example' },
      state: 'waiting',
      bouncedAt: null,
      answers: 4,
    });
    t.same((await shown(again, ID)).length, 4);
    t.equal(verified(again).bad, null);
  });

  await t.test('what is no answer counts nowhere', async (t) => {
    const fixture = await open(t);
    await waiting(fixture, 1, ['bob@partner.example']);
    await accepted(fixture, answer(3, ID, 'notice'));
    await accepted(fixture, answer(4, null));
    await accepted(fixture, answer(5, `${idOf(9)}/0`));
    await accepted(fixture, answer(6, 'nonsense'));
    t.equal(await counted(fixture, ID), 0);
    t.same(await shown(fixture, ID), []);
  });
}
