// Words and phrases are found with what they are. The lists that are shipped all load, are as words are cut, and are of a sane size.
import fc from 'fast-check';
import t from 'tap';
import { linesOf, loadLexicon } from '../../src/daemon/lexicons.ts';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import { LEXICON_LISTS, type LexiconList, listBit } from '../../src/inspect/lexicon.ts';
import { wordsAsValue } from '../../src/inspect/near.ts';
import { lowerWords, wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';
import { hitsIn } from '../support/hits.ts';

const small = lexiconOf({
  condition: ['diabetes', 'type 2 diabetes', 'heart failure', 'heart failure with reduced ejection fraction', 'acute heart failure'],
  drug: ['insulin'],
  device: ['insulin pump'],
  'common-word': ['heart', ''],
  surname: ['heart'],
});

function found(text: string, lexicon = small): readonly string[] {
  const cut = wordsOf(text, lexicon);
  return hitsIn(text, lexicon).map(({ word, words, lists }) => {
    const names = LEXICON_LISTS.filter((list) => (lists & listBit(list)) !== 0);
    return `${wordsAsValue(cut, word, words)}: ${names.join(', ')}`;
  });
}

const CASES: readonly { readonly name: string; readonly text: string; readonly hits: readonly string[] }[] = [
  { name: 'nothing', text: '', hits: [] },
  { name: 'a word', text: 'her Diabetes', hits: ['diabetes: condition'] },
  { name: 'a phrase before the word in it', text: 'Type 2 diabetes', hits: ['type 2 diabetes: condition'] },
  {
    name: 'the longest phrase',
    text: 'heart failure with reduced ejection fraction',
    hits: ['heart failure with reduced ejection fraction: condition'],
  },
  { name: 'a phrase that breaks off', text: 'heart failure with reduced', hits: ['heart failure: condition'] },
  { name: 'a word of several lists, where no phrase goes on', text: 'heart, fail', hits: ['heart: surname, common-word'] },
  { name: 'a first word that is nothing alone', text: 'type 2 insulin', hits: ['insulin: drug'] },
  { name: 'one after another', text: 'insulin pump insulin', hits: ['insulin pump: device', 'insulin: drug'] },
  {
    name: 'a possessive and an accent, where the list has the plain word',
    text: 'Insulin’s ínsulin',
    hits: ["insulin's: drug", 'ínsulin: drug'],
  },
  { name: 'at the end', text: 'an insulin', hits: ['insulin: drug'] },
];

for (const { name, text, hits } of CASES) {
  t.test(name, (t) => {
    t.same(found(text), hits);
    t.end();
  });
}

t.test('an empty lexicon finds nothing', (t) => {
  t.same(found('type 2 diabetes', lexiconOf({})), []);
  t.end();
});

t.test('any lists and words: as a search through all phrases finds them', (t) => {
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
      const lexicon = lexiconOf({ drug: phrases.map((one) => one.join(' ')) });
      const hits = hitsIn(words.join(' '), lexicon).map((hit) => [hit.word, hit.words]);
      return JSON.stringify(hits) === JSON.stringify(wanted);
    }),
  );
  t.end();
});

/** At least so many terms. */
const LEAST: Partial<Record<LexiconList, number>> = {
  surname: 80_000,
  'first-name': 5_000,
  condition: 6_000,
  drug: 2_400,
  test: 900,
  procedure: 700,
  'common-word': 600,
  month: 23,
};
const MOST_WORDS = 9;

t.test('the lists that are shipped', (t) => {
  for (const list of LEXICON_LISTS) {
    const lines = linesOf(list);
    t.ok(lines.length >= (LEAST[list] ?? 80), `${list} holds ${lines.length}`);
    const odd = lines.filter((line) => lowerWords(wordsOf(line)).join(' ') !== line || line.split(' ').length > MOST_WORDS);
    t.same(odd, [], `${list} is as words are cut`);
    t.same(lines, [...new Set(lines)].sort(), `${list} is sorted, without doubles`);
  }
  t.end();
});

const shipped = loadLexicon();

/** Lists that a text's hits must have, and lists they must not. */
const KNOWN: readonly { readonly text: string; readonly has: readonly LexiconList[]; readonly not?: readonly LexiconList[] }[] = [
  { text: 'metformin', has: ['drug'] },
  { text: 'Ozempic', has: ['drug'] },
  { text: 'Biktarvy', has: ['drug', 'hiv'] },
  { text: 'Suboxone', has: ['drug', 'substance-use'] },
  { text: 'sertraline', has: ['drug', 'mental-health'] },
  { text: 'Crohn’s disease', has: ['condition'] },
  { text: 'type 2 diabetes', has: ['condition'] },
  { text: 'his diabetes', has: ['condition', 'person-verb'] },
  { text: 'hepatitis', has: ['condition'] },
  { text: 'bipolar disorder', has: ['condition', 'mental-health'] },
  { text: 'alcoholic cirrhosis', has: ['condition', 'substance-use'] },
  { text: 'HbA1c', has: ['test'] },
  { text: 'chest X-ray', has: ['test'] },
  { text: 'D-dimer', has: ['test'] },
  { text: 'cholecystectomy', has: ['procedure'] },
  { text: 'shortness of breath', has: ['symptom'] },
  { text: 'denies chest pain', has: ['symptom', 'clinical-word'] },
  { text: 'insulin pump', has: ['device'] },
  { text: 'discharge summary', has: ['care'] },
  { text: 'Explanation of Benefits', has: ['payment'] },
  { text: 'BRCA1', has: ['genetics'] },
  { text: 'miscarriage', has: ['reproductive-health'] },
  { text: 'Rose', has: ['first-name', 'surname', 'common-word'] },
  { text: 'Garcia', has: ['surname'] },
  { text: 'webinar', has: ['general-advice'], not: ['care', 'condition'] },
  { text: 'plan', has: [], not: ['clinical-word', 'care'] },
  { text: 'results', has: [], not: ['test', 'care'] },
  { text: 'appointment', has: [], not: ['care'] },
  { text: 'treatment', has: [], not: ['care', 'procedure'] },
  { text: 'invoice', has: [], not: ['payment'] },
  { text: 'claim number', has: [], not: ['payment'] },
];

for (const { text, has, not = [] } of KNOWN) {
  t.test(`shipped: ${text}`, (t) => {
    const hits = hitsIn(text, shipped);
    const all = hits.reduce((lists, hit) => lists | hit.lists, 0);
    for (const list of has) t.ok((all & listBit(list)) !== 0, list);
    for (const list of not) t.equal(all & listBit(list), 0, `not ${list}`);
    if (has.length > 0) t.equal(hits.length, 1, 'as one');
    t.end();
  });
}

t.test('any words', (t) => {
  const words = fc.array(
    fc.constantFrom('acute', 'heart', 'failure', 'type', '2', 'diabetes', 'his', 'constructor', '__proto__', 'x', ''),
    { maxLength: 40 },
  );
  fuzz(
    t,
    1_000,
    fc.property(words, (lower) => {
      let next = 0;
      for (const { word, words: count, lists } of hitsIn(lower.join(' '), shipped)) {
        if (word < next || count < 1 || word + count > lower.filter((one) => one !== '').length || lists === 0)
          throw new Error('a hit out of place');
        next = word + count;
      }
    }),
  );
  t.end();
});
