// Illnesses and symptoms: by list, by how their names are made (-itis, -emia, -opathy), and by the words that lead to one ("diagnosed with").
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { listBit } from '../lexicon.ts';
import { healthCandidate, LEAST_CONFIDENCE, listedHits } from '../listed.ts';
import { textAfter } from '../near.ts';

const LISTS = [
  [listBit('condition'), 0.75],
  [listBit('hiv'), 0.7],
  [listBit('symptom'), 0.6],
] as const;

const LED_TO =
  /^[\s:.-]{0,4}(?:(?:with|of|from|is|was|as)[\s:]{1,3})?(?:(?:a|an|the|new|acute|chronic|severe|mild|early|late|probable|possible) ){0,3}([a-z][a-z'-]{3,}(?: [a-z][a-z'-]{3,}){0,2})/i;

export const conditionDetector: Detector = {
  name: 'condition',
  samples: {
    hits: [
      'She has type 2 diabetes mellitus and hypertension.',
      'PMH: COPD, CHF, CKD stage 3',
      'Diagnosis: Rheumatoid Arthritis',
      'was diagnosed with multiple sclerosis in 2019',
      'My son has asthma and needs his inhaler at school.',
      'CT shows acute diverticulitis without abscess',
      'Dear Ms Roe, your pneumonia has cleared up.',
      'Reason for visit,Hyperlipidemia',
      'Hx of osteoarthritis, s/p knee replacement',
      'labs consistent with hypokalemia and pancytopenia',
      '| Roe | atrial fibrillation | controlled |',
    ],
    misses: [
      'It was a stroke of luck that the order came in time.',
      'The build has a memory leak and the virus scan is slow.',
      'Healthy competition is good, positive feedback even more.',
      'We got a cold start with the new engine in winter.',
      'The main pain point of users is the login.',
      'Chronic delays at the airport made us miss the meeting.',
      'In academia, osmosis is how most people learn.',
      'An injection attack on the form was blocked.',
      'The fault in the switch is a known condition of the supply.',
      'What is your diagnosis of the crash in the parser?',
    ],
  },
  detect(passage, _surroundings, add) {
    listedHits(passage, 'condition', LISTS, add);
    const { words, text, health } = passage;
    for (const word of health.wordsOf('condition-ending')) {
      const confidence = raised(0.6, health.company.around(word) / 2);
      add(healthCandidate(passage, 'condition', word, 1, { confidence, reason: 'word-ending' }));
    }
    for (const word of health.wordsOf('leads-to-condition')) {
      const near = health.company.around(word);
      const confidence = near < 0.5 ? 0 : raised(0.3, near / 2);
      const end = words.ends[word] ?? 0;
      if (confidence < LEAST_CONFIDENCE) continue;
      const found = LED_TO.exec(textAfter(text, end, 100));
      if (found?.[1] === undefined) continue;
      const at = end + found[0].length - found[1].length;
      const value = found[1].toLowerCase();
      add({ axis: 'health', kind: 'condition', at, length: found[1].length, confidence, role: null, reason: 'led-to', value, labels: [] });
    }
  },
};
