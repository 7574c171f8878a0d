// Words and phrases: what a word is, where it stands, and which lists hold it, the same as a slow and simple reading of the text.
import fc from 'fast-check';
import t from 'tap';
import { LEXICON_LISTS, type Lexicon, type LexiconList, lexiconOf, listBit, lookUp } from '../../src/inspect/lexicon.ts';
import { DIGITS, LETTERS, MIXED, wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';

t.test('words', async (t) => {
  const cases: readonly (readonly [text: string, lower: readonly string[], made: readonly number[]])[] = [
    ['', [], []],
    ['Dear Ms. O\u2019Brien,', ['dear', 'ms', "o'brien"], [LETTERS, LETTERS, LETTERS]],
    ["the dogs' A1c: 9.2", ['the', 'dogs', 'a1c', '9', '2'], [LETTERS, LETTERS, MIXED, DIGITS, DIGITS]],
    ['JÖRG\u00a0ΩΣ', ['jörg', 'ως'], [LETTERS, LETTERS]],
    // A letter whose lower case is two code units long must not move what follows.
    ['İx Mrs', ['i\u0307x', 'mrs'], [LETTERS, LETTERS]],
  ];
  for (const [text, lower, made] of cases) {
    const words = wordsOf(text);
    t.same(words.lower, lower, text);
    t.same([...words.made], made, text);
  }
});

t.test('any text: words in order, inside the text, spelled as they stand there', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(fc.string({ unit: fc.constantFrom(..."aBÖİ9 '\u2019.-\n\u{1F600}\ud800"), maxLength: 60 }), (text) => {
      const { count, starts, ends, lower, made } = wordsOf(text);
      let last = 0;
      for (let i = 0; i < count; i++) {
        const [start = -1, end = -1] = [starts[i], ends[i]];
        if (start < last || end <= start || end > text.length) return false;
        last = end;
        // Only a letter at the end of a word may depend on what stands behind it, and none of these does.
        if (lower[i] !== text.slice(start, end).toLowerCase().replaceAll('\u2019', "'")) return false;
      }
      return [count, lower.length, starts.length, ends.length, made.length].every((one) => one === count);
    }),
  );
});

function lexicon(lists: Partial<Record<LexiconList, readonly string[]>>): Lexicon {
  const all = Object.fromEntries(LEXICON_LISTS.map((list) => [list, lists[list] ?? []])) as Record<LexiconList, readonly string[]>;
  return lexiconOf(all);
}

t.test('the longest phrase wins; words inside it are not told again', async (t) => {
  const lists = lexicon({
    condition: ['diabetes', 'type 2 diabetes', 'type 2 diabetes mellitus'],
    'common-word': ['type'],
    test: ['type 2'],
  });
  const told = (text: string): unknown => lookUp(lists, wordsOf(text).lower).map(({ word, words, lists: set }) => [word, words, set]);
  t.same(told('her type 2 diabetes mellitus, type 2 diabetes'), [
    [1, 4, listBit('condition')],
    [5, 3, listBit('condition')],
  ]);
  t.same(told('type 2 is a type of diabetes'), [
    [0, 2, listBit('test')],
    [4, 1, listBit('common-word')],
    [6, 1, listBit('condition')],
  ]);
  t.same(told('type'), [[0, 1, listBit('common-word')]]);
});

t.test('any lists and words: as a search through all phrases finds them', async (t) => {
  const phrase = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
  fuzz(
    t,
    1_000,
    fc.property(fc.array(phrase, { maxLength: 8 }), fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }), (phrases, words) => {
      const wanted: [number, number][] = [];
      for (let i = 0; i < words.length;) {
        const fits = phrases.filter((one) => one.every((word, k) => words[i + k] === word)).map(({ length }) => length);
        const longest = Math.max(0, ...fits);
        if (longest > 0) wanted.push([i, longest]);
        i += Math.max(1, longest);
      }
      const found = lookUp(lexicon({ drug: phrases.map((one) => one.join(' ')) }), words).map((hit) => [hit.word, hit.words]);
      return JSON.stringify(found) === JSON.stringify(wanted);
    }),
  );
});
