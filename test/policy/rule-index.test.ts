// Rules are looked up by what their conditions need: with many rules, every kind of condition still finds its rule, and the first one.
import t from 'tap';
import { factsWith, type FactsChange, policyOf } from '../support/policy-facts.ts';
import type { Policy } from '../../src/policy/policy.ts';

const HEAD = `version: 1
lists:
  partners: [mercy.example, "*.lab.example"]
  machines: [ehr]
  near: [local, mercy.example]
declare: [{ id: d, when: { from: shop@clinic.example }, as: marketing }]
wishes: { more: { tags: ["[secure]"] } }
`;
/** Rules that match nothing of what is tried here, each with a key of its own. */
const padding = Array.from({ length: 30 }, (_, i) => `{ id: p${i}, when: { to: p${i}@nowhere.example }, hold: x }`);

function policyWith(...rules: readonly string[]): Policy {
  const middle = rules.map((rule, i) => `{ id: r${i}, ${rule} }`);
  return policyOf(
    `${HEAD}rules: [${[...padding.slice(0, 15), ...middle, ...padding.slice(15), '{ id: rest, deliver: relay }'].join(', ')}]`,
  );
}

const CASES: readonly (readonly [when: string, matching: FactsChange, not: FactsChange])[] = [
  ['{ to: ann@mercy.example }', {}, { recipient: { address: 'bob@mercy.example' } }],
  ['{ to: ANN@Mercy.example }', {}, { recipient: { address: 'bob@mercy.example' } }],
  ['{ to: mercy.example }', {}, { recipient: { address: 'ann@x.mercy.example' } }],
  ['{ to: "*@mercy.example" }', {}, { recipient: { address: 'ann@x.mercy.example' } }],
  ['{ to: "*.mercy.example" }', { recipient: { address: 'ann@x.y.mercy.example' } }, {}],
  ['{ to: "*@*.mercy.example" }', { recipient: { address: 'ann@x.mercy.example' } }, {}],
  ['{ to: "a*@mercy.example" }', {}, { recipient: { address: 'bob@mercy.example' } }],
  ['{ to: bücher.example }', { recipient: { address: 'a@xn--bcher-kva.example' } }, {}],
  ['{ to: { list: partners } }', { recipient: { address: 'a@b.lab.example' } }, { recipient: { address: 'a@lab.example' } }],
  ['{ to: [{ list: partners }, x@y.example] }', { recipient: { address: 'x@y.example' } }, { recipient: { address: 'z@y.example' } }],
  ['{ to_domain: { list: near } }', { recipient: { address: 'a@local' } }, { recipient: { address: 'a@x.example' } }],
  ['{ to_domain: "*.example" }', {}, { recipient: { address: 'a@example' } }],
  ['{ sender: "<>" }', { message: { reversePath: '' } }, {}],
  ['{ sender: clinic.example }', {}, { message: { reversePath: '' } }],
  ['{ sender: { list: partners } }', { message: { reversePath: 'a@mercy.example' } }, {}],
  ['{ from: b@c.example }', { message: { from: ['a@b.example', 'b@c.example'] } }, { message: { from: ['a@b.example'] } }],
  ['{ from: { list: partners } }', { message: { from: ['a@b.example', 'b@mercy.example'] } }, { message: { from: ['a@b.example'] } }],
  ['{ from_domain: "*.c.example" }', { message: { from: ['a@b.c.example'] } }, { message: { from: ['a@c.example'] } }],
  [
    '{ account: EHR }',
    { message: { submitter: { kind: 'account', name: 'Ehr' } } },
    { message: { submitter: { kind: 'network', name: 'ehr' } } },
  ],
  [
    '{ account: { list: machines } }',
    { message: { submitter: { kind: 'account', name: 'EHR' } } },
    { message: { submitter: { kind: 'certificate', name: 'ehr' } } },
  ],
  ['{ account: "a list b" }', { message: { submitter: { kind: 'account', name: 'a list b' } } }, {}],
  ['{ subject: { tag: ["[a]", "b:"] } }', { message: { subjectTags: ['b:', 'b:'] } }, { message: { subjectTags: ['a:'] } }],
  [
    '{ header: { name: X-A, value: "1*" } }',
    {
      message: {
        header: [
          ['x-a', '2'],
          ['x-a', '12'],
        ],
      },
    },
    { message: { header: [['x-a', '2']] } },
  ],
  ['{ consent: [plain-mail, other-way] }', { recipient: { consents: ['plain-mail'] } }, { recipient: { consents: ['marketing'] } }],
  ['{ findings: { kind: ssn, at_least: 2 } }', { phi: { counts: { ssn: 2 } } }, { phi: { counts: { ssn: 1 } } }],
  ['{ phi: { labels: [hiv] } }', { phi: { labels: ['genetics', 'hiv'] } }, { phi: { labels: ['genetics'] } }],
  ['{ phi: high }', { phi: { level: 'high' } }, {}],
  [
    '{ purpose: marketing }',
    { message: { from: ['shop@clinic.example'] }, recipient: { consents: ['marketing'] } },
    { recipient: { consents: ['marketing'] } },
  ],
  ['{ wish: more }', { message: { subjectTags: ['[secure]'] } }, {}],
  ['{ not: { to: mercy.example } }', { recipient: { address: 'a@b.example' } }, {}],
  ['{ any: [{ to: a@b.example }, { urgent: yes }] }', { message: { urgent: true } }, {}],
  ['{ any: [{ to: a@b.example }, { from: a@b.example }] }', { message: { from: ['a@b.example'] } }, {}],
  [
    '{ all: [{ to: { list: partners } }, { any: [{ consent: plain-mail }, { consent: marketing }] }] }',
    { recipient: { consents: ['marketing'] } },
    {},
  ],
];

t.test('every kind of condition finds its rule among many', async (t) => {
  for (const [when, matching, not] of CASES) {
    const policy = policyWith(`when: ${when}, deliver: relay`);
    const found = (change: FactsChange): string => {
      const facts = factsWith(change);
      const { rule } = policy.decide(facts);
      t.equal(policy.explain(facts).decision.rule, rule, `${when} as in the trace`);
      return rule === '<other-way>' ? 'r0' : rule;
    };
    t.equal(found(matching), 'r0', when);
    t.equal(found(not), 'rest', `not ${when}`);
  }
});

t.test('the first that matches, however it is found', async (t) => {
  const rules = [
    'when: { to: other.example }, deliver: relay',
    'when: { urgent: yes }, deliver: relay',
    'when: { to: { list: partners } }, deliver: relay',
    'when: { to: ann@mercy.example }, deliver: relay',
    'when: { urgent: no }, deliver: relay',
    'when: { sender: clinic.example }, deliver: relay',
  ];
  const first = (from: number, change: FactsChange = {}): string => policyWith(...rules.slice(from)).decide(factsWith(change)).rule;
  t.equal(first(0), 'r2');
  t.equal(first(0, { message: { urgent: true } }), 'r1');
  t.equal(first(0, { recipient: { address: 'x@other.example' } }), 'r0');
  t.equal(first(3), 'r0');
  t.equal(first(4), 'r0');
  t.equal(first(5), 'r0');
});

t.test('a list of domains that is no list of addresses has no fault by being looked up', async (t) => {
  t.equal(policyWith('when: { to_domain: { list: near } }, deliver: relay').decide(factsWith()).rule, 'r0');
});
