// The signs by which a text tells whether it speaks of one person or of nobody in particular: words, and what stands beside them.
import type { Sign } from './generality.ts';
import { lengthAt, listBit, listsAt, type ListSet } from './lexicon.ts';
import type { Passage } from './passage.ts';
import { SIGN } from './word-traits.ts';
import { MIXED, lowerAt, type Words } from './words.ts';
import { isDigit, PERCENT } from './sign-codes.ts';

type Found = Omit<Sign, 'at'>;

const one = (code: string, weight: number): Found => ({ voice: 'one', weight, code });
const second = (code: string, weight: number): Found => ({ voice: 'second', weight, code });
const nobody = (code: string, weight: number): Found => ({ voice: 'nobody', weight, code });

const RESEARCH = listBit('research');
const ADVICE = listBit('general-advice');
const PERSON_VERB = listBit('person-verb');
const KIN = listBit('kin');
/** What is done to one person. */
const OF_TREATMENT: ListSet = listBit('test') | listBit('procedure') | listBit('drug') | listBit('device');
const OF_ILLNESS: ListSet = listBit('condition') | listBit('symptom') | listBit('anatomy');

/** Words by voice, weight and code; a word stands in one row. */
const ROWS: readonly (readonly [Found, string])[] = [
  [one('pronoun', 0.3), 'he she his her him herself himself'],
  [one('title', 0.7), 'mr mrs ms miss'],
  [one('labelled', 0.6), 'dob mrn ssn'],
  [one('dosing', 0.6), 'bid tid qid qhs qday prn sig'],
  [one('note', 0.4), 'hx pmh pmhx dx nkda subscriber claimant beneficiary'],
  [one('kin', 0.2), 'mother father daughter son wife husband mom dad'],
  [nobody('many', 0.4), 'patients participants subjects individuals adults volunteers respondents infants males females women men'],
  [
    nobody('study', 0.6),
    'cohort randomized randomised placebo multivariate univariate retrospective retrospectively prospectively regression logistic meta-analysis',
  ],
  [
    nobody('study', 0.4),
    'study studies trials statistically significantly prevalence incidence correlated median hypothesis investigated analysed analyzed demonstrated enrolled sensitivity specificity',
  ],
  [nobody('list-mail', 0.6), 'unsubscribe newsletter newsletters webinar webinars subscribers'],
  [
    nobody('advice', 0.4),
    'tips awareness prevention experts researchers scientists readers everyone anyone symposium conference sponsors advertisement',
  ],
  [
    nobody('work', 0.5),
    'applicants salary hiring resume qualifications recruiter vacancy payroll shifts staffing roster onboarding credentialing',
  ],
  // An animal is no person.
  [
    nobody('animal', 1.2),
    'veterinary veterinarian vet dvm heartworm distemper canine feline puppy kitten spay spayed neuter neutered kennel litter paws bordetella carprofen flea fleas paw hock hoof hooves gelding stallion pup pups',
  ],
  [nobody('many', 0.6), 'households classrooms'],
  [nobody('offer', 0.8), 'coupon coupons rewards giveaway clearance sweepstakes'],
  [nobody('product', 0.4), 'customers vendors pricing subscription edition distributors manufacturer manufacturers'],
];
const BY_WORD: ReadonlyMap<string, Found> = new Map(
  ROWS.flatMap(([found, words]) => words.split(' ').map((word) => [word, found] as const)),
);

/** What is done to "you" where one is a patient. */
const DONE_TO_YOU: ReadonlySet<string> = new Set('were are have had need was did missed'.split(' '));
const DONE: ReadonlySet<string> = new Set(
  'seen scheduled admitted discharged diagnosed prescribed referred tested treated due overdue evaluated hospitalized enrolled pregnant taking experiencing positive negative missed'.split(
    ' ',
  ),
);
/** What is somebody's own and happens once: a visit, a bill, a value. */
const YOURS: ReadonlySet<string> = new Set(
  (
    'appointment appointments visit visits results result labs lab prescription prescriptions medication medications refill bill statement balance copay claim claims referral surgery procedure ' +
    'test tests biopsy scan mri ultrasound mammogram colonoscopy x-ray bloodwork a1c cholesterol glucose pressure inr hemoglobin doctor physician provider surgeon dentist therapist nurse chart records ' +
    'diagnosis condition treatment follow-up insurance deductible explanation pathology screening dose dosage recovery discharge admission stay'
  ).split(' '),
);
const EVERYBODY: ReadonlySet<string> = new Set([
  'patients',
  'women',
  'men',
  'adults',
  'children',
  'infants',
  'subjects',
  'participants',
  'people',
  'cases',
  'who',
]);

/** Those to whom a greeting speaks when it speaks to many. */
const MANY_GREETED: ReadonlySet<string> = new Set(
  'all everyone colleague colleagues friend friends reader readers customer customers sir madam team member members editor list folks'.split(
    ' ',
  ),
);
/** Who is greeted by these speaks to a crowd: a school, a list. A team of colleagues may well talk of one patient. */
const CROWD_GREETED: ReadonlySet<string> = new Set(
  'families parents students neighbors neighbours residents subscribers members readers volunteers donors friends guardians households'.split(
    ' ',
  ),
);
const COMPANY_OF_YOU: ReadonlySet<string> = new Set(['see', 'remind', 'wish', 'expect']);
/** What one tells who treats. */
const TOLD: ReadonlySet<string> = new Set('told mentioned described reported asked shared felt came called'.split(' '));
type Ask = (passage: Passage, word: number) => Found | null;

/** Words whose neighbours decide. */
const ASKED: readonly (readonly [string, Ask])[] = [
  ['your', ofYour],
  ['ur', ofYour],
  ['you', ofYou],
  ["you're you've", ofYouAre],
  ['shift', ofShift],
  ["my i i'm i've", ofMine],
  ['dear hi hello', ofGreeting],
  ['cat dog cats dogs rabbit hamster horse mare foal', ofAnimal],
  ['patient pt', ofPatient],
  ['call', ofCall],
  ['p n ci', ofStatistics],
  ['background methods results conclusion conclusions objective objectives purpose aim aims design setting', ofHead],
  [
    'indication impression exam technique comparison hpi pmh allergies medications vitals specimen diagnosis subjective assessment',
    ofRecord,
  ],
];
const ASK_BY_WORD: ReadonlyMap<string, Ask> = new Map(
  ASKED.flatMap(([words, ask]) => words.split(' ').map((word) => [word, ask] as const)),
);

/** Those that may be signs whatever list they are of. */
export const SIGN_WORDS: readonly string[] = [...BY_WORD.keys(), ...ASK_BY_WORD.keys()];
/** Lists whose words are signs. */
export const SIGN_LISTS: ListSet = RESEARCH | ADVICE | PERSON_VERB;

/** Null where the word is no sign. */
export function signAt(passage: Passage, word: number): Found | null {
  const { made, traits } = passage.words;
  if ((made[word] ?? 0) >= 2) return ofNumber(passage, word);
  if (((traits[word] ?? 0) & SIGN) === 0) return ofHit(passage, word);
  const one = lowerAt(passage.words, word);
  return BY_WORD.get(one) ?? ASK_BY_WORD.get(one)?.(passage, word) ?? null;
}

function ofYouAre({ words }: Passage, word: number): Found {
  return second('done-to-you', DONE.has(lowerAt(words, word + 1)) || DONE.has(lowerAt(words, word + 2)) ? 0.8 : 0.1);
}

function ofShift({ words }: Passage, word: number): Found | null {
  return ['night', 'day', 'evening', 'weekend', 'the', 'a'].includes(lowerAt(words, word - 1)) ? nobody('work', 0.7) : null;
}

function ofPatient({ text, words }: Passage, word: number): Found {
  return text[words.ends[word] ?? 0] === ':' ? one('labelled', 0.7) : one('patient', 0.4);
}

function ofCall({ words }: Passage, word: number): Found | null {
  return /^(?:us|me|our|my)$/.test(lowerAt(words, word + 1)) ? second('call-us', 0.25) : null;
}

/** Lists of what begins within some words. */
function listsNear({ words }: Passage, word: number, reach: number): ListSet {
  let lists = 0;
  for (let near = word; near <= word + reach; near++) lists |= listsAt(words, near);
  return lists;
}

/** "my insulin", "I feel dizzy": who writes is the one. */
function ofMine(passage: Passage, word: number): Found | null {
  const lower = lowerAt(passage.words, word);
  const lists = listsNear(passage, word, lower === 'my' ? 2 : 4);
  return (lists & (OF_TREATMENT | OF_ILLNESS)) === 0 ? null : one('mine', lower === 'my' ? 0.5 : 0.35);
}

function ofGreeting({ words, text }: Passage, word: number): Found | null {
  const name = words.starts[word + 1];
  const first = name === undefined ? '' : (text[name] ?? '');
  if (CROWD_GREETED.has(lowerAt(words, word + 1)) || (lowerAt(words, word + 1) === 'school' && CROWD_GREETED.has(lowerAt(words, word + 2))))
    return nobody('crowd', 1);
  return first >= 'A' && first <= 'Z' && !MANY_GREETED.has(lowerAt(words, word + 1)) ? one('greeting', 0.2) : null;
}

function ofHit({ words }: Passage, word: number): Found | null {
  const lists = listsAt(words, word);
  if (lists === 0) return null;
  const count = lengthAt(words, word);
  if ((lists & RESEARCH) !== 0) return nobody('study', count > 1 ? 0.6 : 0.35);
  if ((lists & ADVICE) !== 0) return nobody('advice', count > 1 ? 0.6 : 0.3);
  if ((lists & PERSON_VERB) === 0) return null;
  const before = lowerAt(words, word - 1);
  return EVERYBODY.has(before) ? nobody('many', 0.2) : one('person-verb', 0.4);
}

/** Whether an age or a percentage is possible, by the signs behind a number: most have neither. */
export function mayBeAge({ codes, starts, ends, made }: Words, word: number): boolean {
  const end = ends[word] ?? 0;
  if (codes[end] === PERCENT) return true;
  // "63yo"
  if (made[word] === MIXED && end - (starts[word] ?? 0) <= 6 && isDigit(codes[starts[word] ?? 0] ?? 0)) return true;
  const next = starts[word + 1];
  if (next === undefined) return false;
  const length = (ends[word + 1] ?? 0) - next;
  switch ((codes[next] ?? 0) | 32) {
    case 121: // y, yo, year
      return true;
    case 109: // month, male
      return length === 1 || length === 5;
    case 119: // week
      return length === 4;
    case 100: // day
      return length === 3;
    case 102: // female
      return length === 1;
    default:
      return false;
  }
}

/** "58-year-old", "58 yo", "63yo", "45F": the age of one, unless many follow. */
function ofNumber({ words, text }: Passage, word: number): Found | null {
  const after = lowerAt(words, word + 1);
  const percent = words.codes[words.ends[word] ?? 0] === PERCENT;
  const old = after.startsWith('year') || after === 'yr' || after === 'y' || after === 'month' || after === 'week' || after === 'day';
  if (after === 'yo' || after === 'yom' || after === 'yof' || (old && /^(?:old|o)$/.test(lowerAt(words, word + 2)))) {
    const far = `${lowerAt(words, word + 3)} ${lowerAt(words, word + 4)}`;
    return /patients|women|men\b|adults|subjects|children/.test(far) ? one('age', 0.3) : one('age', 1);
  }
  if (
    (after === 'f' || after === 'm') &&
    /^\d{1,3}[ /-][FM](?![\w.])/.test(text.slice(words.starts[word] ?? 0, (words.ends[word] ?? 0) + 3))
  )
    return one('age', 0.5);
  if (words.made[word] === MIXED && /^\d{1,3}yo[mf]?$/.test(lowerAt(words, word))) return one('age', 1);
  if (!percent) return null;
  return after === 'off' ? nobody('offer', 1.2) : nobody('percent', 0.12);
}

function ofYour(passage: Passage, word: number): Found | null {
  const { words } = passage;
  for (let after = word + 1; after <= word + 4; after++) {
    const lower = lowerAt(words, after);
    if (YOURS.has(lower)) return second('yours', 0.7);
    if (lower === 'for' || lower === 'and') break;
  }
  if ((listsNear(passage, word, 1) & KIN) !== 0) return second('your-kin', 0.6);
  // What is done to one is one's own; an illness is everybody's who reads advice.
  const lists = listsNear(passage, word, 2);
  if ((lists & OF_TREATMENT) !== 0) return second('yours', 0.6);
  return (lists & OF_ILLNESS) !== 0 ? second('your-illness', 0.3) : second('your', 0.08);
}

function ofYou({ words }: Passage, word: number): Found | null {
  if (COMPANY_OF_YOU.has(lowerAt(words, word - 1))) return second('see-you', 0.3);
  const verb = lowerAt(words, word + 1);
  if (TOLD.has(verb)) return second('you-told', 0.6);
  if (!DONE_TO_YOU.has(verb)) return second('you', 0.05);
  for (let next = word + 2; next <= word + 6; next++) {
    const lower = lowerAt(words, next);
    if (next <= word + 4 && DONE.has(lower)) return second('done-to-you', 0.8);
    if (YOURS.has(lower)) return second('yours', 0.5);
  }
  return second('you', 0.05);
}

/** p < 0.05, n = 120, 95% CI. */
function ofStatistics({ words, text }: Passage, word: number): Found | null {
  if (lowerAt(words, word) === 'ci') return /^\d+$/.test(lowerAt(words, word - 1)) ? nobody('statistics', 0.7) : null;
  const between = text.slice(words.ends[word] ?? 0, words.starts[word + 1] ?? 0);
  return /^\s{0,2}[<>=\u2264]\s{0,2}\.?$/.test(between) && (words.made[word + 1] ?? 0) === 2 ? nobody('statistics', 0.7) : null;
}

/** "IMPRESSION: ", "Indication: " at the beginning of a line: heads of sections that only a record of one person has. */
function ofRecord(passage: Passage, word: number): Found | null {
  return ofRecordHead(passage, word) ?? ofHit(passage, word);
}

function ofRecordHead({ words, text }: Passage, word: number): Found | null {
  const start = words.starts[word] ?? 0;
  const begins = start === 0 || /[\n>*#] ?$/.test(text.slice(Math.max(0, start - 2), start));
  return begins && text[words.ends[word] ?? 0] === ':' && /[A-Z]/.test(text.charAt(start)) ? one('record-head', 0.4) : null;
}

/** "She is a lovely old cat": the one that is spoken of. A scan, an allergy and a bite have it as well. */
function ofAnimal({ words }: Passage, word: number): Found | null {
  const after = lowerAt(words, word + 1);
  const before = lowerAt(words, word - 1);
  if (['scan', 'bite', 'bites', 'allergy', 'dander', 'scratch', 'hair'].includes(after)) return null;
  if (['to', 'service', 'guide', 'therapy', 'hot'].includes(before)) return null;
  for (let i = word - 1; i >= word - 4; i--) {
    const lower = lowerAt(words, i);
    if (lower === 'a' || lower === 'an')
      return lowerAt(words, i - 1) === 'is' || lowerAt(words, i - 1) === 'was' ? nobody('animal', 1.6) : nobody('animal', 0.6);
    if (lower === 'your' || lower === 'old') return nobody('animal', 0.9);
  }
  return nobody('animal', 0.6);
}

/** The heads of an abstract stand in capitals before a colon. */
function ofHead({ words, text }: Passage, word: number): Found | null {
  const start = words.starts[word] ?? 0;
  const end = words.ends[word] ?? 0;
  const written = text.slice(start, end);
  return written === written.toUpperCase() && text[end] === ':' ? nobody('abstract-head', 0.6) : null;
}
