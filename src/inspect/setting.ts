// The setting of care: doctors, clinics, wards and specialities near a word. An appointment at a garage and one at a clinic differ by nothing else.
import { type ListSet, listBit } from './lexicon.ts';
import { around, type Tally } from './tally.ts';
import { SETTING } from './word-traits.ts';
import { lowerAt, type Words } from './words.ts';

/** Words to each side. */
const REACH = 14;

const FACILITY = listBit('facility');
const PROVIDER = listBit('provider-title');
const PATIENT = listBit('patient-word');
const OF_HEALTH: ListSet =
  listBit('condition') |
  listBit('drug') |
  listBit('procedure') |
  listBit('symptom') |
  listBit('test') |
  listBit('anatomy') |
  listBit('device');

const ROWS: readonly (readonly [number, string])[] = [
  [
    1,
    'doctor physician surgeon nurse dentist dermatologist cardiologist neurologist oncologist psychiatrist psychologist therapist pediatrician obstetrician gynecologist urologist ' +
      'optometrist ophthalmologist orthodontist podiatrist radiologist anesthesiologist endocrinologist gastroenterologist pulmonologist rheumatologist nephrologist midwife hygienist ' +
      'hospital clinic hospice icu nicu ward infirmary ' +
      'cardiology neurology oncology dermatology psychiatry pediatrics obstetrics gynecology urology radiology orthopedics ophthalmology endocrinology gastroenterology pulmonology ' +
      'rheumatology nephrology hematology anesthesiology pathology otolaryngology physiotherapy podiatry',
  ],
  [0.7, 'patient pt healthcare pharmacy physician’s telehealth copay mychart telemedicine mammogram fasting medicare medicaid'],
  [0.3, 'insurance insured'],
  [1, 'dr md'],
  [
    -0.5,
    'shipping shipped shipment order orders purchase warranty supplier supplies supply boxes pallet freight tracking vendor wholesale',
  ],
  [-0.6, 'hotel reservation garage vehicle car tyres tires brakes technician plumber hvac salon restaurant'],
  [0.5, 'medical dental rn np pcp provider health medication medications symptoms treatment surgery exam laboratory lab labs bloodwork'],
];
export const SETTING_WORDS: ReadonlyMap<string, number> = new Map(
  ROWS.flatMap(([worth, words]) => words.split(' ').map((word) => [word, worth] as const)),
);

export const SETTING_LISTS: ListSet = FACILITY | PROVIDER | PATIENT | OF_HEALTH;

/** Before "patient" they make it a virtue. */
const BEING: ReadonlySet<string> = new Set(['be', 'been', 'being', 'very', 'stay', 'more', 'so']);

export interface Setting {
  /** 0 none, 1 a doctor or a clinic, 2 both, less among goods and other trades; the word itself and its repetitions apart. */
  around(word: number): number;
}

export function settingOf(tally: Tally): Setting {
  return { around: (word) => around(tally, word, REACH) };
}

/** What a word says of a setting, 0 nothing. */
export function settingWorth(words: Words, word: number, lists: ListSet): number {
  const own = ((words.traits[word] ?? 0) & SETTING) === 0 ? 0 : ownWorth(words, word);
  return own === null ? 0 : own < 0 ? own : Math.max(own, lists === 0 ? 0 : ofLists(lists));
}

/** Null for what is no patient. */
function ownWorth(words: Words, word: number): number | null {
  const lower = lowerAt(words, word);
  if (lower === 'patient' && BEING.has(lowerAt(words, word - 1))) return null;
  return isOfAddress(words, word, lower) ? 0 : (SETTING_WORDS.get(lower) ?? 0);
}

/** "9229 Elm Dr", "Georgetown, MD 16618": of a street, and of Maryland. */
function isOfAddress(words: Words, word: number, lower: string): boolean {
  if (lower === 'md') return /^\d{5}$/.test(lowerAt(words, word + 1));
  return lower === 'dr' && [2, 3, 4].some((back) => /^\d{1,6}$/.test(lowerAt(words, word - back))) && lowerAt(words, word - 1) !== 'with';
}

function ofLists(lists: ListSet): number {
  if ((lists & FACILITY) !== 0) return 0.8;
  if ((lists & PROVIDER) !== 0) return 0.5;
  if ((lists & OF_HEALTH) !== 0) return 0.3;
  return (lists & PATIENT) !== 0 ? 0.3 : 0;
}
