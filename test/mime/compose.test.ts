// The only composer of headers: what it writes, and that no value can write a line of its own.
import fc from 'fast-check';
import t from 'tap';
import { compose, composeField, type ComposedMessage } from '../../src/mime/compose.ts';
import { parseHeaderBlock } from '../../src/mime/header-block.ts';
import { fuzz } from '../support/fuzz.ts';

const MESSAGE: ComposedMessage = {
  messageId: 'abc@mail.clinic.example',
  at: Date.UTC(2026, 10, 22, 10, 15),
  from: { name: 'Mail, delivery', address: 'postmaster@clinic.example' },
  to: [{ name: null, address: 'ann@clinic.example' }],
  subject: 'A notice',
  inReplyTo: null,
  references: null,
  autoSubmitted: 'auto-generated',
  contentType: 'multipart/mixed',
  parts: [{ contentType: 'text/plain; charset=utf-8', description: null, content: 'Hello\n' }],
};

await t.test('exact bytes', async (t) => {
  t.equal(
    Buffer.from(compose(MESSAGE)).toString(),
    [
      'From: "Mail, delivery" <postmaster@clinic.example>',
      'To: ann@clinic.example',
      'Subject: A notice',
      'Date: Sun, 22 Nov 2026 10:15:00 +0000',
      'Message-ID: <abc@mail.clinic.example>',
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="=_abc"',
      '',
      '--=_abc',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 7bit',
      '',
      'Hello',
      '',
      '--=_abc--',
      '',
    ].join('\r\n'),
  );
});

await t.test('values are encoded', async (t) => {
  const bytes = Buffer.from(compose({ ...MESSAGE, subject: 'Grüße', from: { name: 'Süd', address: 'post@süd.example' } })).toString();
  t.match(bytes, /^Subject: =\?UTF-8\?[QB]\?.*\?=\r$/im);
  t.match(bytes, /^From: =\?UTF-8\?[QB]\?.*\?= <post@xn--sd-xka\.example>\r$/im);
});

await t.test('a part that is not plain, or looks like a delimiter, is encoded', async (t) => {
  for (const content of ['Grüße\n', `${'x'.repeat(79)}\n`, 'a\n--=_abc\nb\n', 'a\r\n--=_abc--\r\n']) {
    const bytes = Buffer.from(
      compose({ ...MESSAGE, parts: [{ contentType: 'text/plain; charset=utf-8', description: 'x', content }] }),
    ).toString();
    t.match(bytes, 'Content-Transfer-Encoding: quoted-printable', JSON.stringify(content));
    t.equal(bytes.split('\r\n--=_abc').length, 3, 'one part');
  }
});

await t.test('no value ends its line, whatever it holds', async (t) => {
  const text = fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        'X-Injected: 1',
        '\r\n\r\n',
        '<',
        '>',
        '"',
        '@',
        ',',
        'a',
        ' ',
        '\0',
        '\u0085',
        '\u2028',
        'ü',
        '=?utf-8?Q?=0D=0A?=',
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join(''));
  fuzz(
    t,
    3_000,
    fc.property(text, text, text, (a, b, c) => {
      const bytes = compose({
        ...MESSAGE,
        subject: a,
        from: { name: b, address: c },
        to: [{ name: null, address: a }],
        inReplyTo: `<${b}>`,
        references: c,
      });
      const block = parseHeaderBlock(bytes);
      const known = [
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'in-reply-to',
        'references',
        'auto-submitted',
        'mime-version',
        'content-type',
      ];
      return (
        block.defects.every((defect) => defect === 'blank-fold') &&
        block.fields.every(({ key }) => known.includes(key)) &&
        new Set(block.fields.map(({ key }) => key)).size === block.fields.length
      );
    }),
  );
  fuzz(
    t,
    3_000,
    fc.property(text, (value) => /^Name:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n$/.test(composeField('Name', value))),
  );
});
