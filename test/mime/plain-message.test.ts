// What is nothing but plain text is known as that and read just as every reader at hand would read it; what is anything else is not.
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { z } from 'zod';
import { readers } from '../../src/daemon/extractors.ts';
import type { ReadEvent } from '../../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../../src/mail/read-limits.ts';
import { readPlain } from '../../src/mime/plain-message.ts';
import { readMessage } from '../../src/mime/read-message.ts';
import { mimeMessages } from '../support/mime-trees.ts';
import { mutations } from '../support/mutations.ts';

const { extractors } = readers(() => 0);
const HEADER = 'From: ann@hospital.example\r\nTo: bob@partner.example\r\nSubject: hello\r\n';

/** As a reading child does it. */
async function readByAll(bytes: Buffer, limits: ReadLimits = DEFAULT_READ_LIMITS): Promise<readonly ReadEvent[]> {
  const events: ReadEvent[] = [];
  await readMessage(bytes, { extractors, limits, skip: new Map(), tell: (event) => void events.push(event) });
  return events;
}

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');
const plain = (text: string): Promise<readonly ReadEvent[] | null> => readPlain(octets(text), DEFAULT_READ_LIMITS);
const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');

await t.test('plain', async (t) => {
  const cases: readonly (readonly [name: string, message: string])[] = [
    ['no type', `${HEADER}\r\nHello`],
    ['no body', `${HEADER}\r\n`],
    ['blank', `${HEADER}\r\n \r\n\r\n`],
    ['lines that end with LF', `${HEADER}\r\nHello\r\n`.replaceAll('\r', '')],
    ['a type', `${HEADER}Content-Type: text/plain; charset="utf-8"\r\n\r\nGr\xc3\xbc\xc3\x9fe`],
    ['flowed', `${HEADER}Content-Type: Text/Plain; format=flowed; delsp=yes\r\n\r\nHello \r\nyou`],
    ['Latin-1', `${HEADER}Content-Type: text/plain; charset=ISO-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe`],
    ['quoted-printable', `${HEADER}Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe =\r\nto you`],
    ['base64', `${HEADER}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64('Grüße')}\r\n`],
    ['inline', `${HEADER}Content-Disposition: inline\r\n\r\nHello`],
    ['encoded words', `${HEADER}X-Two: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?ISO-8859-1?B?Z3L832U=?=\r\n\r\nHello`],
    ['a signature and a quotation', `${HEADER}\r\n> On Monday you began:\r\n> a < b\r\nYes.\r\n-- \r\nAnn`],
  ];
  for (const [name, message] of cases) {
    const events = await plain(message);
    t.ok(events !== null, `${name} is`);
    t.same(events, await readByAll(octets(message)), `${name} reads the same`);
  }
});

await t.test('not plain', async (t) => {
  const html = '<html><body><p>Hello</p></body></html>';
  const typed = (type: string, body: string): string => `${HEADER}Content-Type: ${type}\r\n\r\n${body}`;
  const coded = (coding: string, body: string): string => `${HEADER}Content-Transfer-Encoding: ${coding}\r\n\r\n${body}`;
  const cases: readonly (readonly [name: string, message: string])[] = [
    ['HTML by type', typed('text/html', html)],
    ['HTML by sight', typed('text/plain', html)],
    ['HTML by sight behind base64', coded('base64', base64(html))],
    ['a multipart', typed('multipart/mixed; boundary=b', '--b\r\n\r\nHello\r\n--b--\r\n')],
    ['a delimiter where no type is', `${HEADER}\r\n--b\r\n\r\nHello\r\n--b--\r\n`],
    ['a multipart in a field that hides', `${HEADER}X-Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b--\r\n`],
    ['a message', typed('message/rfc822', `${HEADER}\r\nHello`)],
    ['no type that is one', typed('text', 'Hello')],
    ['two types', `${HEADER}Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nHello`],
    ['two charsets', typed('text/plain; charset=utf-8; charset=iso-8859-1', 'Hello')],
    ['a charset for a library', typed('text/plain; charset=iso-2022-kr', 'Hello')],
    ['a charset in a parameter', typed("text/plain; x*=iso-2022-kr''a", 'Hello')],
    ['a charset in an encoded word', `${HEADER}X-A: =?cp437?q?a?=\r\n\r\nHello`],
    ['a name', typed('text/plain; name=a.txt', 'Hello')],
    ['an attachment', `${HEADER}Content-Disposition: attachment\r\n\r\nHello`],
    ['a file name', `${HEADER}Content-Disposition: inline; filename=a.txt\r\n\r\nHello`],
    ['uuencode', coded('x-uuencode', 'begin 644 a\r\n#2&5L\r\n`\r\nend\r\n')],
    ['a file in the text', `${HEADER}\r\nHello\r\nbegin 644 a\r\n#2&5L\r\n\`\r\nend\r\n`],
    ['gzip', coded('gzip64', 'H4sIAAAAAAAAA/NIzcnJBwCCidH3BQAAAA==')],
    ['an encoding that nobody knows', coded('x-own', 'Hello')],
    ['base64 that is none', coded('base64', 'Hello, you!')],
    ['quoted-printable that is none', coded('quoted-printable', 'a=XXb')],
    ['HL7', `${HEADER}\r\nMSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5\rPID|1||4471920||Hopper^Mary\r`],
    [
      'X12',
      typed(
        'text/plain',
        `ISA*00*${' '.repeat(10)}*00*${' '.repeat(10)}*ZZ*A${' '.repeat(14)}*ZZ*B${' '.repeat(14)}*260101*1200*^*00501*000000001*0*P*:~`,
      ),
    ],
    ['JSON', `${HEADER}\r\n{"a": 1}`],
    ['XML', `${HEADER}\r\n<?xml version="1.0"?><a/>`],
    ['a card', `${HEADER}\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n`],
    ['OpenPGP', `${HEADER}\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n`],
    ['a PDF', coded('base64', Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64'))],
    ['a picture', coded('base64', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1').toString('base64'))],
    ['a control', `${HEADER}\r\nHello\0you`],
    ['an escape', `${HEADER}\r\nHello \x1b$B4A\x1b(B`],
    ['a control in the header', `${HEADER}X-A: a\x01b\r\n\r\nHello`],
    ['a bare CR in the header', `${HEADER}X-A: a\rX-B: b\r\n\r\nHello`],
    ['a header without an end', HEADER],
    ['a line that is no field', `${HEADER}no field\r\n\r\nHello`],
    ['a field that stands twice', `${HEADER}Subject: again\r\n\r\nHello`],
    ['letters that look like others', `${HEADER}\r\ndi\xd0\xb0betes mellitus`],
    ['UTF-8 under the name of ASCII', typed('text/plain; charset=us-ascii', 'Gr\xc3\xbc\xc3\x9fe')],
  ];
  for (const [name, message] of cases) t.equal(await plain(message), null, name);
});

await t.test('limits', async (t) => {
  const message = octets(`${HEADER}\r\n${'Hello you. '.repeat(100)}`);
  const cases: readonly (readonly [name: string, limits: Partial<ReadLimits>])[] = [
    ['a message that is longer than is looked at', { messageBytes: 500 }],
    ['a part that is', { partBytes: 500 }],
    ['text that is', { textLength: 500 }],
    ['spans', { spans: 2 }],
    ['parts', { parts: 1 }],
    ['depth', { depth: 0 }],
  ];
  t.ok(await readPlain(message, DEFAULT_READ_LIMITS));
  for (const [name, limits] of cases) t.equal(await readPlain(message, { ...DEFAULT_READ_LIMITS, ...limits }), null, name);
});

/** Null where it is not plain. */
async function isReadTheSame(bytes: Buffer): Promise<boolean | null> {
  const events = await readPlain(bytes, DEFAULT_READ_LIMITS);
  return events === null ? null : isDeepStrictEqual(events, await readByAll(bytes));
}

/** Every file of the tests, as a message, and as the body of one. */
function testMessages(): readonly (readonly [name: string, bytes: Buffer])[] {
  const files = readdirSync('test/data', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const heads = [
    '',
    'Content-Type: text/plain; charset=iso-8859-1\r\n',
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n',
  ];
  return files.flatMap(({ parentPath, name }) => {
    const bytes = readFileSync(`${parentPath}/${name}`).subarray(0, 100_000);
    const bodies = heads.map((head) => {
      const body = head.includes('base64') ? Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n')) : bytes;
      return [`${name} behind ${head}`, Buffer.concat([octets(`${HEADER}${head}\r\n`), body])] as const;
    });
    return [[name, bytes], ...bodies] as const;
  });
}

await t.test('all messages and files of the tests', async (t) => {
  let same = 0;
  let others = 0;
  for (const [name, bytes] of testMessages()) {
    const read = await isReadTheSame(bytes);
    if (read === false) t.fail(name);
    else if (read === null) others++;
    else same++;
  }
  t.ok(same > 200 && others > 500, `${same} are plain, ${others} are not`);
});

const LETTER = z.object({ subject: z.string(), text: z.string() });

await t.test('all letters', async (t) => {
  let same = 0;
  for (const name of readdirSync('test/data/letters').filter((one) => one.endsWith('.jsonl'))) {
    for (const line of readFileSync(`test/data/letters/${name}`, 'utf8').trim().split('\n').slice(0, 150)) {
      const { subject, text } = LETTER.parse(JSON.parse(line));
      const read = await isReadTheSame(Buffer.from(`From: ann@hospital.example\r\nSubject: ${subject}\r\n\r\n${text}`));
      if (read === false) t.fail(`${name}: ${subject}`);
      if (read === true) same++;
    }
  }
  t.ok(same > 400, `${same} are plain`);
});

const PIECES = [
  ...[
    'Hello world\r\n',
    'Gr\xc3\xbc\xc3\x9fe\r\n',
    'Gr\xfc\xdfe\n',
    '\r\n',
    '-- \r\n',
    '--b\r\n',
    'a = b \r\n',
    '=C3=A9',
    '=\r\n',
    '> quoted\r\n',
  ],
  ...[
    '<b>bold</b>',
    '<html>',
    '{"a":1}',
    'MSH|^~\\&|',
    'begin 644 a\r\n',
    'From me\r\n',
    'SGVsbG8=',
    '+AGE-',
    '\xe2\x80\xae',
    '\xd0\xb0',
    '\x1b$B',
    '\0',
    '\r',
  ],
];
const FIELDS = [
  ...[
    'Content-Type: text/plain\r\n',
    'Content-Type: text/plain; charset=utf-8; format=flowed\r\n',
    'Content-Type: text/plain; charset=windows-1252\r\n',
  ],
  ...['Content-Type: text/html\r\n', 'Content-Transfer-Encoding: 8bit\r\n', 'Content-Transfer-Encoding: quoted-printable\r\n'],
  ...['Content-Transfer-Encoding: base64\r\n', 'Content-Disposition: inline\r\n', 'MIME-Version: 1.0\r\n', 'X-A: =?utf-8?q?=C3=A9?=\r\n'],
  ...[
    'X-A: =?gb2312?b?xOM=?=\r\n',
    'X-B: Gr\xfc\xdfe\r\n',
    'X-C: a\r\n b\r\n',
    'X-D : e\r\n',
    'X-E: multipart/mixed; boundary=b\r\n',
    ' \r\n',
  ],
];

const made = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 4 }), fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }))
  .map(([fields, pieces]) => octets(`${HEADER}${fields.join('')}\r\n${pieces.join('')}`));
const trees = mimeMessages.map(({ text }) => octets(text));

await t.test('messages made at random', async (t) => {
  let same = 0;
  for (const bytes of fc.sample(fc.oneof({ weight: 5, arbitrary: made }, trees), { seed: 20261128, numRuns: 3_000 })) {
    const read = await isReadTheSame(bytes);
    if (read === false) t.fail(bytes.toString('base64').slice(0, 300));
    if (read === true) same++;
  }
  t.ok(same > 100 && same < 2_900, `${same} are plain`);
});

await t.test('plain messages, bent', async (t) => {
  const message = octets(
    `${HEADER}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n`,
  );
  let same = 0;
  for (const bytes of mutations(message, 1_500)) {
    const read = await isReadTheSame(bytes);
    if (read === false) t.fail(bytes.toString('base64').slice(0, 300));
    if (read === true) same++;
  }
  t.ok(same > 10, `${same} are plain still`);
});
