// Words and phrases with what they are: names, illnesses, drugs. Made from lists once, then looked up word by word, in linear time.

/** What a word or phrase can be. Each is one list (data/lexicons/<name>.txt). */
export const LEXICON_LISTS = [
  // who
  'first-name',
  'surname',
  'kin', // mother, son, spouse
  'provider-title', // Dr, MD, RN, PA-C
  'patient-word', // patient, pt, resident, client
  'facility', // hospital, clinic
  'month',
  'state', // of the US, with postal codes
  'street-word', // street, ave, blvd
  // health
  'condition',
  'drug',
  'test', // A1c, MRI, CBC
  'procedure',
  'symptom',
  'anatomy',
  'device', // pacemaker, insulin pump
  'care', // appointment, referral, discharge
  'payment', // copay, claim, EOB
  'clinical-word', // abbreviations and words of notes: hx, c/o, PRN, bilateral
  'person-verb', // presented, underwent, was admitted
  // special categories
  'substance-use',
  'mental-health',
  'hiv',
  'reproductive-health',
  'genetics',
  // what speaks against a person's health
  'research', // cohort, randomized, p-value
  'general-advice', // tips, newsletter, webinar
  'common-word', // English words that are also names: will, may, rose
] as const;
export type LexiconList = (typeof LEXICON_LISTS)[number];

/** A set of lists: bit n stands for LEXICON_LISTS[n]. Below 2^31. */
export type ListSet = number;

export function listBit(list: LexiconList): ListSet {
  return 1 << LEXICON_LISTS.indexOf(list);
}

export interface Lexicon {
  /** By first word. */
  readonly entries: ReadonlyMap<string, LexiconEntry>;
}

export interface LexiconEntry {
  /** The set of the word alone, 0 for none. */
  readonly alone: ListSet;
  /** Phrases that begin with it, by their second word, longest first; null for none. Hundreds begin with a word such as 'acute'. */
  readonly phrases: ReadonlyMap<string, readonly LexiconPhrase[]> | null;
}

export interface LexiconPhrase {
  /** The words behind the second. */
  readonly rest: readonly string[];
  readonly lists: ListSet;
}

/** What is found at one word: `words` long. */
export interface LexiconHit {
  readonly word: number;
  readonly words: number;
  readonly lists: ListSet;
}

/** Every word and the longest phrase at each place that some list holds, in order. Words inside a longer phrase are not told again. */
export function lookUp(lexicon: Lexicon, lower: readonly string[]): readonly LexiconHit[] {
  const hits: LexiconHit[] = [];
  for (let i = 0; i < lower.length;) {
    const hit = hitAt(lexicon, lower, i);
    if (hit !== null) hits.push(hit);
    i += hit?.words ?? 1;
  }
  return hits;
}

function hitAt({ entries }: Lexicon, lower: readonly string[], word: number): LexiconHit | null {
  const entry = entries.get(lower[word] ?? '');
  if (entry === undefined) return null;
  const phrases = entry.phrases?.get(lower[word + 1] ?? '');
  if (phrases !== undefined) {
    for (const { rest, lists } of phrases) if (follows(lower, word + 2, rest)) return { word, words: rest.length + 2, lists };
  }
  return entry.alone === 0 ? null : { word, words: 1, lists: entry.alone };
}

function follows(lower: readonly string[], word: number, rest: readonly string[]): boolean {
  for (let i = 0; i < rest.length; i++) if (lower[word + i] !== rest[i]) return false;
  return true;
}

/** @param lists by name: one word or phrase a line, lower case; lines that begin with # are comments */
export function lexiconOf(lists: Readonly<Partial<Record<LexiconList, Iterable<string>>>>): Lexicon {
  const entries = new Map<string, { alone: ListSet; phrases: Map<string, ListSet> }>();
  for (const list of LEXICON_LISTS) {
    const bit = listBit(list);
    for (const phrase of lists[list] ?? []) {
      const [first, ...rest] = phrase.split(' ');
      if (first === undefined || first === '') continue;
      const entry = entries.get(first) ?? { alone: 0, phrases: new Map<string, ListSet>() };
      entries.set(first, entry);
      if (rest.length === 0) entry.alone |= bit;
      else entry.phrases.set(rest.join(' '), (entry.phrases.get(rest.join(' ')) ?? 0) | bit);
    }
  }
  const done = new Map<string, LexiconEntry>();
  for (const [first, { alone, phrases }] of entries) done.set(first, { alone, phrases: phrases.size === 0 ? null : bySecond(phrases) });
  return { entries: done };
}

function bySecond(phrases: ReadonlyMap<string, ListSet>): ReadonlyMap<string, readonly LexiconPhrase[]> {
  const all = [...phrases].map(([words, lists]) => ({ words: words.split(' '), lists }));
  const groups = Map.groupBy(all, ({ words }) => words[0] ?? '');
  const sorted = [...groups].map(
    ([second, group]) =>
      [second, group.map(({ words, lists }) => ({ rest: words.slice(1), lists })).sort((a, b) => b.rest.length - a.rest.length)] as const,
  );
  return new Map(sorted);
}
