// What stands around a word and speaks against a name: a hospital, a street, a town, a disease or a test called after somebody, an address.
// Bounded windows.
import {
  FACILITY,
  FIRST,
  gapAfter,
  isClear,
  isPossessive,
  lowerOf,
  type NameView,
  setsOf,
  STATE,
  STREET,
  usesOf,
  writtenOf,
} from './name-view.ts';
import type { Shape } from './name-shapes.ts';
import { CREDENTIAL, EPONYM, EPONYM_HEAD, GENERATION, ORGANISATION, PLACE_BEFORE } from './name-words.ts';
import { AT_SIGN, FULL_STOP, HYPHEN, LOW_LINE, SLASH, SPACE } from './sign-codes.ts';

const AGAINST_AFTER = /^,? vs?\.? /;
const PLACE_HEADS: ReadonlySet<string> = new Set(
  'st saint ste mt mount fort ft lake port san santa los las el north south east west new upper lower university hospital church hotel'.split(
    ' ',
  ),
);

/** What looks like a name and is something else: it depends on how sure the shape is by itself. */
export function isSomethingElse(view: NameView, shape: Shape): boolean {
  const { from, to, form } = shape;
  const clear = isClear(view, from, FIRST) && (form === 'full' || form === 'first-initial');
  return isPartOfAddress(view, from, to) || isEponym(view, shape, clear) || isPlace(view, shape, clear) || headFollows(view, shape, clear);
}

/** Mayo Clinic, Mary Street, Pinnacle Financial Group, Wells criteria, Smith fracture. */
function headFollows(view: NameView, { to: end, form }: Shape, clear: boolean): boolean {
  const to = (usesOf(view, end) & GENERATION) === 0 ? end : end + 1;
  const gap = gapAfter(view, to - 1);
  if (gap !== 'space' && gap !== 'hyphen' && (gap !== 'dot' || to === end)) return false;
  const uses = usesOf(view, to);
  const upper = writtenOf(view, to) !== 'lower' && writtenOf(view, to) !== 'numeral';
  const possessive = isPossessive(view, to - 1);
  if (upper && ((uses & ORGANISATION) !== 0 || (setsOf(view, to) & (FACILITY | STREET)) !== 0)) return !(clear && possessive);
  if ((uses & EPONYM_HEAD) === 0) return false;
  return possessive ? form === 'last' || form === 'unlisted' : !clear;
}

/** Crohn's, Kaplan-Meier, Johns Hopkins: by themselves, or behind no clear first name. */
function isEponym(view: NameView, { from, to, form }: Shape, clear: boolean): boolean {
  if (clear && form === 'full') return false;
  if (form === 'initial-last') return false;
  for (let at = from; at < to; at++) if ((usesOf(view, at) & EPONYM) !== 0) return true;
  return false;
}

/** "in Madison", "Springfield, IL", "Mount Vernon", "University of Wyoming". */
function isPlace(view: NameView, { from, to, form }: Shape, clear: boolean): boolean {
  const joined = gapAfter(view, from - 1);
  const one = form === 'first' || form === 'last' || form === 'unlisted' || form === 'half-known';
  if (
    !clear &&
    (joined === 'space' || joined === 'dot') &&
    writtenOf(view, from - 1) !== 'lower' &&
    PLACE_HEADS.has(lowerOf(view, from - 1))
  )
    return true;
  if (!clear && (usesOf(view, from - 2) & ORGANISATION) !== 0 && writtenOf(view, from - 2) !== 'lower' && lowerOf(view, from - 1) === 'of')
    return true;
  if (one && joined === 'space' && (usesOf(view, from - 1) & PLACE_BEFORE) !== 0) return true;
  const state = gapAfter(view, to - 1) === 'comma' && (setsOf(view, to) & STATE) !== 0 && writtenOf(view, to) === 'capitals';
  return state && (!clear || writtenOf(view, to + 1) === 'numeral') && (usesOf(view, to) & CREDENTIAL) === 0;
}

/** john.smith@example.org, /users/John/Smith, #JohnSmith: told by others, or by nobody. */
function isPartOfAddress(view: NameView, from: number, to: number): boolean {
  const { codes, starts, ends } = view;
  const start = starts[from] ?? 0;
  const before = start === 0 ? 0 : (codes[start - 1] ?? 0);
  const end = ends[to - 1] ?? 0;
  const after = codes[end] ?? 0;
  // Between words stands most often a space.
  if (before === SPACE && after === SPACE) return false;
  if (IN_ADDRESS.has(before)) return true;
  if (after === AT_SIGN || after === LOW_LINE) return true;
  if (after === SLASH) return !/^\/ ?[A-Z]/.test(view.text.slice(end, end + 3));
  return (before === FULL_STOP || before === HYPHEN) && gapAfter(view, from - 1) !== 'break' && writtenOf(view, from - 1) === 'lower';
}
/** # $ / @ \ _ */
const IN_ADDRESS: ReadonlySet<number> = new Set([35, 36, SLASH, AT_SIGN, 92, LOW_LINE]);

/** "Mary Scott v. Aperture": a party, not a patient. */
export function isParty(view: NameView, { to }: Shape): boolean {
  const end = view.ends[to - 1] ?? 0;
  return AGAINST_AFTER.test(view.text.slice(end, end + 8));
}
