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
  // No text has more words than this; what is not used is cut off.
  const starts = new Int32Array((text.length >> 1) + 1);
  const ends = new Int32Array(starts.length);
  const made = new Uint8Array(starts.length);
  const lower: string[] = [];
  const lowered = lowerOf(text);
  const { length } = text;
  let count = 0;
  for (let at = 0; at < length;) {
    let kind = charKind(text.charCodeAt(at));
    if (kind === 0) {
      at++;
      continue;
    }
    const start = at;
    let curly = false;
    for (at++; at < length; at++) {
      const code = text.charCodeAt(at);
      const next = charKind(code);
      if (next !== 0) kind |= next;
      else if (!((code === APOSTROPHE || code === CURLY_APOSTROPHE) && at + 1 < length && charKind(text.charCodeAt(at + 1)) === LETTERS))
        break;
      else curly ||= code === CURLY_APOSTROPHE;
    }
    starts[count] = start;
    ends[count] = at;
    made[count++] = kind;
    const word = lowered === null ? text.slice(start, at).toLowerCase() : lowered.slice(start, at);
    lower.push(curly ? word.replaceAll('\u2019', "'") : word);
  }
  return { count, starts: starts.slice(0, count), ends: ends.slice(0, count), made: made.slice(0, count), lower };
}

/** The whole text in lower case, or null where that moves its offsets: some letters become two. */
function lowerOf(text: string): string | null {
  const lowered = text.toLowerCase();
  return lowered.length === text.length ? lowered : null;
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
