// Long texts in pieces: nothing is lost, no word is cut where that can be helped, marks go with their stretch.
import fc from 'fast-check';
import t from 'tap';
import { type Marked, piecesOf } from '../../src/mime/marked.ts';
import { fuzz } from '../support/fuzz.ts';

const CASES: readonly (readonly [name: string, whole: Marked, longest: number, pieces: readonly Marked[]])[] = [
  ['short', { text: 'abc', marks: [{ at: 1, field: 'x' }] }, 10, [{ text: 'abc', marks: [{ at: 1, field: 'x' }] }]],
  [
    'at a space in the last quarter',
    { text: 'aaaaaaa bbb ccc', marks: [] },
    10,
    [
      { text: 'aaaaaaa ', marks: [] },
      { text: 'bbb ccc', marks: [] },
    ],
  ],
  [
    'no space: at the limit',
    { text: 'a'.repeat(25), marks: [] },
    10,
    [
      { text: 'a'.repeat(10), marks: [] },
      { text: 'a'.repeat(10), marks: [] },
      { text: 'a'.repeat(5), marks: [] },
    ],
  ],
  [
    'marks: one goes on into the next piece',
    {
      text: 'aaaaaaaa bbbbbbbb cc',
      marks: [
        { at: 0, field: 'A1' },
        { at: 12, field: 'B1' },
      ],
    },
    10,
    [
      { text: 'aaaaaaaa ', marks: [{ at: 0, field: 'A1' }] },
      {
        text: 'bbbbbbbb ',
        marks: [
          { at: 0, field: 'A1' },
          { at: 3, field: 'B1' },
        ],
      },
      { text: 'cc', marks: [{ at: 0, field: 'B1' }] },
    ],
  ],
  [
    'a mark where a piece begins',
    { text: 'aaaaaaaa bbb', marks: [{ at: 9, field: 'B1' }] },
    10,
    [
      { text: 'aaaaaaaa ', marks: [] },
      { text: 'bbb', marks: [{ at: 0, field: 'B1' }] },
    ],
  ],
  [
    'no character is cut in half',
    { text: `${'a'.repeat(9)}\u{1f600}b`, marks: [] },
    10,
    [
      { text: 'a'.repeat(9), marks: [] },
      { text: '\u{1f600}b', marks: [] },
    ],
  ],
];

for (const [name, whole, longest, pieces] of CASES) t.test(name, async (t) => void t.same(piecesOf(whole, longest), pieces));

t.test('any text: together they are the whole, each field where it was', async (t) => {
  const marked = fc.tuple(fc.string({ maxLength: 300 }), fc.array(fc.nat(299), { maxLength: 6 })).map(([text, places]): Marked => ({
    text,
    marks: [...new Set(places)]
      .filter((at) => at < text.length)
      .sort((a, b) => a - b)
      .map((at) => ({ at, field: `f${at}` })),
  }));
  const fieldAt = ({ marks }: Marked, at: number): string | null => marks.findLast((mark) => mark.at <= at)?.field ?? null;
  fuzz(
    t,
    500,
    fc.property(marked, fc.integer({ min: 4, max: 50 }), (whole, longest) => {
      const pieces = piecesOf(whole, longest);
      if (pieces.map(({ text }) => text).join('') !== whole.text) return false;
      let start = 0;
      for (const piece of pieces) {
        if (piece.text.length > longest || (piece.text === '' && whole.text !== '')) return false;
        for (let at = 0; at < piece.text.length; at++) if (fieldAt(piece, at) !== fieldAt(whole, start + at)) return false;
        start += piece.text.length;
      }
      return true;
    }),
  );
});
