// Where mail programs read differently: in every case what one of them shows is found, and that they differ is told.
import t from 'tap';
import type { DefectCode, Message } from '../../../src/mail/message.ts';
import { readWith, textOf } from '../../support/read.ts';
import { MIME_EXTRACTORS } from '../../support/plain-leaves.ts';

const SECRET = 'The heron waits at dusk in azure water.';
const B64 = Buffer.from(SECRET).toString('base64');
const QP = Array.from(Buffer.from(SECRET), (octet) => `=${octet.toString(16).padStart(2, '0').toUpperCase()}`).join('');
const HEAD = 'From: a@b.example\r\nSubject: birds\r\nMIME-Version: 1.0\r\n';
const PART = `Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${B64}\r\n`;

/** A message whose body is two parts, with `type` for its Content-Type field. */
function multi(type: string, boundary: string, part = PART): string {
  return `${HEAD}Content-Type: ${type}\r\n\r\n--${boundary}\r\nContent-Type: text/plain\r\n\r\nhello\r\n--${boundary}\r\n${part}--${boundary}--\r\n`;
}

/** A message of one part with these fields. */
function single(fields: string, body: string): string {
  return `${HEAD}${fields}\r\n\r\n${body}`;
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly defect: DefectCode | null;
}

const TYPES: readonly (readonly [type: string, boundary: string, defect: DefectCode | null])[] = [
  ['multipart/mixed; boundary=b', 'b', null],
  ['multipart/mixed;boundary="b"', 'b', null],
  ['MULTIPART/Mixed; BOUNDARY=b', 'b', null],
  ['multipart/mixed; boundary="a b"', 'a b', null],
  ["multipart/mixed; boundary*=us-ascii''b%20c", 'b c', null],
  ["multipart/mixed; boundary*0*=''b; boundary*1=c", 'bc', null],
  ["multipart/mixed; boundary*1=c; boundary*0*=''b", 'bc', null],
  ['multipart/mixed; boundary=x; boundary=b', 'b', 'parameter-malformed'],
  ['multipart/mixed; boundary=b; boundary=x', 'b', 'parameter-malformed'],
  ["multipart/mixed; boundary=b; boundary*=''x", 'b', null],
  ["multipart/mixed; boundary=x; boundary*=''b", 'b', null],
  ['multipart/mixed boundary=b', 'b', 'content-type-malformed'],
  ['multipart/mixed, boundary=b', 'b', 'content-type-malformed'],
  ['multipart/mixed; boundary = b', 'b', 'parameter-malformed'],
  ['multipart/mixed; boundary="b', 'b', 'parameter-malformed'],
  ['multipart/mixed; boundary="b"c', 'bc', 'parameter-malformed'],
  ['multipart/mixed; boundary="b"c', 'b', 'parameter-malformed'],
  ['multipart/mixed; boundary=b"c"', 'b', 'parameter-malformed'],
  ['multipart/mixed; boundary="\\b"', 'b', null],
  ['multipart/mixed; boundary="\\b"', '\\b', null],
  ["multipart/mixed; boundary='b'", 'b', null],
  ['multipart/mixed; boundary=b c', 'b c', 'parameter-malformed'],
  ['multipart/mixed; boundary=b c', 'b', 'parameter-malformed'],
  ['multipart/mixed; boundary=b(comment)', 'b', 'parameter-malformed'],
  ['multipart/mixed; (boundary=x) boundary=b', 'b', 'parameter-malformed'],
  ['multipart/mixed (comment); boundary=b', 'b', 'content-type-malformed'],
  ['multi(comment)part/mixed; boundary=b', 'b', 'content-type-malformed'],
  ['"multipart/mixed"; boundary=b', 'b', 'content-type-malformed'],
  ['multi\\part/mixed; boundary=b', 'b', 'content-type-malformed'],
  ['=?us-ascii?Q?multipart/mixed?=; boundary=b', 'b', 'content-type-malformed'],
  ['multipart; boundary=b', 'b', 'content-type-malformed'],
  ['multipart/mixed; boundary="=?us-ascii?Q?b?="', 'b', null],
  ['multipart/mixed; boundary="=?us-ascii?Q?b?="', '=?us-ascii?Q?b?=', null],
  ['multipart/mixed', 'b', 'boundary-ambiguous'],
  ['multipart/mixed; boundary=""', 'b', 'boundary-ambiguous'],
  ['multipart/mixed; boundary=other', 'b', 'boundary-ambiguous'],
  ['multipart/mixed; boundary=b\0c', 'b', 'parameter-malformed'],
  ['text/plain; boundary=b', 'b', 'boundary-ambiguous'],
  ['x; boundary=b', 'b', 'content-type-malformed'],
  ['multipart/mixed; bound\r\n ary=b', 'b', 'parameter-malformed'],
  ['text/plain\r\nContent-Type: multipart/mixed; boundary=b', 'b', 'field-repeated'],
  ['multipart/mixed; boundary=b\r\nContent-Type: text/plain', 'b', 'field-repeated'],
  ['multipart/mixed; boundary=x\r\nContent-Type: multipart/mixed; boundary=b', 'b', 'field-repeated'],
];

const CODED: readonly (readonly [fields: string, body: string, defect: DefectCode | null])[] = [
  ['Content-Transfer-Encoding: BASE64', B64, null],
  ['content-transfer-encoding:base64 ', B64, null],
  ['Content-Transfer-Encoding:\r\n base64', B64, null],
  ['Content-Transfer-Encoding: "base64"', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: base64; x=y', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: base64 (comment)', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: ba(comment)se64', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: x-base64', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: =?us-ascii?Q?base64?=', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: quoted-printable\r\nContent-Transfer-Encoding: base64', B64, 'field-repeated'],
  ['Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: quoted-printable', QP, 'field-repeated'],
  ['Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64', B64, 'field-repeated'],
  ['Content-Transfer-Encoding : base64', B64, 'header-malformed'],
  ['Content-Transfer-Encoding:: base64', B64, 'transfer-encoding-unknown'],
  ['X: y\rContent-Transfer-Encoding: base64', B64, 'header-malformed'],
  ['\0Content-Transfer-Encoding: base64', B64, 'header-malformed'],
  ['junk\r\nContent-Transfer-Encoding: base64', B64, 'header-malformed'],
  ['junk\r\nContent-Transfer-Encoding: base64', SECRET, 'header-malformed'],
  ['Content-Encoding: base64', B64, null],
  ['Content-Transfer-Encoding: base64', B64.replace(/=+$/, ''), null],
  ['Content-Transfer-Encoding: base64', B64.replace(/./g, '$&!'), 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', B64.replace(/./g, '$&-'), 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', B64.replace(/..../g, '$&='), 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', `${B64.slice(0, 20)}=${B64.slice(20)}`, 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', `eA==${B64}`, 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', `${Buffer.from('x').toString('base64')}\r\n${B64}`, 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', `${B64.replace(/.{8}/g, '$&X\r\n')}`, 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', `abc\r\n\r\n${B64}`, null],
  ['Content-Transfer-Encoding: base64', `${B64.replace(/.{8}/g, '$&#junk\r\n')}`, 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', `eA==\r\n\r\n${SECRET}`, 'base64-malformed'],
  ['Content-Transfer-Encoding: base64', SECRET, 'base64-malformed'],
  ['Content-Transfer-Encoding: quoted-printable', QP, null],
  ['Content-Transfer-Encoding: quoted-printable', QP.toLowerCase(), null],
  ['Content-Transfer-Encoding: quoted-printable', QP.replace(/=../g, '$&= \r\n'), null],
  ['Content-Transfer-Encoding: quoted-printable', QP.replace(/=../g, '$&=\n'), null],
  ['Content-Transfer-Encoding: quoted-printable', QP.replace(/=../g, '=$&'), 'quoted-printable-malformed'],
  ['Content-Transfer-Encoding: quoted-printable', `${SECRET} 1 = 2`, 'quoted-printable-malformed'],
  [
    'Content-Transfer-Encoding: x-uuencode',
    `begin 644 a.txt\r\nG5&AE(&AE<F]N('=A:71S(&%T(&1U<VL@:6X@87IU<F4@=V%T97(N\r\n\`\r\nend\r\n`,
    null,
  ],
  ['Content-Transfer-Encoding: uuencode', `begin 644 a.txt\nG5&AE(&AE<F]N('=A:71S(&%T(&1U<VL@:6X@87IU<F4@=V%T97(N\n`, null],
  ['Content-Transfer-Encoding: x-unknown', B64, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: x-unknown', QP, 'transfer-encoding-unknown'],
  ['Content-Transfer-Encoding: x-unknown', SECRET, 'transfer-encoding-unknown'],
];

const inner = `--in\r\n${PART}--in--\r\n`;
const STRUCTURES: readonly Case[] = [
  {
    name: 'white space behind a delimiter',
    text: multi('multipart/mixed; boundary=b', 'b').replaceAll('--b\r\n', '--b \t\r\n'),
    defect: null,
  },
  {
    name: 'text behind a delimiter',
    text: multi('multipart/mixed; boundary=b', 'b').replace(`--b\r\n${PART}`, `--bx\r\n${PART}`),
    defect: 'boundary-ambiguous',
  },
  { name: 'not closed', text: multi('multipart/mixed; boundary=b', 'b').replace('--b--\r\n', ''), defect: 'multipart-not-closed' },
  {
    name: 'a part behind the end',
    text: multi('multipart/mixed; boundary=b', 'b').replace(`--b\r\n${PART}`, `--b--\r\n\r\n--b\r\n${PART}`),
    defect: 'boundary-ambiguous',
  },
  {
    name: 'an end before the first part',
    text: multi('multipart/mixed; boundary=b', 'b').replace('\r\n\r\n--b\r\n', '\r\n\r\n--b--\r\n--b\r\n'),
    defect: 'boundary-ambiguous',
  },
  {
    name: 'in the preamble',
    text: multi('multipart/mixed; boundary=b', 'b', 'x\r\n').replace('\r\n\r\n--b', `\r\n\r\n${SECRET}\r\n--b`),
    defect: 'text-outside-parts',
  },
  { name: 'in the epilogue', text: `${multi('multipart/mixed; boundary=b', 'b', 'x\r\n')}${SECRET}`, defect: 'text-outside-parts' },
  {
    name: 'an encoded part in the epilogue',
    text: `${multi('multipart/mixed; boundary=b', 'b', 'x\r\n')}${PART}`,
    defect: 'text-outside-parts',
  },
  { name: 'a bare LF before a delimiter', text: multi('multipart/mixed; boundary=b', 'b').replaceAll('\r\n', '\n'), defect: null },
  {
    name: 'a bare CR before a delimiter',
    text: multi('multipart/mixed; boundary=b', 'b').replace(`\r\n--b\r\n${PART}`, `\r--b\r\n${PART}`),
    defect: 'boundary-ambiguous',
  },
  { name: 'bare CR everywhere', text: multi('multipart/mixed; boundary=b', 'b').replaceAll('\r\n', '\r'), defect: 'header-malformed' },
  {
    name: 'encoded multipart',
    text: single(
      'Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64',
      Buffer.from(`--b\r\n${PART}--b--`).toString('base64'),
    ),
    defect: 'multipart-encoded',
  },
  {
    name: 'a multipart that is said to be encoded',
    text: single('Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64', `--b\r\n${PART}--b--`),
    defect: 'multipart-encoded',
  },
  {
    name: 'encoded message',
    text: single('Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable', `Subject: x\r\n\r\n${QP}`),
    defect: 'multipart-encoded',
  },
  {
    name: 'an outer delimiter within an inner part',
    text: multi(
      'multipart/mixed; boundary=b',
      'b',
      `Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${B64.slice(0, 16)}\r\n--b\r\n${B64.slice(16)}\r\n--in--\r\n`,
    ),
    defect: 'boundary-ambiguous',
  },
  {
    name: 'a delimiter within a header',
    text: multi('multipart/mixed; boundary=b', 'b', `Content-Type: multipart/mixed; boundary=in\r\n--b--\r\n\r\n${inner}`),
    defect: 'boundary-ambiguous',
  },
  {
    name: 'the same boundary inside',
    text: multi('multipart/mixed; boundary=b', 'b', `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${PART}--b--\r\n`),
    defect: 'boundary-ambiguous',
  },
  {
    name: 'an inner boundary that begins with the outer',
    text: multi(
      'multipart/mixed; boundary=b',
      'b',
      `Content-Type: multipart/mixed; boundary=bin\r\n\r\n${inner.replaceAll('--in', '--bin')}`,
    ),
    defect: 'boundary-ambiguous',
  },
  {
    name: 'an inner boundary that is the outer end',
    text: multi('multipart/mixed; boundary=b', 'b', `Content-Type: multipart/mixed; boundary=b--\r\n\r\n--b--\r\n${PART}--b----\r\n`),
    defect: 'boundary-ambiguous',
  },
  { name: 'a header behind an empty line', text: multi('multipart/mixed; boundary=b', 'b', `\r\n${PART}`), defect: 'header-malformed' },
  { name: 'no header at all', text: `--b\r\n${PART}--b--\r\n`, defect: null },
  { name: 'a blank fold', text: `${HEAD}X: y\r\n \r\nContent-Transfer-Encoding: base64\r\n\r\n${SECRET}`, defect: 'header-malformed' },
  {
    name: 'an envelope line of a mailbox file',
    text: `From a@b.example Mon Jan  1 00:00:00 2024\r\n${single('X: y', SECRET)}`,
    defect: null,
  },
  { name: 'a byte order mark', text: `\xef\xbb\xbf${multi('multipart/mixed; boundary=b', 'b')}`, defect: 'header-malformed' },
  {
    name: 'two charsets',
    text: single('Content-Type: text/plain; charset=utf-16le; charset=utf-8', `${SECRET} \xc3\xa4`),
    defect: 'parameter-malformed',
  },
  {
    name: 'external body',
    text: single(
      'Content-Type: message/external-body; access-type=URL; URL="http://x.example"',
      `Content-Type: text/plain\r\nContent-Description: ${SECRET}\r\n\r\n`,
    ),
    defect: 'body-elsewhere',
  },
  {
    name: 'first piece',
    text: single('Content-Type: message/partial; id=x; number=1; total=2', `Subject: y\r\n\r\n${SECRET}`),
    defect: 'part-incomplete',
  },
  { name: 'second piece', text: single('Content-Type: message/partial; id=x; number=2; total=2', SECRET), defect: 'part-incomplete' },
  { name: 'in two subjects', text: `Subject: x\r\nSubject: ${SECRET}\r\n\r\nx`, defect: 'field-repeated' },
  { name: 'in an encoded word without end', text: `Subject: =?utf-8?Q?${QP}\r\n\r\nx`, defect: 'encoded-word-malformed' },
  { name: 'beside an encoded word', text: `Subject: =?x-unknown?Q?=FF?= ${SECRET}\r\n\r\nx`, defect: 'encoded-word-malformed' },
  {
    name: 'in a file name',
    text: single(`Content-Type: text/plain; name=x.txt\r\nContent-Disposition: attachment; filename="${SECRET}"`, 'x'),
    defect: null,
  },
  {
    name: 'in a type name',
    text: single(`Content-Type: text/plain; name="${SECRET}"\r\nContent-Disposition: attachment; filename=x.txt`, 'x'),
    defect: null,
  },
  {
    name: 'in a file name without quotes',
    text: single(`Content-Disposition: attachment; filename=${SECRET}`, 'x'),
    defect: 'parameter-malformed',
  },
  {
    name: 'in a file name in pieces',
    text: single(`Content-Disposition: attachment; filename*0*=utf-8''The%20heron%20waits; filename*1=" at dusk in azure water."`, 'x'),
    defect: null,
  },
  {
    name: 'in a description',
    text: multi('multipart/mixed; boundary=b', 'b', `Content-Description: ${SECRET}\r\n\r\nx\r\n`),
    defect: null,
  },
];

const CASES: readonly Case[] = [
  ...TYPES.map(([type, boundary, defect]) => ({ name: `Content-Type: ${type} for ${boundary}`, text: multi(type, boundary), defect })),
  ...CODED.map(([fields, body, defect]) => ({ name: `${fields} / ${body.slice(0, 12)}`, text: single(fields, body), defect })),
  ...STRUCTURES,
];

function printable(name: string): string {
  return name.replace(/[^ -~]/g, (character) => `<${character.codePointAt(0) ?? 0}>`).replaceAll('#', 'hash');
}

function read(text: string): Promise<Message> {
  return readWith(MIME_EXTRACTORS, Buffer.from(text, 'latin1'));
}

for (const { name, text, defect } of CASES) {
  await t.test(printable(name), async (t) => {
    const message = await read(text);
    t.ok(textOf(message).replace(/\r?\n/g, '').includes(SECRET), 'found');
    const codes: readonly string[] = message.defects.map(({ code }) => code);
    if (defect !== null) t.ok(codes.includes(defect), `${defect} among ${codes.join(' ')}`);
    t.notOk(
      message.blindSpots.some(({ kind }) => kind !== 'unknown'),
      'nothing broken',
    );
  });
}

await t.test('what all programs read alike is read once and has no defect', async (t) => {
  for (const text of [
    multi('multipart/mixed; boundary=b', 'b'),
    multi('multipart/alternative; boundary="=_b"', '=_b'),
    single('Content-Type: text/plain', SECRET),
  ]) {
    const { parts, defects, blindSpots } = await read(text);
    t.same(defects, []);
    t.same(blindSpots, []);
    t.notOk(parts.some(({ role }) => role === 'other-reading'));
  }
});

await t.test('the same octets are not read twice', async (t) => {
  const { parts, spans } = await read(
    single(
      'Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: text/plain\r\nContent-Type: text/plain',
      SECRET,
    ),
  );
  t.equal(parts.length, 2);
  t.equal(spans.filter(({ text }) => text === SECRET).length, 1);
});

await t.test('other readings are bounded', async (t) => {
  const pairs = Array.from({ length: 300 }, (_, i) => `--bx\r\n\r\none ${i}\r\n--b\r\n\r\ntwo ${i}\r\n`).join('');
  const { parts, blindSpots } = await read(single('Content-Type: multipart/mixed; boundary=b', pairs));
  t.ok(parts.filter(({ role }) => role === 'other-reading').length <= 64);
  t.same(blindSpots, [{ part: '', kind: 'too-large' }]);
});
