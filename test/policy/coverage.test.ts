// Coverage: what counts as tried, for every piece of a policy; a part of a condition only where it made the difference.
import t from 'tap';
import { countsOf, coverageOf, type Covered } from '../../src/policy/coverage.ts';
import { runCases } from '../../src/policy/run-cases.ts';
import { policyOf } from '../support/policy-facts.ts';
import { someCases } from '../support/cases.ts';

function coverage(policyText: string, cases: readonly string[]): readonly Covered[] {
  const policy = policyOf(`version: 1\n${policyText}`);
  const items = cases
    .map((one, i) => `  - { id: c${i}, expect: { action: deliver }, ${/\bto: /.test(one) ? '' : 'to: ann@mercy.example, '}${one} }`)
    .join('\n');
  const traces = runCases(policy, someCases(items), new Map()).flatMap(({ recipients }) => recipients.map(({ trace }) => trace));
  return coverageOf(policy.source, traces);
}

/** What is not covered, as `kind name: what is missing`. */
function missing(policyText: string, cases: readonly string[]): readonly string[] {
  return coverage(policyText, cases).flatMap(({ kind, name, missing: words }) => words.map((one) => `${kind} ${name}: ${one}`));
}

const NEVER_HELD = 'never made the difference by holding';
const NEVER_FAILED = 'never made the difference by not holding';
const REST = '{ id: rest, deliver: relay }';
const NOTHING = 'message: { phi: none }';
const URGENT = 'message: { urgent: yes }';
const BOTH = 'message: { urgent: yes, automatic: yes }';
const AUTOMATIC = 'message: { automatic: yes }';

const tables: readonly (readonly [name: string, policy: string, cases: readonly string[], missing: readonly string[]])[] = [
  ['a rule that decided', `rules: [${REST}]`, [NOTHING], []],
  [
    'a rule that did not',
    `rules: [{ id: a, when: { urgent: yes }, hold: x }, ${REST}]`,
    [NOTHING],
    ['rule a: never decided', `condition it is urgent: ${NEVER_HELD}`],
  ],
  ['both ways', `rules: [{ id: a, when: { urgent: yes }, hold: x }, ${REST}]`, [NOTHING, URGENT], []],
  [
    'a rule behind another is not reached',
    `rules: [${REST}, { id: a, when: { urgent: yes }, hold: x }]`,
    [NOTHING, URGENT],
    ['rule a: never decided', `condition it is urgent: ${NEVER_HELD}`, `condition it is urgent: ${NEVER_FAILED}`],
  ],
  [
    'all: two that fail together tell nothing of either',
    `rules: [{ id: a, when: { urgent: yes, automatic: yes }, hold: x }, ${REST}]`,
    [NOTHING, BOTH],
    [`condition it was made by a machine: ${NEVER_FAILED}`, `condition it is urgent: ${NEVER_FAILED}`],
  ],
  ['all: each fails alone', `rules: [{ id: a, when: { urgent: yes, automatic: yes }, hold: x }, ${REST}]`, [BOTH, URGENT, AUTOMATIC], []],
  [
    'any: two that hold together tell nothing of either',
    `rules: [{ id: a, when: { any: [{ urgent: yes }, { automatic: yes }] }, hold: x }, ${REST}]`,
    [NOTHING, BOTH],
    [`condition it is urgent: ${NEVER_HELD}`, `condition it was made by a machine: ${NEVER_HELD}`],
  ],
  [
    'any: each holds alone',
    `rules: [{ id: a, when: { any: [{ urgent: yes }, { automatic: yes }] }, hold: x }, ${REST}]`,
    [NOTHING, URGENT, AUTOMATIC],
    [],
  ],
  [
    'not',
    `rules: [{ id: a, when: { not: { urgent: yes } }, hold: x }, ${REST}]`,
    [NOTHING],
    [`condition it is urgent: ${NEVER_HELD}`, `rule rest: never decided`],
  ],
  [
    'an any inside an all that fails',
    `rules: [{ id: a, when: { phi: high, any: [{ urgent: yes }, { automatic: yes }] }, hold: x }, ${REST}]`,
    ['message: { phi: high, urgent: yes }', 'message: { phi: high }', AUTOMATIC],
    [`condition it was made by a machine: ${NEVER_HELD}`],
  ],
  [
    'a floor',
    `require: [{ id: f, when: { phi: medium }, protection: tls }]\nrules: [${REST}]`,
    ['message: { phi: high }'],
    ['floor f: always applied', `condition PHI is medium or higher: ${NEVER_FAILED}`],
  ],
  ['a floor for all', `require: [{ id: f, protection: tls }]\nrules: [${REST}]`, [NOTHING], []],
  [
    'a declaration; what law stops tries no rule',
    `declare: [{ id: d, when: { from: reception@clinic.example }, as: marketing }]\nrules: [${REST}]`,
    [NOTHING],
    ['declaration d: always applied', `condition a From address is reception@clinic.example: ${NEVER_FAILED}`, 'rule rest: never decided'],
  ],
  ['a wish', `wishes: { more: { tags: "[secure]" } }\nrules: [${REST}]`, [NOTHING], ['wish more: never counted']],
  [
    'a wish for less',
    `wishes: { less: { tags: "[plain]", accounts: kim } }\nrules: [${REST}]`,
    ['account: kim, attested: yes, message: { subject: "[plain] x" }'],
    ['wish less: never came from an account that may not', 'wish less: never came without attestation'],
  ],
  [
    'settings: one that another hides',
    `settings: [{ for: all, language: es }, { for: { recipient: mercy.example }, language: fr }, { for: { sender: lab.example }, reviewers: a@b.example }]\nrules: [${REST}]`,
    [NOTHING],
    ['settings for all: never applied', 'settings for sender, entry 3: never applied'],
  ],
  ['a rule that another way holds has decided', `rules: [${REST}]`, ['to: { address: a@b.example, consents: other-way }'], []],
];
for (const [name, policy, cases, expected] of tables) t.test(name, async (t) => void t.same(missing(policy, cases), expected));

t.test('counts and places', async (t) => {
  const found = coverage(
    `require: [{ id: f, when: { phi: medium }, protection: tls }]\nrules: [{ id: a, when: { urgent: yes }, hold: x }, ${REST}]`,
    [URGENT],
  );
  t.same(countsOf(found), [
    { kind: 'rule', covered: 1, of: 2 },
    { kind: 'floor', covered: 0, of: 1 },
    { kind: 'condition', covered: 0, of: 2 },
  ]);
  t.same(
    found.map(({ kind, path }) => [kind, path.join('.')]),
    [
      ['floor', 'require.0'],
      ['condition', 'require.0.when.phi'],
      ['rule', 'rules.0'],
      ['condition', 'rules.0.when.urgent'],
      ['rule', 'rules.1'],
    ],
  );
});
