// What the law guards more than other health: substance use (42 CFR Part 2), mental health, HIV, reproductive health, genetics. Illnesses and
// drugs carry these labels where they are found; here are the words that are neither, such as rehab, therapy sessions or a carrier test.
import type { Detector } from '../detector.ts';
import { SPECIAL } from '../labels.ts';
import { listBit, listsAt } from '../lexicon.ts';
import { confidenceOf, tellListed } from '../listed.ts';

/** Told by other detectors, with their labels. */
const ELSEWHERE = listBit('condition') | listBit('symptom') | listBit('drug') | listBit('procedure') | listBit('test') | listBit('hiv');

export const specialCategoryDetector: Detector = {
  name: 'special-category',
  samples: {
    hits: [
      'He goes to the methadone clinic each morning.',
      'She is eight months sober and goes to AA meetings.',
      'BRCA1 carrier, genetic counseling offered',
      'referred to the mat program, now in a halfway house',
      'Her estimated due date is June 4, first trimester was easy.',
      'inpatient psychiatric admission for suicidal ideation',
      'IVF cycle 2, embryo transfer on Friday',
      'history of attempted suicide and inpatient detox',
    ],
    misses: [
      'The library is an opinionated one.',
      'Retail therapy, she calls it.',
      'Generic types carry over to the next release.',
      'The crack in the wall is a matter of speed.',
      'Embryonic ideas for the new product.',
      'Sober numbers from the sales team.',
      'The generation of tests is automatic.',
      'He is crazy about the new phone.',
    ],
  },
  detect(passage, _surroundings, add) {
    for (const word of passage.health.hits) {
      const held = listsAt(passage.words, word);
      if ((held & SPECIAL) === 0 || (held & ELSEWHERE) !== 0) continue;
      tellListed(passage, 'condition', word, { confidence: confidenceOf(passage, word, 0.6), reason: 'special' }, add);
    }
  },
};
