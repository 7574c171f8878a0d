// Care: an appointment at a clinic, a referral, an admission, being somebody's patient (45 CFR 160.103, "provision of health care"). The words
// are everybody's; a doctor, a clinic or medicine near them makes them count.
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import { CARE_WORDS } from '../care-words.ts';
import { healthCandidate, LEAST_CONFIDENCE } from '../listed.ts';
import type { Passage } from '../passage.ts';
import { lowerAt } from '../words.ts';

const CARE = listBit('care');
const PROVIDER = listBit('provider-title');

/** What one has with a doctor, or gets from one. */
const WITH_PROVIDER: ReadonlySet<string> = new Set(
  'appointment appt visit cleaning session checkup check-up exam consultation consult follow-up results result test telehealth physical surgery procedure scheduled booked'.split(
    ' ',
  ),
);
const JOINED: ReadonlySet<string> = new Set(['with', 'from', 'by', 'to', 'see', 'your', 'our', 'the']);
/** What a doctor asks of a patient: "Dr. Lee would like to see you", "Dr. Lee recommends a crown". */
const OF_DOCTOR =
  /^\.? [A-Z][\p{L}'’-]+(?: [A-Z][\p{L}'’-]+)? (?:would (?:also )?like|wants|has (?:reviewed|ordered|sent|asked|prescribed)|reviewed|ordered|recommends?|recommended|prescribed|suggests?|advised|asked)\b/u;

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
      'Your cleaning with Dr. Chen is on Tuesday.',
      'You have a new test result from Dr. Lee.',
      'Dr. Lee would like to see you in three months.',
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
      'Dr. Lee accepted the post of dean.',
      'A talk with Dr. Lee on the history of maps',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, health } = passage;
    const told = (word: number, count: number, own: number, reason: string): void => {
      const around = health.setting.around(word);
      const confidence = raised(own, own < 0.3 ? Math.min(2.5, around) : Math.min(2, around / 1.5));
      if (confidence < LEAST_CONFIDENCE || (own < 0.3 && around < 0.5)) return;
      add(healthCandidate(passage, 'care', word, count, { confidence, reason }));
    };
    for (const word of health.wordsOf('care')) {
      const lower = lowerAt(words, word);
      const end = words.ends[word] ?? 0;
      if (lower !== 'patient') told(word, 1, CARE_WORDS.get(lower) ?? 0, 'care-word');
      else if (OF_ONE.test(text.slice(end, end + 14))) told(word, 1, 0.3, 'patient');
    }
    for (const word of health.hits) {
      const held = listsAt(words, word);
      if ((held & (PROVIDER | CARE)) === 0) continue;
      const count = lengthAt(words, word);
      if ((held & PROVIDER) !== 0 && isOwnDoctor(passage, word, count))
        add(healthCandidate(passage, 'care', word, count, { confidence: 0.75, reason: 'with-provider' }));
      if ((held & CARE) === 0 || (count === 1 && CARE_WORDS.has(lowerAt(words, word)))) continue;
      told(word, count, (isSpeciality(lowerAt(words, word)) ? 0.6 : 0.52) * plainness(words, word, count), 'in-list');
    }
  },
};

/** "your cleaning with Dr. Chen", "a new test result from Dr. Lee", "Dr. Lee recommends". */
function isOwnDoctor({ text, words }: Passage, word: number, count: number): boolean {
  const { ends } = words;
  const end = ends[word + count - 1] ?? 0;
  const titled = /^dr|^doctor|^nurse/.test(lowerAt(words, word));
  if (titled && OF_DOCTOR.test(text.slice(end, end + 90))) return true;
  if (!JOINED.has(lowerAt(words, word - 1))) return false;
  const back = lowerAt(words, word - 1) === 'your' || lowerAt(words, word - 1) === 'our' ? 2 : 1;
  const joint = lowerAt(words, word - back);
  if (joint !== 'with' && joint !== 'from') return false;
  return WITH_PROVIDER.has(lowerAt(words, word - back - 1)) || WITH_PROVIDER.has(lowerAt(words, word - back - 2));
}

/** Cardiology, psychiatry: of medicine alone. */
function isSpeciality(word: string): boolean {
  return /(?:ology|iatry|iatrics|opa?edics)$/.test(word);
}
