// Takes tags out of a subject, where they stand at either end of it, in encoded words (RFC 2047) too. What is not a tag stays as it was.
import { isUtf8 } from 'node:buffer';
import { ANSWER, TAG, WORD_TAG } from '../mail/tag-syntax.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { encodedWords } from './field-writing.ts';

/** The tag may stand behind `Re:` and its kind. */
const FIRST = new RegExp(`(\\s*)(${TAG}|${WORD_TAG}|${ANSWER})\\s*`, 'iuy');
const LAST = new RegExp(`\\s*(${TAG})\\s*$`, 'u');
/** Octets that are no UTF-8 may look like other white space. */
const AROUND = /^[ \t]+|[ \t]+$/g;
/** No subject that a person reads is longer: it stays as it is. */
const LONGEST = 8_192;
/** Longer than a tag and the white space about it. */
const LAST_REACH = 160;

/**
 * The value of a Subject field without these tags.
 * @param value octets behind the colon, line ends included
 * @param tags in lower case, as facts spell them: `[secure]`, `#secure`, `secure:`
 * @returns octets as latin1, unfolded; null where nothing has to change
 */
export function subjectWithoutTags(value: Buffer, tags: readonly string[]): string | null {
  if (value.length > LONGEST) return null;
  const charset = isUtf8(value) ? 'utf8' : 'latin1';
  const given = value.toString(charset).replace(/\r?\n/g, '').replace(AROUND, '');
  const wanted = new Set(tags.map((tag) => tag.toLowerCase()));
  const rest = withoutTags(given, wanted);
  const decoded = decodeEncodedWords(rest);
  // What readers take in several ways has no one text that could stand for it.
  const inside = decoded.build === 'words' ? withoutTags(decoded.text, wanted) : decoded.text;
  if (inside !== decoded.text) return asValue(inside);
  return rest === given ? null : Buffer.from(rest, charset).toString('latin1');
}

function asValue(text: string): string {
  return /^[ -~]*$/.test(text) && !text.includes('=?') ? text : encodedWords(text);
}

function withoutTags(text: string, tags: ReadonlySet<string>): string {
  let dropped = 0;
  let front = '';
  let at = 0;
  for (let found = firstAt(text, 0); found !== null; found = firstAt(text, at)) {
    at += found[0].length;
    if (tags.has((found[2] ?? '').toLowerCase())) {
      dropped++;
      // What stood on its two sides must not become one tag.
      front += found[1] === '' && /[^\s:\uff1a]$/.test(front) ? ' ' : (found[1] ?? '');
    } else front += found[0];
  }
  let tail = '';
  let end = text.length;
  for (let found = lastBefore(text, at, end); found !== null; found = lastBefore(text, at, end)) {
    end -= found[0].length;
    if (tags.has((found[1] ?? '').toLowerCase())) dropped++;
    else tail = found[0] + tail;
  }
  return dropped === 0 ? text : `${front}${text.slice(at, end)}${tail}`.replace(AROUND, '');
}

function firstAt(text: string, at: number): RegExpExecArray | null {
  FIRST.lastIndex = at;
  return FIRST.exec(text);
}

function lastBefore(text: string, at: number, end: number): RegExpExecArray | null {
  return end <= at ? null : LAST.exec(text.slice(Math.max(at, end - LAST_REACH), end));
}
