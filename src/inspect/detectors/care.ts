// Care: an appointment at a clinic, a referral, an admission, being somebody's patient (45 CFR 160.103, "provision of health care"). The words
// are everybody's; a doctor, a clinic or medicine near them makes them count.
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { listBit } from '../lexicon.ts';
import { CARE_WORDS } from '../care-words.ts';
import { healthCandidate, LEAST_CONFIDENCE } from '../listed.ts';

const CARE = listBit('care');

/** "Patient" is whom care is given to, where it names one. */
const OF_ONE = /^(?:["'>]?\s?[:=]|\s?(?:name|id|is a|of|has|was|reports?|presents?|presented|denies|states|tolerated)\b)/i;

export const careDetector: Detector = {
  name: 'care',
  samples: {
    hits: [
      'Your appointment with Dr. Lee at the cardiology clinic is on Tuesday.',
      'I am writing to refer my patient for evaluation of chronic kidney disease.',
      'She was admitted to the hospital on Sunday.',
      'Discharged from St. Mary’s Hospital on March 30th',
      'Reminder: dental checkup with your hygienist, May 3',
      'He was hospitalized for a week.',
      'seen at Glenview Clinic by the oncologist',
      'Referral to physical therapy after surgery',
      'Patient: Roe, Jane. Provider: Dr. Lee, appt 3/4 at 9:00',
      'Follow-up visit with your physician in two weeks',
    ],
    misses: [
      'Your appointment with our technician for the car is on Tuesday.',
      'An employee referral earns you a bonus.',
      'He was admitted to the bar and to the club.',
      'Please visit our shop, the visit is free.',
      'The battery discharged over night.',
      'Be patient, we refer to section 3.',
      'Not seen on the list, treated as spam.',
      'Our consultation of the board ends on Friday.',
      'The appointment of Mr Roe as director was confirmed.',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, hits, health } = passage;
    const told = (word: number, count: number, own: number, reason: string): void => {
      const around = health.setting.around(word);
      const confidence = raised(own, own < 0.3 ? Math.min(2.5, around) : Math.min(2, around / 1.5));
      if (confidence < LEAST_CONFIDENCE || (own < 0.3 && around < 0.5)) return;
      add(healthCandidate(passage, 'care', word, count, { confidence, reason }));
    };
    for (const word of health.wordsOf('care')) {
      const lower = words.lower[word] ?? '';
      const end = words.ends[word] ?? 0;
      if (lower !== 'patient') told(word, 1, CARE_WORDS.get(lower) ?? 0, 'care-word');
      else if (OF_ONE.test(text.slice(end, end + 14))) told(word, 1, 0.3, 'patient');
    }
    for (const hit of hits) {
      if ((hit.lists & CARE) === 0 || (hit.words === 1 && CARE_WORDS.has(words.lower[hit.word] ?? ''))) continue;
      told(hit.word, hit.words, 0.45 * plainness(words.lower, hit.word, hit.words), 'in-list');
    }
  },
};
