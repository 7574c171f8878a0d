// Addresses of mail, 45 CFR 164.514(b)(2)(i)(F). Who writes, who reads and what a company shows everybody are told apart from the rest.
import type { Role } from '../../mail/finding.ts';
import type { Candidate, Detector, Surroundings } from '../detector.ts';
import type { Passage } from '../passage.ts';
import { whose } from '../whose.ts';
import { AT_SIGN, FULL_STOP, HYPHEN, LOW_LINE, isDigit, isLetter } from '../sign-codes.ts';

const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 130;
const LONGEST_LABEL = 62;
const MOST_LABELS = 6;
const SHORTEST_TOP = 2;
const LONGEST_TOP = 24;
/** Signs that may stand in the local part beside letters and digits (RFC 5322 3.2.3), but for those that more often part an address of the web. */
const LOCAL_SIGNS: ReadonlySet<number> = new Set(Array.from("!#$%'*+^_`~.-", (sign) => sign.charCodeAt(0)));
const EVERYBODYS: ReadonlySet<string> = new Set(
  'info support help helpdesk contact admin administrator office sales billing service services customerservice noreply no-reply donotreply do-not-reply newsletter news mail mailer-daemon postmaster webmaster abuse privacy security press media jobs careers hr feedback subscribe unsubscribe notification notifications alert alerts list lists team hello enquiries inquiries marketing orders root hostmaster majordomo owner bounce reply register registration appointments scheduling reception frontdesk'.split(
    ' ',
  ),
);
/** Behind the last hyphen they say so of a list of mail. */
const OF_LIST: ReadonlySet<string> = new Set('request list users devel dev announce owner admin talk discuss bounce bounces'.split(' '));
const NO_REPLY = /(?:^|[._-])no-?reply/;
/** Where people, not offices, have their mail; behind them stands one of these, or the two letters of a country. */
const PRIVATE: ReadonlySet<string> = new Set(
  'gmail googlemail yahoo ymail hotmail outlook live msn aol icloud me mac protonmail proton comcast verizon sbcglobal att cox bellsouth gmx zoho fastmail mail email'.split(
    ' ',
  ),
);
const TOPS: ReadonlySet<string> = new Set(['com', 'net', 'org', 'me']);

export const emailDetector: Detector = {
  name: 'email',
  samples: {
    hits: [
      'Contact: ann.poe@example.org',
      'mailto:ann_poe77@gmail.com',
      'email=ann.poe@yahoo.com&x=1',
      '<contact email="ann@example.net"/>',
      'write to (ann+clinic@example.com).',
      "o'hara@example.ie is hers",
      'Name\tE-mail\nAnn\tann@example.org',
      'Her address: ANN.POE@EXAMPLE.ORG',
    ],
    misses: ['meet @ noon', 'user@localhost', '@ann on Twitter', 'a@b', 'price @ 3.50', 'git@github:path', 'x @ y.com', 'foo@.com'],
  },
  detect(passage, surroundings, add) {
    const { text, words } = passage;
    const { codes } = words;
    let word = 0;
    let escaped = escapedFrom(text, 0);
    for (let plain = text.indexOf('@'); plain >= 0 || escaped < text.length;) {
      const sign = plain >= 0 && plain < escaped ? plain : escaped;
      const from = sign + (codes[sign] === AT_SIGN ? 1 : 3);
      if (sign === plain) plain = text.indexOf('@', sign + 1);
      else escaped = escapedFrom(text, sign + 1);
      const end = domainEnd(codes, from, text.length);
      const at = end < 0 ? sign : localStart(codes, sign);
      if (at === sign) continue;
      while (word + 1 < words.count && (words.starts[word + 1] ?? 0) <= at) word++;
      const value = codes[sign] === AT_SIGN ? text.slice(at, end) : `${text.slice(at, sign)}@${text.slice(from, end)}`;
      add(candidateOf(passage, surroundings, { at, length: end - at, word, value: value.toLowerCase() }));
    }
  },
};

/** The next `%40`: `@` as it stands in an address of the web (RFC 3986 2.1). Past the end where there is none. */
function escapedFrom(text: string, from: number): number {
  const at = text.indexOf('%40', from);
  return at < 0 ? text.length : at;
}

/** Where the local part begins; at its end where there is none. */
function localStart(codes: Uint16Array, end: number): number {
  let at = end;
  while (at > 0 && end - at < LONGEST_LOCAL_PART && isLocal(codes[at - 1] ?? 0)) at--;
  while (at < end && !isLetterOrDigit(codes[at] ?? 0)) at++;
  return at;
}

function isLocal(code: number): boolean {
  return isLetterOrDigit(code) || LOCAL_SIGNS.has(code);
}

function isLetterOrDigit(code: number): boolean {
  return isDigit(code) || isLetter(code);
}

/** Where a domain ends that begins here: up to six labels, each with a point behind it, and the longest top that follows them; -1 where none does. */
function domainEnd(codes: Uint16Array, from: number, length: number): number {
  const limit = Math.min(length, from + LONGEST_DOMAIN);
  if (from >= limit || !isLetterOrDigit(codes[from] ?? 0)) return -1;
  let end = -1;
  for (let labels = 0, start = from + 1; ; labels++) {
    if (labels > 0) end = Math.max(end, topEnd(codes, start, limit));
    let at = start;
    while (at < limit && (isLetterOrDigit(codes[at] ?? 0) || codes[at] === HYPHEN)) at++;
    if (labels === MOST_LABELS || at === limit || codes[at] !== FULL_STOP || at - start > LONGEST_LABEL) return end;
    start = at + 1;
  }
}

/** Where the letters that end a domain end; -1 where something else stands here. */
function topEnd(codes: Uint16Array, start: number, limit: number): number {
  let at = start;
  while (at < limit && isLetter(codes[at] ?? 0)) at++;
  if (at - start < SHORTEST_TOP || at - start > LONGEST_TOP) return -1;
  const next = at < limit ? (codes[at] ?? 0) : 0;
  return isLetterOrDigit(next) || next === LOW_LINE ? -1 : at;
}

interface Address {
  readonly at: number;
  readonly length: number;
  readonly word: number;
  readonly value: string;
}

function candidateOf(passage: Passage, surroundings: Surroundings, { at, length, word, value }: Address): Candidate {
  const sign = value.lastIndexOf('@');
  const domain = value.slice(sign + 1);
  const own = isPrivate(domain);
  const role = isEverybodys(value.slice(0, sign)) ? 'public' : roleFor(passage, surroundings, word, value, own ? '' : domain);
  return {
    axis: 'who',
    kind: 'email',
    at,
    length,
    confidence: own ? 0.9 : 0.7,
    role,
    reason: 'address',
    value,
    labels: [],
  };
}

function isEverybodys(name: string): boolean {
  if (EVERYBODYS.has(name)) return true;
  const hyphen = name.lastIndexOf('-');
  return (hyphen >= 0 && OF_LIST.has(name.slice(hyphen + 1))) || (name.includes('reply') && NO_REPLY.test(name));
}

/** `gmail.com`, `mail.yahoo.co.uk` */
function isPrivate(domain: string): boolean {
  const last = domain.lastIndexOf('.');
  const top = domain.slice(last + 1);
  if (top.length !== 2 && !TOPS.has(top)) return false;
  const first = labelBefore(domain, last);
  if (PRIVATE.has(first)) return true;
  return top.length === 2 && first === 'co' && PRIVATE.has(labelBefore(domain, last - 3));
}

function labelBefore(domain: string, point: number): string {
  return point <= 0 ? '' : domain.slice(domain.lastIndexOf('.', point - 1) + 1, point);
}

/** @param company its domain; empty where people have their own mail */
function roleFor(passage: Passage, { sender, recipients }: Surroundings, word: number, value: string, company: string): Role {
  if (value === sender) return 'sender';
  if (recipients.includes(value)) return 'recipient';
  if (company !== '' && sender.slice(sender.indexOf('@') + 1) === company) return 'staff';
  return whose(passage, word);
}
