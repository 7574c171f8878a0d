// The header of what people write at the portal: who it is from, where it belongs, and that no name or subject writes a line or passes for an address.
import fc from 'fast-check';
import t from 'tap';
import { answerHeader, type AnswerFacts, shownName } from '../../src/mime/pickup-answer.ts';
import { parseHeaderBlock } from '../../src/mime/header-block.ts';
import { fuzz } from '../support/fuzz.ts';
import { seenMessages } from '../support/seen-message.ts';

const WRITER = { name: 'Jane Roe', address: 'jane@home.example', organisation: 'Riverside Clinic', language: 'en' } as const;
const FACTS: AnswerFacts = {
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  at: Date.UTC(2026, 10, 22, 10, 15),
  hostname: 'mail.clinic.example',
  from: 'answer-x@return.clinic.example',
  writer: WRITER,
  to: ['ann@clinic.example'],
  cc: [],
  subject: 'Your results',
  answered: { headerMessageId: '<1@clinic.example>', references: '<0@clinic.example>' },
};
const TEXT = { contentType: 'text/plain; charset=utf-8', transferEncoding: 'quoted-printable' } as const;
const headerOf = (change: Partial<AnswerFacts> = {}, body: Parameters<typeof answerHeader>[1] = TEXT): string =>
  answerHeader({ ...FACTS, ...change }, body) ?? 'none';

await t.test('exact octets', async (t) => {
  t.equal(
    headerOf({ cc: ['bob@partner.example'] }),
    [
      'From: "Jane Roe (via Riverside Clinic portal)"',
      ' <answer-x@return.clinic.example>',
      'To: ann@clinic.example',
      'Cc: bob@partner.example',
      'Subject: Re: Your results',
      'Date: Sun, 22 Nov 2026 10:15:00 +0000',
      'Message-ID: <01HZZZZZZZZZZZZZZZZZZZZZZZ@mail.clinic.example>',
      'In-Reply-To: <1@clinic.example>',
      'References: <0@clinic.example> <1@clinic.example>',
      'Content-Transfer-Encoding: quoted-printable',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      '',
    ].join('\r\n'),
  );
});

await t.test('in its thread, or the first of one', async (t) => {
  t.match(headerOf({ subject: 'RE: Your results' }), /\r\nSubject: RE: Your results\r\n/);
  t.match(headerOf({ subject: '' }), /\r\nSubject: Re:\r\n/);
  t.notMatch(headerOf({ answered: null }), /In-Reply-To|References|Re:/);
  t.notMatch(headerOf({ answered: { headerMessageId: null, references: null } }), /In-Reply-To|References/);
  t.match(headerOf({ answered: { headerMessageId: '<1@clinic.example>', references: null } }), /\r\nReferences: <1@clinic\.example>\r\n/);
  t.notMatch(headerOf({ answered: { headerMessageId: 'a b\r\nBcc: x', references: null } }), /In-Reply-To/, 'an id that is none');
  t.match(headerOf({ writer: { ...WRITER, language: 'es' } }), /^From: "Jane Roe \(por el portal de Riverside Clinic\)"\r\n </);
});

const names: readonly (readonly [name: string | null, shown: string])[] = [
  ['Jane Roe', 'Jane Roe'],
  ['  Jane \t Roe ', 'Jane Roe'],
  ['Dr. Boss <boss@clinic.example>', 'Dr. Boss boss clinic.example'],
  ['Jane (IT desk)', 'Jane IT desk'],
  ['Jane"\\, x', 'Jane x'],
  ['Jane\r\nBcc: all@clinic.example', 'Jane Bcc all clinic.example'],
  ['Jane\u202e eoR', 'Jane eoR'],
  ['José Peña', 'José Peña'],
  ['x'.repeat(200), 'x'.repeat(60)],
  [null, 'jane at home.example'],
  ['', 'jane at home.example'],
  ['<<>>', 'jane at home.example'],
];
await t.test('names', async (t) => {
  for (const [name, shown] of names) t.equal(shownName({ ...WRITER, name }), shown, JSON.stringify(name));
  t.ok(shownName({ ...WRITER, name: '\u{1f469}'.repeat(100) }).isWellFormed(), 'no character is parted');
});

const types: readonly (readonly [contentType: string, encoding: '7bit' | 'quoted-printable', written: string])[] = [
  ['text/plain; charset=utf-8', '7bit', 'text/plain; charset=utf-8'],
  ['TEXT/PLAIN', 'quoted-printable', 'text/plain; charset=utf-8'],
  ['multipart/mixed; boundary="b-1_2"', '7bit', 'multipart/mixed; boundary=b-1_2'],
  ['multipart/mixed; boundary="=_a/b?c"', '7bit', 'multipart/mixed; boundary="=_a/b?c"'],
  ['multipart/mixed; boundary=b', 'quoted-printable', 'none'],
  ['multipart/mixed', '7bit', 'none'],
  ['multipart/mixed; boundary="a b"', '7bit', 'none'],
  ['multipart/mixed; boundary="a\r\nBcc: x"', '7bit', 'none'],
  ['multipart/alternative; boundary=b', '7bit', 'none'],
  ['text/html', '7bit', 'none'],
  ['text/plain; boundary=b', '7bit', 'none'],
  ['message/rfc822', '7bit', 'none'],
  ['', '7bit', 'none'],
];
await t.test('types that the portal may hand in', async (t) => {
  for (const [contentType, transferEncoding, written] of types) {
    const header = headerOf({}, { contentType, transferEncoding });
    t.equal(/^Content-Type: (.*)$/m.exec(header)?.[1] ?? header, written, JSON.stringify(contentType));
  }
});

await t.test('no text writes a field, as another parser sees it', async (t) => {
  const hostile = [
    'a\r\nBcc: x@evil.example',
    'a\n\nbody',
    '=?utf-8?q?a=0d=0aBcc:_x?=',
    '\u2028Bcc: x',
    '",<x@evil.example>',
    'é'.repeat(300),
    'x'.repeat(5_000),
  ];
  const made = hostile.map((text) => Buffer.from(headerOf({ subject: text, writer: { ...WRITER, name: text } })));
  for (const [i, seen] of (await seenMessages(made)).entries()) {
    t.same(
      seen.from.map(([, address]) => address),
      [FACTS.from],
      `${i}: one author`,
    );
    t.same([seen.to, seen.cc, seen.header['bcc'], seen.defects], [FACTS.to, [], undefined, []], `${i}: nobody else`);
  }
  const fields = [
    'from',
    'to',
    'subject',
    'date',
    'message-id',
    'in-reply-to',
    'references',
    'content-transfer-encoding',
    'mime-version',
    'content-type',
  ];
  fuzz(
    t,
    300,
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), (name, subject) => {
      const block = parseHeaderBlock(Buffer.from(headerOf({ subject, writer: { ...WRITER, name } })));
      return block.defects.length === 0 && block.fields.map(({ key }) => key).join() === fields.join();
    }),
  );
});
