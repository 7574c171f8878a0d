// A reply to a notice as the originator gets it: the warning first, the whole message behind it, a header of ours around both.
import t from 'tap';
import { NOT_PROTECTED_FIELD, passedOn, type PassedOnFacts } from '../../src/mime/passed-on.ts';
import { parseHeaderBlock } from '../../src/mime/header-block.ts';
import { seenMessages } from '../support/seen-message.ts';

const FACTS = {
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  at: Date.UTC(2026, 10, 22, 10, 15),
  hostname: 'mail.clinic.example',
  from: 'answer-x@return.clinic.example',
  writer: { name: 'Jane Roe', address: 'jane@home.example', organisation: 'Riverside Clinic', language: 'en' },
  to: ['ann@clinic.example'],
  cc: [],
  answered: { headerMessageId: '<1@clinic.example>', references: null },
  boundary: 'p0123456789',
  cameTo: 'reply',
} as const satisfies Omit<PassedOnFacts, 'header'>;

const passed = (header: string, body: string, change: Partial<PassedOnFacts> = {}): Buffer => {
  const { head, tail } = passedOn({ ...FACTS, header: parseHeaderBlock(Buffer.from(header)), ...change });
  return Buffer.concat([head, Buffer.from(body), tail]);
};

const MIXED = ['Content-Type: multipart/mixed; boundary=in', '', ''].join('\r\n');
const WITH_FILE =
  '--in\r\nContent-Type: text/html\r\n\r\n<p>See this</p>\r\n--in\r\nContent-Type: image/png; name=scan.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--in--\r\n';
const HEADER =
  'From: Jane <jane@home.example>\r\nSubject: =?utf-8?q?Re:_caf=C3=A9?=\r\nBcc: x@evil.example\r\nReply-To: x@evil.example\r\nDKIM-Signature: v=1\r\n';

await t.test('as another parser sees it', async (t) => {
  const raw = [
    passed(`${HEADER}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`, 'Caf=C3=A9\r\n'),
    passed(`${HEADER}${MIXED}`, WITH_FILE),
    passed(HEADER.trimEnd(), ''),
    passed(`${HEADER}Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n`, 'two types'),
    passed(`${HEADER}\r\n`, 'came so', { cameTo: 'postmaster', answered: null, writer: { ...FACTS.writer, language: 'es' } }),
  ];
  const [text, mixed, bare, twice, postmaster] = await seenMessages(raw);
  for (const seen of [text, mixed, bare, twice]) {
    t.same(seen?.defects, []);
    t.same(seen?.from, [['Jane Roe (via Riverside Clinic portal)', 'answer-x@return.clinic.example']]);
    t.equal(seen?.header['subject'], 'Re: café');
    t.equal(seen?.header[NOT_PROTECTED_FIELD.toLowerCase()], 'reply');
    t.match(seen?.header, { 'in-reply-to': '<1@clinic.example>', bcc: undefined, 'reply-to': undefined, 'dkim-signature': undefined });
    t.match(seen?.leaves[0], { type: 'text/plain', text: /^NOT PROTECTED\. This is a reply to a notice/ });
  }
  t.same(text?.leaves[1]?.text.trim(), 'Café');
  t.same(
    mixed?.leaves.slice(1).map(({ type, name }) => [type, name]),
    [
      ['text/html', ''],
      ['image/png', 'scan.png'],
    ],
  );
  t.same(bare?.leaves.length, 2);
  t.same(twice?.leaves[1]?.type, 'text/plain', 'the first');
  t.match(postmaster?.leaves[0], { text: /^NO PROTEGIDO\. Ha llegado/ });
  t.match(postmaster?.header, { subject: 'Re: café', 'in-reply-to': undefined });
});

await t.test('lines are 7-bit and short where ours', async (t) => {
  const head = passedOn({ ...FACTS, header: parseHeaderBlock(Buffer.from('Subject: x\r\n\r\n')) }).head;
  for (const line of Buffer.from(head).toString('latin1').split('\r\n')) t.ok(/^[ -~]{0,78}$/.test(line), line);
});

await t.test('what the body says of boundaries is nothing to ours', async (t) => {
  const [seen] = await seenMessages([passed('Content-Type: text/plain\r\n\r\n', '--in--\r\n--p\r\nContent-Type: text/html\r\n\r\nno end')]);
  t.equal(seen?.leaves.length, 2);
  t.match(seen?.leaves[1]?.text, 'no end');
});
