// What the check tells of policies: rules that come to nothing, what is not used, and whether PHI can leave with less than the floor.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CHECK_BOUNDS, checkPolicy, type PolicyChecked } from '../../../src/policy/check/check.ts';
import { policyOf, shippedPolicy } from '../../support/policy-facts.ts';
import { ROOT } from '../../support/source-files.ts';

const BOUNDS = { now: (): number => 0, ...CHECK_BOUNDS };

function checked(text: string): PolicyChecked {
  return checkPolicy(policyOf(`version: 1\n${text}`), BOUNDS);
}

const REST = '  - { id: rest, deliver: [relay, portal] }\n';
const LISTS = 'lists: { partners: [mercy.example, "*.lab.example"], few: [ann@mercy.example] }\n';

/** Texts of remarks, shortened to what tells them apart. */
const REMARKS: readonly (readonly [name: string, text: string, remarks: readonly string[]])[] = [
  ['nothing', `rules:\n${REST}`, []],
  [
    'after a rule that always matches',
    `rules:\n${REST}  - { id: late, hold: x }\n`,
    ['"late" is never reached: the rule "rest" before it matches'],
  ],
  [
    'after one that matches more',
    `rules:\n  - { id: a, when: { phi: medium }, deliver: portal }\n  - { id: b, when: { phi: high, urgent: yes }, hold: x }\n${REST}`,
    ['"b" is never reached: the rule "a" before it'],
  ],
  [
    'after two that together match all',
    `rules:\n  - { id: a, when: { urgent: yes }, hold: x }\n  - { id: b, when: { urgent: no }, hold: x }\n${REST}`,
    ['"rest" is never reached: the rules before it together'],
  ],
  [
    'an address of a domain',
    `${LISTS}rules:\n  - { id: a, when: { to: { list: partners } }, hold: x }\n  - { id: b, when: { to: { list: few } }, hold: x }\n${REST}`,
    ['"b" is never reached: the rule "a"'],
  ],
  [
    'sizes in order',
    `rules:\n  - { id: a, when: { size: { over: 1MB } }, hold: x }\n  - { id: b, when: { size: { over: 10MB } }, hold: x }\n${REST}`,
    ['"b" is never reached: the rule "a"'],
  ],
  [
    'levels and blind spots',
    `rules:\n  - { id: a, when: { phi: medium }, deliver: portal }\n  - { id: b, when: { blind_spots: any, encrypted: no }, hold: x }\n${REST}`,
    ['"b" is never reached: the rule "a"'],
  ],
  [
    'a contradiction in numbers',
    `rules:\n  - { id: a, when: { size: { over: 2MB, under: 1MB } }, hold: x }\n${REST}`,
    ['"a" never matches'],
  ],
  [
    'a contradiction in levels',
    `rules:\n  - { id: a, when: { phi: { at_least: high, at_most: low } }, hold: x }\n${REST}`,
    ['"a" never matches'],
  ],
  ['two domains at once', `rules:\n  - { id: a, when: { to: a.example, to_domain: b.example }, hold: x }\n${REST}`, ['"a" never matches']],
  [
    'no address at all',
    `rules:\n  - { id: a, when: { first_mail: domain, not: { first_mail: address } }, hold: x }\n${REST}`,
    ['"a" never matches'],
  ],
  [
    'a report that no machine made',
    `rules:\n  - { id: a, when: { sender: "<>", automatic: no }, hold: x }\n${REST}`,
    ['"a" never matches'],
  ],
  [
    'no time in both',
    `rules:\n  - { id: a, when: { time: { days: sat }, not: { time: { days: [sat, sun] } } }, hold: x }\n${REST}`,
    ['"a" never matches'],
  ],
  [
    'one part of several',
    `rules:\n  - { id: a, when: { any: [{ urgent: yes }, { phi: { at_least: high, at_most: low } }] }, hold: x }\n${REST}`,
    ['this part never holds'],
  ],
  [
    'a floor that never applies',
    `require:\n  - { id: f, when: { visible_outside: { at_least: 5 }, not: { visible_outside: { at_least: 3 } } }, protection: sealed }\nrules:\n${REST}`,
    ['the floor "f" never applies'],
  ],
  [
    'a method that a floor rules out',
    `require:\n  - { id: f, when: { phi: high }, protection: sealed }\nrules:\n  - { id: a, when: { phi: high }, deliver: [relay, portal] }\n${REST}`,
    ['"relay" is never used'],
  ],
  [
    'protection that a floor is above',
    `require:\n  - { id: f, when: { phi: high }, protection: tls-authenticated }\nrules:\n  - { id: a, when: { phi: high }, deliver: [relay], protection: tls-verified }\n${REST}`,
    ['"protection: tls-verified" has no effect'],
  ],
  [
    'opportunistic below a floor that no consent waives',
    `require:\n  - { id: f, protection: tls }\nrules:\n  - { id: a, when: { consent: plain-mail }, deliver: relay, protection: opportunistic }\n${REST}`,
    ['"protection: opportunistic" has no effect'],
  ],
  ['a list', `${LISTS}rules:\n${REST}`, ['the list "partners" is not used', 'the list "few" is not used']],
  [
    'an empty list',
    `lists: { nobody: [] }\nrules:\n  - { id: a, when: { to: { list: nobody } }, hold: x }\n${REST}`,
    ['"a" never matches', 'is empty'],
  ],
  ['a wish', `wishes: { more: { tags: "[s]" } }\nrules:\n${REST}`, ['no rule asks for "wish: more"']],
  [
    'a wish that nobody can ask for',
    `rules:\n  - { id: a, when: { wish: more }, deliver: portal }\n${REST}`,
    ['"a" never matches', 'nobody can ask for it'],
  ],
  [
    'a purpose',
    `rules:\n  - { id: a, when: { purpose: marketing }, hold: x }\n${REST}`,
    ['"a" never matches', 'nothing is declared as marketing'],
  ],
];

t.test('remarks', (t) => {
  for (const [name, text, expected] of REMARKS) {
    const { remarks, undecided } = checked(text);
    t.equal(remarks.length, expected.length, `${name}: ${remarks.map(({ what }) => what).join(' | ')}`);
    for (const [i, one] of expected.entries()) t.ok(remarks[i]?.what.includes(one), `${name}: ${one}`);
    t.ok(
      remarks.every(({ weight, path }) => weight === 'warning' && path.length > 0),
      `${name}: a place, and no error`,
    );
    t.same(undecided, [], name);
  }
  t.end();
});

const WEAK = 'settings: [{ for: all, protection: tls }]\n';
const PHI_FLOOR = 'require:\n  - { id: phi, when: { phi: medium }, protection: tls-verified, unless_consent: yes }\n';
const PLAIN = '  - { id: plain, when: { consent: plain-mail }, deliver: relay, protection: opportunistic }\n';

const INVARIANTS: readonly (readonly [
  name: string,
  text: string,
  leaks: readonly string[],
  byConsent: readonly string[],
  words: readonly string[],
])[] = [
  ['the setting is the floor', `rules:\n${REST}`, [], [], []],
  ['a weak setting', `${WEAK}rules:\n${REST}`, ['rest'], [], ['PHI found: medium']],
  ['a weak setting below a floor', `${WEAK}${PHI_FLOOR}rules:\n${REST}`, [], [], []],
  [
    'a floor only from high',
    `${WEAK}require: [{ id: f, when: { phi: high }, protection: tls-verified }]\nrules:\n${REST}`,
    ['rest'],
    [],
    ['PHI found: medium'],
  ],
  [
    'a floor that looks only at what was found',
    `${WEAK}require: [{ id: f, when: { phi: { found: medium } }, protection: tls-verified }]\nrules:\n${REST}`,
    ['rest'],
    [],
    ['blind spots: picture-not-read'],
  ],
  [
    'weak for one domain',
    `settings: [{ for: { recipient: mercy.example }, protection: tls }]\nrules:\n${REST}`,
    ['rest'],
    [],
    ['recipient: someone@mercy.example', 'PHI found: medium'],
  ],
  [
    'weak by day, but no rule then',
    `${WEAK}rules:\n  - { id: day, when: { time: { from: "08:00", to: "18:00" } }, return: x }\n  - { id: night, deliver: relay }\n`,
    ['night'],
    [],
    [],
  ],
  ['returned', `${WEAK}rules: [{ id: back, return: x }]\n`, [], [], []],
  ['held, and released', `${WEAK}rules: [{ id: wait, hold: x }]\n`, ['wait'], [], ['PHI found: medium']],
  ['no rule, and released', `${WEAK}rules: [{ id: some, when: { urgent: yes }, return: x }]\n`, ['<no-rule>'], [], ['PHI found: medium']],
  ['a key of their own', `${WEAK}rules: [{ id: keys, deliver: [smime, openpgp] }]\n`, [], [], []],
  ['the rule raises it', `${WEAK}rules: [{ id: raised, deliver: relay, protection: tls-verified }]\n`, [], [], []],
  ['by consent', `${PHI_FLOOR}rules:\n${PLAIN}${REST}`, [], ['plain'], []],
  ['a consent that a floor does not know', `${PHI_FLOOR.replace('yes', 'no')}rules:\n${PLAIN}${REST}`, [], [], []],
  [
    'a consent named without opportunistic',
    `${WEAK}rules:\n  - { id: asked, when: { consent: plain-mail }, deliver: relay }\n  - { id: other, return: x }\n`,
    [],
    ['asked'],
    [],
  ],
  [
    'accounts that never write about patients',
    `lists: { never_about_patients: [facilities] }\nrules:\n  - { id: never, when: { account: { list: never_about_patients }, blind_spots: none }, deliver: relay, protection: opportunistic }\n${REST}`,
    ['never'],
    [],
    ['submitted by: account facilities', 'PHI found: medium'],
  ],
  [
    'the same below a floor',
    `lists: { never_about_patients: [facilities] }\n${PHI_FLOOR}rules:\n  - { id: never, when: { account: { list: never_about_patients }, blind_spots: none }, deliver: relay, protection: opportunistic }\n${REST}`,
    [],
    ['never'],
    [],
  ],
  [
    'blind spots that do not count',
    `settings:\n  - { for: all, protection: tls, blind_spot_level: none }\nrequire: [{ id: f, when: { phi: { found: medium } }, protection: tls-verified }]\nrules:\n${REST}`,
    [],
    [],
    [],
  ],
  [
    'law stops it first',
    `${WEAK}declare: [{ id: all-news, as: marketing }]\nrules:\n  - { id: a, when: { not: { consent: marketing } }, deliver: relay }\n  - { id: b, return: x }\n`,
    [],
    [],
    [],
  ],
];

t.test('PHI that leaves with less than the floor', (t) => {
  for (const [name, text, leaks, byConsent, words] of INVARIANTS) {
    const { invariant } = checked(text);
    t.same(
      invariant.leaks.map(({ rule }) => rule),
      leaks,
      name,
    );
    t.same(
      invariant.byConsent.map(({ rule }) => rule),
      byConsent,
      `${name}: by consent`,
    );
    t.same(invariant.undecided, [], `${name}: nothing is open`);
    for (const word of words)
      t.ok(invariant.leaks[0]?.words.includes(word), `${name}: ${word} of ${invariant.leaks[0]?.words.join('; ') ?? ''}`);
  }
  t.end();
});

t.test("the floor is the policy's own where that is stricter", (t) => {
  t.equal(checked(`rules:\n${REST}`).invariant.floor, 'tls-verified');
  const { invariant } = checked(
    `require: [{ id: f, when: { phi: low }, protection: tls-authenticated, unless_consent: yes }]\nrules:\n${PLAIN}${REST}`,
  );
  t.equal(invariant.floor, 'tls-authenticated');
  t.same([invariant.leaks, invariant.byConsent.map(({ rule }) => rule)], [[], ['plain']]);
  t.end();
});

t.test('mail that no rule matches', (t) => {
  t.same(checked('rules: [{ id: a, when: { urgent: no }, deliver: relay }]').noRule, ['urgent: yes']);
  t.equal(checked(`rules:\n${REST}`).noRule, null);
  t.end();
});

t.test('what could not be searched is not called proved', (t) => {
  const policy = policyOf(`version: 1\n${WEAK}${PHI_FLOOR}rules:\n${REST}`);
  const stopped = checkPolicy(policy, { ...BOUNDS, mostSteps: 2 });
  t.ok(
    stopped.invariant.undecided.some(({ why }) => why.includes('bound')),
    'the bound of steps',
  );
  const patterns = Array.from({ length: 70 }, (_, i) => `"*@a${i}*.example"`).join(', ');
  const open = checked(
    `lists: { many: [${patterns}] }\n${WEAK}require: [{ id: f, when: { to: { list: many } }, protection: sealed }]\nrules: [{ id: a, when: { to: { list: many } }, deliver: [relay, portal], protection: tls }]\n`,
  );
  t.same(
    open.invariant.leaks.map(({ rule }) => rule),
    ['<no-rule>'],
    'examples are still found',
  );
  t.same(open.invariant.undecided, [], 'what contradicts itself whatever the patterns are needs no example');
  const both = checked(
    `lists: { many: [${patterns}] }\n${WEAK}rules: [{ id: a, when: { to: { list: many }, not: { to: "*@a1*.example" }, to_domain: [a1.example] }, deliver: relay }, { id: b, return: x }]\n`,
  );
  t.ok(
    both.invariant.undecided.some(({ rule, why }) => rule === 'a' && why.includes('recipient')),
    'patterns that were not all tried',
  );
  t.end();
});

t.test('the shipped policies', (t) => {
  const names = readdirSync(join(ROOT, 'policies')).filter((name) => /^[a-z-]+\.yaml$/.test(name));
  t.ok(names.includes('default.yaml'));
  for (const name of names) {
    const { invariant, undecided } = checkPolicy(shippedPolicy(name), BOUNDS);
    t.same([invariant.leaks, invariant.undecided, undecided], [[], [], []], name);
  }
  t.end();
});
