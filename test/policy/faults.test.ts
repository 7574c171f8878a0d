// Every fault of a policy: where, what, and what would be right; all of them at once.
import fc from 'fast-check';
import t from 'tap';
import { listFilesOf } from '../../src/policy/read-lists.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { fuzz } from '../support/fuzz.ts';
import { BASE, parsedPolicy, yamlOf } from '../support/policy-facts.ts';

const RULES = 'rules: [{ id: all, deliver: relay }]';
const rule = (text: string): string => `rules: [{ id: r, ${text} }]`;
const when = (text: string): string => rule(`when: ${text}, deliver: relay`);

type Path = string;
const FAULTS: readonly (readonly [text: string, path: Path, what: RegExp, right: RegExp])[] = [
  // the file
  ['', '', /not a set of keys/, /version: 1/],
  ['[1]', '', /not a set of keys/, /version: 1/],
  [RULES, 'version', /is missing/, /version: 1/],
  [`version: 2\n${RULES}`, 'version', /2 is not right/, /version: 1/],
  ['version: 1', 'rules', /is missing/, /all mail is held/],
  ['version: 1\nrules: []', 'rules', /no rule/, /at least one/],
  ['version: 1\nrules: { id: a }', 'rules', /a list is expected/, /"- "/],
  [`version: 1\nrule: []\n${RULES}`, 'rule', /the key "rule" is not known/, /did you mean "rules"/],
  [`version: 1\nzzzz: []\n${RULES}`, 'zzzz', /not known/, /known here: version, timezone/],
  [`version: 1\ntimezone: America/Chicgo\n${RULES}`, 'timezone', /not known/, /did you mean "America\/Chicago"/],
  [`version: 1\ntimezone: 5\n${RULES}`, 'timezone', /5 is not right/, /America\/Chicago/],
  // lists
  [`version: 1\nlists: 5\n${RULES}`, 'lists', /5 is not right/, /partners: \[mercy/],
  [`version: 1\nlists: { a b: [] }\n${RULES}`, 'lists.a b', /not the name of a list/, /lower-case/],
  [`version: 1\nlists: { a: [5] }\n${RULES}`, 'lists.a.0', /5 is not right/, /quotes/],
  [`version: 1\nlists: { a: { fil: x } }\n${RULES}`, 'lists.a.fil', /not known/, /did you mean "file"/],
  [`version: 1\nlists: { a: { file: none.txt } }\n${RULES}`, 'lists.a.file', /could not be read/, /relative/],
  [
    `version: 1\nlists: { a: [mercy] }\n${when('{ to: { list: a } }')}`,
    'lists.a.0',
    /"mercy" in the list "a" is not an address or a domain/,
    /mercy\.example/,
  ],
  [`version: 1\nlists: { a: [x@mercy.example] }\n${when('{ to_domain: { list: a } }')}`, 'lists.a.0', /is not a domain/, /\*\.mercy/],
  [`version: 1\nlists: { a: [10.1.2.3/8] }\n${when('{ network: { list: a } }')}`, 'lists.a.0', /not a network/, /10\.1\.0\.0\/16/],
  // declarations, wishes, settings
  [
    `version: 1\ndeclare: [{ id: a, when: { urgent: yes }, as: markting }]\n${RULES}`,
    'declare.0.as',
    /"markting"/,
    /did you mean "marketing"/,
  ],
  [
    `version: 1\ndeclare: [{ id: a, as: marketing, when: { purpose: marketing } }]\n${RULES}`,
    'declare.0.when.purpose',
    /asks for the purpose/,
    /from, account/,
  ],
  [
    `version: 1\ndeclare: [{ id: a, as: marketing }, { id: a, as: fundraising }]\n${RULES}`,
    'declare.1.id',
    /item 1 has this name/,
    /its own/,
  ],
  [`version: 1\nwishes: { more: { tag: ["[x]"] } }\n${RULES}`, 'wishes.more.tag', /not known/, /did you mean "tags"/],
  [`version: 1\nwishes: { more: {} }\n${RULES}`, 'wishes.more', /a mapping is not right/, /tags/],
  [`version: 1\nwishes: { more: { tags: [secure] } }\n${RULES}`, 'wishes.more.tags.0', /"secure"/, /"\[secure\]"/],
  [`version: 1\nwishes: { less: { tags: ["[x]"] } }\n${RULES}`, 'wishes.less.accounts', /missing/, /account/],
  [`version: 1\nwishes: { more: { header: { name: Subject } } }\n${RULES}`, 'wishes.more.header.name', /"Subject"/, /tags of the subject/],
  [`version: 1\nsettings: [{ for: everyone, hold_for: 2d }]\n${RULES}`, 'settings.0.for', /"everyone"/, /write all/],
  [
    `version: 1\nsettings: [{ for: { sendr: a@b.example }, hold_for: 2d }]\n${RULES}`,
    'settings.0.for.sendr',
    /not known/,
    /did you mean "sender"/,
  ],
  [`version: 1\nsettings: [{ for: all }]\n${RULES}`, 'settings.0', /no setting/, /hold_for/],
  [
    `version: 1\nsettings: [{ for: { sender: a.example }, protection: tls }]\n${RULES}`,
    'settings.0.protection',
    /belongs to the recipient/,
    /recipient/,
  ],
  [
    `version: 1\nsettings: [{ for: { recipient: a.example }, reviewers: a@b.example }]\n${RULES}`,
    'settings.0.reviewers',
    /belongs to the sender/,
    /sender/,
  ],
  [
    `version: 1\nsettings: [{ for: { sender: nobody }, hold_for: 2d }]\n${RULES}`,
    'settings.0.for.sender',
    /"nobody" is not an address/,
    /mercy/,
  ],
  [`version: 1\nsettings: [{ for: all, hold_for: 2 }]\n${RULES}`, 'settings.0.hold_for', /2 is not right/, /24h/],
  [`version: 1\nsettings: [{ for: all, protection: opportunistic }]\n${RULES}`, 'settings.0.protection', /"opportunistic"/, /tls-verified/],
  // floors
  [`version: 1\nrequire: [{ id: a, when: { phi: low } }]\n${RULES}`, 'require.0.protection', /missing/, /tls/],
  [`version: 1\nrequire: [{ id: a, protection: none }]\n${RULES}`, 'require.0.protection', /"none"/, /write tls, /],
  // rules
  [`version: 1\n${rule('deliver: relai')}`, 'rules.0.deliver', /"relai"/, /did you mean "relay"/],
  [`version: 1\n${rule('deliver: [relay, portl]')}`, 'rules.0.deliver.1', /"portl"/, /did you mean "portal"/],
  [`version: 1\n${rule('deliver: []')}`, 'rules.0.deliver', /an empty list/, /one or several/],
  [`version: 1\n${rule('urgent: yes')}`, 'rules.0.urgent', /not known/, /known here/],
  [`version: 1\n${rule('when: { urgent: yes }')}`, 'rules.0', /does not say what to do/, /deliver, hold, return/],
  [`version: 1\n${rule('deliver: relay, hold: x')}`, 'rules.0', /more than one/, /one of/],
  [`version: 1\n${rule('deliver: relay, then: relay')}`, 'rules.0.then', /only with hold/, /remove/],
  [`version: 1\n${rule('return: x, expire: 2d')}`, 'rules.0.expire', /changes nothing/, /remove/],
  [`version: 1\n${rule('hold: "a\\nb"')}`, 'rules.0.hold', /"a b"/, /printable/],
  [`version: 1\n${rule(`hold: ${'x'.repeat(201)}`)}`, 'rules.0.hold', /x\.\.\."/, /200/],
  [`version: 1\n${rule('hold:')}`, 'rules.0.hold', /has no value/, /printable/],
  ['version: 1\nrules: [{ deliver: relay }]', 'rules.0.id', /missing/, /lower-case/],
  ['version: 1\nrules: [{ id: A b, deliver: relay }]', 'rules.0.id', /"A b"/, /lower-case/],
  ['version: 1\nrules: [5]', 'rules.0', /5 is not right/, /write a rule/],
  [`version: 1\n${rule('deliver: relay, notify: nobody')}`, 'rules.0.notify', /"nobody"/, /address/],
  [
    `version: 1\n${rule('deliver: relay, add_header: { Subject: x }')}`,
    'rules.0.add_header.subject',
    /belongs to the message/,
    /X-Checked/,
  ],
  [`version: 1\n${rule('deliver: relay, add_header: { List-Unsubscribe: x }')}`, 'rules.0.add_header.list-unsubscribe', /belongs/, /own/],
  [`version: 1\n${rule('deliver: relay, add_header: { "a b": x }')}`, 'rules.0.add_header.a b', /as a key/, /header field/],
  [`version: 1\n${rule('deliver: relay, add_header: { x-a: "a\\r\\nb" }')}`, 'rules.0.add_header.x-a', /"a {2}b"/, /US-ASCII/],
  [`version: 1\n${rule('deliver: relay, protection: opportunistic')}`, 'rules.0.protection', /may match without/, /plain-mail/],
  // conditions
  [`version: 1\n${when('{}')}`, 'rules.0.when', /a mapping/, /leave "when" out/],
  [`version: 1\n${when('{ phy: low }')}`, 'rules.0.when.phy', /not known/, /did you mean "phi"/],
  [`version: 1\n${when('{ phi: none }')}`, 'rules.0.when.phi', /"none"/, /at_most: none/],
  [`version: 1\n${when('{ phi: hgih }')}`, 'rules.0.when.phi', /"hgih"/, /did you mean "high"/],
  [`version: 1\n${when('{ phi: { at_leest: low } }')}`, 'rules.0.when.phi.at_leest', /not known/, /did you mean "at_least"/],
  [`version: 1\n${when('{ phi: { labels: [hvi] } }')}`, 'rules.0.when.phi.labels.0', /"hvi"/, /did you mean "hiv"/],
  [`version: 1\n${when('{ phi: {} }')}`, 'rules.0.when.phi', /a mapping/, /low, medium or high/],
  [`version: 1\n${when('{ all: [] }')}`, 'rules.0.when.all', /an empty list/, /conditions/],
  [
    `version: 1\n${when('{ any: [{ urgent: yes }, { not: { urgent: true } }] }')}`,
    'rules.0.when.any.1.not.urgent',
    /true is not right/,
    /yes or no/,
  ],
  [`version: 1\n${when('{ to: 5 }')}`, 'rules.0.when.to', /5 is not right/, /address/],
  [`version: 1\n${when('{ to: mercy }')}`, 'rules.0.when.to', /"mercy" is not an address/, /mercy\.example/],
  [`version: 1\n${when('{ to: [ann@mercy.example, "a b@x"] }')}`, 'rules.0.when.to', /"a b@x"/, /mercy/],
  [
    `version: 1\nlists: { partners: [] }\n${when('{ to: { list: partnrs } }')}`,
    'rules.0.when.to',
    /the list "partnrs" is not known/,
    /did you mean "partners"/,
  ],
  [`version: 1\n${when('{ to: { list: partners } }')}`, 'rules.0.when.to', /not known/, /there is none/],
  [`version: 1\n${when('{ network: 10.1.2.3/8 }')}`, 'rules.0.when.network', /not a network/, /10\.1/],
  [`version: 1\n${when('{ header: { name: received } }')}`, 'rules.0.when.header.name', /"received"/, /says only the way/],
  [`version: 1\n${when('{ header: { name: to } }')}`, 'rules.0.when.header.name', /"to"/, /recipient:/],
  [`version: 1\n${when('{ subject: { tag: secure } }')}`, 'rules.0.when.subject.tag', /"secure"/, /"\[secure\]"/],
  [`version: 1\n${when('{ subject: lunch }')}`, 'rules.0.when.subject', /"lunch"/, /tag/],
  [`version: 1\n${when('{ size: { over: 10 } }')}`, 'rules.0.when.size.over', /10 is not right/, /10MB/],
  [`version: 1\n${when('{ attachment: { kind: zipp } }')}`, 'rules.0.when.attachment.kind', /"zipp"/, /did you mean "zip"/],
  [`version: 1\n${when('{ findings: { kind: snn } }')}`, 'rules.0.when.findings.kind', /"snn"/, /did you mean "ssn"/],
  [`version: 1\n${when('{ findings: { kind: ssn, at_least: 0 } }')}`, 'rules.0.when.findings.at_least', /0 is not right/, /1 to/],
  [
    `version: 1\n${when('{ reason: { code: other-patients-adress } }')}`,
    'rules.0.when.reason.code',
    /"other/,
    /did you mean "other-patients-address"/,
  ],
  [`version: 1\n${when('{ blind_spots: [encryptd] }')}`, 'rules.0.when.blind_spots.0', /"encryptd"/, /did you mean "encrypted"/],
  [`version: 1\n${when('{ visible_outside: 10 }')}`, 'rules.0.when.visible_outside', /10 is not right/, /at_least: 10/],
  [`version: 1\n${when('{ first_mail: yes }')}`, 'rules.0.when.first_mail', /"yes"/, /address or domain/],
  [`version: 1\n${when('{ time: { from: "08:00" } }')}`, 'rules.0.when.time', /a mapping/, /together/],
  [`version: 1\n${when('{ time: { from: "08:00", to: "08:00" } }')}`, 'rules.0.when.time', /a mapping/, /differ/],
  [`version: 1\n${when('{ time: { from: "8:00", to: "25:00" } }')}`, 'rules.0.when.time.from', /"8:00"/, /"08:00"/],
  [`version: 1\n${when('{ time: { days: [monday] } }')}`, 'rules.0.when.time.days.0', /"monday"/, /mon, tue/],
  [`version: 1\n${when('{ consent: plain }')}`, 'rules.0.when.consent', /"plain"/, /plain-mail/],
];

for (const [text, path, what, right] of FAULTS) {
  t.test(`${path || 'the file'}: ${what.source}`.replaceAll('#', ''), async (t) => {
    const { policy, faults } = text === '' ? parsePolicy({ ...yamlOf('a: 1'), value: null }, new Map(), BASE) : parsedPolicy(text);
    t.equal(policy, null);
    const found = faults.find((one) => one.path.join('.') === path);
    t.ok(found, faults.map((one) => `${one.path.join('.')} ${one.what}`).join(' | '));
    t.match(found?.what, what);
    t.match(found?.right, right);
    t.equal(found?.weight, 'error');
  });
}

t.test('one mistake is one fault', async (t) => {
  // Times have two mistakes in one case.
  for (const [text, path] of FAULTS.filter(([one]) => one !== '' && !one.includes('25:00')))
    t.equal(parsedPolicy(text).faults.length, 1, `${path} ${text.slice(0, 120).replaceAll('\n', ' ').replaceAll('#', '')}`);
});

t.test('all faults at once, each with its place', async (t) => {
  const text = `version: 1
lists:
  good: [mercy.example]
  bad: [mercy.example, mercy]
settings:
  - for: all
    hold_for: soon
require:
  - id: a
    when: { phi: hgih }
    protection: tls-verified
rules:
  - id: one
    when: { to: { list: bad }, urgent: maybe }
    deliver: relay
  - id: two
    when: { to: { list: god } }
    deliver: relay
  - id: one
    when: { to: { list: bad } }
    hold: x
    protection: opportunistic
`;
  const document = yamlOf(text);
  const { faults } = parsePolicy(document, new Map(), BASE);
  const places = faults.map(({ at, path }) => (at === 'key' ? document.keyPosition(path) : document.valuePosition(path)));
  t.same(
    places.map(({ line, column }) => `${line}:${column}`).sort((a, b) => parseInt(a) - parseInt(b)),
    ['4:24', '7:15', '10:18', '14:40', '17:17', '19:9', '22:17'],
  );
});

t.test('faults in list files have name and line', async (t) => {
  const text = `version: 1\nlists: { a: { file: lists/a.txt } }\n${when('{ to: { list: a } }')}\n`;
  const lines = ['mercy.example', '# words', '', 'mercy # a word alone', 'x@y.example', 'x'.repeat(500)];
  const { faults } = parsedPolicy(text, { 'lists/a.txt': lines.join('\r\n') });
  t.same(
    faults.map(({ path, file }) => [path.join('.'), file]),
    [
      ['lists.a.file', { name: 'lists/a.txt', line: 6 }],
      ['lists.a.file', { name: 'lists/a.txt', line: 4 }],
      ['lists.a.file', { name: 'lists/a.txt', line: 6 }],
    ],
  );
  const many = parsedPolicy(text, { 'lists/a.txt': 'x\n'.repeat(5_000) });
  t.equal(many.faults.length, 20, 'a wrong file does not flood');
});

t.test('files that a policy wants', async (t) => {
  t.same(listFilesOf(yamlOf('lists: { a: { file: x.txt }, b: { file: x.txt }, c: [y], d: { file: 5 }, e: { file: z } }').value), [
    'x.txt',
    'z',
  ]);
  for (const odd of [null, 5, [], {}, { lists: null }, { lists: [{ file: 'a' }, null] }]) t.ok(Array.isArray(listFilesOf(odd)));
});

t.test('where opportunistic is permitted: on every path', async (t) => {
  const permitted = [
    '{ consent: plain-mail }',
    '{ consent: [plain-mail], phi: low }',
    '{ all: [{ urgent: yes }, { all: [{ consent: plain-mail }] }] }',
    '{ any: [{ consent: plain-mail, urgent: yes }, { consent: plain-mail }] }',
    '{ account: { list: never_about_patients }, blind_spots: none }',
    '{ blind_spots: none, any: [{ consent: plain-mail }, { account: [{ list: never_about_patients }] }] }',
  ];
  const refused = [
    '{ urgent: yes }',
    '{ consent: marketing }',
    '{ consent: [plain-mail, marketing] }',
    '{ not: { consent: plain-mail } }',
    '{ not: { not: { consent: plain-mail } } }',
    '{ any: [{ consent: plain-mail }, { urgent: yes }] }',
    '{ account: { list: never_about_patients } }',
    '{ account: { list: never_about_patients }, blind_spots: any }',
    '{ account: [{ list: never_about_patients }, x], blind_spots: none }',
    '{ account: { list: other }, blind_spots: none }',
    '{ any: [{ account: { list: never_about_patients } }, { blind_spots: none }] }',
  ];
  const faultsOf = (condition: string): number =>
    parsedPolicy(
      `version: 1\nlists: { never_about_patients: [x], other: [x] }\n${rule(`when: ${condition}, deliver: relay, protection: opportunistic`)}`,
    ).faults.length;
  for (const condition of permitted) t.equal(faultsOf(condition), 0, condition);
  for (const condition of refused) t.equal(faultsOf(condition), 1, condition);
});

const WORDS = [
  'version: 1',
  'rules:',
  '- id: a',
  'when:',
  '{',
  '}',
  '[',
  ']',
  'phi:',
  'medium',
  'deliver:',
  'relay',
  ',',
  ' ',
  '\n',
  '\n  ',
  'all:',
  'not:',
  'to:',
  '"*"',
  'lists:',
  'list:',
  'a',
  '5',
  '~',
  '__proto__:',
  'constructor:',
  'time:',
  '"08:00"',
  'settings:',
  'for:',
  'wishes:',
  'more:',
  '- ',
];

t.test('any YAML: faults with a place inside the text, or a policy; never a throw', async (t) => {
  const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(' '));
  fuzz(
    t,
    3_000,
    fc.property(text, (source) => {
      const read = parseYaml(source);
      if (read.kind === 'faults') return read.faults.every(({ line }) => line >= 1);
      const { document } = read;
      const { policy, faults } = parsePolicy(document, new Map(), BASE);
      const lines = source.split('\n').length;
      return (
        (policy === null) === faults.some(({ weight }) => weight === 'error') &&
        faults.every(({ path, what, right }) => {
          const { line, column } = document.valuePosition(path);
          return line >= 1 && line <= lines && column >= 1 && what !== '' && right !== '';
        })
      );
    }),
  );
});

t.test('any data in any place: never a throw', async (t) => {
  const any = fc.jsonValue();
  const shape = fc.record({
    version: fc.constantFrom<unknown>(1, 2, null),
    timezone: fc.oneof(any, fc.constant('UTC')),
    lists: fc.oneof(any, fc.dictionary(fc.string(), any)),
    declare: fc.oneof(any, fc.array(fc.record({ id: any, when: any, as: any }))),
    wishes: fc.oneof(any, fc.record({ more: any, less: any })),
    settings: fc.oneof(any, fc.array(fc.record({ for: any, hold_for: any }))),
    require: fc.oneof(
      any,
      fc.array(fc.record({ id: any, when: fc.dictionary(fc.constantFrom('phi', 'to', 'all', 'not', 'time'), any), protection: any })),
    ),
    rules: fc.oneof(
      any,
      fc.array(
        fc.record({
          id: any,
          when: fc.dictionary(fc.constantFrom('phi', 'to', 'any', 'header', 'size'), any),
          deliver: any,
          add_header: any,
        }),
      ),
    ),
  });
  const place = yamlOf('a: 1');
  fuzz(
    t,
    1_500,
    fc.property(shape, (value) => parsePolicy({ ...place, value }, new Map(), BASE).faults.length > 0),
  );
});
