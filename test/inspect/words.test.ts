// Text is cut into words: what counts as one, where it lies, and the same for any text there is.
import fc from 'fast-check';
import t from 'tap';
import { WordRoom } from '../../src/inspect/word-room.ts';
import { ODD, WITH_CAPITALS } from '../../src/inspect/word-traits.ts';
import { DIGITS, LETTERS, lowerAt, lowerWords, MIXED, numberOf, vocabularyOf, type Words, wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';

const CASES: readonly { readonly name: string; readonly text: string; readonly lower: readonly string[] }[] = [
  { name: 'nothing', text: '', lower: [] },
  { name: 'signs alone', text: ' -- ... \n\t', lower: [] },
  { name: 'capitals', text: 'HPI: Mr. SMITH', lower: ['hpi', 'mr', 'smith'] },
  { name: 'letters and digits together', text: 'A1c 9.2, T2DM', lower: ['a1c', '9', '2', 't2dm'] },
  { name: 'an apostrophe between letters', text: "Crohn's O'Brien", lower: ["crohn's", "o'brien"] },
  { name: 'a curly apostrophe is the plain one', text: 'Crohn\u2019s', lower: ["crohn's"] },
  { name: 'apostrophes at the edge are signs', text: "'patients' 'n", lower: ['patients', 'n'] },
  { name: 'feet and inches', text: `5'4" tall`, lower: ['5', '4', 'tall'] },
  { name: 'a hyphen parts', text: 'x-ray follow-up', lower: ['x', 'ray', 'follow', 'up'] },
  { name: 'a slash parts', text: 'c/o s/p', lower: ['c', 'o', 's', 'p'] },
  { name: 'letters with marks', text: 'Muñoz MÉNIÈRE e\u0301', lower: ['muñoz', 'ménière', 'e\u0301'] },
  // A letter whose lower case is two code units long must not move what follows.
  { name: 'a letter that grows', text: 'İx Mrs', lower: ['i\u0307x', 'mrs'] },
  { name: 'a sign among Latin letters', text: '3×4 a÷b', lower: ['3', '4', 'a', 'b'] },
  { name: 'Cyrillic, Greek and Han', text: 'Диабет Ηπατίτιδα 糖尿病', lower: ['диабет', 'ηπατίτιδα', '糖尿病'] },
  { name: 'a picture is no part of a word', text: 'asthma\u{1f637}again \u{1f637}', lower: ['asthma', 'again'] },
  { name: 'a letter outside the first plane', text: '\u{1d400}sthma', lower: ['\u{1d400}sthma'] },
  { name: 'half a pair parts', text: 'a\ud83db \udc00c', lower: ['a', 'b', 'c'] },
  { name: 'no-break and zero-width spaces part', text: 'a\u00a0b\u200bc', lower: ['a', 'b', 'c'] },
  { name: 'words that come again', text: 'Flu flu FLU fl', lower: ['flu', 'flu', 'flu', 'fl'] },
];

for (const { name, text, lower } of CASES) {
  t.test(name, (t) => {
    t.same(lowerWords(wordsOf(text)), lower);
    t.end();
  });
}

t.test('what a word is made of, and where it lies', (t) => {
  const text = 'BP 120/80, B12!';
  const { count, starts, ends, made } = wordsOf(text);
  t.equal(count, 4);
  t.same([...made], [LETTERS, DIGITS, DIGITS, MIXED]);
  t.same(
    [...starts].map((start, i) => text.slice(start, ends[i])),
    ['BP', '120', '80', 'B12'],
  );
  t.end();
});

t.test('many words: more than there was room for at first', (t) => {
  const text = 'a b '.repeat(50_000);
  const words = wordsOf(text);
  t.equal(words.count, 100_000);
  t.equal(words.starts.length, 100_000);
  t.equal(words.starts[99_999], 199_998);
  t.equal(lowerAt(words, 99_999), 'b');
  t.end();
});

t.test('words of a vocabulary are known by number and trait, however they are written', (t) => {
  const vocabulary = vocabularyOf(
    new Map([
      ['asthma', 1],
      ["crohn's", 2],
      ['ménière', 4],
      ['b12', 8],
    ]),
  );
  const words = wordsOf('ASTHMA, Crohn\u2019s; MÉNIÈRE b12 other asthm asthma', vocabulary);
  t.same([...words.known], [1, 2, 3, 4, -1, -2, 1]);
  t.same([...words.traits], [1 | WITH_CAPITALS, 2 | WITH_CAPITALS | ODD, 4 | WITH_CAPITALS | ODD, 8, 0, 0, 1]);
  t.same(lowerWords(words), ['asthma', "crohn's", 'ménière', 'b12', 'other', 'asthm', 'asthma']);
  t.equal(numberOf(vocabulary, "crohn's"), 2);
  t.equal(numberOf(vocabulary, ''), 0);
  t.equal(numberOf(vocabularyOf(new Map()), 'asthma'), 0, 'of an empty one');
  t.end();
});

t.test('any text', (t) => {
  const asked = new Map([
    ['a', 1],
    ['aa', 2],
    ["a'é", 4],
    ['1', 8],
    ['\u{1d400}', 16],
  ]);
  const vocabulary = vocabularyOf(asked);
  const pieces = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'", '\u2019', '\ud83d', 'É', 'İ', 'ß', 'K', '\u{1d400}', 'Aa', '1'),
  );
  fuzz(
    t,
    2_000,
    fc.property(
      fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
      (text) => {
        const words = wordsOf(text, vocabulary);
        const { count, starts, ends, made, known, traits, withDigits } = words;
        const lower = lowerWords(words);
        if (lower.length !== count || made.length !== count) throw new Error('counts differ');
        let last = 0;
        for (let i = 0; i < count; i++) {
          const [start = -1, end = -1, word = ''] = [starts[i], ends[i], lower[i]];
          if (start < last || end <= start || end > text.length) throw new Error('offsets');
          if (word !== text.slice(start, end).toLowerCase().replaceAll('\u2019', "'")) throw new Error('word');
          if ((known[i] ?? 0) > 0 && known[i] !== vocabulary.words.indexOf(word)) throw new Error('another word');
          if ((known[i] ?? 0) > 0 !== asked.has(word) || ((traits[i] ?? 0) & ~(ODD | WITH_CAPITALS)) !== (asked.get(word) ?? 0))
            throw new Error('known');
          if (withDigits.includes(i) !== (made[i] ?? 0) >= DIGITS) throw new Error('digits');
          last = end;
        }
      },
    ),
  );
  t.end();
});

t.test('texts that share a room are cut as each for itself, and stay right until it is cleared', (t) => {
  const texts = ['Flu, at 9.2', '', 'Crohn\u2019s and asthma. '.repeat(40), 'MÉNIÈRE', 'a '.repeat(300), 'b12'];
  const cut = (words: Words): unknown => [
    lowerWords(words),
    [...words.starts],
    [...words.ends],
    [...words.made],
    [...words.traits],
    [...words.lists],
    [...words.codes],
  ];
  // Of these texts some fit and some have too many words, or are too long.
  const room = new WordRoom({ codes: 500, words: 600 });
  for (let round = 0; round < 2; round++) {
    room.clear();
    const shared = texts.map((text) => wordsOf(text, null, room));
    for (const [i, words] of shared.entries())
      t.same(cut(words), cut(wordsOf(texts[i] ?? '')), `round ${String(round)}, text ${String(i)}`);
  }
  room.clear();
  const [first, second] = [wordsOf('one', null, room), wordsOf('two', null, room)];
  t.same([lowerWords(first), lowerWords(second)], [['one'], ['two']]);
  room.clear();
  wordsOf('a b', null, room);
  t.equal(first.ends[0], 1, 'what was cut before is let go');
  t.end();
});
