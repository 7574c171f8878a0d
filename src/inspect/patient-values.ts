// One spelling for what a patient table and a message both hold: names whatever their order, case and accents, days whatever their form,
// numbers of records without signs and leading zeros, addresses.
import { dateAt, DAY_WORDS, type WrittenDate } from './calendar-date.ts';
import { wordsOf } from './words.ts';

/** Stand with a name and are no part of it. */
const NOT_NAME: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx dr prof sir rev jr sr ii iii iv md do rn np pa phd dds dmd dob'.split(' '),
);
const LONGEST_NAME = 200;
const FEWEST_SIGNS = 4;
const LONGEST_NUMBER = 32;

/**
 * First and last word of a name, in the order of the alphabet: `Smith, John A.`, `JOHN SMITH` and `Dr. John Smith Jr.` are one.
 * Null where there is no first and last.
 */
export function plainName(name: string): string | null {
  const plain = name
    .slice(0, LONGEST_NAME)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const [family = '', ...given] = plain.split(/[,^]/).map(nameWords);
  // Behind a comma or a caret stands the given name; a degree alone does not ("John Smith, MD").
  const first = given.find((words) => words.length > 0);
  const words = first === undefined ? [...family] : [first[0] ?? '', ...family];
  const ends = [words[0] ?? '', words.at(-1) ?? ''];
  return words.length < 2 || ends.some((word) => word.length < 2) ? null : ends.sort().join(' ');
}

function nameWords(text: string): readonly string[] {
  return text
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/ß/g, 'ss')
    .replace(/['’.]/g, '')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '' && !NOT_NAME.has(word));
}

/** `2024-03-05` of a day with its year, in whatever form; null of anything else. */
export function plainDay(text: string): string | null {
  const given = text
    .trim()
    .slice(0, 40)
    .replace(/[T ]\d{2}:\d{2}.*$/, '');
  const words = wordsOf(given, DAY_WORDS);
  for (let word = 0; word < words.count; word++) {
    const date = (words.made[word] ?? 0) >= 2 ? dateAt(words, word) : null;
    if (date !== null && date.year > 0) return date.at === 0 && date.end === given.length ? dayOf(date) : null;
  }
  return null;
}

function dayOf({ year, month, day }: WrittenDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The day itself, and with day and month changed where they could be: who wrote 03/04 is not known. */
export function readingsOfDay(day: string): readonly string[] {
  const [year = '', month = '', date = ''] = day.split('-');
  return Number(date) <= 12 && date !== month ? [day, `${year}-${date}-${month}`] : [day];
}

/** Capitals and digits without leading zeros, which spreadsheets drop; null where it is too short to tell anybody. */
export function plainRecordNumber(number: string): string | null {
  if (number.length > LONGEST_NUMBER * 2) return null;
  const plain = number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/^0+/, '');
  return plain.length >= FEWEST_SIGNS && plain.length <= LONGEST_NUMBER && /\d/.test(plain) ? plain : null;
}

export function plainAddress(address: string): string | null {
  const plain = address
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, '');
  return /^[^\s@<>"]{1,64}@[^\s@<>"]{3,255}$/.test(plain) ? plain : null;
}
