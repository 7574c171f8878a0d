// Whose an identifier is, by the words of its line and by the block it stands in: "Patient phone", "Dr. Lee, tel.", a signature, a footer.
import type { Role } from '../mail/finding.ts';
import { blockAt } from './blocks.ts';
import type { Passage } from './passage.ts';
import { OWNER } from './word-traits.ts';
import { lowerAt } from './words.ts';
import { BAR, LINE_FEED, SPACE } from './sign-codes.ts';

const WORDS_OF: readonly (readonly [Role, string])[] = [
  [
    'patient',
    "patient patients patient's pt pts resident member subscriber beneficiary insured enrollee decedent newborn infant his her hers she he him client's participant",
  ],
  [
    'relative',
    'mother father mom dad son daughter wife husband spouse partner sister brother parent parents guardian caregiver nok kin emergency aunt uncle grandmother grandfather relative surrogate',
  ],
  [
    'provider',
    'provider physician dr doctor clinic hospital pharmacy pharmacist nurse md do rn np pa surgeon referring attending pcp practice office laboratory prescriber npi dea therapist department facility radiology',
  ],
  ['public', 'hotline helpdesk help-desk toll-free tollfree unsubscribe helpline'],
  ['staff', 'employee colleague staff hr recruiter'],
];
const ROLE_OF_WORD: ReadonlyMap<string, Role> = new Map(
  WORDS_OF.flatMap(([role, words]) => words.split(' ').map((word) => [word, role] as const)),
);
export const OWNER_WORDS: readonly string[] = [...ROLE_OF_WORD.keys()];
const FARTHEST = 8;
/** A patient is treated at a hospital: only right before a number does the word say whose it is ("clinic phone"). */
const PLACES: ReadonlySet<string> = new Set('clinic hospital pharmacy practice office laboratory department facility radiology'.split(' '));
const NEAR_PLACE = 3;
const NEAR_PERSON = 5;
const ABBREVIATED: ReadonlySet<string> = new Set('dr no tel ph pt mr ms mrs st ext'.split(' '));

/** Before a blank they end a sentence. */
const ENDS: ReadonlySet<number> = new Set([33, 41, 46, 59, 63]);

/**
 * @param word number of the word at which the identifier begins
 * @param otherwise where nothing near says whose it is
 */
export function whose({ text, words, blocks }: Passage, word: number, otherwise: Role = 'unknown'): Role {
  const { starts, ends, traits } = words;
  const at = starts[word] ?? 0;
  const block = blockAt(blocks, at);
  if (block === 'footer') return 'public';
  if (block === 'signature' || block === 'letterhead') return 'sender';
  for (let i = word - 1, edge = at; i >= 0 && word - i <= FARTHEST; i--) {
    const end = ends[i] ?? 0;
    const blank = edge - end === 1 && text.charCodeAt(end) === SPACE;
    if (!blank && endsLine(text, end, edge)) break;
    if (((traits[i] ?? 0) & OWNER) !== 0) {
      const role = ROLE_OF_WORD.get(lowerAt(words, i));
      if (role !== undefined && (role !== 'provider' || word - i <= (PLACES.has(lowerAt(words, i)) ? NEAR_PLACE : NEAR_PERSON)))
        return role;
    }
    if (!blank && endsSentence(text, end, edge) && !ABBREVIATED.has(lowerAt(words, i))) break;
    edge = starts[i] ?? 0;
  }
  return otherwise;
}

/** A line or a cell ends in it. */
function endsLine(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === BAR) return true;
  }
  return false;
}

/** Begins with signs that end a sentence, and a blank. */
function endsSentence(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && ENDS.has(text.charCodeAt(at))) at++;
  return at > from && at < to && text.charCodeAt(at) === SPACE;
}
