// Text as its reader sees it: what does not show is taken out, look-alikes of other scripts inside a word are read as the letter they show.
// Genuine text of any script stays readable; text without anything of the kind costs one native test.
import type { Mark } from '../mail/message.ts';
import { inSeenOrder } from './bidi-order.ts';
import { readLookAlikes } from './look-alikes.ts';
import type { Marked } from './marked.ts';

export interface Seen extends Marked {
  /** Characters that serve to hide words from machines stood inside them. */
  readonly disguised: 'yes' | 'no';
}

/** A stretch of text and whether a trick stood in it. */
export interface Stretch {
  readonly text: string;
  readonly disguised: boolean;
}

// Anything but what shows as it is: ASCII, Latin-1 and Latin Extended-A and B without no-break space and soft hyphen, plain punctuation,
// currency, arrows, box drawing and the like.
const ODD = /[^\t\n\r\f\v -~\xa1-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u244f\u2500-\u27ff\u2900-\u2b4f]/;

// As before, and letters of other scripts that stand alone: nothing is to be done but to look for look-alikes.
const ODD_IN_ANY_SCRIPT =
  /[^\t\n\r\f\v -~\xa1-\xac\xae-\u024f\u0370-\u0373\u0375-\u037d\u037f-\u0386\u0388-\u0482\u048a-\u0587\u05d0-\u05ea\u0621-\u064a\u0660-\u06d3\u0e01-\u0e5b\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u244f\u2500-\u27ff\u2900-\u2b4f\u3001-\u3098\u309b-\u3163\u3165-\ud7a3]/;

// Default ignorable code points (Unicode DerivedCoreProperties), controls, and the anchors of interlinear annotation.
const UNSEEN = /[\p{DI}\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb]+/gu;
const HAS_UNSEEN = /[\p{DI}\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb]/u;
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;
const JOINERS = /[\u200b-\u200d]/;
/** Letters and digits of scripts in which no joiner has work to do. */
const PLAIN_LETTER = /[A-Za-z0-9\xc0-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1e00-\u1fff\ufb00-\ufb06]/;
/** Hebrew to Mongolian, Balinese, Myanmar, the presentation forms of Arabic: where joiners shape words, and a zero-width space parts them. */
const SHAPED_LETTER = /[\u0590-\u109f\u1780-\u18af\u1900-\u1cff\ua840-\uabff\ufb1d-\ufdff\ufe70-\ufefc\u{10a00}-\u{11fff}]/u;

/** Styled forms of letters and digits that NFKC (UAX #15) makes plain, where that changes nothing else. */
const STYLED =
  /[\u1d2c-\u1d6a\u2071\u207f\u2090-\u209c\u2102\u210a-\u2115\u2118-\u211d\u2124\u2128\u212c-\u2134\u2139\u213c-\u2149\u2160-\u217f\u2460-\u2468\u24b6-\u24ea\u3000\ufb00-\ufb06\ufb13-\ufbff\ufe70-\ufefc\uff01-\uffdc\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}]+/gu;
const HAS_STYLED =
  /[\u1d2c-\u1d6a\u2071\u207f\u2090-\u209c\u2102\u210a-\u2115\u2118-\u211d\u2124\u2128\u212c-\u2134\u2139\u213c-\u2149\u2160-\u217f\u2460-\u2468\u24b6-\u24ea\u3000\ufb00-\ufb06\ufb13-\ufbff\ufe70-\ufefc\uff01-\uffdc\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}]/u;
/** White on black: NFKC leaves these. */
const INVERTED = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]/gu;
/** Small digits that begin a number, not an exponent or an index. */
const SMALL_DIGITS = /(?<![\p{L}\p{N})\]\xb2\xb3\xb9\u2070-\u2089])[\xb2\xb3\xb9\u2070\u2074-\u2079\u2080-\u2089]{2,}/gu;
const HAS_SMALL_DIGIT = /[\u2070\u2074-\u2079\u2080-\u2089]/;
const STYLED_IN_WORD =
  /[A-Za-z][\uff10-\uff5a\u{1d400}-\u{1d7ff}\u24b6-\u24e9\u{1f130}-\u{1f149}]|[\uff10-\uff5a\u{1d400}-\u{1d7ff}\u24b6-\u24e9\u{1f130}-\u{1f149}][A-Za-z]/u;

/** Marks that strike through, overlay or enclose; an operator keeps its stroke, which negates it. */
const OVERLAY =
  /(?<![<=>\u2200-\u22ff])[\u0334-\u0338\u0488\u0489\u1abe\u20d2\u20d3\u20d8-\u20da\u20dd-\u20e0\u20e2-\u20e6\u20ea\u20eb]|[\u0300-\u036f]{3,}/gu;
const HAS_OVERLAY = /[\u0334-\u0338\u0488\u0489\u1abe\u20d2\u20d3\u20d8-\u20da\u20dd-\u20e0\u20e2-\u20e6\u20ea\u20eb]|[\u0300-\u036f]{3}/;
const OVERLAY_IN_WORD = /\p{L}[\u0300-\u036f\u0488\u0489\u20d2-\u20da\u20dd-\u20e0\u20e4-\u20eb]+\p{L}/u;

const SPACES = /[\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/g;
const LINE_ENDS = /[\x85\u2028\u2029]/g;

/** @param marks in order; their places follow the text as it changes */
export function asSeen(text: string, marks: readonly Mark[]): Seen {
  if (!ODD.test(text)) return { text, marks, disguised: 'no' };
  if (marks.length === 0) {
    const seen = seeStretch(text);
    return { text: seen.text, marks, disguised: seen.disguised ? 'yes' : 'no' };
  }
  // What stands between two marks is a cell or a field: no word goes across.
  const moved: Mark[] = [];
  const pieces: string[] = [];
  let disguised = false;
  let length = 0;
  let from = 0;
  for (let i = 0; i <= marks.length; i++) {
    const mark = marks[i];
    const piece = text.slice(from, mark?.at ?? text.length);
    const seen = ODD.test(piece) ? seeStretch(piece) : { text: piece, disguised: false };
    pieces.push(seen.text);
    length += seen.text.length;
    disguised ||= seen.disguised;
    if (mark === undefined) break;
    from = mark.at;
    moved.push({ at: length, field: mark.field });
  }
  return { text: pieces.join(''), marks: moved, disguised: disguised ? 'yes' : 'no' };
}

function seeStretch(stretch: string): Stretch {
  if (!ODD_IN_ANY_SCRIPT.test(stretch)) return readLookAlikes(stretch);
  let text = stretch;
  let disguised = false;
  const take = (seen: Stretch): void => {
    text = seen.text;
    disguised ||= seen.disguised;
  };
  if (DIRECTION.test(text)) take(inSeenOrder(text));
  if (HAS_UNSEEN.test(text)) take(withoutUnseen(text));
  if (HAS_STYLED.test(text)) {
    disguised ||= STYLED_IN_WORD.test(text);
    text = text.replace(STYLED, (run) => run.normalize('NFKC'));
  }
  text = text.replace(INVERTED, plainOfInverted);
  if (HAS_SMALL_DIGIT.test(text)) text = text.replace(SMALL_DIGITS, (run) => run.normalize('NFKC'));
  if (HAS_OVERLAY.test(text)) {
    disguised ||= OVERLAY_IN_WORD.test(text);
    text = text.replace(OVERLAY, '');
  }
  text = text.normalize('NFC').replace(LINE_ENDS, '\n').replace(SPACES, ' ');
  take(readLookAlikes(text));
  return { text, disguised };
}

function withoutUnseen(text: string): Stretch {
  let disguised = false;
  const seen = text.replace(UNSEEN, (run: string, at: number) => {
    const before = text[at - 1] ?? '';
    const after = text[at + run.length] ?? '';
    if (PLAIN_LETTER.test(before) && PLAIN_LETTER.test(after)) disguised ||= !isHyphenation(text, at, run);
    else if (JOINERS.test(run) && isShaped(text, at - 1) && isShaped(text, at + run.length)) return JOINERS.exec(run)?.[0] ?? '';
    return '';
  });
  return { text: seen, disguised };
}

/** A soft hyphen where a word may be parted: no hyphenation leaves one letter alone. */
function isHyphenation(text: string, at: number, run: string): boolean {
  return run === '\xad' && PLAIN_LETTER.test(text[at - 2] ?? '') && PLAIN_LETTER.test(text[at + 2] ?? '');
}

function isShaped(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const from = code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
  return SHAPED_LETTER.test(String.fromCodePoint(text.codePointAt(from) ?? 0));
}

function plainOfInverted(letter: string): string {
  return String.fromCharCode(65 + (((letter.codePointAt(0) ?? 0) - 0x1f150) % 32));
}
