// Changes of a message on its way: what was asked is there, and all else is octet for octet what it was, however odd the message.
import fc from 'fast-check';
import t from 'tap';
import { HeaderCollector } from '../../src/mime/header-collector.ts';
import { type Changes, modify, planModification } from '../../src/mime/modify.ts';
import { fuzz } from '../support/fuzz.ts';
import { mimeMessages } from '../support/mime-trees.ts';
import { askPython } from '../support/python.ts';

const NONE: Changes = { stripTags: [], addFields: [], unsubscribe: null, appendText: null, seed: '01JD9Z0000000000000000TEST' };
const B = '=_t01JD9Z0000000000000000TEST';
const FOOT = `\r\n--${B}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSent by Clinic.\r\n\r\n--${B}--\r\n`;
const OUTER = `Content-Type: multipart/mixed; boundary="${B}"\r\n`;

function headerOf(text: string): Uint8Array {
  const collector = new HeaderCollector();
  const collected = collector.push(Buffer.from(text, 'latin1'));
  return collected.kind === 'header' ? collected.header : collector.end();
}

/** @param text latin1 */
async function changed(text: string, changes: Partial<Changes>, piece = 1_000, body: '7bit' | '8bitmime' = '7bit'): Promise<string> {
  const bytes = Buffer.from(text, 'latin1');
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const pieces: Uint8Array[] = [];
  for await (const one of modify(content(), planModification(headerOf(text), { ...NONE, ...changes }, body))) pieces.push(Buffer.from(one));
  return Buffer.concat(pieces).toString('latin1');
}

const HEADER = 'Received: from a\r\n by b\r\nFrom:  a@clinic.example\r\nSUBJECT : [secure] Results\r\nX-Odd:\t x \r\n';

await t.test('nothing asked, nothing found: the same content, not a copy of it', async (t) => {
  const plan = planModification(Buffer.from('Subject: x\r\n\r\nHi\r\n'), { ...NONE, stripTags: ['[secure]'] }, '7bit');
  t.same(plan, { edits: [], tail: '' });
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('x');
  }
  const given = content();
  t.equal(modify(given, plan), given);
});

await t.test('the header', async (t) => {
  const table: readonly (readonly [name: string, text: string, changes: Partial<Changes>, expected: string])[] = [
    ['a tag', `${HEADER}\r\nHi\r\n`, { stripTags: ['[secure]'] }, `${HEADER.replace(' : [secure]', ':')}\r\nHi\r\n`],
    [
      'two subjects',
      'Subject: #secure a\r\nSubject: b #secure\r\n\r\nHi\r\n',
      { stripTags: ['#secure'] },
      'Subject: a\r\nSubject: b\r\n\r\nHi\r\n',
    ],
    ['a tag in the body stays', 'A: b\r\n\r\nSubject: [secure] x\r\n', { stripTags: ['[secure]'] }, 'A: b\r\n\r\nSubject: [secure] x\r\n'],
    ['a field', 'A: b\r\n\r\nHi\r\n', { addFields: [{ name: 'X-Checked', value: 'yes' }] }, 'X-Checked: yes\r\nA: b\r\n\r\nHi\r\n'],
    [
      'those of its name go',
      'x-checked: no\r\n maybe\r\nA: b\r\nX-CHECKED : no\r\nX-Checked2: no\r\n\r\nX-Checked: no\r\n',
      { addFields: [{ name: 'X-Checked', value: 'yes' }] },
      'X-Checked: yes\r\nA: b\r\nX-Checked2: no\r\n\r\nX-Checked: no\r\n',
    ],
    [
      'two of one name',
      'X-A: old\r\n\r\n',
      {
        addFields: [
          { name: 'X-A', value: '1' },
          { name: 'X-A', value: 'ü' },
        ],
      },
      'X-A: 1\r\nX-A: =?UTF-8?B?w7w=?=\r\n\r\n',
    ],
    [
      'not before a line that would continue it',
      ' Bcc: x\r\nA: b\r\n\r\n',
      { addFields: [{ name: 'X-A', value: '1' }] },
      ' Bcc: x\r\nX-A: 1\r\nA: b\r\n\r\n',
    ],
    ['no header', '\r\nHi\r\n', { addFields: [{ name: 'X-A', value: '1' }] }, 'X-A: 1\r\n\r\nHi\r\n'],
    ['no body', 'A: b\r\n', { addFields: [{ name: 'X-A', value: '1' }] }, 'X-A: 1\r\nA: b\r\n'],
    [
      'unsubscribe',
      'List-Unsubscribe: <mailto:old@x>\r\nlist-unsubscribe-post: List-Unsubscribe=One-Click\r\nList-Id: a\r\n\r\nHi\r\n',
      { unsubscribe: { https: 'https://u.example/1?a=b,c', mailto: 'mailto:u@clinic.example?subject=stop' } },
      'List-Unsubscribe: <https://u.example/1?a=b,c>,\r\n <mailto:u@clinic.example?subject=stop>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: a\r\n\r\nHi\r\n',
    ],
  ];
  for (const [name, text, changes, expected] of table)
    for (const piece of [3, 1_000]) t.equal(await changed(text, changes, piece), expected, name);
});

await t.test('what cannot stand in a header: nothing is sent', async (t) => {
  const uris = { https: 'https://u.example/1', mailto: 'mailto:u@clinic.example' };
  const table: readonly (readonly [name: string, changes: Partial<Changes>])[] = [
    ['a name', { addFields: [{ name: 'X\r\nBcc', value: 'x' }] }],
    ['a value', { addFields: [{ name: 'X-A', value: 'x\r\nBcc: y' }] }],
    ['a field of the message', { addFields: [{ name: 'Content-Type', value: 'text/html' }] }],
    ...[
      'http://u.example/',
      'https://u.example/>,<https://x',
      'https://u.example/ x',
      'https://u.example/\r\nBcc: x',
      'https://ü.example/',
      'https://',
    ].map((https) => [https, { unsubscribe: { ...uris, https } }] as const),
    ...['u@clinic.example', 'mailto:u@x\r\nBcc: y', 'mailto:'].map((mailto) => [mailto, { unsubscribe: { ...uris, mailto } }] as const),
    ['a seed', { appendText: 'x', seed: 'short' }],
    ['a seed that ends a string', { appendText: 'x', seed: `${'a'.repeat(20)}"` }],
  ];
  for (const [name, changes] of table)
    t.throws(
      () => planModification(Buffer.from('A: b\r\n\r\n'), { ...NONE, ...changes }, '7bit'),
      Error,
      JSON.stringify(name).replace(/[^ -~]/g, '?'),
    );
});

await t.test('a text after the body', async (t) => {
  const appendText = 'Sent by Clinic.';
  const table: readonly (readonly [name: string, text: string, expected: string])[] = [
    ['plain', 'A: b\r\n\r\nHi\r\n', `MIME-Version: 1.0\r\n${OUTER}A: b\r\n\r\n--${B}\r\n\r\nHi\r\n${FOOT}`],
    [
      'fields of the body go with it, as they were',
      'A: b\r\nCONTENT-type : text/html;\r\n\tcharset=x\r\nMime-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\nContent-Language: de\r\nSubject: s\r\n\r\nSGk=\r\n',
      `${OUTER}A: b\r\nMime-Version: 1.0\r\nSubject: s\r\n\r\n--${B}\r\nCONTENT-type : text/html;\r\n\tcharset=x\r\nContent-Transfer-Encoding: base64\r\nContent-Language: de\r\n\r\nSGk=\r\n${FOOT}`,
    ],
    [
      'a multipart/mixed without an end',
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n',
      `${OUTER}MIME-Version: 1.0\r\n\r\n--${B}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n${FOOT}`,
    ],
    [
      'two types: the doubt stays within',
      'MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\nHi\r\n',
      `${OUTER}MIME-Version: 1.0\r\n\r\n--${B}\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\nHi\r\n${FOOT}`,
    ],
    ['no body', 'A: b\r\n', `MIME-Version: 1.0\r\n${OUTER}A: b\r\n\r\n--${B}\r\n\r\n${FOOT}`],
    ['no end of line either', 'A: b', `MIME-Version: 1.0\r\n${OUTER}A: b\r\n\r\n--${B}\r\n\r\n${FOOT}`],
    [
      'the type as the last line, without an end',
      'A: b\r\nContent-Type: text/html',
      `MIME-Version: 1.0\r\n${OUTER}A: b\r\n\r\n\r\n--${B}\r\nContent-Type: text/html\r\n\r\n${FOOT}`,
    ],
    ['no header', '\r\nHi\r\n', `MIME-Version: 1.0\r\n${OUTER}\r\n--${B}\r\n\r\nHi\r\n${FOOT}`],
    ['nothing at all', '', `MIME-Version: 1.0\r\n${OUTER}\r\n--${B}\r\n\r\n${FOOT}`],
    [
      'a line that is no field',
      'A: b\r\nno field\r\nC: d\r\n\r\nHi\r\n',
      `MIME-Version: 1.0\r\n${OUTER}A: b\r\nno field\r\nC: d\r\n\r\n--${B}\r\n\r\nHi\r\n${FOOT}`,
    ],
  ];
  for (const [name, text, expected] of table)
    for (const piece of [1, 1_000]) t.equal(await changed(text, { appendText }, piece), expected, name);
  t.match(
    await changed('A: b\r\n\r\n\xfc\r\n', { appendText }, 10, '8bitmime'),
    `${OUTER}Content-Transfer-Encoding: 8bit\r\n`,
    'what holds 8-bit says so',
  );
  t.match(
    await changed('A: b\r\n\r\nHi\r\n', { appendText: 'Grüße\nKöln' }),
    'quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\nK=C3=B6ln\r\n',
    'a text of ours is 7-bit',
  );
});

const READ = `
import sys, json, base64, email, email.policy
out = []
for data in json.load(sys.stdin):
    m = email.message_from_bytes(base64.b64decode(data), policy=email.policy.SMTP)
    parts = m.get_payload()
    inner, text = parts if m.get_content_type() == 'multipart/mixed' and len(parts) == 2 else (None, None)
    out.append(None if inner is None else [inner.get_content_type(), text.get_content(), text.get_content_disposition(), base64.b64encode(inner.get_payload(decode=True) or b'').decode(), len(m.defects)])
print(json.dumps(out))
`;

await t.test('read by another: the whole message, then the text', async (t) => {
  const signed =
    'MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=s; protocol="application/pkcs7-signature"\r\n\r\n--s\r\n\r\nHi \r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--s--\r\n';
  const sealed =
    'MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAG\r\n';
  const messages = ['From: a@b.example\r\n\r\nHi\r\n', signed, sealed];
  const appendText = 'Vertraulich — Köln\r\n';
  const texts = await Promise.all(messages.map((text) => changed(text, { appendText })));
  const read = await askPython(
    READ,
    texts.map((text) => Buffer.from(text, 'latin1').toString('base64')),
  );
  t.same(read, [
    ['text/plain', appendText, 'inline', Buffer.from('Hi\r\n').toString('base64'), 0],
    ['multipart/signed', appendText, 'inline', '', 0],
    ['application/pkcs7-mime', appendText, 'inline', 'MIAG', 0],
  ]);
  t.ok(texts[1]?.includes(signed.slice(signed.indexOf('\r\n\r\n'), -2)), 'what is signed is octet for octet what it was');
});

/** The message itself from a wrapped one. */
function unwrapped(text: string): string {
  const opening = `--${B}\r\n`;
  const from = text.indexOf(opening) + opening.length;
  return text.slice(from, text.lastIndexOf(`\r\n--${B}\r\n`));
}

await t.test('any message: the body is what it was, and the text is the second part', async (t) => {
  const damage = fc.array(fc.tuple(fc.nat(2_000), fc.constantFrom('', '\r\n', ' ', '--', 'Content-Type: text/html\r\n', '\x80', ':')), {
    maxLength: 4,
  });
  const message = fc
    .tuple(mimeMessages, damage)
    .map(([{ text }, edits]) =>
      edits.reduce((now, [at, put]) => `${now.slice(0, at % (now.length + 1))}${put}${now.slice((at % (now.length + 1)) + 1)}`, text),
    );
  const cases = fc.sample(message, { seed: 20261127, numRuns: 400 });
  const wrapped = await Promise.all(
    cases.map((text) => changed(text, { appendText: 'Sent by Clinic.', addFields: [{ name: 'X-A', value: '1' }] }, 64)),
  );
  const read = (await askPython(
    READ,
    wrapped.map((text) => Buffer.from(text, 'latin1').toString('base64')),
  )) as readonly unknown[];
  for (const [i, text] of cases.entries()) {
    const body = text.slice(headerOf(text).length);
    const shown = JSON.stringify(text)
      .replace(/[^ -~]/g, '?')
      .slice(0, 2_000);
    if (!unwrapped(wrapped[i] ?? '').endsWith(body)) t.fail(`the body has changed: ${shown}`);
    const [, foot, disposition] = (read[i] ?? []) as readonly unknown[];
    if (foot !== 'Sent by Clinic.\r\n' || disposition !== 'inline') t.fail(`another reader does not show the text: ${shown}`);
  }
  t.equal(cases.length, 400);
});

await t.test('any header: fields that are not asked for stay', async (t) => {
  const line = fc.constantFrom(
    'A: b\r\n',
    ' fold\r\n',
    'X-A: old\r\n',
    'x-a:\r\n\told\r\n',
    'no field\r\n',
    ': x\r\n',
    'Subject: [secure] s\r\n',
    'Content-Type: a\r\n',
    ' \r\n',
  );
  fuzz(
    t,
    1_000,
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const text = `${lines.join('')}\r\n`;
      const { edits } = planModification(Buffer.from(text), { ...NONE, addFields: [{ name: 'X-A', value: '1' }] }, '7bit');
      const inOrder = edits.every((edit, i) => edit.start >= (edits[i - 1]?.end ?? 0) && edit.end >= edit.start);
      const put = edits.reduceRight((now, { start, end, text: instead }) => now.slice(0, start) + instead + now.slice(end), text);
      const left = put.split('\r\n').filter((one) => one !== 'X-A: 1');
      const kept = text.replace(/^x-a:.*\r\n(?:[ \t].*\r\n)*/gim, '');
      return inOrder && (put.match(/^X-A: 1\r$/gm) ?? []).length === 1 && left.join('\r\n') === kept;
    }),
  );
});
