// Running cases: what came out otherwise is told with both values; a case's facts are those that a real message would have.
import t from 'tap';
import { caseFacts, caseLetter, caseMessage } from '../../src/policy/case-facts.ts';
import type { Facts } from '../../src/mail/facts.ts';
import { readCases } from '../../src/policy/read-cases.ts';
import { hasFailed, runCases, type CaseRun, type Mismatch } from '../../src/policy/run-cases.ts';
import { factsWith, policyOf, yamlOf } from '../support/policy-facts.ts';
import { someCases } from '../support/cases.ts';

const POLICY = `version: 1
timezone: America/Chicago
declare: [{ id: news, when: { from: news@clinic.example }, as: marketing }]
wishes: { more: { tags: ["[secure]"] }, less: { tags: ["[plain]"], accounts: [kim] } }
settings:
  - { for: all, reviewers: [b@clinic.example, a@clinic.example], hold_for: 2d, language: es }
require:
  - { id: b, when: { phi: medium }, protection: tls-authenticated }
  - { id: a, when: { phi: high }, protection: sealed }
rules:
  - { id: asks, when: { wish: more }, deliver: [smime, portal] }
  - { id: late, when: { time: { from: "18:00", to: "08:00" } }, hold: Tomorrow. }
  - { id: shouts, when: { urgent: yes }, return: Calm. }
  - { id: machine, when: { automatic: yes }, deliver: relay, notify: [z@clinic.example, y@clinic.example], expire: 3d, strip_tag: "[x]" }
  - { id: all, deliver: [relay, portal], add_header: { X-B: two, X-A: one }, append_text: Bye. }
`;

function runsOf(text: string): readonly CaseRun[] {
  return runCases(policyOf(POLICY), someCases(text), new Map());
}

function mismatchesOf(text: string): readonly Mismatch[] {
  return runsOf(`  - { id: one, ${text} }`).flatMap(({ recipients }) => recipients.flatMap(({ mismatches }) => mismatches));
}

const A = 'to: ann@mercy.example';
const right: readonly (readonly [name: string, text: string])[] = [
  ['rule, action, methods', `${A}, expect: { rule: all, action: deliver, methods: [relay, portal], otherwise: hold }`],
  [
    'level and floors in any order',
    `${A}, message: { phi: high }, expect: { level: high, floor: sealed, floors: [a, b], methods: portal }`,
  ],
  ['what could not be read counts', `${A}, message: { blind_spots: broken }, expect: { level: medium, floors: b }`],
  ['the fields in any order', `${A}, expect: { add_header: { x-a: one, X-B: two }, append_text: yes }`],
  ['words', `${A}, message: { urgent: yes }, expect: { rule: shouts, action: return, says: Calm., methods: [] }`],
  ['a moment of the zone', `${A}, time: "wed 17:59", expect: { rule: all }`],
  ['a moment later', `${A}, time: "wed 18:00", expect: { rule: late, action: hold, methods: [relay, portal] }`],
  ['before midnight of Sunday', `${A}, time: "sun 23:30", expect: { rule: late }`],
  ['after midnight of Monday', `${A}, time: "mon 00:30", expect: { rule: late }`],
  ['a header that says urgent', `${A}, message: { header: { X-Priority: "1" } }, expect: { rule: shouts }`],
  ['the empty sender is a machine', `${A}, sender: "<>", expect: { rule: machine, append_text: no }`],
  ['an automatic header', `${A}, message: { header: { Auto-Submitted: auto-generated } }, expect: { rule: machine }`],
  ['said not to be', `${A}, message: { header: { Auto-Submitted: auto-generated }, automatic: no }, expect: { rule: all }`],
  [
    'modifiers',
    `${A}, message: { automatic: yes, subject: "[x] y" }, expect: { strip_tags: "[x]", notify: [y@clinic.example, z@clinic.example], expire: 3d }`,
  ],
  ['no modifiers', `${A}, expect: { strip_tags: [], notify: [], expire: no, unsubscribe: no, purpose: [] }`],
  ['a wish', `${A}, message: { subject: "[secure] x" }, expect: { wish: more, rule: asks, strip_tags: "[secure]" }`],
  ['a wish that does not count', `${A}, message: { subject: "[plain] x" }, account: kim, expect: { wish: none, strip_tags: "[plain]" }`],
  ['a wish that counts', `${A}, message: { subject: "[plain] x" }, account: Kim, attested: yes, expect: { wish: less }`],
  ['a purpose', `${A}, sender: news@clinic.example, expect: { purpose: marketing, rule: <marketing>, action: return }`],
  [
    'a purpose with consent',
    `to: { address: ann@mercy.example, consents: marketing }, sender: news@clinic.example, expect: { rule: all, unsubscribe: marketing }`,
  ],
  ['settings', `${A}, expect: { reviewers: [a@clinic.example, b@clinic.example], hold_for: 2d, release_own: no, language: es }`],
  ['another way', 'to: { address: a@b.example, consents: other-way }, expect: { rule: <other-way>, action: hold }'],
];
for (const [name, text] of right) t.test(`as expected: ${name}`, async (t) => void t.same(mismatchesOf(text), []));

const wrong: readonly (readonly [name: string, text: string, expected: readonly object[]])[] = [
  ['a rule', `${A}, expect: { rule: asks }`, [{ name: 'rule', wanted: 'asks', found: 'all', path: ['cases', 0, 'expect', 'rule'] }]],
  [
    'order of methods',
    `${A}, expect: { methods: [portal, relay] }`,
    [{ name: 'methods', wanted: ['portal', 'relay'], found: ['relay', 'portal'] }],
  ],
  ['a floor too many', `${A}, expect: { floors: [b] }`, [{ name: 'floors', wanted: ['b'], found: [] }]],
  ['a field too many', `${A}, expect: { add_header: { x-a: one } }`, [{ name: 'add_header', found: { 'x-a': 'one', 'x-b': 'two' } }]],
  ['no words', `${A}, expect: { says: Calm. }`, [{ name: 'says', wanted: 'Calm.', found: null }]],
  ['a term', `${A}, expect: { expire: 1h }`, [{ name: 'expire', wanted: 3_600_000, found: null }]],
  [
    'everything that is wrong',
    `${A}, expect: { rule: x, level: high, append_text: no }`,
    [{ name: 'rule' }, { name: 'level' }, { name: 'append_text' }],
  ],
];
for (const [name, text, expected] of wrong)
  t.test(`otherwise: ${name}`, async (t) => {
    const found = mismatchesOf(text);
    t.equal(found.length, expected.length);
    t.match(
      found.toSorted(
        (a, b) =>
          expected.findIndex((one) => 'name' in one && one.name === a.name) -
          expected.findIndex((one) => 'name' in one && one.name === b.name),
      ),
      expected,
    );
  });

t.test('one recipient fails, the case fails; the others stand', async (t) => {
  const [one, two] = runsOf(
    `  - { id: one, expect: { rule: all }, to: [a@b.example, { address: c@d.example, expect: { rule: late } }] }\n  - { id: two, ${A}, expect: { rule: all } }`,
  );
  t.same(
    one?.recipients.map(({ mismatches }) => mismatches.length),
    [0, 1],
  );
  t.same(
    [one, two].map((run) => run !== undefined && hasFailed(run)),
    [true, false],
  );
  t.match(one?.recipients[1]?.trace, {
    decision: { rule: 'all' },
    rules: [{ id: 'asks' }, { id: 'late' }, { id: 'shouts' }, { id: 'machine' }, { id: 'all' }],
  });
});

t.test('facts given straight are those of the same message sent', async (t) => {
  const [one] = someCases(
    '  - { id: a, to: [ann@mercy.example, kim@clinic.example], client: 10.1.2.3, time: "fri 15:00", message: { subject: "[x] y", header: { X-Ehr: Lab, To: "Ann <ann@mercy.example>, kim@clinic.example", Cc: bo@other.example } }, expect: { rule: all } }',
  );
  if (one === undefined || one.recipients[0] === undefined) throw new Error('no case');
  const expected: Facts = factsWith({
    message: { header: [['x-ehr', 'Lab']], subjectTags: ['[x]'], visibleOutside: 2 },
  });
  t.same(caseFacts(one, caseMessage(one, null, 'UTC'), one.recipients[0]), {
    ...expected,
    message: { ...expected.message, acceptedAt: Date.UTC(2026, 10, 27, 15, 0) },
  });
});

t.test('what was examined counts, with what the case says beside it', async (t) => {
  const [one] = someCases(
    `  - { id: a, ${A}, message: { text: Hello, attachments: { kind: pdf }, visible_outside: 7 }, expect: { rule: all } }`,
  );
  if (one === undefined) throw new Error('no case');
  const { message: examined } = factsWith({ phi: { level: 'high' }, message: { reversePath: 'x', sizeBytes: 9, blindSpots: ['broken'] } });
  t.match(caseMessage(one, examined, 'UTC'), {
    reversePath: 'reception@clinic.example',
    phi: { level: 'high' },
    sizeBytes: 9,
    blindSpots: ['broken'],
    attachments: [{ kind: 'pdf' }],
    visibleOutside: 7,
  });
  t.throws(() => runCases(policyOf(POLICY), [one], new Map()), /not examined/);
  const [run] = runCases(policyOf(POLICY), [one], new Map([['a', examined]]));
  t.equal(run?.recipients[0]?.trace.decision.floor, 'sealed');
});

t.test('the letter of a case: nothing in it breaks out of its header', async (t) => {
  const { cases } = readCases(
    yamlOf(
      'version: 1\ncases:\n  - id: a\n    sender: a@b.example\n    to: [c@d.example]\n    expect: { rule: x }\n    message: { subject: "[x] \u00fcber", header: { X-A: "one\\r\\nTwo: three" }, text: "Hello\\nyou" }',
    ).value,
  );
  const [one] = cases;
  t.equal(
    one === undefined ? '' : caseLetter(one),
    [
      'from: a@b.example',
      'to: c@d.example',
      'subject: [x] \u00fcber',
      'x-a: one Two: three',
      'mime-version: 1.0',
      'content-type: text/plain; charset=utf-8',
      'content-transfer-encoding: 8bit',
      '',
      'Hello',
      'you',
      '',
    ].join('\r\n'),
  );
});
