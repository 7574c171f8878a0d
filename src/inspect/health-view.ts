// What the detectors of health share: one walk over a passage's words that sorts them by what they may lead to, and adds up the medicine and
// the settings of care around each word. Made once for a passage.
import { CARE_WORDS } from './care-words.ts';
import { type Company, companyOf, companyWorth, NOTE_WORDS, REACH } from './company.ts';
import { DOCUMENT_HEADS, SECTION_HEADS } from './head-words.ts';
import type { LexiconHit } from './lexicon.ts';
import { CONDITION_ENDINGS, DRUG_STEMS, PROCEDURE_ENDINGS } from './medical-endings.ts';
import { BILLING_WORDS, INSURANCE_PHRASES, INSURANCE_WORDS } from './payment-words.ts';
import { type Setting, SETTING_WORDS, settingOf, settingWorth } from './setting.ts';
import { LAB_UNITS, RESULTS_OF, VITALS } from './test-values.ts';
import type { Words } from './words.ts';

/** What a word may be the beginning of. */
const TOPICS = [
  'leads-to-condition',
  'directions',
  'test',
  'care',
  'payment',
  'document',
  'section',
  'condition-ending',
  'drug-ending',
  'procedure-ending',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface HealthView {
  readonly company: Company;
  readonly setting: Setting;
  /** Numbers of words, in order. */
  wordsOf(topic: Topic): readonly number[];
}

/** By word: bit n for TOPICS[n]; the two bits after them for the setting and for notes. */
const SETTING = 1 << TOPICS.length;
const NOTE = SETTING << 1;
const ENDING_TOPICS: readonly (readonly [Topic, { of(word: string): number }])[] = [
  ['condition-ending', CONDITION_ENDINGS],
  ['drug-ending', DRUG_STEMS],
  ['procedure-ending', PROCEDURE_ENDINGS],
];

const LEADS: readonly string[] = 'diagnosed diagnosis diagnoses dx hx pmh pmhx suffers suffering'.split(' ');
const DIRECTIONS: readonly string[] = 'sig take inhale apply inject instill chew dissolve qty disp dispense refills refill'.split(' ');

const MEANINGS: ReadonlyMap<string, number> = meanings([
  [topicBit('leads-to-condition'), LEADS],
  [topicBit('directions'), DIRECTIONS],
  [topicBit('test'), [...VITALS.keys(), ...LAB_UNITS, ...RESULTS_OF.keys(), 'positive', 'negative']],
  [topicBit('care'), [...CARE_WORDS.keys(), 'patient']],
  [topicBit('payment'), [...INSURANCE_WORDS.keys(), ...BILLING_WORDS.keys(), ...INSURANCE_PHRASES.keys()]],
  [topicBit('document'), [...DOCUMENT_HEADS.keys()]],
  [topicBit('section'), [...SECTION_HEADS.keys()]],
  [SETTING, [...SETTING_WORDS.keys()]],
  [NOTE, [...NOTE_WORDS]],
]);

function topicBit(topic: Topic): number {
  return 1 << TOPICS.indexOf(topic);
}

function meanings(rows: readonly (readonly [number, readonly string[]])[]): ReadonlyMap<string, number> {
  const map = new Map<string, number>();
  for (const [bit, words] of rows) for (const word of words) map.set(word, (map.get(word) ?? 0) | bit);
  return map;
}

interface Tally {
  readonly words: number[];
  readonly worths: number[];
}

/** Linear in the words. */
export function healthViewOf({ words, hits }: { readonly words: Words; readonly hits: readonly LexiconHit[] }): HealthView {
  const topics = TOPICS.map((): number[] => []);
  const company: Tally = { words: [], worths: [] };
  const setting: Tally = { words: [], worths: [] };
  const seen = new Map<string, number>();
  let next = 0;
  let covered = 0;
  let lastSetting = '';
  for (let word = 0; word < words.count; word++) {
    const lower = words.lower[word] ?? '';
    const hit = hits[next]?.word === word ? hits[next++] : undefined;
    if (hit !== undefined) covered = word + hit.words;
    const meaning = MEANINGS.get(lower) ?? 0;
    if (hit !== undefined || (meaning & NOTE) !== 0) keepsCompany(word, meaning, hit);
    else if (words.made[word] === 1 && word >= covered && lower.length > 5 && meaning === 0) endsAsMedicine(word, lower);
    else if (words.made[word] === 2 && meaning === 0) age(word);
    if (meaning !== 0) sort(word, meaning);
    const worth = hit !== undefined || (meaning & SETTING) !== 0 ? settingWorth(words.lower, word, hit?.lists ?? 0) : 0;
    if (worth > 0 && lower !== lastSetting) {
      lastSetting = lower;
      setting.words.push(word);
      setting.worths.push(worth);
    }
  }

  function sort(word: number, meaning: number): void {
    for (let topic = 0; topic < TOPICS.length; topic++) if ((meaning & (1 << topic)) !== 0) topics[topic]?.push(word);
  }

  function keepsCompany(word: number, meaning: number, hit: LexiconHit | undefined): void {
    const lower = words.lower[word] ?? '';
    const worth = Math.max((meaning & NOTE) !== 0 ? 0.5 : 0, hit === undefined ? 0 : companyWorth(words.lower, hit));
    if (worth === 0) return;
    const before = seen.get(lower);
    seen.set(lower, word);
    if (before !== undefined && word - before <= REACH) return;
    company.words.push(word);
    company.worths.push(worth);
  }

  /** "52-year-old", "60 yo": ages are told where people are described, and mostly by those who treat them. */
  function age(word: number): void {
    const after = words.lower[word + 1] ?? '';
    if (!/^(?:y\/?o|yo[mf]?|years?|yrs?|months?)$/.test(after) || (after.length > 3 && words.lower[word + 2] !== 'old')) return;
    const sex = `${words.lower[word + 2] ?? ''} ${words.lower[word + 3] ?? ''}`;
    company.words.push(word);
    company.worths.push(/male|man\b|patient|pt\b/.test(sex) ? 0.9 : 0.5);
  }

  function endsAsMedicine(word: number, lower: string): void {
    for (const [topic, endings] of ENDING_TOPICS) if (endings.of(lower) >= 0) return void topics[TOPICS.indexOf(topic)]?.push(word);
  }

  return {
    company: companyOf(company.words, company.worths),
    setting: settingOf(setting.words, setting.worths),
    wordsOf: (topic) => topics[TOPICS.indexOf(topic)] ?? [],
  };
}
