// What the lines of a text are: a signature, a quoted thread, a footer or disclaimer, a letterhead, or the letter itself. A telephone in a
// signature is the sender's, an address in a footer is a company's; neither says who the patient is. By lines, once, in linear time.

import { FOOTER_WORD } from './word-traits.ts';
import type { Words } from './words.ts';

export const BLOCK_KINDS = ['body', 'quote', 'signature', 'footer', 'letterhead'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export interface Block {
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
}

interface Line {
  readonly start: number;
  /** Behind its LF. */
  readonly end: number;
  /** Without blanks and marks of quoting. */
  readonly text: string;
  readonly quoted: boolean;
}

const CLOSING =
  /^(?:(?:yours )?sincerely(?: yours)?|(?:very |with |my )?(?:best|kind|kindest|warm|warmest)?,? ?(?:regards|wishes)|all the best|best|(?:very |most )?respectfully(?: yours| submitted)?|cheers|(?:many |with )?thanks(?: again| so much| very much)?|thank you(?: so much| very much| again)?|yours(?: truly| faithfully)?|very truly yours|cordially|take care|electronically signed by|signed)(?:,| -|[.!])?$/i;
const DEVICE_LINE = /^(?:sent|get outlook) (?:from|for|via) /i;
const RULE = /^(?:--|_{3,}|-{3,}|={3,}|\*{3,})$/;
const ATTRIBUTION = /^(?:on\b.{4,200}\bwrote|le\b.{4,200}a écrit|.{1,80}\bwrote):$/i;
const THREAD_HEAD = /^-{2,} ?(?:original message|forwarded (?:message|by.{0,80})|reply message) ?-{0,}$|^begin forwarded message:$/i;
const MAIL_FIELD = /^\*?(?:from|sent|to|cc|date|subject|reply-to):\*? /i;
const CONTACT =
  /\b(?:tel|telephone|phone|ph|fax|mobile|cell|office|direct|ext|extension|toll[- ]free|main|e-?mail|web)\b *[:.#(+\d]|\bwww\.|https?:\/\/|@[\w-]{1,60}\.|\b[A-Z]{2} {1,2}\d{5}\b|^[PFTMCO][:.] ?\+?\(?\d/i;
const OF_PATIENT =
  /\b(?:patients?|pt|dob|d\.o\.b|date of birth|mrn|diagnos[ei]s|medications?|member(?: id)?|policy|insurance|allergies|ssn|re|chief complaint|assessment|plan|vitals?)\b ?[:#(]|\bpatient name\b/i;
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
 */
export function blocksOf(text: string, words: Words): readonly Block[] {
  const lines = linesOf(text);
  const kinds = new Array<BlockKind>(lines.length).fill('body');
  markQuotes(lines, kinds);
  markSignatures(lines, kinds);
  markFooters(text, words, lines, kinds);
  markLetterhead(lines, kinds);
  const blocks: Block[] = [];
  for (let i = 0, start = 0; i < lines.length; i++) {
    const kind = kinds[i] ?? 'body';
    if (kind === kinds[i + 1]) continue;
    const end = lines[i]?.end ?? 0;
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

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed + 1;
    let from = start;
    let quoted = false;
    for (; from < end; from++) {
      const code = text.charCodeAt(from);
      if (code === 62) quoted = true;
      else if (code !== 32 && code !== 9 && code !== 0xa0) break;
    }
    lines.push({ start, end, text: text.slice(from, Math.min(end, from + 400)).trimEnd(), quoted });
    start = end;
  }
  return lines;
}

/** Lines with `>`, what follows "Original Message" or the fields of a mail's head, and the line that says who wrote. */
function markQuotes(lines: readonly Line[], kinds: BlockKind[]): void {
  let thread = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line === undefined) break;
    if (!thread && line.text.length > 4 && line.text.length < 250) thread = beginsThread(lines, i);
    if (thread || line.quoted || (line.text.endsWith(':') && ATTRIBUTION.test(line.text))) kinds[i] = 'quote';
  }
}

function beginsThread(lines: readonly Line[], i: number): boolean {
  const text = lines[i]?.text ?? '';
  const first = text.charCodeAt(0) | 32;
  if ((first === 45 || first === 98) && THREAD_HEAD.test(text)) return true;
  // A message's own head may open the text (a saved mail): only what has text before it is a quoted one.
  if (i === 0 || (first !== 102 && first !== 42) || !/^\*?from:/i.test(text)) return false;
  let fields = 0;
  for (let n = i + 1; n <= i + 5; n++) if (MAIL_FIELD.test(lines[n]?.text ?? '')) fields++;
  return fields >= 2;
}

function markSignatures(lines: readonly Line[], kinds: BlockKind[]): void {
  for (let i = 0; i < lines.length; i++) {
    const { text } = lines[i] ?? { text: '' };
    if (text === '' || text.length > 48 || !mayClose(text)) continue;
    const ruled = text === '--' || (RULE.test(text) && CONTACT.test(paragraphText(lines, i + 1)));
    if (!ruled && !CLOSING.test(text) && !DEVICE_LINE.test(text)) continue;
    const end = signatureEnd(lines, kinds, i + 1, ruled ? 0 : 1);
    if (end === i + 1 && !DEVICE_LINE.test(text)) continue;
    for (let n = i; n < end; n++) kinds[n] = 'signature';
    i = end - 1;
  }
  markUnclosed(lines, kinds);
}

/** Begins with a letter with which closings begin, or a rule. */
function mayClose(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 45 || first === 95 || first === 61 || first === 42 || 'yvmwkbrctsge'.includes(text.charAt(0).toLowerCase());
}

/**
 * A signature goes on over short lines; over a blank one only where what follows is a way to reach somebody.
 * @param blanks that may stand right behind the closing
 */
function signatureEnd(lines: readonly Line[], kinds: readonly BlockKind[], from: number, blanks: number): number {
  let end = from;
  let seen = 0;
  let skipped = 0;
  for (let i = from; i < lines.length && seen < LONGEST_SIGNATURE; i++) {
    const line = lines[i];
    if (line === undefined || line.quoted !== lines[from - 1]?.quoted || kinds[i] !== kinds[from - 1]) break;
    if (line.text === '') {
      if (++skipped > 2 + blanks) break;
      continue;
    }
    if (!ofSignature(line.text)) break;
    if (skipped > 0 && seen > 0 && !CONTACT.test(line.text) && !namesWho(line.text)) break;
    if (skipped > 0 && seen > 1 && !CONTACT.test(paragraphText(lines, i))) break;
    skipped = 0;
    seen++;
    end = i + 1;
  }
  return end;
}

function ofSignature(text: string): boolean {
  if (text.length > SHORT || OF_PATIENT.test(text) || /^p\.? ?s\b/i.test(text)) return false;
  // A sentence is not of a signature, unless it says how to reach somebody.
  return CONTACT.test(text) || !/[a-z]{2}[.?!]$|^(?:dear|hi|hello)\b/.test(text) || text.split(' ').length < 6;
}

/** A name and at least two ways to reach it, as the last lines before the end or a quoted thread. */
function markUnclosed(lines: readonly Line[], kinds: BlockKind[]): void {
  let last = lines.length - 1;
  for (const [i, kind] of kinds.entries()) {
    if (kind === 'quote' && !(lines[i]?.quoted ?? false)) {
      last = i - 1;
      break;
    }
  }
  while (last > 0 && (lines[last]?.text === '' || kinds[last] !== 'body')) last--;
  let first = last;
  let ways = 0;
  for (; first >= 0 && last - first < LONGEST_SIGNATURE; first--) {
    const text = lines[first]?.text ?? '';
    if (text === '' || kinds[first] !== 'body' || !ofSignature(text)) break;
    if (CONTACT.test(text)) ways++;
  }
  const head = lines[first + 1]?.text ?? '';
  if (last - first < 3 || ways < 2 || !namesWho(head) || CONTACT.test(head)) return;
  if (first >= 0 && lines[first]?.text !== '') return;
  for (let i = first + 1; i <= last; i++) kinds[i] = 'signature';
}

/** From the line that says so to the end of its paragraph, with the lines of a company right above it. */
function markFooters(text: string, words: Words, lines: readonly Line[], kinds: BlockKind[]): void {
  let i = 0;
  for (const at of footerSigns(text, words)) {
    if (at < (lines[i]?.start ?? 0)) continue;
    while (i < lines.length && (lines[i]?.end ?? 0) <= at) i++;
    if (!FOOTER.test(`${lines[i]?.text ?? ''} ${lines[i + 1]?.text ?? ''}`)) continue;
    let first = i;
    while (first > 0 && i - first < 3 && companyLine(lines[first - 1]?.text ?? '') && kinds[first - 1] !== 'quote') first--;
    for (let n = first; n <= i; n++) kinds[n] = 'footer';
    for (; i + 1 < lines.length && lines[i + 1]?.text !== '' && !OF_PATIENT.test(lines[i + 1]?.text ?? ''); i++) kinds[i + 1] = 'footer';
    i++;
  }
}

/** Where a word stands that footers have, in order. */
function footerSigns(text: string, { count, starts, traits }: Words): readonly number[] {
  const signs: number[] = [];
  const from = text.length - FOOTERS_WITHIN;
  for (let i = count - 1; i >= 0 && (starts[i] ?? 0) >= from; i--) if (((traits[i] ?? 0) & FOOTER_WORD) !== 0) signs.push(starts[i] ?? 0);
  for (let at = text.indexOf('©'); at >= 0; at = text.indexOf('©', at + 1)) signs.push(at);
  return signs.sort((a, b) => a - b);
}

function companyLine(text: string): boolean {
  return text !== '' && text.length <= SHORT && !OF_PATIENT.test(text) && !/^[\w ]{2,30}: /.test(text) && /\d|\||•|·/.test(text);
}

/** The first lines of a text that name who writes, with a way to reach them. */
function markLetterhead(lines: readonly Line[], kinds: BlockKind[]): void {
  let first = 0;
  while (first < lines.length && lines[first]?.text === '') first++;
  const head = lines[first]?.text ?? '';
  if (head === '' || head.length > 70 || /[:@\d]/.test(head) || !namesWho(head)) return;
  let ways = 0;
  let last = first;
  for (let i = first; i < Math.min(lines.length, first + LONGEST_LETTERHEAD); i++) {
    const text = lines[i]?.text ?? '';
    if (text === '' && ways > 0) break;
    if (text.length > SHORT || OF_PATIENT.test(text) || /^(?:dear|hi|hello|to|date|name)\b/i.test(text)) break;
    if (!CONTACT.test(text)) continue;
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
function isInsideAddress(lines: readonly Line[], first: number, last: number): boolean {
  const head = lines[first]?.text ?? '';
  if (COMPANY_WORD.test(head) || !/^\S+(?: \S+){1,3}$/.test(head)) return false;
  let next = last + 1;
  while (next < lines.length && lines[next]?.text === '') next++;
  return /^(?:re|regarding|subject|dear|account|claim|member)\b/i.test(lines[next]?.text ?? '');
}

/** Up to eight words, each with a capital or a small one of titles: a person, a post, a company. */
function namesWho(text: string): boolean {
  if (text.length > SHORT) return false;
  const words = text.split(' ');
  return words.length <= 8 && words.every((word, i) => /^[-~(]?[A-Z]/.test(word) || (i > 0 && SMALL_WORD.test(word)));
}

/** Up to six lines until the next blank one. */
function paragraphText(lines: readonly Line[], from: number): string {
  const texts: string[] = [];
  for (let i = from; i < Math.min(lines.length, from + 6); i++) {
    const { text } = lines[i] ?? { text: '' };
    if (text === '' && texts.length > 0) break;
    texts.push(text.slice(0, 200));
  }
  return texts.join('\n');
}
