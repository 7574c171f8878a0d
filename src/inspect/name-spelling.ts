// How the words are spelt that names are made of, and how words of English end: told letter by letter, since this is asked of most words with
// a capital.
import type { Words } from './words.ts';
import { SMALL } from './sign-codes.ts';

/** Words of English that no list holds end so; names that end so are in the lists. */
const ENGLISH_ENDINGS =
  'tion tions sion sions ing ings ment ments ness ity ities ed ly ance ances ence ences able ables ible ibles ic ical ics ous ism isms ' +
  'ist ists ful less ive ives ure ures ship ships logy graphy metry scopy ware wares ers ors ries ate ates ize izes ise ises';
/** Letters before the ending. */
const BEFORE = 2;

const A = 97;
const Z = 122;

/** A tree of endings, from the last letter to the first: of each knot the next ones by letter, where there is any. */
interface EndingTree {
  readonly next: Uint8Array;
  /** The ending is whole. */
  readonly whole: Uint8Array;
}

const ENGLISH = endingTree(ENGLISH_ENDINGS.split(' '));

/** Knot 0 is the root. There are less than 256. */
function endingTree(endings: readonly string[]): EndingTree {
  const next = new Uint8Array(256 * SMALL);
  const whole = new Uint8Array(256);
  let knots = 1;
  for (const ending of endings) {
    let knot = 0;
    for (let at = ending.length - 1; at >= 0; at--) {
      const place = placeOf(knot, ending.charCodeAt(at));
      knot = next[place] ||= knots++;
    }
    whole[knot] = 1;
  }
  return { next, whole };
}

function placeOf(knot: number, code: number): number {
  return knot * SMALL + (code & (SMALL - 1));
}

/** -tion, -ings, -ment: as words of English are made, at least two letters before it. */
export function endsInEnglish({ codes, starts, ends }: Words, word: number): boolean {
  const first = (starts[word] ?? 0) + BEFORE;
  for (let at = (ends[word] ?? 0) - 1, knot = 0; at >= first; at--) {
    const code = (codes[at] ?? 0) | SMALL;
    if (code < A || code > Z) return false;
    knot = ENGLISH.next[placeOf(knot, code)] ?? 0;
    if (knot === 0) return false;
    if (ENGLISH.whole[knot] === 1) return true;
  }
  return false;
}

/** Some twenty letters, capitals only at its beginning or behind Mc, De, O'; no contraction. */
const NAME_LIKE =
  /^(?:(?:Mc|Mac|De|La|Le|Du|Van|Fitz|[OD]['’])?\p{Lu}[\p{Ll}\p{M}]{1,20}|[\p{Lu}\p{M}]{3,20}|O['’]\p{Lu}{2,20})(?:['’][sS])?$/u;

/** With these begins what stands before another capital in a name. */
const BEFORE_CAPITALS = 'MDLVFO';

/** Spelt as names are: Ferguson, FERGUSON, McKay, O'Brien. Most are told by their letters alone. */
export function isNameLike({ codes, starts, ends, text }: Words, word: number): boolean {
  const start = starts[word] ?? 0;
  const end = ends[word] ?? 0;
  let small = 0;
  for (let at = start + 1; at < end; at++) {
    const code = codes[at] ?? 0;
    if (code >= A && code <= Z) small++;
    else if (code < A - SMALL || code > Z - SMALL) return NAME_LIKE.test(text.slice(start, end));
  }
  const length = end - start;
  const first = codes[start] ?? 0;
  if (first < A - SMALL || first > Z - SMALL) return NAME_LIKE.test(text.slice(start, end));
  if (small === length - 1 && small > 0) return length <= 21;
  if (small === 0) return length >= 3 && length <= 20;
  return BEFORE_CAPITALS.includes(text.charAt(start)) && NAME_LIKE.test(text.slice(start, end));
}
