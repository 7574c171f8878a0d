// Traces: every step in order, parts of conditions in words with their places, settings with their origin, and what would have changed it.
import t from 'tap';
import { describe } from '../../src/policy/describe.ts';
import type { Trace } from '../../src/policy/trace.ts';
import { factsWith, type FactsChange, policyOf } from '../support/policy-facts.ts';

const TEXT = `version: 1
lists:
  partners: [mercy.example]
declare:
  - { id: news, when: { from: news@clinic.example }, as: marketing }
wishes:
  more: { tags: ["[secure]"] }
  less: { tags: ["[plain]"], accounts: reception@clinic.example }
settings:
  - { for: all, hold_for: 1d, language: de, reviewers: a@clinic.example }
  - { for: { sender: "*@clinic.example" }, hold_for: 2d, otherwise: return }
  - { for: { sender: reception@clinic.example }, hold_for: 3d }
  - { for: { sender: clinic.example }, hold_for: 4d, blind_spot_level: low }
  - { for: { recipient: { list: partners } }, protection: tls }
  - { for: { recipient: "a*@mercy.example" }, language: fr }
require:
  - { id: phi, when: { phi: medium }, protection: tls-verified, unless_consent: yes }
  - { id: labels, when: { phi: { labels: hiv }, inside: no }, protection: sealed }
rules:
  - { id: wished, when: { wish: more }, deliver: portal }
  - { id: many, when: { visible_outside: { at_least: 10 }, inside: no }, hold: Too many. }
  - { id: plain, when: { consent: plain-mail }, deliver: [relay, portal], protection: opportunistic }
  - { id: rest, when: { any: [{ urgent: no }, { phi: low }] }, deliver: [relay, portal] }
  - { id: last, deliver: portal }`;
const POLICY = policyOf(TEXT);
const traceOf = (change: FactsChange = {}): Trace => POLICY.explain(factsWith(change));

t.test('settings: built-in, all, domain, address, and of equals the later one', async (t) => {
  const origins = traceOf().settings.map(({ name, value, from, path }) => [name, value, from, path?.join('.') ?? null]);
  t.same(origins, [
    ['holdFor', { clockMs: 3 * 86_400_000 }, 'address', 'settings.2'],
    ['reviewers', ['a@clinic.example'], 'all', 'settings.0'],
    ['protection', 'tls', 'domain', 'settings.4'],
    ['otherwise', 'return', 'domain', 'settings.1'],
    ['releaseOwn', 'no', 'built-in', null],
    ['language', 'fr', 'address', 'settings.5'],
    ['blindSpotLevel', 'low', 'domain', 'settings.3'],
  ]);
  for (const [sender, recipient] of [
    ['reception@clinic.example', 'ann@mercy.example'],
    ['other@clinic.example', 'bob@mercy.example'],
    ['x@y.example', 'x@y.example'],
    ['', 'x@y.example'],
  ] as const) {
    const found = POLICY.settings(sender, recipient);
    for (const { name, value } of POLICY.settingOrigins(sender, recipient)) t.same(found[name], value, `${sender} ${name}`);
  }
  t.same(POLICY.settings('other@clinic.example', 'x@y.example').holdFor, { clockMs: 4 * 86_400_000 }, 'the later domain');
  t.same(POLICY.settings('x@y.example', 'x@y.example').holdFor, { clockMs: 86_400_000 }, 'all');
  t.equal(policyOf('version: 1\nrules: [{ id: a, deliver: relay }]').settings('a@b.example', 'c@d.example').holdFor, null, 'as configured');
});

t.test('the steps of a decision', async (t) => {
  const trace = traceOf({ phi: { level: 'low' }, message: { subjectTags: ['[plain]'], blindSpots: ['broken'] } });
  t.equal(trace.policyVersion, POLICY.version);
  t.same(trace.wishes, [{ wish: 'less', tags: ['[plain]'], verdict: 'not-attested' }]);
  t.same(trace.phi, { found: 'low', counts: 'low', blindSpots: 1 });
  t.same(
    trace.purposes.map(({ id, as, verdict }) => [id, as, verdict.holds, verdict.words]),
    [['news', 'marketing', false, 'a From address is news@clinic.example']],
  );
  t.equal(trace.law, null);
  t.same(
    trace.floors.map(({ id, waived, verdict }) => [id, waived, verdict.holds]),
    [
      ['phi', false, false],
      ['labels', false, false],
    ],
  );
  t.same(
    trace.rules.map(({ id, path, verdict }) => [id, path.join('.'), verdict.holds, verdict.words]),
    [
      ['wished', 'rules.0', false, 'the originator asked for more protection'],
      ['many', 'rules.1', false, 'the recipient is outside of the organisation, and 10 or more outside addresses see each other'],
      ['plain', 'rules.2', false, 'the consent plain-mail is on file'],
      ['rest', 'rules.3', true, 'it is not urgent, or PHI is low or higher'],
    ],
  );
  t.same(
    trace.rules[1]?.verdict.of.map(({ path, holds }) => [path.join('.'), holds]),
    [
      ['rules.1.when.inside', true],
      ['rules.1.when.visible_outside', false],
    ],
    'every part, with its place',
  );
  t.equal(trace.decision.rule, 'rest');
});

t.test('wishes that count, and those that do not', async (t) => {
  const verdicts = (change: FactsChange): readonly string[] => traceOf(change).wishes.map(({ wish, verdict }) => `${wish}: ${verdict}`);
  const message = { subjectTags: ['[plain]'] };
  t.same(verdicts({ message, sender: { attested: true } }), ['less: counts']);
  t.same(verdicts({ message: { ...message, submitter: { kind: 'account', name: 'x' } } }), ['less: not-this-account']);
  t.same(verdicts({ message: { subjectTags: ['[plain]', '[secure]'] } }), ['more: counts', 'less: more-was-asked-for']);
});

t.test('law stops before any rule', async (t) => {
  const trace = traceOf({ message: { from: ['news@clinic.example'] } });
  t.equal(trace.law, '<marketing>');
  t.same(trace.rules, []);
  t.same(
    trace.changes.map(({ of, needs, then }) => [of, needs.map(({ words, must }) => `${words}: ${must}`), then.rule]),
    [['law', ['the consent marketing is on file: hold'], 'rest']],
  );
});

t.test('a floor that yields to consent, and methods that a floor rules out', async (t) => {
  const waived = traceOf({ phi: { level: 'high' }, recipient: { consents: ['plain-mail'] } });
  t.same([waived.decision.rule, waived.decision.floor], ['plain', 'opportunistic']);
  t.same(
    waived.floors.map(({ waived: yields }) => yields),
    [true, false],
  );
  const sealed = traceOf({ phi: { level: 'high', labels: ['hiv'] } });
  t.same([sealed.decision.methods, sealed.dropped], [['portal'], ['relay']]);
});

t.test('what would have changed it', async (t) => {
  const said = (change: FactsChange): readonly string[] =>
    traceOf(change).changes.map(
      ({ of, id, needs, then }) =>
        `${of} ${id} if ${needs.map(({ words, must }) => `${words} (${must})`).join(' & ')}: ${then.action} ${then.floor} ${then.methods.join()}`,
    );
  const plain = said({});
  t.ok(plain.includes('earlier-rule wished if the originator asked for more protection (hold): deliver tls portal'), plain.join('\n'));
  t.ok(plain.includes('earlier-rule many if 10 or more outside addresses see each other (hold): hold tls relay,portal'));
  t.ok(plain.includes('deciding-rule rest if it is not urgent (not hold): deliver tls portal'));
  t.ok(plain.includes('floor-that-does-not phi if PHI is medium or higher (hold): deliver tls-verified relay,portal'));
  t.ok(plain.includes('floor-that-does-not labels if it is labelled hiv (hold): deliver sealed portal'));
  const high = said({ phi: { level: 'high' } });
  t.ok(high.includes('floor-that-applies phi if PHI is medium or higher (not hold): deliver tls relay,portal'), high.join('\n'));
  t.ok(high.includes('deciding-rule rest if it is not urgent (not hold) & PHI is low or higher (not hold): deliver tls-verified portal'));
  t.notOk(
    plain.some((one) => one.includes(' plain ')),
    'nobody gets what the facts do not permit',
  );
});

const WORDS: readonly (readonly [when: string, words: string])[] = [
  ['{ sender: "<>" }', 'the envelope sender is empty'],
  ['{ sender: [a@b.example, { list: partners }] }', 'the envelope sender is a@b.example or in the list partners'],
  ['{ account: x }', 'the account is x'],
  ['{ network: 10.0.0.0/8 }', 'the client is in 10.0.0.0/8'],
  ['{ submitter: [account, { kind: certificate, name: ehr }] }', 'it was submitted by an account or the certificate ehr'],
  ['{ header: [{ name: x-a }, { name: x-b, value: "y*" }] }', 'the field x-a is there or the field x-b is "y*"'],
  ['{ subject: { tag: ["[a]", "b:"] } }', 'the subject carries "[a]" or "b:"'],
  ['{ size: { over: 1kB, under: 2kB } }', 'it has more than 1000 bytes and it has less than 2000 bytes'],
  ['{ attachment: { kind: [zip, pdf], name: "*.x" } }', 'an attachment has the kind zip or pdf and the name *.x'],
  ['{ attachment: no }', 'there is no attachment'],
  [
    '{ phi: { at_least: low, at_most: medium, found: high } }',
    'PHI is low or higher and PHI is medium or lower and PHI was really found at high',
  ],
  ['{ findings: [{ kind: ssn }, { kind: mrn, at_least: 3 }] }', 'a finding of ssn or 3 or more findings of mrn'],
  ['{ blind_spots: none }', 'everything could be read'],
  ['{ blind_spots: [broken, encrypted] }', 'something could not be read: broken or encrypted'],
  ['{ encrypted: [no, smime] }', 'it came unencrypted or encrypted by S/MIME'],
  ['{ time: { days: [sat, sun] } }', 'it was accepted on sat or sun'],
  ['{ time: { days: mon, from: "18:00", to: "08:30" } }', 'it was accepted on mon between 18:00 and 08:30'],
  ['{ time: { from: "08:00", to: "09:00" } }', 'it was accepted between 08:00 and 09:00'],
  ['{ purpose: [marketing, fundraising] }', 'it is declared as marketing or fundraising'],
  ['{ attested: no }', 'the account has no attestation on file'],
  ['{ not: { urgent: yes, automatic: yes } }', 'not (it was made by a machine, and it is urgent)'],
  [
    '{ any: [{ urgent: yes }, { all: [{ inside: yes }, { one_slip: no }] }] }',
    'it is urgent, or (the recipient is inside the organisation, and the recipient is not one slip away from a known address)',
  ],
];

t.test('conditions in words', async (t) => {
  for (const [when, words] of WORDS) {
    const { source } = policyOf(`version: 1\nlists: { partners: [] }\nrules: [{ id: a, when: ${when}, deliver: relay }]`);
    t.equal(source.rules.map((rule) => describe(rule.when)).join(), words, when);
  }
  t.equal(describe(POLICY.source.rules[4]?.when ?? { node: 'any', of: [], path: [] }), 'always');
});
