// Edits of a stream: the same as on the whole text, however it is cut.
import fc from 'fast-check';
import t from 'tap';
import { type Edit, splice } from '../../src/mime/splice.ts';

async function run(text: string, edits: readonly Edit[], piece: number): Promise<string> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text, 'latin1');
    for (let i = 0; i < bytes.length; i += piece) yield bytes.subarray(i, i + piece);
  }
  const out: Uint8Array[] = [];
  for await (const chunk of splice(pieces(), edits)) out.push(Buffer.from(chunk));
  return Buffer.concat(out).toString('latin1');
}

const replace = (start: number, end: number, text: string): Edit => ({ kind: 'replace', start, end, text });

await t.test('cases', async (t) => {
  const table: readonly (readonly [name: string, text: string, edits: readonly Edit[], expected: string])[] = [
    ['none', 'abc', [], 'abc'],
    ['none of nothing', '', [], ''],
    ['put in at the start', 'abc', [replace(0, 0, '_')], '_abc'],
    ['put in at the end', 'abc', [replace(3, 3, '_')], 'abc_'],
    ['put into nothing', '', [replace(0, 0, '_')], '_'],
    ['two at one place', 'abc', [replace(1, 1, '1'), replace(1, 1, '2')], 'a12bc'],
    ['replaced', 'abcdef', [replace(1, 3, '_'), replace(3, 5, '')], 'a_f'],
    ['encoded', 'ab\xfcd', [{ kind: 'encode', start: 1, end: 3, how: 'quoted-printable', tail: '!' }], 'ab=FC!d'],
    ['encoded to the end', 'abc', [{ kind: 'encode', start: 0, end: 3, how: 'base64', tail: '\r\n' }], 'YWJj\r\n'],
    [
      'encoded twice',
      'aabb',
      [
        { kind: 'encode', start: 0, end: 2, how: 'base64', tail: '' },
        { kind: 'encode', start: 2, end: 4, how: 'base64', tail: '' },
      ],
      'YWE=YmI=',
    ],
  ];
  for (const [name, text, edits, expected] of table)
    for (const piece of [1, 2, 100]) t.equal(await run(text, edits, piece), expected, `${name}, pieces of ${piece}`);
});

await t.test('random replacements', async (t) => {
  const samples = fc.sample(
    fc.tuple(
      fc.string({ unit: 'binary-ascii', maxLength: 60 }),
      fc.array(fc.tuple(fc.nat(8), fc.nat(4), fc.string({ unit: 'binary-ascii', maxLength: 3 })), { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
    ),
    { seed: 20261122, numRuns: 1_000 },
  );
  let different = 0;
  for (const [text, raw, piece] of samples) {
    let at = 0;
    let expected = '';
    const edits: Edit[] = [];
    for (const [gap, length, put] of raw) {
      const start = Math.min(text.length, at + gap);
      const end = Math.min(text.length, start + length);
      edits.push(replace(start, end, put));
      expected += text.slice(at, start) + put;
      at = end;
    }
    if ((await run(text, edits, piece)) !== expected + text.slice(at)) different++;
  }
  t.equal(different, 0, '1,000 samples');
});
