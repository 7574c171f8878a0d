// The state table: exactly the legal steps, and nothing leads out of a final state.
import t from 'tap';
import { DELIVERY_STATES, FINAL_STATES, isFinal, isLegalStep } from '../../src/mail/delivery.ts';
import type { DeliveryState } from '../../src/mail/delivery.ts';

const LEGAL: readonly (readonly [from: DeliveryState, to: DeliveryState, why: string])[] = [
  ['undecided', 'queued', 'policy lets it go'],
  ['undecided', 'held', 'policy holds it, or a person'],
  ['undecided', 'returned', 'policy returns it'],
  ['undecided', 'cancelled', 'cancelled by a person'],
  ['queued', 'active', 'claimed by the delivery loop'],
  ['queued', 'held', 'held by a person or a limit'],
  ['queued', 'cancelled', 'cancelled by a person'],
  ['active', 'queued', 'lease given back unused, or the next method at once'],
  ['active', 'deferred', 'to be tried again'],
  ['active', 'held', 'no method reaches the recipient'],
  ['active', 'waiting', 'a pickup is open'],
  ['active', 'relayed', 'the next hop took it'],
  ['active', 'returned', 'refused for good'],
  ['active', 'expired', 'out of time after an attempt'],
  ['deferred', 'active', 'claimed again'],
  ['deferred', 'held', 'held by a person'],
  ['deferred', 'cancelled', 'cancelled by a person'],
  ['held', 'queued', 'released'],
  ['held', 'returned', 'returned by a person, or at the deadline'],
  ['held', 'cancelled', 'cancelled by a person'],
  ['held', 'expired', 'deadline passed'],
  ['waiting', 'picked-up', 'picked up'],
  ['waiting', 'queued', 'the next method'],
  ['waiting', 'held', 'held by a person'],
  ['waiting', 'returned', 'its notice came back'],
  ['waiting', 'expired', 'term passed'],
  ['waiting', 'cancelled', 'recalled'],
];

await t.test('every pair of states', async (t) => {
  for (const from of DELIVERY_STATES) {
    for (const to of DELIVERY_STATES) {
      const legal = LEGAL.some((step) => step[0] === from && step[1] === to);
      t.equal(isLegalStep(from, to), legal, `${from} -> ${to} is ${legal ? 'legal' : 'not legal'}`);
    }
  }
});

await t.test('final states', async (t) => {
  t.same(
    DELIVERY_STATES.filter((state) => isFinal(state)),
    FINAL_STATES,
  );
  for (const state of FINAL_STATES)
    t.same(
      DELIVERY_STATES.filter((to) => isLegalStep(state, to)),
      [],
      `${state} is never left`,
    );
});

await t.test('every state can be reached, and every state reaches an end', async (t) => {
  const reachable = (from: DeliveryState): ReadonlySet<DeliveryState> => {
    const seen = new Set<DeliveryState>([from]);
    for (const state of seen) for (const to of DELIVERY_STATES) if (isLegalStep(state, to)) seen.add(to);
    return seen;
  };
  t.same([...reachable('undecided')].sort(), [...DELIVERY_STATES].sort());
  for (const state of DELIVERY_STATES) t.ok([...reachable(state)].some(isFinal), state);
});

await t.test('nothing is final without an attempt, a person or a deadline', async (t) => {
  t.same(
    FINAL_STATES.filter((to) => isLegalStep('queued', to)),
    ['cancelled'],
    'from the queue only a person ends a delivery',
  );
  t.same(
    FINAL_STATES.filter((to) => isLegalStep('deferred', to)),
    ['cancelled'],
  );
});
