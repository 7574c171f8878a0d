// People who are called by one name in the middle of what is said ("Okafor - drain out", "Dmitri's aids", "keep Leon out"): too little for a name
// by itself (detectors/name.ts), enough where a letter is of care already.
import type { Candidate } from './detector.ts';
import { type ListSet, listBit } from './lexicon.ts';
import type { Passage } from './passage.ts';
import { WITH_CAPITALS } from './word-traits.ts';

const NAME: ListSet = listBit('first-name') | listBit('surname');
/** Initials, as they stand for those who are known to both: "R.T. in 612". */
const INITIALS = /(?:^|[\s(])[A-Z]\. ?[A-Z]\.(?= (?:in|is|was|has|had|pulled|needs|wants)\b)/;
/** Said of, or done to, whoever is called: 's, a verb, a dash or a colon. */
const AFTER = /^(?:['’]s\b|(?: -|:|,)? [a-z])/;
/** Those who write and who are spoken to. */
const SPOKEN_TO = /(?:^|[\n.!?] *)(?:hi|hello|dear|hey|thanks|thank you|thx|best|dr\.?|love|regards|good morning|from|-+),? *$/i;

/** @param from, to offsets in the passage's text */
export function calledByName({ text, words, hits }: Passage, candidates: readonly Candidate[], from: number, to: number): boolean {
  const told = new Set(candidates.filter(({ kind }) => kind === 'name').map(({ at }) => at));
  for (const { word, words: length, lists } of hits) {
    const start = words.starts[word] ?? 0;
    if (start < from || start > to || length !== 1 || (lists & NAME) === 0 || (lists & ~NAME) !== 0) continue;
    if (((words.traits[word] ?? 0) & WITH_CAPITALS) === 0 || told.has(start)) continue;
    const end = words.ends[word] ?? 0;
    const possessive = words.lower[word]?.endsWith("'s") === true;
    if ((possessive || AFTER.test(text.slice(end, end + 5))) && !SPOKEN_TO.test(text.slice(Math.max(0, start - 16), start))) return true;
  }
  return INITIALS.test(text.slice(Math.max(0, from), to));
}
