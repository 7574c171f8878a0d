// Which of two decisions keeps a message better: what a draft would let out weaker must never be called anything else.
import t from 'tap';
import { type Decision, METHOD_NAMES, type MethodName } from '../../src/mail/decision.ts';
import { PROTECTIONS } from '../../src/mail/tls.ts';
import { compareDecisions, type Comparison } from '../../src/policy/compare.ts';
import { DECISION } from '../support/store-units.ts';

const decision = (change: Partial<Decision>): Decision => ({ ...DECISION, ...change });
const relay = decision({ methods: ['relay'], floor: 'tls-verified' });
const hold = decision({ action: 'hold' });
const back = decision({ action: 'return', methods: [] });

const table: readonly (readonly [name: string, first: Decision, second: Decision, Comparison])[] = [
  ['itself', relay, relay, 'same'],
  ['another rule that does the same', relay, decision({ ...relay, rule: 'other', policyVersion: 'x', floors: ['a'] }), 'same'],
  ['a lower floor', relay, decision({ ...relay, floor: 'tls' }), 'weaker'],
  ['no floor', relay, decision({ ...relay, floor: 'opportunistic' }), 'weaker'],
  ['a higher floor', relay, decision({ ...relay, floor: 'tls-authenticated' }), 'stricter'],
  ['the portal alone', relay, decision({ methods: ['portal'] }), 'stricter'],
  ['from the portal alone to relay as well', decision({ methods: ['portal'] }), decision({ methods: ['portal', 'relay'] }), 'weaker'],
  ['relay, or else the portal', relay, decision({ methods: ['relay', 'portal'] }), 'other'],
  ['held', relay, hold, 'stricter'],
  ['no longer held', hold, relay, 'weaker'],
  ['no longer returned', back, relay, 'weaker'],
  ['returned instead of held', hold, back, 'stricter'],
  ['held instead of returned', back, hold, 'weaker'],
  ['no method left: held', relay, decision({ methods: [], otherwise: 'hold' }), 'stricter'],
  ['no method left: returned', hold, decision({ methods: [], otherwise: 'return' }), 'stricter'],
  ['a text under it', relay, decision({ ...relay, modifiers: { ...relay.modifiers, appendText: 'x' } }), 'other'],
  ['other words', hold, decision({ action: 'hold', reason: 'Ask.' }), 'other'],
];

for (const [name, first, second, expect] of table) t.test(name, async (t) => void t.equal(compareDecisions(first, second), expect));

t.test('whatever goes out with less is weaker, and the other way round stricter', async (t) => {
  const lists: readonly (readonly MethodName[])[] = [[], ...METHOD_NAMES.map((name) => [name]), ['portal', 'relay']];
  const all = lists.flatMap((methods) =>
    PROTECTIONS.flatMap((floor) => (['deliver', 'hold', 'return'] as const).map((action) => decision({ methods, floor, action }))),
  );
  const turned: Readonly<Record<Comparison, Comparison>> = { same: 'same', other: 'other', weaker: 'stricter', stricter: 'weaker' };
  const wrong = all.flatMap((one) => all.filter((two) => compareDecisions(one, two) !== turned[compareDecisions(two, one)]));
  t.equal(wrong.length, 0);
  const inClear = (one: Decision): boolean => one.action === 'deliver' && one.methods.includes('relay') && one.floor === 'opportunistic';
  for (const one of all.filter((each) => !inClear(each)))
    for (const two of all.filter(inClear)) if (compareDecisions(one, two) !== 'weaker') t.fail(JSON.stringify([one, two]));
});
