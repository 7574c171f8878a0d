// What the detectors of health share: one walk over a passage's words that sorts them by what they may lead to, and adds up the medicine and
// the settings of care around each word. Made once for a passage.
import { CARE_WORDS } from './care-words.ts';
import { type Company, companyOf, companyWorth, HEALTH_LISTS, NOTE_WORDS, REACH } from './company.ts';
import { CUE_PHRASES } from './cue-phrases.ts';
import { CUE_WORTHS } from './cue-words.ts';
import { DEALING_WORTHS } from './dealing-words.ts';
import { DOCUMENT_HEADS, SECTION_HEADS } from './head-words.ts';
import { type LexiconHit, type ListSet, listBit } from './lexicon.ts';
import { MEDICAL_ENDINGS } from './medical-endings.ts';
import { BILLING_WORDS, INSURANCE_PHRASES, INSURANCE_WORDS } from './payment-words.ts';
import { type Setting, SETTING_LISTS, SETTING_WORDS, settingOf, settingWorth } from './setting.ts';
import { LAB_UNITS, RESULTS_OF, VITALS } from './test-values.ts';
import { FIRST_TOPIC } from './word-traits.ts';
import { lowerAt, type Words } from './words.ts';

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
  'cue',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface HealthView {
  /** Of lists that say something of health, care or payment, or of what is done to patients: about a third of all. */
  readonly hits: readonly LexiconHit[];
  readonly company: Company;
  readonly setting: Setting;
  /** Numbers of words, in order. */
  wordsOf(topic: Topic): readonly number[];
}

/** Among the traits of words: what they may lead to; the two bits behind those for the setting and for notes. */
const SETTING = 1 << (FIRST_TOPIC + TOPICS.length);
const NOTE = SETTING << 1;
const ANY_MEANING = (NOTE << 1) - (1 << FIRST_TOPIC);
/** A cue may be more, by its ending. */
const CUE = topicBit('cue');

/** Lists that say something of care. */
const OF_CARE: ListSet = HEALTH_LISTS | SETTING_LISTS;
const OF_HEALTH: ListSet = OF_CARE | listBit('payment') | listBit('person-verb');

const LEADS: readonly string[] = 'diagnosed diagnosis diagnoses dx hx pmh pmhx suffers suffering'.split(' ');
const DIRECTIONS: readonly string[] = 'sig take inhale apply inject instill chew dissolve qty disp dispense refills refill'.split(' ');

/** Traits with the words that have them. */
export const TOPIC_WORDS: readonly (readonly [trait: number, words: readonly string[]])[] = [
  [topicBit('leads-to-condition'), LEADS],
  [topicBit('directions'), DIRECTIONS],
  [topicBit('test'), [...VITALS.keys(), ...LAB_UNITS, ...RESULTS_OF.keys(), 'positive', 'negative']],
  [topicBit('care'), [...CARE_WORDS.keys(), 'patient']],
  [topicBit('payment'), [...INSURANCE_WORDS.keys(), ...BILLING_WORDS.keys(), ...INSURANCE_PHRASES.keys()]],
  [topicBit('document'), [...DOCUMENT_HEADS.keys()]],
  [topicBit('section'), [...SECTION_HEADS.keys()]],
  [topicBit('cue'), [...CUE_WORTHS.keys(), ...CUE_PHRASES.keys(), ...DEALING_WORTHS.keys()]],
  [SETTING, [...SETTING_WORDS.keys()]],
  [NOTE, [...NOTE_WORDS]],
];

function topicBit(topic: Topic): number {
  return 1 << (FIRST_TOPIC + TOPICS.indexOf(topic));
}

/** Linear in the words. */
export function healthViewOf(read: { readonly words: Words; readonly hits: readonly LexiconHit[] }): HealthView {
  const { words, hits } = read;
  const topics = TOPICS.map((): number[] => []);
  const ofHealth: LexiconHit[] = [];
  const company = tallyOf(REACH);
  const setting = tallyOf(1);
  let next = 0;
  let covered = 0;
  for (let word = 0; word < words.count; word++) {
    const hit = hits[next]?.word === word ? hits[next++] : undefined;
    if (hit !== undefined) {
      covered = word + hit.words;
      if ((hit.lists & OF_HEALTH) !== 0) ofHealth.push(hit);
    }
    const meaning = (words.traits[word] ?? 0) & ANY_MEANING;
    const lists = (hit?.lists ?? 0) & OF_CARE;
    // Names, and words within a phrase.
    if (meaning === 0 && lists === 0 && word < covered) continue;
    const lower = lowerAt(words, word);
    if (lists !== 0 || (meaning & NOTE) !== 0) {
      const worth = hit === undefined || lists === 0 ? 0 : companyWorth(words, hit);
      company.add(word, lower, (meaning & NOTE) !== 0 ? Math.max(0.5, worth) : worth);
    }
    if (lists !== 0 || (meaning & SETTING) !== 0) setting.add(word, lower, settingWorth(words, word, lists));
    for (let topic = 0, rest = meaning >> FIRST_TOPIC; rest !== 0; topic++, rest >>= 1) if ((rest & 1) !== 0) topics[topic]?.push(word);
    if ((meaning & ~CUE) === 0 && hit === undefined && word >= covered) {
      if (words.made[word] === 2) company.add(word, 'age', ageWorth(words, word));
      else if (words.made[word] === 3) company.add(word, 'age', /^\d{1,3}y\/?o[mf]?$/.test(lower) ? 0.9 : 0);
      else if (lower.length > 5) {
        const ending = MEDICAL_ENDINGS.of(lower);
        if (ending !== null) topics[TOPICS.indexOf(ending)]?.push(word);
      }
    }
  }
  return {
    hits: ofHealth,
    company: companyOf(company.words, company.worths),
    setting: settingOf(setting.words, setting.worths),
    wordsOf: (topic) => topics[TOPICS.indexOf(topic)] ?? [],
  };
}

interface Tally {
  readonly words: readonly number[];
  readonly worths: readonly number[];
  /** The same word again within reach adds nothing. */
  add(word: number, lower: string, worth: number): void;
}

function tallyOf(reach: number): Tally {
  const words: number[] = [];
  const worths: number[] = [];
  const seen: { readonly word: number; readonly lower: string }[] = [];
  // Few words count: those within reach are looked through faster than a map is kept.
  const isRepeated = (word: number, lower: string): boolean => {
    for (let i = seen.length - 1; i >= 0; i--) {
      const before = seen[i];
      if (before === undefined || word - before.word > reach) return false;
      if (before.lower === lower) return true;
    }
    return false;
  };
  return {
    words,
    worths,
    add(word, lower, worth) {
      if (worth === 0) return;
      const repeated = isRepeated(word, lower);
      seen.push({ word, lower });
      if (repeated) return;
      words.push(word);
      worths.push(worth);
    },
  };
}

const AGED: ReadonlySet<string> = new Set('yo yom yof y year years yr yrs month months week weeks'.split(' '));
/** Most words behind a number are told by their first letter. */
const AGE_BEGINS: ReadonlySet<number> = new Set([...AGED].map((word) => word.charCodeAt(0)));
const SEX: ReadonlySet<string> = new Set('male female man woman boy girl m f patient pt gentleman lady'.split(' '));

/** "52-year-old female", "60 yo": ages are told where people are described, and mostly by those who treat them. */
function ageWorth(words: Words, word: number): number {
  const after = lowerAt(words, word + 1);
  if (
    !AGE_BEGINS.has(after.charCodeAt(0)) ||
    !AGED.has(after) ||
    (!after.startsWith('yo') && lowerAt(words, word + 2) !== 'old' && lowerAt(words, word + 2) !== 'o')
  )
    return 0;
  for (let next = word + 2; next <= word + 5; next++) if (SEX.has(lowerAt(words, next))) return 0.9;
  return 0.5;
}
