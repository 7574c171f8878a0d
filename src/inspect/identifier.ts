// What detectors of numbers have in common: the shape of a number that somebody gave out, and how one is told.
import type { Role, WhoKind } from '../mail/finding.ts';
import type { Candidate } from './detector.ts';
import type { Tag } from './id-labels.ts';
import { isDigit, isLetter } from './sign-codes.ts';
import type { Passage } from './passage.ts';
import type { Tagged } from './tagged.ts';
import { whose } from './whose.ts';

export interface Range {
  readonly at: number;
  readonly end: number;
}

export interface Said {
  readonly confidence: number;
  readonly role: Role;
  readonly reason: string;
}

/** A candidate on the axis of who. Its value is without blanks and signs, in capitals. */
export function identifier({ text }: Passage, kind: WhoKind, { at, end }: Range, { confidence, role, reason }: Said): Candidate {
  const value = plainText(text, at, end, '').toUpperCase();
  return { axis: 'who', kind, at, length: end - at, confidence, role, reason, value, labels: [] };
}

/** Letters and digits of a stretch, with so much where other signs stand. */
export function plainText(text: string, at: number, end: number, between: '' | ' '): string {
  let plain = '';
  let run = at;
  for (let i = at; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isLetter(code) || isDigit(code)) continue;
    // Of all that is beyond US-ASCII an expression tells what is a letter.
    if (code > 127) return text.slice(at, end).replace(/[^\p{L}\d]+/gu, between);
    plain += i > run || i === at ? text.slice(run, i) + between : '';
    run = i + 1;
  }
  return plain + text.slice(run, end);
}

/** The values whose label is one of these, with their text. */
export function taggedAs({ tagged, text }: Passage, tags: readonly Tag[]): readonly (readonly [Tagged, string])[] {
  const found: (readonly [Tagged, string])[] = [];
  for (const one of tagged) if (tags.includes(one.tag)) found.push([one, text.slice(one.at, one.end)]);
  return found;
}

/** Whose it is: by its label, unless the line or block says otherwise. */
export function roleOf(passage: Passage, { word, role }: Tagged): Role {
  const said = whose(passage, word, role ?? 'unknown');
  return role === 'patient' && (said === 'provider' || said === 'staff') ? 'patient' : said;
}

const DATE_LIKE = /^(?:\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}.*)$/;
const PHONE_LIKE = /^(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4}$/;
const AMOUNT = /^\d+\.\d+(?!\d|[-.])/;
const PLAIN = /^(?:[A-Z]{1,3} )?[A-Z\d]+(?:[-/._][A-Z\d]+){0,6}$/i;

/**
 * Like what a registry gives out: letters and digits, joined by signs at most.
 * @param digits fewest of them
 */
export function looksIssued(value: string, digits: number): boolean {
  if (value.length > 32 || !PLAIN.test(value) || DATE_LIKE.test(value) || PHONE_LIKE.test(value) || AMOUNT.test(value)) return false;
  let count = 0;
  let letters = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code >= 48 && code <= 57) count++;
    else if (code > 64) letters++;
  }
  // A year is what a number of four digits most often is; words with a number behind ("covid-19") have more letters than digits.
  if (/^(?:19|20)\d{2}$/.test(value)) return false;
  return count >= digits && letters <= Math.max(count, 5) && !/[a-z]{5}/.test(value);
}

/** Belongs to an address of mail or of the web: no number by itself, unless its label says so alone (`?mrn=`). */
export function inAddress({ text }: Passage, { at, end, needs }: Range & { readonly needs: 'alone' | 'number' }): boolean {
  if (text.charAt(end) === '@' || text.charAt(at - 1) === '@') return true;
  return needs === 'number' && /(?:[a-z]:\/\/|www\.)\S{0,150}$/i.test(text.slice(Math.max(0, at - 160), at));
}

/** For numbers asked in order: the label of the one at a word. */
export function labelsInOrder({ tagged }: Passage): (word: number) => Tagged | null {
  let i = 0;
  return (word) => {
    while (i < tagged.length && (tagged[i]?.last ?? 0) < word) i++;
    const one = tagged[i];
    return one !== undefined && one.word <= word ? one : null;
  };
}
