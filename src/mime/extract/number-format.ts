// Number formats of spreadsheets (ECMA-376 part 1, 18.8.30 and 18.8.31), as far as they decide what a reader sees: dates, and digits
// set out as a mask (`000-00-0000`). A date comes out as ISO 8601, so that a birth date in a cell is told from a number.

export type DateSystem = 'from 1900' | 'from 1904';

type Kind = 'date' | 'time' | 'mask';

/** Those that need not be written out; the ones of East Asian locales are dates as well. */
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  ...range(14, 17, 'yyyy-mm-dd'),
  ...range(18, 21, 'h:mm'),
  [22, 'yyyy-mm-dd h:mm'],
  ...range(27, 31, 'yyyy-mm-dd'),
  ...range(32, 35, 'h:mm'),
  [36, 'yyyy-mm-dd'],
  ...range(45, 47, 'h:mm:ss'),
  ...range(50, 58, 'yyyy-mm-dd'),
]);

function range(from: number, to: number, code: string): readonly (readonly [number, string])[] {
  return Array.from({ length: to - from + 1 }, (_, index) => [from + index, code] as const);
}

export class NumberFormat {
  readonly #kind: Kind;
  readonly #sections: readonly string[];

  private constructor(kind: Kind, sections: readonly string[]) {
    this.#kind = kind;
    this.#sections = sections;
  }

  /** Null where it shows the number as it stands. */
  static of(code: string): NumberFormat | null {
    const sections = code.slice(0, 500).split(';').slice(0, 4);
    const first = sections[0] ?? '';
    const letters = first.replace(/"[^"]*"?|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]?/gi, '').toLowerCase();
    if (/general/.test(letters)) return null;
    if (/[yd]|e(?![+-])/.test(letters) || (letters.includes('m') && !/[hs]/.test(letters))) {
      return new NumberFormat('date', sections);
    }
    if (/[hs]/.test(letters)) return new NumberFormat('time', sections);
    return sections.some(isMask) ? new NumberFormat('mask', sections) : null;
  }

  static builtIn(id: number): NumberFormat | null {
    const code = BUILT_IN.get(id);
    return code === undefined ? null : NumberFormat.of(code);
  }

  /** @param value as it stands in the file */
  shown(value: string, system: DateSystem): string {
    const number = Number(value);
    if (!Number.isFinite(number) || value.trim() === '') return value;
    switch (this.#kind) {
      case 'date':
        return dateOf(number, system) ?? value;
      case 'time':
        return timeOf(number);
      case 'mask':
        return this.#masked(number, value);
    }
  }

  /** The section is chosen by a condition it begins with, or else the first is for numbers that are not negative. */
  #masked(number: number, value: string): string {
    if (!Number.isInteger(number) || number < 0 || number >= 1e15) return value;
    const section =
      this.#sections.find((one) => {
        const condition = /^(?:\[[a-z$][^\]]*\])*\[([<>=]{1,2})(-?[\d.]{1,20})\]/i.exec(one);
        return condition === null || holds(number, condition[1] ?? '', Number(condition[2]));
      }) ?? '';
    return isMask(section) ? throughMask(`${number}`, section) : value;
  }
}

function holds(number: number, comparison: string, limit: number): boolean {
  const smaller = comparison.includes('<') && number < limit;
  const greater = comparison.includes('>') && number > limit;
  return smaller || greater || (comparison.includes('=') && number === limit);
}

/** Digits with literals between or before them, no decimal point, no thousands, no percent. */
function isMask(section: string): boolean {
  const bare = unquoted(section)
    .map(({ literal, character }) => (literal ? 'x' : character))
    .join('');
  // With a question mark at its stroke it is a fraction.
  if (/\?\/|\/\?/.test(bare)) return false;
  return /^[x0#?\-() /]*$/.test(bare) && /[0#?].*[x\-() /].*[0#?]|00|[x(].*[0#?]/.test(bare);
}

interface FormatCharacter {
  readonly literal: boolean;
  readonly character: string;
}

function unquoted(section: string): readonly FormatCharacter[] {
  const found: FormatCharacter[] = [];
  for (const [token] of section.matchAll(/"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|./gs)) {
    if (token.startsWith('"')) for (const character of token.replaceAll('"', '')) found.push({ literal: true, character });
    else if (token.startsWith('\\')) found.push({ literal: true, character: token.slice(1) });
    else if (!/^[_*[]/.test(token)) found.push({ literal: false, character: token });
  }
  return found;
}

function throughMask(digits: string, section: string): string {
  const mask = unquoted(section);
  const isPlace = ({ literal, character }: FormatCharacter): boolean => !literal && /[0#?]/.test(character);
  let places = mask.filter(isPlace).length;
  let shown = '';
  let left = digits.padStart(places, ' ');
  for (const one of mask) {
    if (!isPlace(one)) {
      shown += one.character;
      continue;
    }
    const taken = left.slice(0, left.length - places + 1);
    left = left.slice(taken.length);
    places--;
    shown += taken === ' ' ? (one.character === '0' ? '0' : '') : taken.trim();
  }
  return shown;
}

/** ISO 8601. The system from 1900 counts a day that never was, its 60th. */
function dateOf(serial: number, system: DateSystem): string | null {
  if (serial < 0 || serial >= 2_958_466) return null;
  if (serial < 1) return timeOf(serial);
  const days = Math.floor(serial);
  if (system === 'from 1900' && days === 60) return '1900-02-29';
  const since = system === 'from 1904' ? days - 24_107 : days < 60 ? days - 25_568 : days - 25_569;
  const seconds = Math.round((serial - days) * 86_400);
  const date = new Date((since * 86_400 + seconds) * 1_000).toISOString();
  if (seconds === 0) return date.slice(0, 10);
  return date.slice(0, seconds % 60 === 0 ? 16 : 19);
}

/** Hours may be more than 24: times are lengths as well. */
function timeOf(serial: number): string {
  if (Math.abs(serial) > 2_958_466) return `${serial}`;
  const seconds = Math.round(Math.abs(serial) * 86_400);
  const two = (number: number): string => `${Math.floor(number)}`.padStart(2, '0');
  const time = `${serial < 0 ? '-' : ''}${two(seconds / 3_600)}:${two((seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? time : `${time}:${two(seconds % 60)}`;
}
