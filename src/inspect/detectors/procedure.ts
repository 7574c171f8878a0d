// Procedures and operations: by list, and by how surgeons name what they do (-ectomy, -ostomy, -plasty, -scopy, -centesis).
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { listBit } from '../lexicon.ts';
import { healthCandidate, listedHits } from '../listed.ts';

const LISTS = [
  [listBit('procedure'), 0.7],
  [listBit('device'), 0.5],
] as const;

export const procedureDetector: Detector = {
  name: 'procedure',
  samples: {
    hits: [
      'He underwent laparoscopic cholecystectomy last May.',
      'Your hysterectomy is on Tuesday at 8.',
      'S/P CABG and hip replacement',
      'Procedure: tympanoplasty, left',
      'thyroid, right lobe, lobectomy',
      'Scheduled for a C-section, hx of tubal ligation',
      'We will do the vertebroplasty tomorrow.',
      'Rhinoplasty and septoplasty were discussed.',
      'status post appendectomy',
      'Her pacemaker was checked after the ablation.',
    ],
    misses: [
      'The operation of the plant was stopped on Monday.',
      'A dichotomy of opinions about the procedure for orders.',
      'Electron microscopy and spectroscopy of the alloy.',
      'Photography, cryptography and typography are her hobbies.',
      'We removed the old cable and did a transplant of the board.',
      'Surgical precision in the code review.',
      'The telescopy club meets on Friday.',
      'Bypass the proxy when scanning the network.',
    ],
  },
  detect(passage, _surroundings, add) {
    listedHits(passage, 'procedure', LISTS, add);
    for (const word of passage.health.wordsOf('procedure-ending')) {
      const confidence = raised(0.65, passage.health.company.around(word) / 2);
      add(healthCandidate(passage, 'procedure', word, 1, { confidence, reason: 'word-ending' }));
    }
  },
};
