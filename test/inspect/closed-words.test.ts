// What readers of passages ask of words is known by a look at a number: every closed word carries its traits in any text, with any lists, and
// no other word does.
import fc from 'fast-check';
import t from 'tap';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import { CLOSED_WORDS } from '../../src/inspect/closed-words.ts';
import { COMMON_ENGLISH, COMMON_NUMBERS } from '../../src/inspect/common-english.ts';
import { endingTopic } from '../../src/inspect/health-view.ts';
import { listBit } from '../../src/inspect/lexicon.ts';
import * as traits from '../../src/inspect/word-traits.ts';
import { lowerWords, wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';
import { hitsIn } from '../support/hits.ts';

const empty = lexiconOf({});
/** How a word stands in the text is no matter of lists. */
const WRITTEN = traits.ODD | traits.WITH_CAPITALS;
/** Nor is how short or common it is. */
const SAID = traits.SAYS_NOTHING | traits.SAYS_HALF;
/** Those that are more than one word by how texts are cut ("follow-up"): nobody is asked about them. */
const cutAsOne = (word: string): boolean => lowerWords(wordsOf(word)).join(' ') === word;
const closed = [...CLOSED_WORDS].filter(([word]) => cutAsOne(word));

/** Of the sign of micro the capital is another letter's. */
function inCapitals(word: string): string {
  const capitals = word.toUpperCase();
  return capitals.toLowerCase() === word ? capitals : word;
}

function traitsIn(text: string, lexicon = empty): readonly number[] {
  return [...wordsOf(text, lexicon).traits];
}

t.test('each closed word has its traits, however it is written', (t) => {
  const wrong = closed.filter(([word, trait]) =>
    [word, inCapitals(word), word.replaceAll("'", '\u2019')].some((text) => {
      const [found = 0, ...more] = traitsIn(text);
      return more.length > 0 || (found & trait) !== trait;
    }),
  );
  t.same(wrong, []);
  t.ok(closed.length > 1_500, 'there are many');
  t.end();
});

t.test('a list changes what a word is, not who asks for it', (t) => {
  const lexicon = lexiconOf({ surname: ['patient', 'march'], condition: ['qwertitis', 'chronic kidney disease'] });
  const bare = (text: string, own = lexicon): readonly number[] => traitsIn(text, own).map((one) => one & ~WRITTEN & ~SAID);
  t.same(bare('patient'), [(CLOSED_WORDS.get('patient') ?? 0) | traits.LISTED]);
  t.same(bare('qwertitis'), [traits.LISTED | endingTopic('qwertitis', 0)]);
  t.same(bare('chronic kidney disease'), [
    traits.LISTED | traits.BEGINS_PHRASE | (CLOSED_WORDS.get('chronic') ?? 0),
    traits.SECOND_OF_PHRASE | (CLOSED_WORDS.get('kidney') ?? 0),
    CLOSED_WORDS.get('disease') ?? 0,
  ]);
  t.same(bare('qwertitis', empty), [0], 'of no list');
  t.end();
});

const SAYS: readonly (readonly [word: string, said: number, ending: boolean])[] = [
  ['pain', traits.SAYS_NOTHING, false],
  ['of', traits.SAYS_NOTHING, false],
  ['fever', traits.SAYS_HALF, false],
  ['dka', 0, false],
  ['qxz', traits.SAYS_HALF, false],
  ['asthma', 0, false],
  ['gastritis', 0, true],
  ['diagnosis', traits.SAYS_HALF, false],
  ['b12itis', 0, false],
];

t.test('what a word tells by its form is known of each in a list', (t) => {
  const lexicon = lexiconOf({ condition: SAYS.map(([word]) => word) });
  const ending = endingTopic('gastritis', 0);
  t.not(ending, 0);
  const told = SAYS.map(([word]) => [word, ...traitsIn(word, lexicon).map((one) => one & (SAID | ending))]);
  t.same(
    told,
    SAYS.map(([word, said, ends]) => [word, ends ? said | ending : said]),
  );
  t.end();
});

const WRITTEN_SO: readonly { readonly text: string; readonly traits: number }[] = [
  { text: 'qwertz', traits: 0 },
  { text: 'Qwertz', traits: traits.WITH_CAPITALS },
  { text: 'qwerTz', traits: traits.WITH_CAPITALS },
  { text: "qwertz's", traits: traits.WITH_CAPITALS | traits.ODD },
  { text: 'qwërtz', traits: traits.WITH_CAPITALS | traits.ODD },
  { text: 'Ångqwertz', traits: traits.WITH_CAPITALS | traits.ODD },
  { text: '12345678', traits: 0 },
  { text: 'B12345678', traits: traits.WITH_CAPITALS },
];

for (const { text, traits: wanted } of WRITTEN_SO) {
  t.test(`as it stands in the text: ${text}`, (t) => {
    t.same(traitsIn(text), [wanted]);
    t.end();
  });
}

t.test('common words and numbers are known, each once, and are on no list', (t) => {
  const all = [...COMMON_ENGLISH, ...COMMON_NUMBERS];
  t.equal(new Set(all).size, all.length);
  const words = wordsOf(all.join(' '), empty);
  t.same(lowerWords(words), all);
  t.ok(words.traits.every((one) => (one & traits.LISTED) !== 0));
  t.same(hitsIn(all.join(' '), empty), []);
  t.end();
});

t.test('what follows a word that begins phrases is asked only where it can', (t) => {
  const lexicon = lexiconOf({ condition: ['heart failure'], drug: ['aspirin'] });
  const found = (text: string): unknown => hitsIn(text, lexicon).map(({ word, words, lists }) => [word, words, lists]);
  t.same(found('heart failure'), [[0, 2, listBit('condition')]]);
  t.same(found("Heart's failure"), [[0, 2, listBit('condition')]], 'a possessive begins it too');
  t.same(found("heart failure's"), [], 'but does not go on with it');
  t.same(found('failure heart aspirin'), [[2, 1, listBit('drug')]]);
  t.end();
});

const traitOf = (word: string): number => {
  const trait = CLOSED_WORDS.get(word) ?? 0;
  return trait === 0 ? 0 : trait | endingTopic(word, trait);
};

t.test('any words among others', (t) => {
  const some = fc.array(fc.constantFrom(...closed.map(([word]) => word), 'qwertz', 'zxcvb', '77777'), { maxLength: 20 });
  fuzz(
    t,
    500,
    fc.property(some, fc.constantFrom(' ', ', ', '\n', ' - '), (words, gap) => {
      const found = traitsIn(words.join(gap)).map((one) => one & ~WRITTEN & ~SAID & ~traits.LISTED);
      return found.length === words.length && found.every((one, i) => one === traitOf(words[i] ?? ''));
    }),
  );
  t.end();
});
