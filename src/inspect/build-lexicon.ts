// The lexicon made from its lists, once: what each word is, which phrases begin with it, and which readers of a passage ask for it.
import { CLOSED_WORDS } from './closed-words.ts';
import { COMMON_ENGLISH, COMMON_NUMBERS } from './common-english.ts';
import { CUE_BEGINNINGS } from './cue-phrases.ts';
import { CUE_WORTHS } from './cue-words.ts';
import { DEALING_WORTHS } from './dealing-words.ts';
import { plainTrait } from './everyday.ts';
import { endingTopic } from './health-view.ts';
import { LABEL_USES } from './id-labels.ts';
import { type Lexicon, LEXICON_LISTS, type LexiconList, type ListSet, listBit } from './lexicon.ts';
import { phraseTableOf } from './lexicon-phrases.ts';
import { NAME_USES } from './name-words.ts';
import { BEGINS_PHRASE, LISTED, SECOND_OF_PHRASE } from './word-traits.ts';
import { numberOf, type Vocabulary, vocabularyOf } from './words.ts';

/** @param lists by name: one word or phrase a line, lower case, words parted by one space; a list that is left out is empty */
export function lexiconOf(lists: Readonly<Partial<Record<LexiconList, Iterable<string>>>>): Lexicon {
  const alone = new Map<string, ListSet>();
  const phrases = new Map<string, Map<string, ListSet>>();
  for (const list of LEXICON_LISTS) {
    const bit = listBit(list);
    for (const term of lists[list] ?? []) {
      const space = term.indexOf(' ');
      const first = space < 0 ? term : term.slice(0, space);
      if (first === '') continue;
      alone.set(first, (alone.get(first) ?? 0) | (space < 0 ? bit : 0));
      if (space < 0) continue;
      const rest = term.slice(space + 1);
      const begun = phrases.get(first) ?? new Map<string, ListSet>();
      phrases.set(first, begun.set(rest, (begun.get(rest) ?? 0) | bit));
    }
  }
  const vocabulary = vocabularyOf(traitsOf(alone.keys(), phrases), alone);
  return {
    ...vocabulary,
    nameUses: Int32Array.from(byNumber(NAME_USES, vocabulary)),
    labelUses: Int32Array.from(byNumber(LABEL_USES, vocabulary)),
    cueWorths: byNumber(CUE_WORTHS, vocabulary),
    dealingWorths: byNumber(DEALING_WORTHS, vocabulary),
    cueBeginnings: Int32Array.from(byNumber(CUE_BEGINNINGS, vocabulary)),
    phrases: phraseTableOf(
      [...phrases].flatMap(([first, begun]) =>
        [...begun].map(([rest, lists]) => {
          const phrase = { rest: rest.split(' '), lists };
          return { first: numberOf(vocabulary, first), second: numberOf(vocabulary, phrase.rest[0] ?? ''), phrase };
        }),
      ),
    ),
  };
}

/** What is told of closed words, which have the lowest numbers, by their number. */
function byNumber(told: ReadonlyMap<string, number>, vocabulary: Vocabulary): Float64Array {
  const numbers = [...told.keys()].map((word) => numberOf(vocabulary, word));
  const table = new Float64Array(Math.max(...numbers) + 1);
  for (const [word, value] of told) table[numberOf(vocabulary, word)] = value;
  return table;
}

/** The most common words first: they are looked up most, and lie together. */
function traitsOf(firsts: Iterable<string>, phrases: ReadonlyMap<string, ReadonlyMap<string, unknown>>): ReadonlyMap<string, number> {
  const traits = new Map<string, number>();
  const put = (word: string, trait: number): unknown => traits.set(word, (traits.get(word) ?? 0) | trait);
  for (const word of COMMON_ENGLISH) put(word, LISTED);
  for (const number of COMMON_NUMBERS) put(number, LISTED);
  for (const [word, trait] of CLOSED_WORDS) put(word, trait);
  for (const word of firsts) put(word, LISTED);
  for (const [first, begun] of phrases) {
    put(first, BEGINS_PHRASE);
    for (const rest of begun.keys()) put(rest.slice(0, (rest + ' ').indexOf(' ')), SECOND_OF_PHRASE);
  }
  // What a word tells by its form is asked of the whole vocabulary once.
  for (const [word, trait] of traits) put(word, plainTrait(word) | endingTopic(word, trait));
  return traits;
}
