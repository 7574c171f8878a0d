// Text cut into words: letters with marks and inner apostrophes, or digits, or both. Everything else stands between words.

/** What a word is made of. */
export const LETTERS = 1;
export const DIGITS = 2;
export const MIXED = 3;

export interface Words {
  readonly count: number;
  /** By the number of a word: where it begins and ends in the text (UTF-16 code units), LETTERS, DIGITS or MIXED. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly made: Uint8Array;
  /** In lower case, with a plain apostrophe. */
  readonly lower: readonly string[];
}

const APOSTROPHE = 39;
const CURLY_APOSTROPHE = 0x2019;

/** Linear in the text. */
export function wordsOf(text: string): Words {
  const starts: number[] = [];
  const ends: number[] = [];
  const made: number[] = [];
  const lower: string[] = [];
  const { length } = text;
  for (let at = 0; at < length;) {
    let kind = charKind(text.charCodeAt(at));
    if (kind === 0) {
      at++;
      continue;
    }
    const start = at;
    for (at++; at < length; at++) {
      const code = text.charCodeAt(at);
      const next = charKind(code);
      if (next !== 0) kind |= next;
      else if (!((code === APOSTROPHE || code === CURLY_APOSTROPHE) && at + 1 < length && charKind(text.charCodeAt(at + 1)) === LETTERS))
        break;
    }
    starts.push(start);
    ends.push(at);
    made.push(kind);
    const word = text.slice(start, at).toLowerCase();
    lower.push(word.includes('\u2019') ? word.replaceAll('\u2019', "'") : word);
  }
  return {
    count: starts.length,
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    made: Uint8Array.from(made),
    lower,
  };
}

const OTHER_LETTER = /^[\p{L}\p{M}]$/u;

function charKind(code: number): number {
  if (code < 128) {
    if (code >= 48 && code <= 57) return DIGITS;
    return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? LETTERS : 0;
  }
  if (code === CURLY_APOSTROPHE || code === 0xa0 || (code >= 0x2000 && code <= 0x206f)) return 0;
  // Latin, Greek, Cyrillic without the two signs among them; surrogates count as letters.
  if (code >= 0xc0 && code <= 0x24f) return code === 0xd7 || code === 0xf7 ? 0 : LETTERS;
  if (code >= 0xd800 && code <= 0xdfff) return LETTERS;
  return OTHER_LETTER.test(String.fromCharCode(code)) ? LETTERS : 0;
}
