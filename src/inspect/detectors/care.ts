// Care: an appointment at a clinic, a referral, an admission, being somebody's patient (45 CFR 160.103, "provision of health care"). The words
// are everybody's; a doctor, a clinic or medicine near them makes them count.
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { listBit } from '../lexicon.ts';
import { eachWord, healthCandidate, LEAST_CONFIDENCE } from '../listed.ts';
import { settingOf } from '../setting.ts';

const CARE = listBit('care');

/** How much each says without a setting of care around it, and how much of the setting it takes on. */
const ANCHORS: ReadonlyMap<string, number> = new Map([
  ['appointment', 0.22],
  ['appointments', 0.2],
  ['appt', 0.22],
  ['visit', 0.1],
  ['checkup', 0.35],
  ['referral', 0.15],
  ['referred', 0.1],
  ['refer', 0.08],
  ['admitted', 0.15],
  ['admission', 0.12],
  ['discharged', 0.2],
  ['discharge', 0.12],
  ['hospitalized', 0.65],
  ['hospitalised', 0.65],
  ['hospitalization', 0.6],
  ['inpatient', 0.55],
  ['outpatient', 0.5],
  ['telehealth', 0.4],
  ['hospice', 0.5],
  ['consult', 0.1],
  ['consultation', 0.12],
  ['treated', 0.12],
  ['evaluated', 0.12],
  ['seen', 0.1],
  ['reschedule', 0.1],
]);
/** "Patient" is whom care is given to, where it names one. */
const OF_ONE = /^(?:\s?:|\s?(?:name|id|is a|of|has|was|reports?|presents?|presented|denies|states|tolerated)\b)/i;

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
    const setting = settingOf(passage);
    const { words, text } = passage;
    eachWord(passage, (word, hit) => {
      const lower = words.lower[word] ?? '';
      const anchor = ANCHORS.get(lower);
      const listed = hit !== undefined && (hit.lists & CARE) !== 0;
      const patient = lower === 'patient' && OF_ONE.test(text.slice(words.ends[word] ?? 0, (words.ends[word] ?? 0) + 14));
      if (anchor === undefined && !listed && !patient) return;
      const own = patient ? 0.3 : (anchor ?? 0.45 * plainness(words.lower, word, hit?.words ?? 1));
      const around = setting.around(word);
      const confidence = raised(own, own < 0.3 ? Math.min(2.5, around) : Math.min(2, around / 1.5));
      if (confidence < LEAST_CONFIDENCE || (own < 0.3 && around < 0.5)) return;
      add(healthCandidate(passage, 'care', word, hit?.words ?? 1, { confidence, reason: patient ? 'patient' : 'care-word' }));
    });
  },
};
