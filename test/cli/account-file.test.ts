// Accounts from a file: CSV and JSON lines, each fault with its line, no password repeated.
import fc from 'fast-check';
import t from 'tap';
import { readAccounts } from '../../src/cli/account-file.ts';
import type { ImportResult } from '../../src/cli/account-file.ts';
import { fuzz } from '../support/fuzz.ts';

const PASSWORD = 'a-long-enough-passphrase';
const shown = (result: ImportResult): unknown =>
  result.kind === 'faults'
    ? result.faults
    : result.accounts.map(({ account: { password, ...rest }, passwordOrigin }) => ({
        ...rest,
        given: passwordOrigin === 'given' ? password : null,
      }));

await t.test('CSV', async (t) => {
  const text = `\uFEFFName,may_use,reports,likely_repeats,password\r
lab,*@lab.clinic.example <>,,suppress,${PASSWORD}\r
\r
"ann","ann@clinic.example; team@clinic.example",it@clinic.example,,\r
`.replace(' <>', '');
  t.same(shown(readAccounts(text, 'f')), [
    { name: 'lab', mayUse: ['*@lab.clinic.example'], reports: null, likelyRepeats: 'suppress', given: PASSWORD },
    {
      name: 'ann',
      mayUse: ['ann@clinic.example', 'team@clinic.example'],
      reports: 'it@clinic.example',
      likelyRepeats: 'report',
      given: null,
    },
  ]);
});

await t.test('quotes, commas and line ends inside fields', async (t) => {
  const text = 'name,password,may_use\nlab,"a ""quoted"", long, word","a@b.example\nc@d.example"\nimaging,,x@b.example\n';
  t.same(shown(readAccounts(text, 'f')), [
    { name: 'lab', mayUse: ['a@b.example', 'c@d.example'], reports: null, likelyRepeats: 'report', given: 'a "quoted", long, word' },
    { name: 'imaging', mayUse: ['x@b.example'], reports: null, likelyRepeats: 'report', given: null },
  ]);
});

await t.test('JSON lines', async (t) => {
  const text = `{"name":"lab","may_use":["*@lab.example"],"reports":null,"password":"${PASSWORD}"}\n\n{"name":"ann","may_use":"ann@b.example"}\n`;
  t.same(shown(readAccounts(text, 'f')), [
    { name: 'lab', mayUse: ['*@lab.example'], reports: null, likelyRepeats: 'report', given: PASSWORD },
    { name: 'ann', mayUse: ['ann@b.example'], reports: null, likelyRepeats: 'report', given: null },
  ]);
});

await t.test('generated passwords are long and each is another', async (t) => {
  const result = readAccounts('name,may_use\n' + Array.from({ length: 50 }, (_, i) => `a${i},a@b.example`).join('\n'), 'f');
  const made = result.kind === 'accounts' ? result.accounts.map(({ account }) => account.password) : [];
  t.equal(new Set(made).size, 50);
  for (const password of made) t.match(password, /^(?:[2-9a-z]{5}-){4}[2-9a-z]{5}$/);
});

await t.test('faults, all at once', async (t) => {
  const cases: readonly (readonly [name: string, text: string, faults: readonly RegExp[]])[] = [
    ['an empty file', '', [/^f: there are no accounts; write a header line/]],
    ['only a header', 'name,may_use\n', [/^f: there are no accounts/]],
    [
      'a header with another column',
      'name,mayuse\nlab,x',
      [/^f:1: the header line is not right: mayuse; write name, may_use, reports, likely_repeats, password$/],
    ],
    ['no header', 'lab,*@lab.example\n', [/^f:1: the header line is not right/]],
    ['too few fields', 'name,may_use\nlab\n', [/^f:2: this line has 1 fields, the header 2/]],
    ['an open quote', 'name,may_use\n"lab,x\nann,y\n', [/^f:2: a quote is not closed/]],
    [
      'several',
      `name,may_use,password\nLab System,x,${PASSWORD}\nann,a@b.example,hunter2\nann,a@b.example,\n`,
      [/^f:2: A name has/, /^f:2: "x" is not/, /^f:3: A password has at least/, /^f:4: ann stands in line 3 already; keep one/],
    ],
    ['a line after a field over two lines', 'name,may_use\nlab,"a@b.example\nc@d.example"\nann,\n', [/^f:4: At least one address/]],
    [
      'a word that is none',
      'name,may_use,likely_repeats\nlab,a@b.example,drop\n',
      [/^f:2: likely_repeats is "drop"; write report or suppress/],
    ],
    ['JSON that is none', '{"name":"lab"\n', [/^f:1: this line is not JSON/]],
    ['JSON with another field', `{"name":"lab","may_use":"a@b.example","role":"x"}\n`, [/^f:1: this line has wrong fields role/]],
    ['JSON with a wrong type', `{"name":5,"may_use":"a@b.example"}\n`, [/^f:1: this line has wrong fields name/]],
  ];
  for (const [name, text, faults] of cases) {
    const result = readAccounts(text, 'f');
    const lines = result.kind === 'faults' ? result.faults : ['accounts'];
    t.equal(lines.length, faults.length, `${name}: ${lines.join(' | ')}`);
    for (const [i, fault] of faults.entries()) t.match(lines[i], fault, name);
    t.notMatch(lines.join('\n'), /hunter2/, `${name}: no password`);
  }
});

await t.test('what was quoted by the rules of RFC 4180 comes back', async (t) => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é'), maxLength: 8 });
  fuzz(
    t,
    1_000,
    fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (passwords) => {
      const lines = passwords.map((one, i) => `a${i},a@b.example,"${`${PASSWORD}${one}x`.replaceAll('"', '""')}"`);
      const result = readAccounts(`name,may_use,password\n${lines.join('\n')}\n`, 'f');
      // Line ends are no part of a password; everything else comes back as it was.
      if (passwords.some((one) => one.includes('\n'))) return result.kind === 'faults';
      return (
        result.kind === 'accounts' && result.accounts.every(({ account }, i) => account.password === `${PASSWORD}${passwords[i] ?? ''}x`)
      );
    }),
  );
});

await t.test('any text ends as accounts or as faults', async (t) => {
  fuzz(
    t,
    1_000,
    fc.property(
      fc.array(fc.constantFrom('name', 'may_use', ',', '\n', '"', '{', '}', ':', 'a', '\r\n', ';', ' '), { maxLength: 40 }),
      (parts) => {
        const result = readAccounts(parts.join(''), 'f');
        return result.kind === 'accounts' ? result.accounts.length > 0 : result.faults.every((fault) => fault.startsWith('f:'));
      },
    ),
  );
});
