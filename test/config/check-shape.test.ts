// What a person reads who has written something wrong: place, what is wrong, what would be right. All of it at once.
import t from 'tap';
import { formatIssue } from '../../src/config/issue.ts';
import { loadText } from '../../src/config/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GOOD = `version: 1
hostname: mail.clinic.example
postmaster: [it@clinic.example]
`;

await t.test('one thing wrong', async (t) => {
  const base = temporaryFolder(t);
  const cases: readonly (readonly [name: string, text: string, line: string])[] = [
    ['an unknown key', `${GOOD}delivry: {}\n`, 'postern.yaml:4:1: unknown key "delivry"; did you mean "delivery"'],
    [
      'an unknown key, deeper',
      `${GOOD}delivery:\n  retry: { frist: 1m }\n`,
      'postern.yaml:5:12: unknown key "frist"; did you mean "first"',
    ],
    ['an unknown key without a near one', `${GOOD}log: { colour: blue }\n`, 'postern.yaml:4:8: unknown key "colour"; known here: level'],
    [
      'a key of the language',
      `${GOOD}__proto__: { mode: sandbox }\n`,
      /^postern.yaml:4:1: unknown key "__proto__"; known here: version, mode, /.source,
    ],
    ['a long key', `${GOOD}${'x'.repeat(100)}: 1\n`, `postern.yaml:4:1: unknown key "${'x'.repeat(57)}..."; known here: version`],
    [
      'a missing value',
      'version: 1\npostmaster: [a@b.example]\n',
      'postern.yaml:1:1: "hostname" is missing; write a host name, such as hostname: mail.clinic.example',
    ],
    [
      'a missing value, deeper',
      `${GOOD}dkim:\n  - domain: clinic.example\n    selector: s\n`,
      'postern.yaml:5:5: "dkim.key_file" is missing; write the path of a secret file, such as key_file: /etc/postern/dkim/clinic.pem',
    ],
    ['no value', `${GOOD}mode:\n`, 'postern.yaml:4:6: "mode" has no value; write one of live, sandbox, or remove the line'],
    ['a wrong word', `${GOOD}mode: sandbx\n`, 'postern.yaml:4:7: "sandbx" is not one of live, sandbox; did you mean "sandbox"'],
    ['a wrong word without a near one', `${GOOD}mode: 7\n`, 'postern.yaml:4:7: 7 is not one of live, sandbox; write one of live, sandbox'],
    [
      'a duration without unit',
      `${GOOD}delivery: { expire_after: 72 }\n`,
      'postern.yaml:4:27: 72 is not a duration; write a number and a unit, such as 30s, 15m, 24h, 7d or 6y',
    ],
    [
      'days of which nobody says what kind',
      `${GOOD}delivery: { hold_for: 2 days }\n`,
      'postern.yaml:4:23: "2 days" is not a duration, or working days; write working days, such as 2wd or "2 working days", or a number and a unit, such as 24h',
    ],
    [
      'an item of a list',
      `${GOOD}dns:\n  servers: [127.0.0.1, dns.example]\n`,
      'postern.yaml:5:24: "dns.example" is not a name server; write an IP address, with a port where it is not 53: 127.0.0.1:5353 or "[::1]:5353"',
    ],
    [
      'a list that must not be empty',
      'version: 1\nhostname: a.example\npostmaster: []\n',
      'postern.yaml:3:13: an empty list is not a list of mail addresses; write at least one of them as [a, b] or each on a line after "- "',
    ],
    [
      'a value where a section is expected',
      `${GOOD}limits: 5\n`,
      'postern.yaml:4:9: 5 stands where a section is expected; write its keys below it, indented',
    ],
    [
      'a section where a list is expected',
      `${GOOD}routes: { name: x }\n`,
      'postern.yaml:4:9: a section stands where a list is expected; write each item on a line of its own after "- "',
    ],
    [
      'a section where a value is expected',
      `${GOOD}mode: { a: 1 }\n`,
      'postern.yaml:4:7: a section is not one of live, sandbox; write one of live, sandbox',
    ],
    [
      'a listener of a list',
      `${GOOD}listeners:\n  submission: [{ port: 587 }, { port: x }]\n`,
      'postern.yaml:5:39: "x" is not a port number; write 0 to 65535, without quotes',
    ],
    [
      'a listener by itself',
      `${GOOD}listeners:\n  submission: { port: x }\n`,
      'postern.yaml:5:23: "x" is not a port number; write 0 to 65535, without quotes',
    ],
    ['another version', GOOD.replace('1', '2'), 'postern.yaml:1:10: 2 is not the number 1; write version: 1'],
    ['a list as the whole file', '- a\n', 'postern.yaml:1:1: the file is not a set of keys; begin with "version: 1"'],
    ['an empty file', '', 'postern.yaml:1:1: the file is not a set of keys; begin with "version: 1"'],
    ['YAML that is none', 'a: [\n', 'postern.yaml:2:1: '],
    ['a value with control marks', `${GOOD}mode: "a\\e[31mb"\n`, 'postern.yaml:4:7: "a [31mb" is not one of'],
  ];
  for (const [name, text, line] of cases) {
    const result = await loadText(text, { file: 'postern.yaml', base, now: Date.now() });
    const lines = result.kind === 'refused' ? result.issues.map(formatIssue) : ['loaded'];
    const found = line.startsWith('^') ? lines.some((one) => new RegExp(line).test(one)) : lines.some((one) => one.startsWith(line));
    t.ok(found, `${name}: ${lines.join(' | ')}`.replace(/[^ -~]/g, '?'));
  }
});

await t.test('a secret in the wrong place is not repeated', async (t) => {
  const text = `${GOOD}dkim:\n  - { domain: a.example, selector: s, key_file: [hunter2-hunter2] }\n`;
  const result = await loadText(text, { file: 'f', base: temporaryFolder(t), now: 0 });
  const lines = result.kind === 'refused' ? result.issues.map(formatIssue) : [];
  t.same(lines, ['f:5:49: this is not the path of a secret file; write the path of a file, from / or from the folder of this file']);
});

await t.test('all errors at once, in the order of the file', async (t) => {
  const text = `version: 2
hostnam: x
postmaster: it
folders: { data: /srv/a, keys: /srv/a/keys }
tls: { certificate: missing.pem }
delivery:
  hold_for: long
  retry: { first: 2h, longest: 1h }
routes:
  - name: a b
    domains: [x y]
    next_hops: []
  - {}
disk: { stop_below: 9GB }
log: { level: loud }
`;
  const result = await loadText(text, { file: 'f', base: temporaryFolder(t), now: 0 });
  const places = result.kind === 'refused' ? result.issues.map(({ line, column }) => `${line}:${column}`) : [];
  t.same(places, ['1:1', '1:10', '2:1', '3:13', '4:32', '5:6', '5:21', '7:13', '10:11', '11:15', '13:5', '13:5', '14:21', '15:15']);
});
