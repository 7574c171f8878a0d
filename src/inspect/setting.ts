// The setting of care: doctors, clinics, wards and specialities near a word. An appointment at a garage and one at a clinic differ by nothing else.
import { below } from './company.ts';
import { type ListSet, listBit } from './lexicon.ts';
import type { Passage } from './passage.ts';

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
  [
    0.7,
    'medical dental patient pt healthcare pharmacy physician’s telehealth copay mychart telemedicine mammogram fasting medicare medicaid',
  ],
  [0.3, 'insurance insured'],
  [0.5, 'dr md rn np pcp provider health medication medications symptoms treatment surgery exam laboratory lab labs bloodwork'],
];
const WORTH: ReadonlyMap<string, number> = new Map(
  ROWS.flatMap(([worth, words]) => words.split(' ').map((word) => [word, worth] as const)),
);

/** Before "patient" they make it a virtue. */
const BEING: ReadonlySet<string> = new Set(['be', 'been', 'being', 'very', 'stay', 'more', 'so']);

export interface Setting {
  /** 0 none, 1 a doctor or a clinic, 2 both; the word itself and its repetitions apart. */
  around(word: number): number;
}

export function settingOf(passage: Passage): Setting {
  const { words, hits } = passage;
  const at: number[] = [];
  const sums = [0];
  let sum = 0;
  let next = 0;
  let lastWord = '';
  for (let word = 0; word < words.count; word++) {
    const lower = words.lower[word] ?? '';
    while ((hits[next]?.word ?? Infinity) < word) next++;
    const lists = hits[next]?.word === word ? (hits[next]?.lists ?? 0) : 0;
    const worth = Math.max(WORTH.get(lower) ?? 0, lists === 0 ? 0 : ofLists(lists));
    if (worth === 0 || lower === lastWord || (lower === 'patient' && BEING.has(words.lower[word - 1] ?? ''))) continue;
    lastWord = lower;
    sum += worth;
    at.push(word);
    sums.push(sum);
  }
  const upTo = (word: number): number => sums[below(at, word)] ?? 0;
  return { around: (word) => upTo(word + REACH + 1) - upTo(word + 1) + (upTo(word) - upTo(word - REACH)) };
}

function ofLists(lists: ListSet): number {
  if ((lists & FACILITY) !== 0) return 0.8;
  if ((lists & PROVIDER) !== 0) return 0.5;
  if ((lists & OF_HEALTH) !== 0) return 0.3;
  return (lists & PATIENT) !== 0 ? 0.3 : 0;
}
