// People who are called by one name in the middle of what is said ("Okafor - drain out", "Dmitri's aids", "Keane, S."), in small letters ("mr
// petrosyan", "marisol vega"), or by age and sex alone ("31M"): too little for a name by itself (detectors/name.ts), enough where a letter is of care.
import type { Candidate } from './detector.ts';
import { type ListSet, listBit, listsAt } from './lexicon.ts';
import type { Passage } from './passage.ts';
import { WITH_CAPITALS } from './word-traits.ts';
import { lowerAt, type Words } from './words.ts';

const NAME: ListSet = listBit('first-name') | listBit('surname');
/** Initials, as they stand for those who are known to both: "R.T. in 612". */
const INITIALS = /(?:^|[\s(])[A-Z]\. ?[A-Z]\.(?= (?:in|is|was|has|had|pulled|needs|wants)\b)/;
/** Said of, or done to, whoever is called: 's, a verb, a dash or a colon; an age or a number; an initial behind a family name. */
const AFTER = /^(?:['’]s\b|(?: -|:|,)? [a-z]|-[a-z]|,? (?:#|\d)|,? [A-Z]\b(?!['’]))/;
/** Those who write and who are spoken to. */
const SPOKEN_TO = /(?:^|[\n.!?] *)(?:hi|hello|dear|hey|thanks|thank you|thx|best|dr\.?|love|regards|good morning|from|-+),? *$/i;
/** Told to those who know whom: a title in small letters, an age with a letter for the sex, a newborn. */
const DESCRIBED =
  /(?<!\b(?:dear|hi|hello|thanks|you),? )\b(?:mrs?|ms|miss)\.? [a-z]{3}|(?<![$\d.,:/-])\b\d{1,2}(?:[MF]| ?y\/?o[mf]?|y)\b|\b[Bb]aby (?:girl|boy)\b/;

/** @param from, to offsets in the passage's text */
export function calledByName({ text, words }: Passage, candidates: readonly Candidate[], from: number, to: number): boolean {
  const told = new Set(candidates.filter(({ kind }) => kind === 'name').map(({ at }) => at));
  const isSpokenTo = (at: number): boolean => SPOKEN_TO.test(text.slice(Math.max(0, at - 16), at));
  let before: number | null = null;
  for (let word = 0; word < words.count; word++) {
    if (listsAt(words, word) === 0) continue;
    const start = words.starts[word] ?? 0;
    if (start < from || start > to) continue;
    const first = before;
    before = isOnlyName(words, word) ? word : null;
    if (before === null || told.has(start)) continue;
    const end = words.ends[word] ?? 0;
    const after = text.slice(end, end + 6);
    if (((words.traits[word] ?? 0) & WITH_CAPITALS) === 0) {
      // In small letters a family name alone is a word; behind a first name, and before what is said of her, it is one.
      const given = first !== null && first === word - 1 && text.charAt(start - 1) === ' ' ? (words.starts[first] ?? 0) : null;
      if (given !== null && !told.has(given) && !isSpokenTo(given) && AFTER.test(after)) return true;
      continue;
    }
    const possessive = lowerAt(words, word).endsWith("'s") === true;
    if ((possessive || AFTER.test(after)) && !isSpokenTo(start)) return true;
  }
  const stretch = text.slice(Math.max(0, from), to);
  return INITIALS.test(stretch) || DESCRIBED.test(stretch);
}

function isOnlyName({ lists }: Words, word: number): boolean {
  const held = lists[word] ?? 0;
  return (held & NAME) !== 0 && (held & ~NAME) === 0;
}
