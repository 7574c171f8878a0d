// Drugs: by list, by the stem that their name is made with (USAN and INN: -pril, -statin, -mab), and by dose and directions ("20 mg po bid").
import { raised } from '../company.ts';
import type { Candidate, Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import { confidenceOf, healthCandidate, LEAST_CONFIDENCE, tellListed } from '../listed.ts';
import { textAfter, textBefore } from '../near.ts';
import type { Passage } from '../passage.ts';
import { lowerAt, MIXED, type Words } from '../words.ts';
import { SMALL } from '../sign-codes.ts';

const DRUG = listBit('drug');

const DOSE =
  /^[\s,:(-]{0,3}(?:(?:xr|er|sr|cr|la|dr|hcl|tab|tabs|tablets?|caps?|oral|inj|injection|cream|inhaler)[\s,]{1,2}){0,2}\d{1,5}(?:[.,]\d{1,3})?(?:[/-]\d{1,4}(?:\.\d)?)?\s?(?:mg|mcg|\u00b5g|ug|g|gm|ml|meq|units?|iu|u|%|puffs?|tabs?|tablets?|caps?|capsules?|gtts?|drops?)\b/i;
const OFTEN =
  /\b(?:once|twice|three times|daily|nightly|weekly|every (?:\d+|other|morning|evening|night|day|week|four|six|eight|twelve)|qd|bid|tid|qid|qhs|qam|qpm|qod|q\d{1,2}h|b\.i\.d|t\.i\.d|prn|as needed|at bedtime|with food|po|iv|im|subq|sc|sl|by mouth|orally|refills?|disp|sig|given|bedtime|a day|per day)\b/i;
const TAKEN =
  /\b(?:take|takes|taking|took|started on|prescribed|prescribe|prescription for|refill|refills|continue|increase|decrease|stop|hold|on|rx|medications?|meds|given|received|administer(?:ed)?|allerg(?:y|ies|ic)(?: to)?|allergies:?)\b[^.\n]{0,40}$/i;
const SIG =
  /\b(?:(?:take|inhale|apply|inject|instill|use|chew|dissolve)\s+(?:one|two|three|half|\d(?:[/.-]\d)?)\s*(?:\(\d\)\s*)?(?:tab|cap|pill|puff|drop|spray|unit|ml|patch|tsp|teaspoon|applicat|tablet|capsule)|(?:tab|caps?|tablets?|capsules?|puffs?|drops?|ml|mg|mcg)\s+(?:po|by mouth|orally|q|bid|tid|qid|once|twice|every|daily|at bedtime)|(?:qty|disp(?:ense)?|refills?)\s*[:#]\s*#?\d|apply topically)/i;

export const drugDetector: Detector = {
  name: 'drug',
  samples: {
    hits: [
      'metformin 500 mg BID',
      'Continue lisinopril and atorvastatin.',
      'Medication: Levothyroxine 75mcg',
      'Sig: Take 1 tablet twice daily with food',
      'Your prescription for amoxicillin is ready at the pharmacy.',
      'Allergies: penicillin, sulfamethoxazole',
      'She was started on pembrolizumab in March.',
      'Xarelto 20 mg once daily',
      'Albuterol inhaler 2 puffs q4h prn',
      'Roe,Jane,sertraline,50 mg,daily',
      'take two capsules by mouth every 8 hours',
    ],
    misses: [
      'Take the tablet to the meeting and install the patch.',
      'In April we sail to Ukraine.',
      'A dose of reality: the budget is 20 % smaller.',
      'The reservoir holds 500 ml of ink.',
      'Take one step back and look every day at the list.',
      'The bag weighs 500 g and ships with order 20-4411.',
      'Cyclone season is over, the alpine road is open.',
      'The pill to swallow: release 2.5 slips to May.',
      'A supplement to the contract is attached.',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, health } = passage;
    for (const word of health.hits) if ((listsAt(words, word) & DRUG) !== 0) ofList(passage, word, add);
    for (const word of health.wordsOf('drug-ending')) ofStem(passage, word, add);
    for (const word of passage.numbers) if (isUnit(words, word + 1) || endsInUnit(words, word)) ofDose(passage, word, add);
    for (const word of health.wordsOf('directions')) ofDirections(passage, word, add);
  },
};

type Add = (candidate: Candidate) => void;

/** With a dose after it or a word of taking before it, a listed word is a drug, though it be sugar or lithium. */
function ofList(passage: Passage, word: number, add: Add): void {
  const count = lengthAt(passage.words, word);
  const support = strongSupportOf(passage, word, count);
  const plain = plainness(passage.words, word, count);
  const own = confidenceOf(passage, word, 0.75);
  const confidence = support >= 1 && (plain > 0 || support >= 1.5) ? Math.max(own, raised(0.5 + 0.3 * plain, support)) : own;
  tellListed(passage, 'drug', word, { confidence, reason: support >= 1 ? 'with-dose' : 'in-list' }, add);
}

function ofStem(passage: Passage, word: number, add: Add): void {
  const support = supportOf(passage, word, 1);
  const confidence = raised(0.5, support + passage.health.company.around(word) / 2);
  add(healthCandidate(passage, 'drug', word, 1, { confidence, reason: 'word-ending' }));
}

/** Dose, frequency and a word of taking near a drug. */
function supportOf(passage: Passage, word: number, count: number): number {
  return behind(passage, word, count) + (isTaken(passage, word) ? 0.5 : 0);
}

/** The same, 0 where it is less than 1. */
function strongSupportOf(passage: Passage, word: number, count: number): number {
  const support = behind(passage, word, count);
  return support === 0 ? 0 : support + (isTaken(passage, word) ? 0.5 : 0);
}

function behind({ words, text }: Passage, word: number, count: number): number {
  const after = textAfter(text, words.ends[word + count - 1] ?? 0, 60);
  const dose = DOSE.exec(after);
  const often = OFTEN.test(after.slice(dose?.[0].length ?? 0));
  return (dose === null ? 0 : 1) + (often ? 0.5 : 0);
}

function isTaken({ words, text }: Passage, word: number): boolean {
  return TAKEN.test(textBefore(text, words.starts[word] ?? 0, 50));
}

const SMALL_G = 103;
const SMALL_M = 109;
const SMALL_Q = 113;

/** Most words are told by a letter and their length to be no unit. */
function isUnit(words: Words, word: number): boolean {
  const start = words.starts[word] ?? 0;
  const length = (words.ends[word] ?? 0) - start;
  if ((length !== 2 && length !== 3) || ((words.codes[start] ?? 0) | SMALL) !== SMALL_M) return false;
  const lower = lowerAt(words, word);
  return lower === 'mg' || lower === 'mcg' || lower === 'meq';
}

/** "20mg" may be such. */
function endsInUnit({ made, codes, starts, ends }: Words, word: number): boolean {
  if (made[word] !== MIXED || (ends[word] ?? 0) - (starts[word] ?? 0) > 8) return false;
  const last = (codes[(ends[word] ?? 0) - 1] ?? 0) | SMALL;
  return last === SMALL_G || last === SMALL_Q;
}

const UNIT = /^(\d{1,5})(?:mg|mcg|\u00b5g|meq)$/;

/** A dose with a frequency after a word that no list knows: a drug all the same. */
function ofDose(passage: Passage, word: number, add: Add): void {
  const { words, text } = passage;
  const apart = isUnit(words, word + 1);
  if (!apart && !UNIT.test(lowerAt(words, word))) return;
  const count = apart ? 2 : 1;
  const before = lowerAt(words, word - 1);
  const often = OFTEN.test(textAfter(text, words.ends[word + count - 1] ?? 0, 40));
  const named = words.made[word - 1] === 1 && before.length > 4 && (words.starts[word] ?? 0) - (words.ends[word - 1] ?? 0) === 1;
  const confidence = raised(often ? (named ? 0.6 : 0.5) : 0.15, passage.health.company.around(word) / 2);
  if (confidence >= LEAST_CONFIDENCE && (often || named))
    add(healthCandidate(passage, 'drug', word, count, { confidence, reason: 'dose' }));
}

/** Directions to a patient: "take 1 tablet by mouth twice daily", "Disp: #30". */
function ofDirections(passage: Passage, word: number, add: Add): void {
  const line = textAfter(passage.text, passage.words.starts[word] ?? 0, 80);
  if (!SIG.test(line)) return;
  const often = OFTEN.test(line.slice(6));
  const confidence = raised(often ? 0.6 : 0.3, passage.health.company.around(word) / 2);
  if (often || confidence >= 0.5) add(healthCandidate(passage, 'drug', word, 1, { confidence, reason: 'directions' }));
}
