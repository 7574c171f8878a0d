// The segments of a file of HL7 v2 messages (HL7 v2.9 chapter 2): one message or a batch of them, with or without MLLP framing, whatever
// ends its lines. A line that begins no segment belongs to the one before it.
import { decodeText } from '../charset.ts';
import { CR, LF } from '../octets.ts';
import { valueText } from './value-text.ts';

export interface Separators {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

export interface Segment {
  /** '' for text in front of the first segment. */
  readonly name: string;
  /** As it stands, from its name on. */
  readonly raw: string;
  /** From 1, in the file. */
  readonly row: number;
  readonly separators: Separators;
}

const USUAL: Separators = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' };
/** Start and end of a block (MLLP, HL7 v2 transport specification). */
const VT = 0x0b;
const FS = 0x1c;

/** HL7 table 0211 (MSH-18), as TextDecoder calls them. Those not here are its labels already, or UTF-8. */
const CHARSETS: ReadonlyMap<string, string> = new Map([
  ['ISO IR14', 'shift_jis'],
  ['ISO IR87', 'iso-2022-jp'],
  ['ISO IR159', 'iso-2022-jp'],
  ['GB 18030-2000', 'gb18030'],
  ['KS X 1001', 'euc-kr'],
  ['CNS 11643-1992', 'big5'],
  ['BIG-5', 'big5'],
]);

/** How many lines there are, about: for how to group them. */
export function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = 0; at < bytes.length; at++) if (isLineEnd(bytes[at] ?? 0)) lines++;
  return lines;
}

export function* readSegments(file: Buffer): Generator<Segment> {
  const bytes = asOctets(file);
  let separators = USUAL;
  let charset: string | null = null;
  let row = 0;
  let start = 0;
  const segment = (end: number): Segment | null => {
    while (start < end && isBetween(bytes[start] ?? 0)) start++;
    if (start === end) return null;
    const name = nameAt(bytes, start, separators.field);
    if (HEADERS.has(name)) {
      const head = bytes.toString('latin1', start, Math.min(end, start + 2_000));
      separators = separatorsOf(head);
      if (name === 'MSH') charset = charsetOf(head, separators);
    }
    const raw = valueText(bytes.subarray(start, end), charset);
    start = end;
    return { name, raw, row: ++row, separators };
  };
  // Of the lines ahead: a header sets it before it is read itself.
  let field = separatorAt(bytes, skipBetween(bytes, 0), USUAL.field);
  for (let at = nextLine(bytes, 0); at < bytes.length; at = nextLine(bytes, at)) {
    const name = nameAt(bytes, at, field);
    // ADD goes on where the segment before it was cut (2.9.2).
    if (name === '' || name === 'ADD') continue;
    const found = segment(at);
    if (found !== null) yield found;
    start = at;
    field = separatorAt(bytes, at, field);
  }
  const last = segment(bytes.length);
  if (last !== null) yield last;
}

const HEADERS: ReadonlySet<string> = new Set(['MSH', 'BHS', 'FHS']);

/** UTF-16 as UTF-8, so that separators are octets. */
function asOctets(file: Buffer): Buffer {
  const [a, b] = file;
  if ((a === 0xff && b === 0xfe) || (b === 0 && a !== 0)) return Buffer.from(decodeText(file, 'utf-16le').text);
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return Buffer.from(decodeText(file, 'utf-16be').text);
  return a === 0xef && b === 0xbb ? file.subarray(3) : file;
}

function nextLine(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && !isLineEnd(bytes[at] ?? 0)) at++;
  return skipBetween(bytes, at);
}

function skipBetween(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isBetween(bytes[at] ?? 0)) at++;
  return at;
}

/** The field separator that a header here sets, else the one so far. */
function separatorAt(bytes: Buffer, at: number, field: string): string {
  return HEADERS.has(nameAt(bytes, at, field)) ? String.fromCharCode(bytes[at + 3] ?? 0) : field;
}

function isLineEnd(octet: number): boolean {
  return octet === CR || octet === LF || octet === VT || octet === FS;
}

function isBetween(octet: number): boolean {
  return octet === 32 || octet === 9 || octet === 0 || isLineEnd(octet);
}

const NAME = /^[A-Z][A-Z0-9]{2}/;
const SEPARATOR = /[^A-Za-z0-9\s]/;

/** The segment that begins here, or ''. */
function nameAt(bytes: Buffer, at: number, field: string): string {
  const octet = bytes[at] ?? 0;
  if (octet < 0x41 || octet > 0x5a) return '';
  const head = bytes.toString('latin1', at, at + 4);
  const name = head.slice(0, 3);
  if (!NAME.test(name)) return '';
  return head[3] === field || (HEADERS.has(name) && SEPARATOR.test(head[3] ?? '')) ? name : '';
}

/** MSH-1 and MSH-2 (2.5.4). */
function separatorsOf(head: string): Separators {
  const field = head[3] ?? USUAL.field;
  const end = head.indexOf(field, 4);
  const encoding = head.slice(4, end === -1 ? 8 : Math.min(end, 9));
  return {
    field,
    component: encoding[0] ?? USUAL.component,
    repetition: encoding[1] ?? USUAL.repetition,
    escape: encoding[2] ?? USUAL.escape,
    subcomponent: encoding[3] ?? USUAL.subcomponent,
  };
}

function charsetOf(head: string, { field, repetition }: Separators): string | null {
  const line = head.split(/[\r\n]/, 1)[0] ?? '';
  const repeated = (line.split(field)[17] ?? '').split(repetition);
  // Where there are several, the last one says how those beyond ASCII are written.
  const value = (repeated.at(-1) ?? '').trim().toUpperCase();
  const latin = /^8859\/(\d{1,2})$/.exec(value)?.[1];
  if (latin !== undefined) return `iso-8859-${latin}`;
  return CHARSETS.get(value) ?? null;
}
