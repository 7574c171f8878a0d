// Replies: the wire form, and what is kept of a next hop's text.
import t from 'tap';
import { formatReply, printable } from '../../src/mail/reply.ts';

await t.test('the wire form', async (t) => {
  t.equal(formatReply({ code: 250, enhanced: '2.0.0', text: 'OK' }), '250 2.0.0 OK\r\n');
  t.equal(formatReply({ code: 354, enhanced: null, text: 'Go on' }), '354 Go on\r\n');
  t.equal(formatReply({ code: 250, enhanced: null, text: 'one\ntwo\nthree' }), '250-one\r\n250-two\r\n250 three\r\n');
  t.equal(
    formatReply({ code: 550, enhanced: '5.7.1', text: 'No\nReally' }),
    '550-5.7.1 No\r\n550 5.7.1 Really\r\n',
    'every line has the enhanced status (RFC 2034 4)',
  );
});

const KEPT: readonly (readonly [name: string, text: string, kept: string])[] = [
  ['plain', 'Mailbox full', 'Mailbox full'],
  ['lines are joined', 'one\r\ntwo\nthree', 'one two three'],
  ['control characters', 'a\0b\x1b[31mc\x7f', 'a b [31mc'],
  ['not US-ASCII', 'Postfach voll für Jörg', 'Postfach voll f r J rg'],
  ['bidi override', 'ab\u202egro', 'ab gro'],
  ['outside the basic plane', 'a😀b', 'a b'],
  ['ends are trimmed', '\n  x  \n', 'x'],
  ['nothing left', '\u00e4\u00f6', ''],
];

await t.test('what is kept of remote text', async (t) => {
  for (const [name, text, kept] of KEPT) t.equal(printable(text), kept, name);
  t.equal(printable('x'.repeat(501)).length, 500, 'at most 500 characters');
  t.equal(printable('\n'.repeat(100_000) + 'x'), 'x', 'a flood of line ends');
});
