// Tests, and what they showed: a name of a test alone is 'test', with a value, a flag or a finding near it 'result' ("A1c came back at 9.2",
// "BP 122/80", "WBC 12.3 H", "positive for"). A value with a unit of the laboratory is a result without a name.
import { raised } from '../company.ts';
import type { Candidate, Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { labelsOf } from '../labels.ts';
import { type LexiconHit, listBit } from '../lexicon.ts';
import { confidenceOf, healthCandidate, LEAST_CONFIDENCE } from '../listed.ts';
import { textAfter } from '../near.ts';
import type { Passage } from '../passage.ts';
import { isLabUnit, QUALITY, RESULTS_OF, valueAfter, VITALS } from '../test-values.ts';
import { lowerAt } from '../words.ts';

const TEST = listBit('test');
const FOUND = listBit('condition') | listBit('hiv') | listBit('drug') | listBit('test') | listBit('genetics');

export const testResultDetector: Detector = {
  name: 'test-result',
  samples: {
    hits: [
      "Hi Dr. Lee, John Smith's A1c came back at 9.2",
      'Vitals: BP 162/97, HR 71, RR 24, SpO2 94%, Temp 37.5C',
      'WBC 12.3 H, Hgb 9.8 L, Plt 110',
      'Her blood pressure was 150/95 today.',
      'Hemoglobin A1c,9.2,%,4.0-5.6,H',
      'creatinine level of 2.1',
      'He tested positive for COVID-19 on Friday.',
      'LDL 162 mg/dL (ref < 100)',
      'The MRI was normal.',
      'TSH: 6.8 uIU/mL',
      'Your lab results are in.',
      'The biopsy results came back benign.',
    ],
    misses: [
      'All unit tests are positive, coverage is 94 %.',
      'HR will meet 30 people on Monday, room 12.',
      'Press Alt 4 to close the window.',
      'The score was 3/4, a good result of the team.',
      'Temp files use 37 MB on the disk.',
      'BP shares fell 3 % to 405 p.',
      'Version 9.2 came back to 80 percent of users.',
      'Positive feedback for the new scan of the network.',
      'Test 12 of 30 failed at line 122/80.',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, hits, health } = passage;
    // Vitals and values keep one another company: two in a row are seldom chance.
    let lastValue = -100;
    let next = 0;
    const ofTest = (word: number, hit: LexiconHit | undefined): void => {
      const confidence = valueOf(passage, word, hit, word - lastValue < 14 ? 1.5 : 0);
      if (confidence > 0) lastValue = word;
      const labels = labelsOf(hit?.lists ?? 0);
      if (confidence >= 0.4) add(healthCandidate(passage, 'result', word, hit?.words ?? 1, { confidence, reason: 'value', labels }));
      else if (hit !== undefined) alone(passage, hit, add);
    };
    const testsBefore = (word: number): void => {
      for (; (hits[next]?.word ?? Infinity) < word; next++) {
        const hit = hits[next];
        if (hit !== undefined && (hit.lists & TEST) !== 0) ofTest(hit.word, hit);
      }
    };
    for (const word of health.wordsOf('test')) {
      testsBefore(word);
      const lower = lowerAt(words, word);
      const hit = hits[next]?.word === word ? hits[next] : undefined;
      if (VITALS.has(lower) && (hit === undefined || hit.words === 1 || (hit.lists & TEST) === 0)) {
        ofTest(word, hit !== undefined && (hit.lists & TEST) !== 0 ? hit : undefined);
        if (hit !== undefined) next++;
      } else if (isLabUnit(lower)) ofUnit(passage, word, add);
      else if (lower === 'positive' || lower === 'negative') ofFinding(passage, word, add);
      else phrases(passage, word, lower, add);
    }
    testsBefore(Infinity);
  },
};

type Add = (candidate: Candidate) => void;

/** How sure it is that a test's value follows; 0 where none does. */
function valueOf(passage: Passage, word: number, hit: LexiconHit | undefined, neighbour: number): number {
  const { words, text } = passage;
  const lower = lowerAt(words, word);
  const end = words.ends[word + (hit?.words ?? 1) - 1] ?? 0;
  const after = textAfter(text, end, 70);
  const value = valueAfter(after);
  const near = passage.health.company.around(word) / 3 + neighbour;
  const vital = VITALS.get(lower);
  const plain = hit === undefined ? 0 : plainness(words, word, hit.words);
  if (value !== null) {
    if (vital !== undefined && (hit === undefined || hit.words === 1)) {
      if (vital.capitals && text[words.starts[word] ?? 0] === lower[0] && neighbour === 0) return 0;
      return vital.fits(value.number, value.over) ? raised(vital.sure + (value.unit ? 0.25 : 0), near) : 0;
    }
    const base = 0.2 + 0.55 * plain + (value.unit ? 0.3 : 0) + (value.flag ? 0.15 : 0);
    return raised(Math.min(0.9, base), plain === 0 ? near / 2 : near);
  }
  if (!QUALITY.test(after) || hit === undefined) return 0;
  return plain === 0 ? raised(0.1, near / 2) : raised(0.65 * plain, near);
}

function alone(passage: Passage, hit: LexiconHit, add: Add): void {
  const confidence = confidenceOf(passage, hit, 0.6);
  if (confidence >= LEAST_CONFIDENCE)
    add(healthCandidate(passage, 'test', hit.word, hit.words, { confidence, reason: 'in-list', labels: labelsOf(hit.lists) }));
}

/** "9.2 mg/dL": only a laboratory writes so. */
function ofUnit(passage: Passage, word: number, add: Add): void {
  const { words, text } = passage;
  if (words.made[word - 1] !== 2) return;
  const unit = text.slice(words.starts[word] ?? 0, (words.starts[word] ?? 0) + 10).toLowerCase();
  if (!/^(?:m?mol\/l|m?eq\/l|[munp\u00b5]?c?g\/d?m?l|m?m?iu\/m?l|u\/l|mmhg|mm hg|bpm|ml\/min)/.test(unit)) return;
  const confidence = raised(0.5, passage.health.company.around(word) / 2);
  add(healthCandidate(passage, 'result', word - 1, 2, { confidence, reason: 'unit' }));
}

/** "positive for influenza A", "tested positive", "HIV negative". */
function ofFinding(passage: Passage, word: number, add: Add): void {
  const { words, hits } = passage;
  const near = passage.health.company.around(word);
  const tested = /^tested$|^tests$/.test(lowerAt(words, word - 1));
  const isFor = lowerAt(words, word + 1) === 'for';
  if (!tested && !isFor) return;
  let named = 0;
  if (isFor) {
    for (let i = firstHitFrom(passage, word + 2); (hits[i]?.word ?? Infinity) <= word + 5; i++) {
      const hit = hits[i];
      if (hit !== undefined && (hit.lists & FOUND) !== 0) named = Math.max(named, plainness(words, hit.word, hit.words));
    }
  }
  const confidence = raised(0.15 + (tested ? 0.35 : 0) + 0.5 * named, near / 3);
  if (confidence >= 0.4) add(healthCandidate(passage, 'result', word, isFor ? 2 : 1, { confidence, reason: 'finding' }));
}

/** Number of the first hit at or after a word. */
function firstHitFrom({ hits }: Passage, word: number): number {
  let low = 0;
  for (let high = hits.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((hits[middle]?.word ?? 0) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function phrases(passage: Passage, word: number, lower: string, add: Add): void {
  const sure = RESULTS_OF.get(lower);
  if (sure === undefined) return;
  const next = lowerAt(passage.words, word + 1);
  if (!/^(?:results?|work|workup|tests?|panel|report|values?)$/.test(next) || (sure < 0.5 && !next.startsWith('result'))) return;
  const near = passage.health.company.around(word);
  const confidence = raised(sure, sure < 0.5 ? (near - 0.5) / 2 : near / 3);
  if (confidence >= LEAST_CONFIDENCE) add(healthCandidate(passage, 'test', word, 2, { confidence, reason: 'results' }));
}
