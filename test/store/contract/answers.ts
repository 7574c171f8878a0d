// Law: an answer written at the portal counts at the pickup that it answers in the commit that accepts it, and shows there how it stands.
import type { Test } from 'tap';
import { acceptUnit, evidence, MINUTE, newPickup, settlement, status, T0 } from '../../support/store-units.ts';
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
