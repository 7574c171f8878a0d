// The signs by which a text tells whether it speaks of one person or of nobody in particular: words, and what stands beside them.
import type { Sign } from './generality.ts';
import { type LexiconHit, type ListSet, listBit } from './lexicon.ts';
import type { Passage } from './passage.ts';

type Found = Omit<Sign, 'at'>;

const one = (code: string, weight: number): Found => ({ voice: 'one', weight, code });
const second = (code: string, weight: number): Found => ({ voice: 'second', weight, code });
const nobody = (code: string, weight: number): Found => ({ voice: 'nobody', weight, code });

const RESEARCH = listBit('research');
const ADVICE = listBit('general-advice');
const PERSON_VERB = listBit('person-verb');
const OF_CARE: ListSet = listBit('care') | listBit('payment') | listBit('test') | listBit('procedure');
const OF_HEALTH: ListSet = listBit('condition') | listBit('drug') | listBit('symptom') | listBit('device') | listBit('anatomy');

/** Words by voice, weight and code; a word stands in one row. */
const ROWS: readonly (readonly [Found, string])[] = [
  [one('pronoun', 0.3), 'he she his her him herself himself'],
  [one('title', 0.7), 'mr mrs ms miss'],
  [one('labelled', 0.6), 'dob mrn ssn'],
  [one('dosing', 0.6), 'bid tid qid qhs qday prn sig'],
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
  [nobody('work', 0.5), 'applicants salary hiring resume qualifications recruiter vacancy'],
  [nobody('product', 0.4), 'customers vendors pricing subscription edition distributors manufacturer manufacturers'],
];
const BY_WORD: ReadonlyMap<string, Found> = new Map(
  ROWS.flatMap(([found, words]) => words.split(' ').map((word) => [word, found] as const)),
);

/** What is done to "you" where one is a patient. */
const DONE_TO_YOU: ReadonlySet<string> = new Set('were are have had need was reported'.split(' '));
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
const HEADS: ReadonlySet<string> = new Set(
  'background methods results conclusion conclusions objective objectives purpose aim aims design setting'.split(' '),
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

/** The sign at a word, or null. */
export function signAt(passage: Passage, word: number, hit: LexiconHit | undefined): Found | null {
  const lower = passage.words.lower[word] ?? '';
  if ((passage.words.made[word] ?? 0) >= 2) return ofNumber(passage, word, lower);
  const own = BY_WORD.get(lower);
  if (own !== undefined) return own;
  if (lower === 'your') return ofYour(passage, word);
  if (lower === 'you') return ofYou(passage, word);
  if (lower === 'patient' || lower === 'pt') return one('patient', 0.4);
  if (lower === 'p' || lower === 'n' || lower === 'ci') return ofStatistics(passage, word, lower);
  if (HEADS.has(lower)) return ofHead(passage, word);
  return hit === undefined ? null : ofHit(passage, hit);
}

function ofHit({ words }: Passage, { lists, word, words: count }: LexiconHit): Found | null {
  if ((lists & RESEARCH) !== 0) return nobody('study', count > 1 ? 0.6 : 0.35);
  if ((lists & ADVICE) !== 0) return nobody('advice', count > 1 ? 0.6 : 0.3);
  if ((lists & PERSON_VERB) === 0) return null;
  const before = words.lower[word - 1] ?? '';
  return EVERYBODY.has(before) ? nobody('many', 0.2) : one('person-verb', 0.4);
}

/** "58-year-old", "58 yo", "63yo", "45F": the age of one, unless many follow. */
function ofNumber({ words, text }: Passage, word: number, lower: string): Found | null {
  const after = words.lower[word + 1] ?? '';
  const fused = /^\d{1,3}(?:yo|y|yom|yof|f|m|yrs?)$/.test(lower);
  const old = after.startsWith('year') || after === 'yr' || after === 'y' || after === 'month' || after === 'week' || after === 'day';
  if (after === 'yo' || after === 'yom' || after === 'yof' || (old && /^(?:old|o)$/.test(words.lower[word + 2] ?? ''))) {
    const far = `${words.lower[word + 3] ?? ''} ${words.lower[word + 4] ?? ''}`;
    return /patients|women|men\b|adults|subjects|children/.test(far) ? one('age', 0.3) : one('age', 1);
  }
  if (fused && /^\d{1,3}(?:yo|yom|yof)/.test(lower)) return one('age', 1);
  return text[words.ends[word] ?? 0] === '%' ? nobody('percent', 0.12) : null;
}

function ofYour({ words }: Passage, word: number): Found | null {
  for (let next = word + 1; next <= word + 4; next++) {
    const lower = words.lower[next] ?? '';
    if (YOURS.has(lower)) return second('yours', 0.7);
    if (lower === 'for' || lower === 'and') break;
  }
  return second('your', 0.08);
}

function ofYou({ words }: Passage, word: number): Found | null {
  if (!DONE_TO_YOU.has(words.lower[word + 1] ?? '')) return second('you', 0.05);
  for (let next = word + 2; next <= word + 4; next++) if (DONE.has(words.lower[next] ?? '')) return second('done-to-you', 0.8);
  return second('you', 0.05);
}

/** p < 0.05, n = 120, 95% CI. */
function ofStatistics({ words, text }: Passage, word: number, lower: string): Found | null {
  if (lower === 'ci') return /^\d+$/.test(words.lower[word - 1] ?? '') ? nobody('statistics', 0.7) : null;
  const between = text.slice(words.ends[word] ?? 0, words.starts[word + 1] ?? 0);
  return /^\s{0,2}[<>=\u2264]\s{0,2}\.?$/.test(between) && (words.made[word + 1] ?? 0) === 2 ? nobody('statistics', 0.7) : null;
}

/** The heads of an abstract stand in capitals before a colon. */
function ofHead({ words, text }: Passage, word: number): Found | null {
  const start = words.starts[word] ?? 0;
  const end = words.ends[word] ?? 0;
  const written = text.slice(start, end);
  return written === written.toUpperCase() && text[end] === ':' ? nobody('abstract-head', 0.6) : null;
}

export { OF_CARE, OF_HEALTH };
