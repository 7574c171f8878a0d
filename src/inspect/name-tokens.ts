// What each word may be in a name, by how it is written, by the lists of names and by what else it does: a first name, a family name, an initial.
import { endsInEnglish, isNameLike } from './name-spelling.ts';
import {
  FAMILY,
  FIRST,
  gapAfter,
  isClear,
  isInPhrase,
  lengthOf,
  MONTH,
  type NameView,
  SEEN,
  setsOf,
  type Token,
  usesOf,
  type Written,
  writtenOf,
} from './name-view.ts';
import { EPONYM, GENERATION, GREETING, NO_NAME, PARTICLE, STOP } from './name-words.ts';

export function tokenAt(view: NameView, word: number): Token {
  const { seenWords, seenTokens } = view;
  const place = word & (SEEN - 1);
  if (seenWords[place] === word) return seenTokens[place] ?? '';
  seenWords[place] = word;
  return (seenTokens[place] = newTokenAt(view, word));
}

function newTokenAt(view: NameView, word: number): Token {
  const uses = usesOf(view, word);
  // The, This, In: most words with a capital.
  if ((uses & NO_NAME) !== 0 && (uses & PARTICLE) === 0 && lengthOf(view, word) > 1 && (setsOf(view, word) & FIRST) === 0) return '';
  const written = writtenOf(view, word);
  if (written === 'initial') return 'I';
  if (written === 'numeral') return '';
  if (written === 'lower') return (uses & PARTICLE) !== 0 ? 'P' : '';
  if ((uses & (NO_NAME | GENERATION)) !== 0) return isNameAllTheSame(view, word) ? 'f' : '';
  if (isInPhrase(view, word) || isAbbreviation(view, word, written)) return '';
  const set = setsOf(view, word);
  // "June 30", "May, 2010".
  if ((set & MONTH) !== 0 && gapAfter(view, word) !== 'break' && writtenOf(view, word + 1) === 'numeral') return '';
  if ((set & FIRST) !== 0) return isClear(view, word, FIRST) && (uses & EPONYM) === 0 ? 'F' : 'f';
  if ((set & FAMILY) !== 0) return isClear(view, word, FAMILY) && (uses & EPONYM) === 0 ? 'S' : 's';
  if ((uses & PARTICLE) !== 0) return 'P';
  return set === 0 && !endsInEnglish(view.words, word) && isNameLike(view.words, word) ? 'U' : '';
}

/** "for Will Fitzgerald", "Hi Will": a word of other use that is a first name, where a verb cannot stand. */
function isNameAllTheSame(view: NameView, word: number): boolean {
  if ((usesOf(view, word) & STOP) === 0 || (setsOf(view, word) & FIRST) === 0 || writtenOf(view, word) !== 'capitalised') return false;
  const before = gapAfter(view, word - 1);
  if (before === 'space' && (usesOf(view, word - 1) & GREETING) !== 0) return gapAfter(view, word) !== 'space';
  if (gapAfter(view, word) !== 'space' || (setsOf(view, word + 1) & FAMILY) === 0 || writtenOf(view, word + 1) !== 'capitalised')
    return false;
  if (before === 'space') return writtenOf(view, word - 1) === 'lower';
  const start = view.starts[word] ?? 0;
  return before === 'break' && /[:] {0,2}$/.test(view.text.slice(Math.max(0, start - 3), start));
}

/** NPC, MS, IM: three capitals are no name unless they stand beside a longer word in capitals. */
function isAbbreviation(view: NameView, word: number, written: Written): boolean {
  if (written !== 'capitals' || lengthOf(view, word) > 3) return false;
  return !isLongInCapitals(view, word, word + 1) && !isLongInCapitals(view, word - 1, word - 1);
}

function isLongInCapitals(view: NameView, gap: number, word: number): boolean {
  return gapAfter(view, gap) !== 'break' && writtenOf(view, word) === 'capitals' && lengthOf(view, word) > 3;
}
