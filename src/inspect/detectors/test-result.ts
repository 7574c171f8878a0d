// Tests, and what they showed: a name of a test alone is 'test', with a value, a flag or a finding near it 'result' ("A1c came back at 9.2",
// "BP 122/80", "WBC 12.3 H", "positive for"). A value with a unit of the laboratory is a result without a name.
import { raised } from '../company.ts';
import type { Candidate, Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { labelsOf } from '../labels.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import { confidenceOf, healthCandidate, LEAST_CONFIDENCE, tellListed } from '../listed.ts';
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
    const { words, health } = passage;
    const isTest = (word: number): boolean => (listsAt(words, word) & TEST) !== 0;
    // Vitals and values keep one another company: two in a row are seldom chance.
    let lastValue = -100;
    let next = 0;
    const ofTest = (word: number): void => {
      const count = isTest(word) ? lengthAt(words, word) : 0;
      const confidence = valueOf(passage, word, count, word - lastValue < 14 ? 1.5 : 0);
      if (confidence > 0) lastValue = word;
      const labels = count === 0 ? [] : labelsOf(listsAt(words, word));
      if (confidence >= 0.4) add(healthCandidate(passage, 'result', word, Math.max(1, count), { confidence, reason: 'value', labels }));
      else if (count > 0) tellListed(passage, 'test', word, { confidence: confidenceOf(passage, word, 0.6) }, add);
    };
    const testsBefore = (word: number): void => {
      for (; (health.hits[next] ?? Infinity) < word; next++) {
        const hit = health.hits[next] ?? 0;
        if (isTest(hit)) ofTest(hit);
      }
    };
    for (const word of health.wordsOf('test')) {
      testsBefore(word);
      const lower = lowerAt(words, word);
      if (VITALS.has(lower) && (lengthAt(words, word) <= 1 || !isTest(word))) {
        ofTest(word);
        if (health.hits[next] === word) next++;
      } else if (isLabUnit(lower)) ofUnit(passage, word, add);
      else if (lower === 'positive' || lower === 'negative') ofFinding(passage, word, add);
      else phrases(passage, word, lower, add);
    }
    testsBefore(Infinity);
  },
};

type Add = (candidate: Candidate) => void;

/**
 * How sure it is that a test's value follows; 0 where none does.
 * @param count of its words where it is listed as a test, else 0
 */
function valueOf(passage: Passage, word: number, count: number, neighbour: number): number {
  const { words, text } = passage;
  const lower = lowerAt(words, word);
  const end = words.ends[word + Math.max(1, count) - 1] ?? 0;
  const after = textAfter(text, end, 70);
  const value = valueAfter(after);
  const near = passage.health.company.around(word) / 3 + neighbour;
  const vital = VITALS.get(lower);
  const plain = count === 0 ? 0 : plainness(words, word, count);
  if (value !== null) {
    if (vital !== undefined && count <= 1) {
      if (vital.capitals && text[words.starts[word] ?? 0] === lower[0] && neighbour === 0) return 0;
      return vital.fits(value.number, value.over) ? raised(vital.sure + (value.unit ? 0.25 : 0), near) : 0;
    }
    const base = 0.2 + 0.55 * plain + (value.unit ? 0.3 : 0) + (value.flag ? 0.15 : 0);
    return raised(Math.min(0.9, base), plain === 0 ? near / 2 : near);
  }
  if (!QUALITY.test(after) || count === 0) return 0;
  return plain === 0 ? raised(0.1, near / 2) : raised(0.65 * plain, near);
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
  const { words } = passage;
  const near = passage.health.company.around(word);
  const tested = /^tested$|^tests$/.test(lowerAt(words, word - 1));
  const isFor = lowerAt(words, word + 1) === 'for';
  if (!tested && !isFor) return;
  let named = 0;
  if (isFor) {
    for (let near = word + 2; near <= word + 5; near++)
      if ((listsAt(words, near) & FOUND) !== 0) named = Math.max(named, plainness(words, near, lengthAt(words, near)));
  }
  const confidence = raised(0.15 + (tested ? 0.35 : 0) + 0.5 * named, near / 3);
  if (confidence >= 0.4) add(healthCandidate(passage, 'result', word, isFor ? 2 : 1, { confidence, reason: 'finding' }));
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
