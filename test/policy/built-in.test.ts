// The policy that is in effect where none is named.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { builtInPolicy } from '../../src/policy/built-in.ts';
import { BASE, factsWith, type FactsChange, yamlOf } from '../support/policy-facts.ts';
import { ROOT } from '../support/source-files.ts';

const document = yamlOf(readFileSync(join(ROOT, 'policies/default.yaml'), 'utf8'));

const CASES: readonly (readonly [name: string, change: FactsChange, rule: string, floor: string, methods: readonly string[]])[] = [
  ['plain mail', {}, 'everything-else', 'tls-verified', ['relay', 'portal']],
  ['PHI', { phi: { level: 'high' } }, 'everything-else', 'tls-verified', ['relay', 'portal']],
  ['more asked for', { message: { subjectTags: ['[secure]'] } }, 'asked-for-more', 'tls-verified', ['smime', 'openpgp', 'portal']],
];

t.test('what it decides', async (t) => {
  for (const [name, change, rule, floor, methods] of CASES) {
    const decision = builtInPolicy(document, BASE).decide(factsWith(change));
    t.same([decision.rule, decision.action, decision.floor, decision.methods], [rule, 'deliver', floor, methods], name);
  }
});

t.test('over the settings of the configuration', async (t) => {
  const weak = builtInPolicy(document, { ...BASE, protection: 'tls', otherwise: 'return' });
  t.same([weak.decide(factsWith()).floor, weak.decide(factsWith()).otherwise], ['tls', 'return']);
  t.equal(weak.decide(factsWith({ phi: { level: 'medium' } })).floor, 'tls-verified', 'PHI is protected all the same');
  t.equal(weak.decide(factsWith({ message: { blindSpots: ['broken'] } })).floor, 'tls-verified');
  t.equal(builtInPolicy(document, { ...BASE, protection: 'tls-authenticated' }).decide(factsWith()).floor, 'tls-authenticated');
});

t.test('a shipped policy with a fault is a bug', async (t) => {
  t.throws(() => builtInPolicy(yamlOf('version: 1'), BASE), /shipped policy/);
});
