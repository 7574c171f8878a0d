// Transparency: dots doubled wherever chunks are cut, the end made whole, and nothing that could end a mail early at a lenient server.
import fc from 'fast-check';
import t from 'tap';
import { DotStuffer } from '../../src/transport/dot-stuffing.ts';

function stuffed(...chunks: readonly string[]): string {
  const stuffer = new DotStuffer();
  const parts = chunks.map((chunk) => Buffer.from(stuffer.stuff(Buffer.from(chunk, 'latin1'))).toString('latin1'));
  return parts.join('') + stuffer.terminator();
}

const TABLE: readonly (readonly [name: string, chunks: readonly string[], wire: string])[] = [
  ['plain', ['a\r\nb\r\n'], 'a\r\nb\r\n.\r\n'],
  ['empty', [], '.\r\n'],
  ['dot first of all', ['.a\r\n'], '..a\r\n.\r\n'],
  ['dot at a line', ['a\r\n.b\r\n'], 'a\r\n..b\r\n.\r\n'],
  ['a line that is a dot', ['a\r\n.\r\nb\r\n'], 'a\r\n..\r\nb\r\n.\r\n'],
  ['two dots', ['..\r\n'], '...\r\n.\r\n'],
  ['dots inside lines stay', ['a.b\r\nc.\r\n'], 'a.b\r\nc.\r\n.\r\n'],
  ['several', ['.\r\n.\r\n.x\r\n'], '..\r\n..\r\n..x\r\n.\r\n'],
  ['cut before the dot', ['a\r\n', '.b\r\n'], 'a\r\n..b\r\n.\r\n'],
  ['cut inside CRLF', ['a\r', '\n.b\r\n'], 'a\r\n..b\r\n.\r\n'],
  ['cut after the dot', ['a\r\n.', '\r\nb\r\n'], 'a\r\n..\r\nb\r\n.\r\n'],
  ['empty chunk between', ['a\r\n', '', '.b\r\n'], 'a\r\n..b\r\n.\r\n'],
  ['no line ending at the end', ['a'], 'a\r\n.\r\n'],
  ['octets over 127', ['\xff\r\n.\xfe\r\n'], '\xff\r\n..\xfe\r\n.\r\n'],
];

await t.test('table', async (t) => {
  for (const [name, chunks, wire] of TABLE) t.equal(stuffed(...chunks), wire, name);
});

const REFUSED: readonly (readonly [name: string, chunks: readonly string[]])[] = [
  ['bare LF', ['a\nb\r\n']],
  ['bare LF first', ['\na\r\n']],
  ['bare CR', ['a\rb\r\n']],
  ['CR CR LF', ['a\r\r\n']],
  ['bare CR at the end', ['a\r']],
  ['bare CR at a cut', ['a\r', 'b\r\n']],
  ['bare LF at a cut', ['a', '\nb\r\n']],
  ['NUL', ['a\0b\r\n']],
  ['NUL before the dot', ['a\r\n\0.\r\n']],
  // The false endings of SMTP smuggling.
  ['LF . LF', ['a\n.\nMAIL']],
  ['LF . CRLF', ['a\n.\r\nMAIL']],
  ['CRLF . LF', ['a\r\n.\nMAIL']],
  ['CR . CR', ['a\r.\rMAIL']],
  ['CRLF . CR', ['a\r\n.\rMAIL']],
];

await t.test('refused, as a fault of ours', async (t) => {
  for (const [name, chunks] of REFUSED) t.throws(() => stuffed(...chunks), { code: 'content.bare-line-ending' }, name);
});

await t.test('content without dots is not copied', async (t) => {
  const chunk = Buffer.from('a\r\nb\r\n');
  t.equal(new DotStuffer().stuff(chunk), chunk);
});

await t.test('whatever the content and the cuts, undoing it gives the content', async (t) => {
  const content = fc
    .array(fc.constantFrom('.', '..', 'x', '.x', '', 'a.b', '\xe4'))
    .map((lines) => lines.map((line) => `${line}\r\n`).join(''));
  fc.assert(
    fc.property(content, fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 10 }), (text, cuts) => {
      const chunks: string[] = [];
      let from = 0;
      for (const size of [...cuts, text.length]) {
        chunks.push(text.slice(from, from + size));
        from += size;
      }
      const sent = stuffed(...chunks);
      t.equal(sent.indexOf('\r\n.\r\n') < 0 ? 0 : sent.indexOf('\r\n.\r\n') + 2, sent.length - 3, 'one end, at the end');
      t.equal(sent.slice(0, -3).replace(/(^|\r\n)\./g, '$1'), text);
    }),
    { seed: 5321, numRuns: 300 },
  );
});
