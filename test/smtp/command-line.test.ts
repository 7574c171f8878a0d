// MAIL, RCPT and EHLO lines taken apart; what is not written as RFC 5321 says is not read.
import fc from 'fast-check';
import t from 'tap';
import { parseGreeting, parsePathCommand } from '../../src/smtp/command-line.ts';
import { fuzz } from '../support/fuzz.ts';

const mail = (line: string) => parsePathCommand('MAIL FROM', Buffer.from(line));

await t.test('read', async (t) => {
  const table: readonly (readonly [line: string, path: string, parameters: readonly (readonly [string, string | null])[]])[] = [
    ['MAIL FROM:<a@b.example>', 'a@b.example', []],
    ['mail from:<a@b.example>', 'a@b.example', []],
    ['MAIL FROM: <a@b.example>', 'a@b.example', []],
    ['MAIL FROM:<>', '', []],
    ['MAIL FROM:<> ', '', []],
    ['MAIL FROM:<a@b.example> SIZE=10', 'a@b.example', [['SIZE', '10']]],
    [
      'MAIL FROM:<a@b.example> size=10 body=8bitmime',
      'a@b.example',
      [
        ['SIZE', '10'],
        ['BODY', '8bitmime'],
      ],
    ],
    ['MAIL FROM:<a@b.example> SMTPUTF8', 'a@b.example', [['SMTPUTF8', null]]],
    ['MAIL FROM:<"a b"@c.example>', '"a b"@c.example', []],
    ['MAIL FROM:<"a>b"@c.example> X', '"a>b"@c.example', [['X', null]]],
    ['MAIL FROM:<"a\\"b"@c.example>', '"a\\"b"@c.example', []],
    ['MAIL FROM:<"a@b"@c.example>', '"a@b"@c.example', []],
    ['MAIL FROM:<@one.example,@two.example:a@b.example>', 'a@b.example', []],
    ['MAIL FROM:<zoë@münchen.example> SMTPUTF8', 'zoë@münchen.example', [['SMTPUTF8', null]]],
    ['MAIL FROM:<a@xn--mnchen-3ya.example>', 'a@xn--mnchen-3ya.example', []],
    ['MAIL FROM:<a@b.example> ENVID=a+2Bb', 'a@b.example', [['ENVID', 'a+2Bb']]],
    [
      'MAIL FROM:<a@b.example>  A   B=c',
      'a@b.example',
      [
        ['A', null],
        ['B', 'c'],
      ],
    ],
  ];
  for (const [line, path, parameters] of table) t.same(mail(line), { path, parameters }, line);
});

await t.test('not read', async (t) => {
  for (const line of [
    '',
    'MAIL',
    'MAIL FROM',
    'MAIL FROM:',
    'MAIL FROM:a@b.example',
    'MAIL FROM <a@b.example>',
    'MAIL FROM:<a@b.example',
    'MAIL FROM:a@b.example>',
    'MAIL FROM:<<a@b.example>>',
    'MAIL FROM:<a b@c.example>',
    'MAIL FROM:<"a@b.example>',
    'MAIL FROM:<a@b.example>X=1',
    'MAIL FROM:<a@b.example> =1',
    'MAIL FROM:<a@b.example> X=',
    'MAIL FROM:<a@b.example> X=1=2',
    'MAIL FROM:<a@b.example> -X',
    'MAIL FROM:<a@b.example> <c@d.example>',
    'MAIL FROM:<a@b.example>\tX',
    'MAIL FROM:\t<a@b.example>',
    'MAIL FROM:<a@b.example>\0',
    'MAIL FROM:<a\rb@c.example>',
    'MAIL FROM:<a\u0085b@c.example>',
    'MAIL  FROM:<a@b.example>',
    'RCPT TO:<a@b.example>',
    'SAML FROM:<a@b.example>',
  ]) {
    t.equal(mail(line), null, JSON.stringify(line));
  }
  t.equal(parsePathCommand('MAIL FROM', Buffer.from('MAIL FROM:<\xe9@b.example>', 'latin1')), null, 'not UTF-8');
  t.ok(parsePathCommand('RCPT TO', Buffer.from('rcpt to:<postmaster>')));
});

await t.test('any line: an answer at once, and nothing odd in it', async (t) => {
  const part = fc.constantFrom(
    'MAIL FROM:',
    '<',
    '>',
    '"',
    '\\',
    '@',
    'a',
    '.',
    ' ',
    '=',
    ',',
    ':',
    'X',
    '\u00e9',
    '\r',
    '\n',
    '\0',
    'SIZE=',
  );
  fuzz(
    t,
    3_000,
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const read = mail(`MAIL FROM:<${parts.join('')}`);
      return read === null || !/[\r\n\0]/.test(read.path + read.parameters.flat().join(''));
    }),
  );
  const startedAt = performance.now();
  mail(`MAIL FROM:<${'"a'.repeat(6_000)}`);
  mail(`MAIL FROM:<${'@a,'.repeat(4_000)}>`);
  mail(`MAIL FROM:<a@b.example>${' '.repeat(12_000)}\u0001`);
  mail(`MAIL FROM:<a@b.example>${' A'.repeat(6_000)}`);
  t.ok(performance.now() - startedAt < 100, 'long and hostile lines');
});

await t.test('greetings', async (t) => {
  for (const [line, name] of [
    ['EHLO client.example', 'client.example'],
    ['ehlo [192.0.2.1]', '[192.0.2.1]'],
    ['HELO PC-17', 'PC-17'],
    ['EHLO büro', 'büro'],
    ['EHLO  x  ', 'x'],
    ['EHLO', null],
    ['EHLO ', null],
    ['EHLO a b', null],
    ['EHLO a\u0001', null],
    ['EHLO a\u009bb', null],
    [`EHLO ${'x'.repeat(256)}`, null],
  ] as const) {
    t.equal(parseGreeting(Buffer.from(line)), name, JSON.stringify(line));
  }
});
