// Who may share a wire: only deliveries that are sent alike to the last octet.
import t from 'tap';
import { groupsOf } from '../../src/gateway/dispatcher.ts';
import { togetherKey } from '../../src/gateway/together.ts';
import { type Decision, type Modifiers, NO_MODIFIERS } from '../../src/mail/decision.ts';
import type { ActiveDelivery } from '../../src/store/queue.ts';
import { activeDelivery, messageRecord } from '../support/active-delivery.ts';

const usual = activeDelivery();

function decided(changes: Partial<Decision>, modifiers: Partial<Modifiers> = {}, n = 1): ActiveDelivery {
  return { ...usual, n, decision: { ...usual.decision, modifiers: { ...NO_MODIFIERS, ...modifiers }, ...changes } };
}

const table: readonly (readonly [name: string, delivery: ActiveDelivery, 'together' | 'apart'])[] = [
  ['another recipient', { ...usual, n: 1, recipient: 'b@example.test' }, 'together'],
  ['another rule with the same outcome', decided({ rule: 'other' }), 'together'],
  ['whom to tell', decided({}, { notify: ['a@clinic.test'], expireAfterMs: 5 }), 'together'],
  ['another message', { ...usual, message: messageRecord({ id: 'OTHER' }) }, 'apart'],
  ['another policy', decided({ policyVersion: 'w' }), 'apart'],
  ['another action', decided({ action: 'hold' }), 'apart'],
  ['another floor', decided({ floor: 'opportunistic' }), 'apart'],
  ['other methods', decided({ methods: ['portal'] }), 'apart'],
  ['another method now', { ...usual, methodIndex: 1 }, 'apart'],
  ['outcome unknown', { ...usual, outcomeUnknown: true }, 'apart'],
  ['a tag stripped', decided({}, { stripTags: ['[secure]'] }), 'apart'],
  ['a field added', decided({}, { addFields: [{ name: 'X-A', value: '1' }] }), 'apart'],
  ['a text appended', decided({}, { appendText: 'x' }), 'apart'],
  ['unsubscribing', decided({}, { unsubscribe: 'marketing' }, 0), 'apart'],
];

for (const [name, delivery, how] of table) {
  t.equal(togetherKey(delivery) === togetherKey(usual) ? 'together' : 'apart', how, name);
  t.equal(groupsOf([usual, delivery], 100).length, how === 'together' ? 1 : 2, `${name}: groups`);
}

await t.test('who can unsubscribe goes alone', async (t) => {
  const claimed = [0, 1, 2].map((n) => decided({}, { unsubscribe: 'marketing' }, n));
  t.same(
    groupsOf(claimed, 100).map(([, { deliveries }]) => deliveries.map(({ n }) => n)),
    [[0], [1], [2]],
  );
  const alike = [0, 1, 2].map((n) => decided({}, { appendText: 'x' }, n));
  t.equal(groupsOf(alike, 100).length, 1, 'the same change for all');
  t.equal(groupsOf(alike, 2).length, 2, 'in transactions of their size');
});
