// Message identifiers as DSNs carry them on.
import t from 'tap';
import { messageIdIn, referencesIn } from '../../src/mime/message-ids.ts';

await t.test('the identifier of a Message-ID field', async (t) => {
  const table: readonly (readonly [value: string, expected: string | null])[] = [
    ['<a@b.example>', '<a@b.example>'],
    ['  <a@b.example> (comment)', '<a@b.example>'],
    ['<a@b.example> <c@d.example>', '<a@b.example>'],
    ['no-brackets@b.example', 'no-brackets@b.example'],
    ['', null],
    ['<>', null],
    ['<a b@c>', null],
    ['two words', null],
    ['<a@b\r\nBcc: x@y>', null],
    ['<gruß@b.example>', null],
    [`<${'x'.repeat(251)}>`, null],
  ];
  for (const [value, expected] of table) t.equal(messageIdIn(value), expected, JSON.stringify(value));
});

await t.test('the references of a reply (RFC 5322 3.6.4)', async (t) => {
  const ids = Array.from({ length: 60 }, (_, i) => `<${i}@b.example>`);
  const table: readonly (readonly [references: string | null, inReplyTo: string | null, expected: string | null])[] = [
    [null, null, null],
    ['', '', null],
    ['<a@b> <c@d>', '<c@d>', '<a@b> <c@d>'],
    ['<a@b>\t <c@d> text <e@f>', null, '<a@b> <c@d> <e@f>'],
    [null, '<c@d>', '<c@d>'],
    [null, '<c@d> <e@f>', null],
    ['text only', '<c@d>', '<c@d>'],
    [ids.join(' '), null, [ids[0], ...ids.slice(-19)].join(' ')],
  ];
  for (const [references, inReplyTo, expected] of table)
    t.equal(referencesIn(references, inReplyTo), expected, `${references} / ${inReplyTo}`);
});
