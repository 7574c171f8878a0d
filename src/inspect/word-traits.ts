// Which readers of a passage have something to ask of a word: a bit each, known for all words of the vocabulary before any text is read. Most
// words of a text are of no closed list, and are passed over by one look at a number.

/** Of a list, or so common that it is no other word with an ending. */
export const LISTED = 1 << 0;
/** Has an apostrophe or a letter beyond US-ASCII: of each word as it stands in the text, not of a list. */
export const ODD = 1 << 30;
/** Has a capital, or a letter beyond US-ASCII. As it stands in the text. */
export const WITH_CAPITALS = 1 << 29;
/** Begins a phrase of the lists; is the second word of one. */
export const BEGINS_PHRASE = 1 << 1;
export const SECOND_OF_PHRASE = 1 << 2;
/** Speaks of one person or of nobody in particular (generality-signs.ts). */
export const SIGN = 1 << 3;
/** Does something beside a name (name-words.ts). */
export const NAME_USE = 1 << 4;
/** May head a column of names (name-table.ts). */
export const COLUMN_HEAD = 1 << 5;
/** Ends a label of numbers (id-labels.ts). */
export const ENDS_LABEL = 1 << 6;
/** Footers have it (blocks.ts). */
export const FOOTER_WORD = 1 << 7;
/** Says whose an identifier is (whose.ts). */
export const OWNER = 1 << 8;
/** Says that a number comes, or stands between a label and its number (id-labels.ts), or is joined to it (tagged.ts). */
export const LABEL_WORD = 1 << 9;
/** Said of a day of care, or of business (detectors/date.ts). */
export const OF_SERVICE = 1 << 10;
export const OF_BUSINESS = 1 << 11;
/** What a picture of a person shows (detectors/face.ts). */
export const SHOWN = 1 << 12;
/** From this bit on, one for each of what may lead to something of health (health-view.ts); below 1 << 24. */
export const FIRST_TOPIC = 13;
/** Tells of a setting of care; is a word of notes. */
export const SETTING = 1 << 24;
export const NOTE = 1 << 25;
/** Says nothing of health by itself, or half as much as others (everyday.ts). */
export const SAYS_NOTHING = 1 << 28;
export const SAYS_HALF = 1 << 31;
/** Name of a month, or the beginning of one (calendar-date.ts). */
export const MONTH_NAME = 1 << 26;
/** Ends what says of a number that it is a code of health care (detectors/code.ts). */
export const CODE_LABEL = 1 << 27;

/** Traits of words, by word in lower case. */
export type TraitTable = ReadonlyMap<string, number>;

/** A table of closed lists. */
export function traitTable(rows: readonly (readonly [trait: number, words: Iterable<string>])[]): TraitTable {
  const table = new Map<string, number>();
  for (const [trait, words] of rows) for (const word of words) table.set(word, (table.get(word) ?? 0) | trait);
  return table;
}
