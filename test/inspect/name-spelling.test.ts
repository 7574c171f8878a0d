// How names are spelt and how words of English end, told letter by letter: the same as by the expressions they stand for.
import fc from 'fast-check';
import t from 'tap';
import { endsInEnglish, isNameLike } from '../../src/inspect/name-spelling.ts';
import { lowerAt, wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';

const ENGLISH_ENDING =
  /..(?:[ts]ions?|ings?|ments?|ness|it(?:y|ies)|ed|ly|[ae]nces?|[ai]bles?|ic(?:al|s)?|ous|isms?|ists?|ful|less|ives?|ures?|ships?|(?:log|graph|metr|scop)y|wares?|ers|ors|ries|ates?|izes?|ises?)$/;
const NAME_LIKE =
  /^(?:(?:Mc|Mac|De|La|Le|Du|Van|Fitz|[OD]['’])?\p{Lu}[\p{Ll}\p{M}]{1,20}|[\p{Lu}\p{M}]{3,20}|O['’]\p{Lu}{2,20})(?:['’][sS])?$/u;

const SPELT: readonly (readonly [word: string, english: boolean, name: boolean])[] = [
  ['Ferguson', false, true],
  ['FERGUSON', false, true],
  ['McKay', false, true],
  ["O'Brien", false, true],
  ["O'BRIEN's", false, true],
  ['Łukasz', false, true],
  ['Xu', false, true],
  ['XU', false, false],
  ['iPhone', false, false],
  ['JavaScript', false, false],
  ["Don't", false, false],
  ['Abcdefghijklmnopqrstuv', false, false],
  ['Treatment', true, true],
  ["Treatment's", false, true],
  ['TREATMENTS', true, true],
  ['Ing', false, true],
  ['King', false, true],
  ['Sking', true, true],
  ['Cardiology', true, true],
  ['Ries', false, true],
  ['Aries', false, true],
  ['Karies', true, true],
];

t.test('names and English words by their letters', (t) => {
  for (const [word, english, name] of SPELT) {
    const words = wordsOf(word);
    t.equal(endsInEnglish(words, 0), english, `${word} as English`);
    t.equal(isNameLike(words, 0), name, `${word} as a name`);
  }
  t.end();
});

const PIECES = [
  'A',
  'Mc',
  'De',
  'O',
  "'",
  '’',
  's',
  'S',
  'k',
  'tion',
  'ING',
  'ies',
  'ers',
  'ist',
  'ic',
  'al',
  'ware',
  'é',
  'Ł',
  'scopy',
  'ss',
];

t.test('the same as the expressions say, of any word', (t) => {
  fuzz(
    t,
    2_000,
    fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }), (pieces) => {
      const words = wordsOf(pieces.join(''));
      return Array.from({ length: words.count }, (_, word) => word).every((word) => {
        const english = endsInEnglish(words, word) === ENGLISH_ENDING.test(lowerAt(words, word));
        return english && isNameLike(words, word) === NAME_LIKE.test(words.text.slice(words.starts[word], words.ends[word]));
      });
    }),
  );
  t.end();
});
