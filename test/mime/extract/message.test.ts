// Messages as trees: numbers, roles, names, header fields as text.
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { DEFAULT_READ_LIMITS } from '../../../src/mail/read-limits.ts';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';
import { extractorsByKind, readMessage } from '../../../src/mime/read-message.ts';
import { MIME_EXTRACTORS, plainLeaves } from '../../support/plain-leaves.ts';
import { readWith } from '../../support/read.ts';

const HEAD = 'From: a@b.example\r\nMIME-Version: 1.0\r\n';
const TEXT = 'Content-Type: text/plain\r\n\r\nhello there\r\n';
const HTML = 'Content-Type: text/html\r\n\r\n<p>hello there</p>\r\n';
const PNG = `Content-Type: image/png\r\nContent-ID: <p@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==\r\n`;
const CSV = 'Content-Type: text/csv\r\nContent-Disposition: attachment; filename=list.csv\r\n\r\na,b\r\n1,2\r\n';

/** A multipart as a part. */
function multi(subtype: string, boundary: string, ...parts: readonly string[]): string {
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}

function read(text: string): Promise<Message> {
  return readWith(MIME_EXTRACTORS, Buffer.from(text, 'latin1'));
}

const TREES: readonly (readonly [name: string, text: string, tree: string])[] = [
  ['nothing', '', ':message:body 1:empty:body'],
  ['text', `${HEAD}${TEXT}`, ':message:body 1:text:body'],
  ['no header', '\r\nhello there', ':message:body 1:text:body'],
  ['a picture alone', `${HEAD}${PNG}`, ':message:body 1:picture:attachment'],
  ['text to keep apart', `${HEAD}${CSV}`, ':message:body 1:csv:attachment'],
  ['mixed', HEAD + multi('mixed', 'b', TEXT, CSV), ':message:body 1:text:body 2:csv:attachment'],
  ['mixed, text after', HEAD + multi('mixed', 'b', TEXT, PNG, TEXT), ':message:body 1:text:body 2:picture:attachment 3:text:inline'],
  ['alternatives', HEAD + multi('alternative', 'b', TEXT, HTML), ':message:body 1:text:body 2:html:body'],
  [
    'the usual',
    HEAD + multi('mixed', 'm', multi('related', 'r', multi('alternative', 'a', TEXT, HTML), PNG), CSV),
    ':message:body 1:multipart:body 1.1:multipart:body 1.1.1:text:body 1.1.2:html:body 1.2:picture:inline 2:csv:attachment',
  ],
  [
    'related with a root further on',
    HEAD + multi('related; start="<r@x>"', 'b', PNG, `Content-ID: <r@x>\r\n${HTML}`),
    ':message:body 1:picture:inline 2:html:body',
  ],
  ['inline', HEAD + multi('mixed', 'b', TEXT, `Content-Disposition: inline\r\n${PNG}`), ':message:body 1:text:body 2:picture:inline'],
  [
    'a message inside',
    HEAD + multi('mixed', 'b', TEXT, `Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n${multi('mixed', 'c', TEXT, CSV)}`),
    ':message:body 1:text:body 2:message:attachment 2.1:text:body 2.2:csv:attachment',
  ],
  [
    'digest',
    HEAD + multi('digest', 'b', '\r\nSubject: one\r\n\r\nhello', '\r\nSubject: two\r\n\r\nhello'),
    ':message:body 1:message:attachment 1.1:text:body 2:message:attachment 2.1:text:body',
  ],
  [
    'signed',
    HEAD +
      multi(
        'signed',
        'b',
        TEXT,
        'Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nabcd\r\n-----END PGP SIGNATURE-----\r\n',
      ),
    ':message:body 1:text:body 2:signature:attachment',
  ],
  ['no parts', `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\nhello there`, ':message:body 1:text:body'],
  [
    'an attached multipart',
    HEAD + multi('mixed', 'b', TEXT, `Content-Disposition: attachment\r\n${multi('mixed', 'c', TEXT)}`),
    ':message:body 1:text:body 2:multipart:attachment 2.1:text:attachment',
  ],
];

await t.test('trees', async (t) => {
  for (const [name, text, tree] of TREES) {
    const { parts } = await read(text);
    t.equal(parts.map(({ path, kind, role }) => `${path}:${kind}:${role}`).join(' '), tree, name);
  }
});

const NAMES: readonly (readonly [fields: string, ...names: string[]])[] = [
  ['Content-Disposition: attachment; filename=a.txt', 'a.txt'],
  ['Content-Disposition: attachment; filename="a b.txt"', 'a b.txt'],
  ['Content-Disposition: attachment; filename=a b.txt', 'a b.txt', 'a'],
  ['Content-Type: text/plain; name=a.txt', 'a.txt'],
  ['Content-Type: text/plain; name=b.txt\r\nContent-Disposition: attachment; filename=a.txt', 'a.txt', 'b.txt'],
  ["Content-Disposition: attachment; filename*=utf-8''%E2%82%AC.txt", '\u20ac.txt'],
  ["Content-Disposition: attachment; filename=euro.txt; filename*=utf-8''%E2%82%AC.txt", '\u20ac.txt', 'euro.txt'],
  ["Content-Disposition: attachment; filename*0*=iso-8859-15''%A4; filename*1=-rates.txt", '\u20ac-rates.txt'],
  ['Content-Disposition: attachment; filename="=?utf-8?B?4oKsLnR4dA==?="', '\u20ac.txt', '=?utf-8?B?4oKsLnR4dA==?='],
  [
    'Content-Disposition: attachment; filename="=?utf-8?Q?=E2=82?=\r\n =?utf-8?Q?=AC.txt?="',
    '\u20ac.txt',
    '=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC.txt?=',
  ],
  ['Content-Disposition: attachment; filename="\xe2\x82\xac.txt"', '\u20ac.txt'],
];

await t.test('file names', async (t) => {
  for (const [fields, ...names] of NAMES) {
    const { parts, spans } = await read(`${HEAD}${fields}\r\n\r\nhello`);
    t.equal(parts[1]?.name, names[0], fields.replace(/[^ -~]/g, '?'));
    const found = spans.filter(({ place }) => place.area === 'file-name').map(({ text }) => text);
    t.same(found.toSorted(), names.toSorted(), 'each reading is text');
  }
});

const FIELDS: readonly (readonly [field: string, ...texts: string[]])[] = [
  ['Subject: plain', 'plain'],
  ['Subject:\r\n folded\r\n\tagain', 'folded\tagain'],
  ['Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus?= =?utf-8?Q?_K=C3=B6ln?=', 'Gr\u00fc\u00dfe aus K\u00f6ln'],
  ['Subject: =?utf-8?B?w7w=?= and =?iso-8859-1?q?=FC?=', '\u00fc and \u00fc'],
  ['Subject: =?utf-8?B?w?= =?utf-8?B?7w=?=', '\u00fc'],
  ['Subject: =?utf-8?Q?=C3?=\r\n =?utf-8?Q?=BC?=', '\u00fc'],
  ['Subject: =?utf-8*en?Q?a?=', 'a'],
  ['Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '\u65e5\u672c'],
  ['Subject: \u001b$BF|K\\\u001b(B', '\u65e5\u672c'],
  ['Subject: \xc3\xbc', '\u00fc'],
  ['Subject: caf\xe9', 'caf\u00e9'],
  [
    'Subject: \xef\xf0\xe8\xe2\xe5\xf2\r\nContent-Type: text/plain; charset=windows-1251',
    '\u043f\u0440\u0438\u0432\u0435\u0442',
    'text/plain; charset=windows-1251',
  ],
  ['From: "=?utf-8?Q?J=C3=BCrgen?=" <j@b.example>', '"J\u00fcrgen" <j@b.example>'],
  ['X-Own (comment): =?utf-8?Q?=C3=BC?=', '\u00fc'],
  ['Subject: =?utf-8?Q?two words?=', 'two words', '=?utf-8?Q?two words?='],
  ['Subject: =?x-no-such?Q?a=20b?=', 'a b', '=?x-no-such?Q?a=20b?='],
  ['Subject: a =?b', 'a =?b'],
  ['Subject: =?utf-8?Q??=x', 'x'],
  ['Subject: =?utf-8?B?!!!?=', '=?utf-8?B?!!!?='],
];

await t.test('header fields', async (t) => {
  for (const [field, ...texts] of FIELDS) {
    const { spans } = await read(`${field}\r\n\r\nhello`);
    const found = spans.filter(({ part, place }) => part === '' && place.area === 'header');
    t.same(
      found.map(({ text }) => text),
      texts,
      field.replace(/[^ -~]/g, '?'),
    );
  }
});

await t.test('fields carry their names, those of parts too', async (t) => {
  const { spans } = await read(`Subject: x\r\n${HEAD}${multi('mixed', 'b', `Content-Description: y\r\n${TEXT}`)}`);
  const found = spans.filter(({ place }) => place.area === 'header').map(({ part, place, text }) => `${part}|${place.field ?? ''}|${text}`);
  t.ok(found.includes('|subject|x'));
  t.ok(found.includes('|content-description|y'));
});

await t.test('bodies are views, not copies', async (t) => {
  const bytes = Buffer.from(HEAD + multi('mixed', 'b', multi('mixed', 'c', TEXT), TEXT.repeat(2_000)), 'latin1');
  const seen: ArrayBufferLike[] = [];
  const leaf: Extractor = {
    kinds: ['text'],
    extract(source) {
      seen.push(source.bytes.buffer);
    },
  };
  const extractors = extractorsByKind([...MIME_EXTRACTORS.filter((one) => one !== plainLeaves), leaf]);
  await readMessage(bytes, { extractors, limits: DEFAULT_READ_LIMITS, skip: new Map(), tell: () => undefined });
  t.equal(seen.length, 2);
  t.ok(
    seen.every((memory) => memory === bytes.buffer),
    'of the message',
  );
});

await t.test('text outside of parts', async (t) => {
  const usual = await read(
    `${HEAD}${multi('mixed', 'b', TEXT).replace('\r\n\r\n--b', '\r\n\r\nThis is a multi-part message in MIME format.\r\n--b')}`,
  );
  t.same(usual.defects, []);
  t.ok(usual.spans.some(({ place, text }) => place.area === 'hidden' && text.includes('multi-part')));
  const odd = await read(`${HEAD}${multi('mixed', 'b', TEXT)}secret`);
  t.same(odd.defects, [{ part: '', code: 'text-outside-parts' }]);
  t.ok(odd.spans.some(({ place, text }) => place.area === 'hidden' && text.includes('secret')));
});
