// Cases files: what is read, what stands for what is left out, and every fault with its place.
import fc from 'fast-check';
import t from 'tap';
import { readCases } from '../../src/policy/read-cases.ts';
import type { PolicyCase } from '../../src/policy/case.ts';
import { fuzz } from '../support/fuzz.ts';
import { yamlOf } from '../support/policy-facts.ts';

const HEAD = 'version: 1\ngiven: { sender: reception@clinic.example, organisation: [hospital.example] }\ncases:\n';

/** The only case of a text. */
function caseOf(text: string): PolicyCase {
  const { cases, faults } = readCases(yamlOf(`${HEAD}  - { id: one, expect: { rule: all }, ${text} }`).value);
  const [only] = cases;
  if (only === undefined) throw new Error(JSON.stringify(faults));
  return only;
}

t.test('what is left out', async (t) => {
  const one = caseOf('to: ann@mercy.example');
  t.match(one, {
    id: 'one',
    sender: 'reception@clinic.example',
    submitter: { kind: 'account', name: 'reception@clinic.example' },
    client: '192.0.2.1',
    attested: false,
    time: { day: 'wed', minute: 720 },
    content: null,
    straight: { sizeBytes: null, visibleOutside: null, phi: { level: 'none', counts: {} }, blindSpots: [], encryptedBy: null },
  });
  t.same(one.header, [
    ['from', 'reception@clinic.example'],
    ['to', 'ann@mercy.example'],
  ]);
  t.match(one.recipients, [
    {
      address: 'ann@mercy.example',
      inside: false,
      seen: { address: true, domain: true },
      oneSlipFromKnown: false,
      consents: [],
      expect: { rule: 'all' },
    },
  ]);
});

const read: readonly (readonly [name: string, text: string, expected: object])[] = [
  ['an account of another name', 'to: a@b.example, account: Front-Desk', { submitter: { kind: 'account', name: 'Front-Desk' } }],
  [
    'a certificate',
    'to: a@b.example, submitter: { kind: certificate, name: ehr-1 }',
    { submitter: { kind: 'certificate', name: 'ehr-1' } },
  ],
  ['a network', 'to: a@b.example, submitter: network, client: 10.1.2.3', { submitter: { kind: 'network', name: '' }, client: '10.1.2.3' }],
  [
    'the empty sender',
    'to: a@b.example, sender: "<>"',
    { sender: '', submitter: { kind: 'network', name: '' }, header: [['to', 'a@b.example']] },
  ],
  ['a moment', 'to: a@b.example, time: "sun 23:59"', { time: { day: 'sun', minute: 1_439 } }],
  ['addresses in one spelling', 'to: ANN@B\u00dcCHER.example', { recipients: [{ address: 'ann@xn--bcher-kva.example' }] }],
  ['inside by the sender', 'to: kim@clinic.example', { recipients: [{ inside: true }] }],
  ['inside by the organisation', 'to: kim@hospital.example', { recipients: [{ inside: true }] }],
  ['inside as said', 'to: { address: kim@clinic.example, inside: no }', { recipients: [{ inside: false }] }],
  ['a domain that had mail', 'to: { address: a@b.example, seen: domain }', { recipients: [{ seen: { address: false, domain: true } }] }],
  ['nobody had mail', 'to: { address: a@b.example, seen: no }', { recipients: [{ seen: { address: false, domain: false } }] }],
  [
    'consents',
    'to: { address: a@b.example, consents: [plain-mail, other-way] }',
    { recipients: [{ consents: ['plain-mail', 'other-way'] }] },
  ],
  ['a level', 'to: a@b.example, message: { phi: high }', { straight: { phi: { level: 'high', score: 0.9, labels: [] } } }],
  [
    'findings',
    'to: a@b.example, message: { phi: { level: low, counts: { ssn: 3 }, labels: hiv, documents: [fhir], reasons: exact-match } }',
    { straight: { phi: { level: 'low', counts: { ssn: 3 }, labels: ['hiv'], documents: ['fhir'], reasons: ['exact-match'] } } },
  ],
  [
    'attachments',
    'to: a@b.example, message: { attachments: [{ name: List.CSV }, { kind: pdf, type: Application/PDF }] }',
    {
      straight: {
        attachments: [
          { kind: 'unknown', declaredType: null, name: 'list.csv' },
          { kind: 'pdf', declaredType: 'application/pdf', name: null },
        ],
      },
    },
  ],
  ['a text', 'to: a@b.example, message: { text: Hello }', { content: { kind: 'text', text: 'Hello' } }],
  ['a file', 'to: a@b.example, message: { eml: mail/note.eml }', { content: { kind: 'eml', file: 'mail/note.eml' } }],
  [
    'a header of its own',
    'to: a@b.example, message: { from: [x@y.example, z@y.example], subject: "[a] b", header: { CC: c@d.example, X-Ehr: lab } }',
    {
      header: [
        ['from', 'x@y.example, z@y.example'],
        ['subject', '[a] b'],
        ['cc', 'c@d.example'],
        ['x-ehr', 'lab'],
      ],
    },
  ],
];
for (const [name, text, expected] of read) t.test(`read: ${name}`, async (t) => void t.match(caseOf(text), expected));

t.test('a recipient expects what its case does, unless it says otherwise', async (t) => {
  const { cases } = readCases(
    yamlOf(`${HEAD}  - { id: a, expect: { rule: all, floor: tls }, to: [a@b.example, { address: c@d.example, expect: { rule: other } }] }`)
      .value,
  );
  const [one] = cases;
  t.same(
    one?.recipients.map(({ expect }) => expect),
    [
      { rule: 'all', floor: 'tls' },
      { rule: 'other', floor: 'tls' },
    ],
  );
  t.same(one?.recipients[1]?.expectPaths.get('rule'), ['cases', 0, 'to', 1, 'expect', 'rule']);
  t.same(one?.recipients[1]?.expectPaths.get('floor'), ['cases', 0, 'expect', 'floor']);
});

t.test('settings of the configuration that they are made for', async (t) => {
  const of = (given: string): unknown =>
    readCases(yamlOf(`version: 1\n${given}cases: [{ id: a, sender: a@b.example, to: c@d.example, expect: { rule: all } }]`).value).base;
  t.equal(of(''), null);
  t.same(of('given: { delivery: { floor: tls, otherwise: return } }\n'), { protection: 'tls', otherwise: 'return' });
});

const E = 'expect: { rule: all }';
const faults: readonly (readonly [name: string, text: string, place: string, said: RegExp])[] = [
  ['no mapping', '[1]', '1:1', /not a set of keys/],
  [
    'another version',
    'version: 2\ncases: [{ id: a, sender: a@b.example, to: c@d.example, expect: { rule: x } }]',
    '1:1',
    /write version: 1/,
  ],
  ['a key', 'version: 1\ncase: []', '2:1', /"case" is not known; did you mean "cases"/],
  ['no case', 'version: 1\ncases: []', '2:8', /no list of cases/],
  ['an unknown key of a case', `${HEAD}  - { id: a, recipients: x, to: a@b.example, ${E} }`, '4:14', /"recipients" is not known/],
  [
    'an unknown key of a message',
    `${HEAD}  - { id: a, to: a@b.example, message: { phy: high }, ${E} }`,
    '4:42',
    /"phy" is not known; did you mean "phi"/,
  ],
  ['a level', `${HEAD}  - { id: a, to: a@b.example, message: { phi: hihg }, ${E} }`, '4:47', /"hihg" is not right for "phi"/],
  [
    'a condition that is not expected',
    `${HEAD}  - { id: a, to: a@b.example, expect: { flor: tls } }`,
    '4:41',
    /"flor" is not known; did you mean "floor"/,
  ],
  ['a method', `${HEAD}  - { id: a, to: a@b.example, expect: { methods: [rely] } }`, '4:51', /did you mean "relay"/],
  ['nobody', `${HEAD}  - { id: a, ${E} }`, '4:5', /"to" is missing/],
  ['no address', `${HEAD}  - { id: a, to: ann, ${E} }`, '4:18', /"ann" is not right/],
  ['nothing expected', `${HEAD}  - { id: a, to: a@b.example }`, '4:18', /nothing is expected/],
  ['no sender', `version: 1\ncases:\n  - { id: a, to: a@b.example, ${E} }`, '3:5', /"sender" is missing/],
  [
    'a name twice',
    `${HEAD}  - { id: a, to: a@b.example, ${E} }\n  - { id: a, to: a@b.example, ${E} }`,
    '5:11',
    /case 1 has this name already/,
  ],
  ['a moment', `${HEAD}  - { id: a, to: a@b.example, time: friday, ${E} }`, '4:37', /write a day and a time/],
  ['a client', `${HEAD}  - { id: a, to: a@b.example, client: here, ${E} }`, '4:39', /write an IP address/],
  ['two ways of submission', `${HEAD}  - { id: a, to: a@b.example, account: x, submitter: network, ${E} }`, '4:43', /both written/],
  [
    'found and said',
    `${HEAD}  - { id: a, to: a@b.example, message: { text: x, phi: none }, ${E} }`,
    '4:51',
    /"phi" is found by reading "text"/,
  ],
  [
    'a file and more',
    `${HEAD}  - { id: a, to: a@b.example, message: { eml: x.eml, subject: x }, ${E} }`,
    '4:54',
    /"subject" is found by reading "eml"/,
  ],
  [
    'a domain',
    'version: 1\ngiven: { organisation: ["a b"] }\ncases: [{ id: a, sender: a@b.example, to: c@d.example, expect: { rule: x } }]',
    '2:24',
    /not a domain/,
  ],
];
for (const [name, text, place, said] of faults)
  t.test(`fault: ${name}`, async (t) => {
    const document = yamlOf(text);
    const { cases, faults: found } = readCases(document.value);
    t.same(cases, [], 'none is run');
    const told = found.map(({ path, at, what, right }) => {
      const { line, column } = at === 'key' ? document.keyPosition(path) : document.valuePosition(path);
      return `${line}:${column}: ${what}; ${right}`;
    });
    t.ok(
      told.some((one) => one.startsWith(`${place}: `) && said.test(one)),
      told.join(' | '),
    );
  });

t.test('whatever is in the file: cases or faults, never a throw', async (t) => {
  const words = fc.constantFrom(
    'version',
    'given',
    'cases',
    'id',
    'to',
    'message',
    'phi',
    'expect',
    'rule',
    'text',
    'sender',
    '__proto__',
    'constructor',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(words, fc.constantFrom(1, null, true, 'high', 'a@b.example', 'all')),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(words, tie('any'), { maxKeys: 6 }),
    ),
  })).any;
  fuzz(
    t,
    2_000,
    fc.property(value, (any) => {
      const { cases, faults: found } = readCases(any);
      return cases.length > 0 ? found.length === 0 : found.length > 0;
    }),
  );
});
