// Structured MIME fields in every reading: types, parameters, dispositions, transfer encodings.
import t from 'tap';
import { parseParameters, withoutComments } from '../../src/mime/field-parameters.ts';
import { type Coding, parseDisposition, parseMediaType, parseTransferEncoding } from '../../src/mime/media-type.ts';

const TYPES: readonly (readonly [value: string, type: string, typeBuild: 'proper' | 'malformed', charset: string | null])[] = [
  ['text/plain', 'text/plain', 'proper', null],
  ['TEXT/Plain; charset=UTF-8', 'text/plain', 'proper', 'UTF-8'],
  [' text / plain ; charset="utf-8"', 'text/plain', 'proper', 'utf-8'],
  ['text/plain; format=flowed; charset=utf-8', 'text/plain', 'proper', 'utf-8'],
  ['text/plain charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['text/plain, charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['"text/plain"; charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['text(x)/plain; charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['text/plain (x); charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['te\\xt/plain; charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['=?us-ascii?Q?text/plain?=; charset=utf-8', 'text/plain', 'malformed', 'utf-8'],
  ['text; charset=utf-8', '', 'malformed', 'utf-8'],
  ['multipart; charset=utf-8', 'multipart/mixed', 'malformed', 'utf-8'],
  ['', '', 'malformed', null],
  [';', '', 'malformed', null],
];

await t.test('media types', async (t) => {
  for (const [value, type, typeBuild, charset] of TYPES) {
    const found = parseMediaType(value);
    t.equal(found.type, type, value);
    t.equal(found.typeBuild, typeBuild);
    t.equal(found.values.get('charset') ?? null, charset);
  }
});

const PARAMETERS: readonly (readonly [text: string, build: 'proper' | 'malformed', ...readings: string[]])[] = [
  ['; n=a', 'proper', 'a'],
  ['; N="a b"', 'proper', 'a b'],
  ['; n="a\\"b"', 'proper', 'a"b', 'a\\"b', 'a'],
  ['; n=""', 'proper', ''],
  ['; n="\u00c3\u00bc"', 'proper', '\u00fc'],
  ["; n*=utf-8'en'%C3%BC", 'proper', '\u00fc'],
  ['; n*=%C3%BC', 'proper', '\u00fc'],
  ['; n*0=a; n*1=b', 'proper', 'ab'],
  ['; n*0*=iso-8859-1\'\'%E4; n*1="%E4"; n*2*=%E4', 'proper', '\u00e4%E4\u00e4'],
  ['; n*1=b; n*0=a', 'proper', 'ab', 'ba'],
  ["; n=a; n*=''b", 'proper', 'b', 'a'],
  ['; n*0=a; n*2=c', 'malformed', 'ac'],
  ['; n*0=a; n*0=b', 'malformed', 'b', 'a', 'ab'],
  ['; n=a; n=b', 'malformed', 'a', 'b'],
  ['; n=a b', 'malformed', 'a b', 'a'],
  ['; n=a m=b', 'malformed', 'a'],
  ['; n=a(b)', 'malformed', 'a(b)', 'a'],
  ['; (x) n=a', 'malformed', 'a'],
  ['; n="a', 'malformed', 'a', '"a'],
  ['; n="a"b', 'malformed', 'a', 'ab', '"a"b'],
  ['; n="a;b"', 'proper', 'a;b', '"a', 'a'],
  ["; n='a'", 'proper', "'a'", 'a'],
  ['; n="a "', 'proper', 'a ', 'a'],
  ['; n="=?utf-8?Q?=C3=BC?="', 'proper', '\u00fc', '=?utf-8?Q?=C3=BC?='],
  ['; n', 'malformed'],
  ['; =a', 'malformed'],
  [';;; n=a;;', 'proper', 'a'],
  ['n=a', 'malformed', 'a'],
];

await t.test('parameters', async (t) => {
  for (const [text, build, ...readings] of PARAMETERS) {
    const found = parseParameters(text);
    const name = text.replace(/[^ -~]/g, '?').replaceAll('#', ' ');
    t.same(found.readings('n'), readings, name);
    t.equal(found.build, build, name);
  }
});

await t.test('comments', async (t) => {
  for (const [text, without] of [
    ['a(b)c', 'ac'],
    ['a(b(c)d)e', 'ae'],
    ['a(b\\)c)d', 'ad'],
    ['"a(b)c"', '"a(b)c"'],
    ['a(b', 'a(b'],
    ['a)b', 'a)b'],
  ] as const)
    t.equal(withoutComments(text), without, text);
});

await t.test('dispositions', async (t) => {
  t.equal(parseDisposition('ATTACHMENT; filename=x').type, 'attachment');
  t.equal(parseDisposition('inline').type, 'inline');
  t.equal(parseDisposition('; filename=x').type, '');
  t.same(parseDisposition('attachment; filename=x').readings('filename'), ['x']);
});

const ENCODINGS: readonly (readonly [value: string, coding: Coding, build: 'proper' | 'malformed'])[] = [
  ['7bit', 'identity', 'proper'],
  [' 8BIT ', 'identity', 'proper'],
  ['binary', 'identity', 'proper'],
  ['Base64', 'base64', 'proper'],
  ['quoted-printable', 'quoted-printable', 'proper'],
  ['x-uuencode', 'uuencode', 'proper'],
  ['"base64"', 'base64', 'malformed'],
  ['base64;', 'base64', 'malformed'],
  ['base64 quoted-printable', 'base64', 'malformed'],
  ['(x)base64', 'base64', 'malformed'],
  ['b\\ase64', 'base64', 'malformed'],
  ['base65', 'unknown', 'malformed'],
  ['', 'unknown', 'malformed'],
];

await t.test('transfer encodings', async (t) => {
  for (const [value, coding, build] of ENCODINGS) t.same(parseTransferEncoding(value), { coding, build }, value);
});
