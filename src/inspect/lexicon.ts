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
  /** By first word: phrases that begin with it, longest first, and the set of the word alone (0 for none). */
  readonly entries: ReadonlyMap<string, LexiconEntry>;
}

export interface LexiconEntry {
  readonly alone: ListSet;
  readonly phrases: readonly { readonly rest: readonly string[]; readonly lists: ListSet }[];
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
  const one = lower[word] ?? '';
  const hit = hitOf(entries.get(one), lower, word);
  if (hit !== null) return hit;
  const plain = plainOf(one);
  return plain === one ? null : hitOf(entries.get(plain), lower, word);
}

function hitOf(entry: LexiconEntry | undefined, lower: readonly string[], word: number): LexiconHit | null {
  if (entry === undefined) return null;
  const phrase = entry.phrases.find(({ rest }) => rest.every((one, i) => lower[word + 1 + i] === one));
  if (phrase !== undefined) return { word, words: phrase.rest.length + 1, lists: phrase.lists };
  return entry.alone === 0 ? null : { word, words: 1, lists: entry.alone };
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
const STROKES: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

/** As lists of names and words have it: Smith's is smith, Zoë is zoe. */
function plainOf(word: string): string {
  const { length } = word;
  const bare = length > 3 && word.charCodeAt(length - 2) === 39 && word.charCodeAt(length - 1) === 115 ? word.slice(0, -2) : word;
  if (!BEYOND_ASCII.test(bare)) return bare;
  return bare
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[łøđßæœı]/g, (one) => STROKES[one] ?? one);
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
  for (const [first, { alone, phrases }] of entries) {
    const sorted = [...phrases].map(([rest, lists_]) => ({ rest: rest.split(' '), lists: lists_ }));
    done.set(first, { alone, phrases: sorted.sort((a, b) => b.rest.length - a.rest.length) });
  }
  return { entries: done };
}
