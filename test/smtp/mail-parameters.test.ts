// Parameters of MAIL and RCPT: values of each extension, unknown ones, doubled ones.
import t from 'tap';
import { mailParameters, rcptParameters } from '../../src/smtp/mail-parameters.ts';

const ALL = { requireTls: 'yes', auth: 'yes' } as const;
const NONE = { requireTls: 'no', auth: 'no' } as const;
const list = (text: string): readonly (readonly [string, string | null])[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const equals = one.indexOf('=');
      return equals < 0 ? [one, null] : [one.slice(0, equals), one.slice(equals + 1)];
    });

const PLAIN = { body: '7bit', smtpUtf8: false, requireTls: false, ret: null, envid: null, sizeBytes: null };

await t.test('MAIL, good', async (t) => {
  const table: readonly (readonly [text: string, change: object])[] = [
    ['', {}],
    ['SIZE=0', { sizeBytes: 0 }],
    ['SIZE=12345', { sizeBytes: 12_345 }],
    ['BODY=7BIT', {}],
    ['BODY=8bitmime', { body: '8bitmime' }],
    ['SMTPUTF8', { smtpUtf8: true }],
    ['REQUIRETLS', { requireTls: true }],
    ['RET=FULL', { ret: 'full' }],
    ['RET=hdrs', { ret: 'hdrs' }],
    ['ENVID=QQ+2B314159', { envid: 'QQ+2B314159' }],
    [`ENVID=${'x'.repeat(100)}`, { envid: 'x'.repeat(100) }],
    ['AUTH=<>', {}],
    ['AUTH=anna+40hospital.example', {}],
    [
      'SIZE=5 BODY=8BITMIME SMTPUTF8 REQUIRETLS RET=HDRS ENVID=a AUTH=<>',
      { sizeBytes: 5, body: '8bitmime', smtpUtf8: true, requireTls: true, ret: 'hdrs', envid: 'a' },
    ],
  ];
  for (const [text, change] of table) t.same(mailParameters(list(text), ALL), { kind: 'good', value: { ...PLAIN, ...change } }, text);
});

await t.test('MAIL, bad', async (t) => {
  const bad = [
    'SIZE',
    'SIZE=',
    'SIZE=-1',
    'SIZE=1e3',
    'SIZE=123456789012345678901',
    'BODY',
    'BODY=BINARYMIME',
    'SMTPUTF8=1',
    'REQUIRETLS=yes',
    'RET',
    'RET=SOME',
    'ENVID',
    'ENVID=a=b',
    'ENVID=+0D+0A',
    'ENVID=+C3+A4',
    `ENVID=${'x'.repeat(101)}`,
    'ENVID=ä',
    'AUTH',
    'AUTH=ä',
    'SIZE=1 SIZE=1',
    'RET=FULL RET=FULL',
  ];
  for (const text of bad) t.same(mailParameters(list(text), ALL), { kind: 'bad', code: 'envelope.bad-parameter' }, text);
  const unknown = [
    'X',
    'X=1',
    'NOTIFY=NEVER',
    'ORCPT=rfc822;a',
    'BY=120;R',
    'MT-PRIORITY=3',
    'HOLDFOR=10',
    'SOLICIT=a',
    'TRANSID=a',
    '__PROTO__=1',
    'CONSTRUCTOR',
    'TOSTRING',
    'XFORWARD=1',
  ];
  for (const text of unknown) t.same(mailParameters(list(text), ALL), { kind: 'bad', code: 'envelope.unknown-parameter' }, text);
});

await t.test('what is not offered in this state is unknown', async (t) => {
  for (const text of ['REQUIRETLS', 'AUTH=<>']) t.match(mailParameters(list(text), NONE), { code: 'envelope.unknown-parameter' }, text);
  t.match(mailParameters(list('SIZE=1 RET=FULL'), NONE), { kind: 'good' });
});

await t.test('RCPT, good', async (t) => {
  const table: readonly (readonly [text: string, notify: readonly string[] | null, orcpt: string | null])[] = [
    ['', null, null],
    ['NOTIFY=NEVER', ['never'], null],
    ['NOTIFY=success', ['success'], null],
    ['NOTIFY=FAILURE,DELAY', ['failure', 'delay'], null],
    ['NOTIFY=SUCCESS,FAILURE,DELAY', ['success', 'failure', 'delay'], null],
    ['NOTIFY=DELAY,DELAY', ['delay'], null],
    ['ORCPT=rfc822;ann+2Bx@example.org', null, 'rfc822;ann+2Bx@example.org'],
    ['ORCPT=x400;/c=de'.replace('=de', '+3Dde'), null, 'x400;/c+3Dde'],
    ['ORCPT=utf-8;zoë@münchen.example', null, 'utf-8;zoë@münchen.example'],
    ['ORCPT=UTF-8;a+2Bb', null, 'UTF-8;a+2Bb'],
    ['NOTIFY=NEVER ORCPT=rfc822;a@b', ['never'], 'rfc822;a@b'],
  ];
  for (const [text, notify, orcpt] of table) t.same(rcptParameters(list(text)), { kind: 'good', value: { notify, orcpt } }, text);
});

await t.test('RCPT, bad', async (t) => {
  const bad = [
    'NOTIFY',
    'NOTIFY=',
    'NOTIFY=NEVER,DELAY',
    'NOTIFY=SOMETIMES',
    'NOTIFY=SUCCESS,',
    'NOTIFY=NEVER,NEVER',
    'NOTIFY=NEVER NOTIFY=NEVER',
    'ORCPT',
    'ORCPT=',
    'ORCPT=rfc822',
    'ORCPT=rfc822;',
    'ORCPT=;a@b',
    'ORCPT=rfc822;zoë@x',
    'ORCPT=rfc822;a+0Ab',
    'ORCPT=rfc 822;a',
    'ORCPT=utf-8;a\u202eb',
    `ORCPT=rfc822;${'x'.repeat(500)}`,
  ];
  for (const text of bad)
    t.match(rcptParameters(text === 'ORCPT=rfc 822;a' ? [['ORCPT', 'rfc 822;a']] : list(text)), { code: 'envelope.bad-parameter' }, text);
  for (const text of ['SIZE=1', 'X', 'RRVS=2020-01-01T00:00:00Z', 'AUTH=<>'])
    t.match(rcptParameters(list(text)), { code: 'envelope.unknown-parameter' }, text);
});
