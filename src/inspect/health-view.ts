// What the detectors of health share: one walk over a passage's words that sorts them by what they may lead to, and adds up the medicine and
// the settings of care around each word. Made once for a passage.
import { CARE_WORDS } from './care-words.ts';
import { type Company, companyOf, companyWorth, HEALTH_LISTS, NOTE_WORDS, REACH } from './company.ts';
import { CUE_PHRASES } from './cue-phrases.ts';
import { CUE_WORTHS } from './cue-words.ts';
import { DEALING_WORTHS } from './dealing-words.ts';
import { DOCUMENT_HEADS, SECTION_HEADS } from './head-words.ts';
import { GOES_ON, lengthAt, type ListSet, listBit } from './lexicon.ts';
import { MEDICAL_ENDINGS } from './medical-endings.ts';
import { BILLING_WORDS, INSURANCE_PHRASES, INSURANCE_WORDS } from './payment-words.ts';
import { type Setting, SETTING_LISTS, SETTING_WORDS, settingOf, settingWorth } from './setting.ts';
import { LAB_UNITS, RESULTS_OF, VITALS } from './test-values.ts';
import { tallyOf, tell } from './tally.ts';
import { FIRST_TOPIC, NOTE, ODD, SETTING } from './word-traits.ts';
import { DIGITS, LETTERS, lowerAt, type Words } from './words.ts';

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
  /** Numbers of the words where lists begin that say something of health, care or payment, or of what is done to patients, in order. */
  readonly hits: readonly number[];
  readonly company: Company;
  readonly setting: Setting;
  /** Numbers of words, in order. */
  wordsOf(topic: Topic): readonly number[];
}

/** Among the traits of words: what they may lead to, the setting, and notes. */
const ANY_MEANING = (NOTE << 1) - (1 << FIRST_TOPIC);
const TOPIC_BITS = SETTING - (1 << FIRST_TOPIC);
/** A cue may be more, by its ending. */
const CUE = topicBit('cue');
const ENDINGS = topicBit('condition-ending') | topicBit('drug-ending') | topicBit('procedure-ending');
/** Shorter words are no names that are made by rule. */
const SHORTEST_NAME = 6;

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
export function healthViewOf(words: Words): HealthView {
  const { count, traits, known, made, lists } = words;
  const topics = TOPICS.map((): number[] => []);
  const cues = topics[TOPICS.indexOf('cue')] ?? [];
  const ofHealth: number[] = [];
  const company = tallyOf(REACH);
  const setting = tallyOf(1);
  for (let word = 0; word < count; word++) {
    const listed = lists[word] ?? 0;
    const held = (listed & GOES_ON) === 0 ? listed : 0;
    if ((held & OF_HEALTH) !== 0) ofHealth.push(word);
    // What a list holds, alone or in a phrase, is not told by its form.
    const free = listed === 0;
    const meaning = (traits[word] ?? 0) & (free ? ANY_MEANING : ANY_MEANING & ~ENDINGS);
    if ((held & OF_CARE) !== 0 || (meaning & (NOTE | SETTING)) !== 0) {
      const kind = known[word] ?? 0;
      const worth = (held & OF_CARE) === 0 ? 0 : companyWorth(words, word, lengthAt(words, word), held);
      tell(company, words, word, kind, (meaning & NOTE) !== 0 ? Math.max(0.5, worth) : worth);
      tell(setting, words, word, kind, settingWorth(words, word, held & OF_CARE));
    }
    if ((meaning & TOPIC_BITS) === CUE) cues.push(word);
    else
      for (let rest = (meaning & TOPIC_BITS) >> FIRST_TOPIC; rest !== 0; rest &= rest - 1)
        topics[31 - Math.clz32(rest & -rest)]?.push(word);
    if (!free || (meaning & ~CUE) !== 0) continue;
    if (made[word] !== LETTERS) {
      if (mayBeAge(words, word)) tell(company, words, word, AGE, made[word] === DIGITS ? ageWorth(words, word) : agedWorth(words, word));
    } else if ((known[word] ?? 0) < 0 && mayEnd(words, word)) {
      const ending = MEDICAL_ENDINGS.of(lowerAt(words, word));
      if (ending !== null) topics[TOPICS.indexOf(ending)]?.push(word);
    }
  }
  return {
    hits: ofHealth,
    company: companyOf(company),
    setting: settingOf(setting),
    wordsOf: (topic) => topics[TOPICS.indexOf(topic)] ?? [],
  };
}

/** The topic that a word of the vocabulary has by its ending, as a trait; 0 for none. */
export function endingTopic(word: string, trait: number): number {
  if (word.length < SHORTEST_NAME || (trait & ANY_MEANING & ~CUE) !== 0 || /\d/.test(word)) return 0;
  const ending = MEDICAL_ENDINGS.of(word);
  return ending === null ? 0 : topicBit(ending);
}

/** Whether a word that is in no vocabulary may be a name that is made by rule: most are turned away by their last letters. */
function mayEnd({ codes, ends, starts, traits }: Words, word: number): boolean {
  const end = ends[word] ?? 0;
  return end - (starts[word] ?? 0) >= SHORTEST_NAME && (((traits[word] ?? 0) & ODD) !== 0 || MEDICAL_ENDINGS.mayEnd(codes, end));
}

/** Whether a number may be an age, by the letter behind it, or by its own: year, month, week, "52yom". */
function mayBeAge({ codes, starts, ends, made }: Words, word: number): boolean {
  if (made[word] === DIGITS) return isAgeBegun(codes[starts[word + 1] ?? codes.length] ?? 0);
  const start = starts[word] ?? 0;
  const length = (ends[word] ?? 0) - start;
  return length >= 3 && length <= 6 && (codes[start] ?? 0) < 58;
}

/** What all ages are to one another, as one word is to itself. */
const AGE = 0;
const AGED: ReadonlySet<string> = new Set('yo yom yof y year years yr yrs month months week weeks'.split(' '));
const SEX: ReadonlySet<string> = new Set('male female man woman boy girl m f patient pt gentleman lady'.split(' '));

/** With a letter of year, month, week: most words behind a number are told by their first one. */
function isAgeBegun(code: number): boolean {
  const small = code | 32;
  return small === 121 || small === 109 || small === 119;
}

/** "52yom" */
function agedWorth(words: Words, word: number): number {
  return /^\d{1,3}yo[mf]?$/.test(lowerAt(words, word)) ? 0.9 : 0;
}

/** "52-year-old female", "60 yo": ages are told where people are described, and mostly by those who treat them. */
function ageWorth(words: Words, word: number): number {
  const after = lowerAt(words, word + 1);
  if (!AGED.has(after) || (!after.startsWith('yo') && lowerAt(words, word + 2) !== 'old' && lowerAt(words, word + 2) !== 'o')) return 0;
  for (let next = word + 2; next <= word + 5; next++) if (SEX.has(lowerAt(words, next))) return 0.9;
  return 0.5;
}
