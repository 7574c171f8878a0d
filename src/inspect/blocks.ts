// What the lines of a text are: a signature, a quoted thread, a footer or disclaimer, a letterhead, or the letter itself. A telephone in a
// signature is the sender's, an address in a footer is a company's; neither says who the patient is. By lines, once, in linear time.

import { CONTACT, isContact, isOfPatient, isQuoted, lengthOf, type Lines, linesOf, textOf } from './lines.ts';
import type { Words } from './words.ts';
import { ASTERISK, COLON, EQUALS, HYPHEN, LOW_LINE, SMALL } from './sign-codes.ts';

export const BLOCK_KINDS = ['body', 'quote', 'signature', 'footer', 'letterhead'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export interface Block {
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
}

const CLOSING =
  /^(?:(?:yours )?sincerely(?: yours)?|(?:very |with |my )?(?:best|kind|kindest|warm|warmest)?,? ?(?:regards|wishes)|all the best|best|(?:very |most )?respectfully(?: yours| submitted)?|cheers|(?:many |with )?thanks(?: again| so much| very much)?|thank you(?: so much| very much| again)?|yours(?: truly| faithfully)?|very truly yours|cordially|take care|electronically signed by|signed)(?:,| -|[.!])?$/i;
const DEVICE_LINE = /^(?:sent|get outlook) (?:from|for|via) /i;
const RULE = /^(?:--|_{3,}|-{3,}|={3,}|\*{3,})$/;
const ATTRIBUTION = /^(?:on\b.{4,200}\bwrote|le\b.{4,200}a écrit|.{1,80}\bwrote):$/i;
const THREAD_HEAD = /^-{2,} ?(?:original message|forwarded (?:message|by.{0,80})|reply message) ?-{0,}$|^begin forwarded message:$/i;
const MAIL_FIELD = /^\*?(?:from|sent|to|cc|date|subject|reply-to):\*? /i;
const SMALL_WORD = /^(?:of|and|for|the|&|\||-|–|de|van|von|at)$/;
const FOOTER =
  /unsubscribe|confidentiality (?:notice|statement)|all rights reserved|copyright ?(?:\(c\)|©|\d{4})|©|(?:intended|solely) (?:only )?for the (?:use of the )?(?:addressee|individual|intended|named|person|recipient|sole use)|you(?:'re| are) receiving this|you (?:have )?received this (?:e-?mail|message|newsletter|communication)|view (?:this|it) (?:e-?mail |message )?(?:in your browser|online)|(?:manage|update|change) your (?:e-?mail |subscription |notification )?(?:preferences|subscription)|this (?:e-?mail|message|communication|transmission|fax)[^.\n]{0,60}(?:confidential|privileged)|do not reply to this/i;

/** Footers stand at the end: of a long text (a book attached) no more is looked through. */
const FOOTERS_WITHIN = 32 * 1024;
export const FOOTER_WORDS: ReadonlySet<string> = new Set(
  'unsubscribe confidentiality confidential privileged reserved copyright intended solely receiving received browser online preferences subscription reply'.split(
    ' ',
  ),
);

/** No signature, no letterhead has more lines. */
const LONGEST_SIGNATURE = 12;
const LONGEST_LETTERHEAD = 8;
/** What is longer is prose. */
const SHORT = 100;

/**
 * In order, without gaps: all of the text, beginning to end.
 * @param words of the text, cut with the lexicon
 * @param footers numbers of those that footers have
 */
export function blocksOf(text: string, words: Words, footers: readonly number[]): readonly Block[] {
  const lines = linesOf(text, words.codes);
  const kinds = new Array<BlockKind>(lines.count).fill('body');
  markQuotes(lines, kinds);
  markSignatures(lines, kinds);
  markUnclosed(lines, kinds);
  markFooters(footerSigns(text, words, footers), lines, kinds);
  markLetterhead(lines, kinds);
  const blocks: Block[] = [];
  for (let i = 0, start = 0; i < lines.count; i++) {
    const kind = kinds[i] ?? 'body';
    if (kind === kinds[i + 1]) continue;
    const end = lines.starts[i + 1] ?? text.length;
    blocks.push({ kind, start, end });
    start = end;
  }
  return blocks;
}

/** What stands at an offset; by halving. */
export function blockAt(blocks: readonly Block[], at: number): BlockKind {
  let low = 0;
  for (let high = blocks.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.start ?? 0) <= at) low = middle;
    else high = middle;
  }
  return blocks[low]?.kind ?? 'body';
}

const SMALL_B = 98;
const SMALL_F = 102;

/** Lines with `>`, what follows "Original Message" or the fields of a mail's head, and the line that says who wrote. */
function markQuotes(lines: Lines, kinds: BlockKind[]): void {
  const { codes, ends, quoted } = lines;
  let thread = false;
  for (let i = 0; i < lines.count; i++) {
    const length = lengthOf(lines, i);
    if (!thread && length > 4 && length < 250) thread = beginsThread(lines, i);
    if (thread || quoted[i] === true || (length > 0 && codes[(ends[i] ?? 0) - 1] === COLON && ATTRIBUTION.test(textOf(lines, i))))
      kinds[i] = 'quote';
  }
}

function beginsThread(lines: Lines, i: number): boolean {
  const { codes, froms, ends } = lines;
  const from = froms[i] ?? 0;
  const first = (codes[from] ?? 0) | SMALL;
  if (first === HYPHEN) return codes[from + 1] === HYPHEN && THREAD_HEAD.test(textOf(lines, i));
  if (first === SMALL_B) return codes[(ends[i] ?? 0) - 1] === COLON && THREAD_HEAD.test(textOf(lines, i));
  // A message's own head may open the text (a saved mail): only what has text before it is a quoted one.
  if (i === 0 || (first !== SMALL_F && first !== ASTERISK) || codes[from + (first === ASTERISK ? 5 : 4)] !== COLON) return false;
  if (!/^\*?from:/i.test(textOf(lines, i))) return false;
  let fields = 0;
  for (let n = i + 1; n <= i + 5; n++) if (MAIL_FIELD.test(textOf(lines, n))) fields++;
  return fields >= 2;
}

function markSignatures(lines: Lines, kinds: BlockKind[]): void {
  for (let i = 0; i < lines.count; i++) {
    const length = lengthOf(lines, i);
    if (length === 0 || length > 48 || !mayClose(lines, i)) continue;
    const text = textOf(lines, i);
    const ruled = text === '--' || (RULE.test(text) && CONTACT.test(paragraphText(lines, i + 1)));
    if (!ruled && !CLOSING.test(text) && !DEVICE_LINE.test(text)) continue;
    const end = signatureEnd(lines, kinds, i + 1, ruled ? 0 : 1);
    if (end === i + 1 && !DEVICE_LINE.test(text)) continue;
    for (let n = i; n < end; n++) kinds[n] = 'signature';
    i = end - 1;
  }
}

/** By the first two letters of what closes a letter, each cut to five bits. */
const CLOSES: Uint8Array = closingPairs('al si yo ve wi my be ki wa re mo ch ma th co ta el se ge');

function closingPairs(pairs: string): Uint8Array {
  const table = new Uint8Array(1 << 10);
  for (const pair of pairs.split(' ')) table[pairAt(pair.charCodeAt(0), pair.charCodeAt(1))] = 1;
  return table;
}

function pairAt(first: number, second: number): number {
  return ((first & 31) << 5) | (second & 31);
}

/** Begins as closings do, or is a rule. */
function mayClose({ codes, froms }: Lines, i: number): boolean {
  const from = froms[i] ?? 0;
  const first = codes[from] ?? 0;
  const second = codes[from + 1] ?? 0;
  if (first === second && (first === HYPHEN || first === LOW_LINE || first === EQUALS || first === ASTERISK)) return true;
  return CLOSES[pairAt(first, second)] === 1;
}

/**
 * A signature goes on over short lines; over a blank one only where what follows is a way to reach somebody.
 * @param blanks that may stand right behind the closing
 */
function signatureEnd(lines: Lines, kinds: readonly BlockKind[], from: number, blanks: number): number {
  let end = from;
  let seen = 0;
  let skipped = 0;
  for (let i = from; i < lines.count && seen < LONGEST_SIGNATURE; i++) {
    if (isQuoted(lines, i) !== isQuoted(lines, from - 1) || kinds[i] !== kinds[from - 1]) break;
    if (lengthOf(lines, i) === 0) {
      if (++skipped > 2 + blanks) break;
      continue;
    }
    if (!ofSignature(lines, i)) break;
    if (skipped > 0 && seen > 0 && !isContact(lines, i) && !namesWho(lines, i)) break;
    if (skipped > 0 && seen > 1 && !CONTACT.test(paragraphText(lines, i))) break;
    skipped = 0;
    seen++;
    end = i + 1;
  }
  return end;
}

function ofSignature(lines: Lines, i: number): boolean {
  if (lengthOf(lines, i) > SHORT || isOfPatient(lines, i)) return false;
  const text = textOf(lines, i);
  if (/^p\.? ?s\b/i.test(text)) return false;
  // A sentence is not of a signature, unless it says how to reach somebody.
  return !/[a-z]{2}[.?!]$|^(?:dear|hi|hello)\b/.test(text) || text.split(' ').length < 6 || isContact(lines, i);
}

/** A name and at least two ways to reach it, as the last lines before the end or a quoted thread. */
function markUnclosed(lines: Lines, kinds: BlockKind[]): void {
  let last = lines.count - 1;
  for (let i = 0; i <= last; i++) if (kinds[i] === 'quote' && !isQuoted(lines, i)) last = i - 1;
  while (last > 0 && (lengthOf(lines, last) === 0 || kinds[last] !== 'body')) last--;
  if (last - shortLinesBefore(lines, kinds, last) < 3) return;
  let first = last;
  let ways = 0;
  for (; first >= 0 && last - first < LONGEST_SIGNATURE; first--) {
    if (lengthOf(lines, first) === 0 || kinds[first] !== 'body' || !ofSignature(lines, first)) break;
    if (isContact(lines, first)) ways++;
  }
  if (last - first < 3 || ways < 2 || !namesWho(lines, first + 1) || isContact(lines, first + 1)) return;
  if (first >= 0 && lengthOf(lines, first) !== 0) return;
  for (let i = first + 1; i <= last; i++) kinds[i] = 'signature';
}

/** The last line that is blank, long or no body: behind it stands what may be a signature. */
function shortLinesBefore(lines: Lines, kinds: readonly BlockKind[], last: number): number {
  let first = last;
  while (first > last - 3 && first >= 0 && lengthOf(lines, first) > 0 && lengthOf(lines, first) <= SHORT && kinds[first] === 'body')
    first--;
  return first;
}

/** From the line that says so to the end of its paragraph, with the lines of a company right above it. */
function markFooters(signs: readonly number[], lines: Lines, kinds: BlockKind[]): void {
  const { starts, count, text } = lines;
  let i = 0;
  for (const at of signs) {
    if (at < (starts[i] ?? 0)) continue;
    while (i < count && (starts[i + 1] ?? text.length) <= at) i++;
    if (!FOOTER.test(`${textOf(lines, i)} ${textOf(lines, i + 1)}`)) continue;
    let first = i;
    while (first > 0 && i - first < 3 && companyLine(lines, first - 1) && kinds[first - 1] !== 'quote') first--;
    for (let n = first; n <= i; n++) kinds[n] = 'footer';
    for (; i + 1 < count && lengthOf(lines, i + 1) !== 0 && !isOfPatient(lines, i + 1); i++) kinds[i + 1] = 'footer';
    i++;
  }
}

/** Where a word stands that footers have, in order. */
function footerSigns(text: string, { starts }: Words, footers: readonly number[]): readonly number[] {
  const from = text.length - FOOTERS_WITHIN;
  const signs: number[] = [];
  for (const word of footers) if ((starts[word] ?? 0) >= from) signs.push(starts[word] ?? 0);
  const before = signs.length;
  for (let at = text.indexOf('©'); at >= 0; at = text.indexOf('©', at + 1)) signs.push(at);
  return signs.length === before ? signs : signs.sort((a, b) => a - b);
}

function companyLine(lines: Lines, i: number): boolean {
  const text = textOf(lines, i);
  return text !== '' && text.length <= SHORT && !isOfPatient(lines, i) && !/^[\w ]{2,30}: /.test(text) && /\d|\||•|·/.test(text);
}

/** The first lines of a text that name who writes, with a way to reach them. */
function markLetterhead(lines: Lines, kinds: BlockKind[]): void {
  let first = 0;
  while (first < lines.count && lengthOf(lines, first) === 0) first++;
  const length = lengthOf(lines, first);
  if (length === 0 || length > 70 || !namesWho(lines, first) || /[:@\d]/.test(textOf(lines, first))) return;
  let ways = 0;
  let last = first;
  for (let i = first; i < Math.min(lines.count, first + LONGEST_LETTERHEAD); i++) {
    const text = textOf(lines, i);
    if (text === '' && ways > 0) break;
    if (text.length > SHORT || isOfPatient(lines, i) || /^(?:dear|hi|hello|to|date|name)\b/i.test(text)) break;
    if (!isContact(lines, i)) continue;
    ways++;
    last = i;
  }
  // Whom a letter is to stands before "Re:" or "Dear" as well: a person, and no company.
  if (isInsideAddress(lines, first, last)) return;
  if (ways < 1 || last === first || !/[A-Z]{2} {1,2}\d{5}|\bfax\b|\btel|\bphone|www\./i.test(paragraphText(lines, first))) return;
  for (let i = first; i <= last; i++) if (kinds[i] === 'body') kinds[i] = 'letterhead';
}

const COMPANY_WORD =
  /\b(?:inc|llc|ltd|corp|co|company|group|clinic|hospital|cent(?:er|re)|associates|partners|services|department|dept|office|medical|medicine|health|healthcare|care|university|school|institute|laborator(?:y|ies)|labs?|pharmacy|practice|foundation|bank|agency|md|do|dds|np|rn|pa-c)\b|&/i;

/** A name of two to four words, its address, then at once "Re:" or "Dear": a letter's inside address. */
function isInsideAddress(lines: Lines, first: number, last: number): boolean {
  const head = textOf(lines, first);
  if (COMPANY_WORD.test(head) || !/^\S+(?: \S+){1,3}$/.test(head)) return false;
  let next = last + 1;
  while (next < lines.count && lengthOf(lines, next) === 0) next++;
  return /^(?:re|regarding|subject|dear|account|claim|member)\b/i.test(textOf(lines, next));
}

/** Up to eight words, each with a capital or a small one of titles: a person, a post, a company. */
function namesWho(lines: Lines, i: number): boolean {
  if (lengthOf(lines, i) > SHORT) return false;
  const words = textOf(lines, i).split(' ');
  return words.length <= 8 && words.every((word, n) => /^[-~(]?[A-Z]/.test(word) || (n > 0 && SMALL_WORD.test(word)));
}

/** Up to six lines until the next blank one. */
function paragraphText(lines: Lines, from: number): string {
  const texts: string[] = [];
  for (let i = from; i < Math.min(lines.count, from + 6); i++) {
    const text = textOf(lines, i);
    if (text === '' && texts.length > 0) break;
    texts.push(text.slice(0, 200));
  }
  return texts.join('\n');
}
