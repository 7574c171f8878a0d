// The header of a message or part, however long or broken, with every place where some reader ends it (RFC 5322 2.1, 2.2).
import type { DefectCode } from '../mail/message.ts';
import { type HeaderDefect, parseHeaderBlock } from './header-block.ts';
import { CR, LF, SP, TAB } from './octets.ts';

export interface LooseField {
  /** In lower case, controls taken out; '' where the line is no field. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
}

export interface LooseHeader {
  readonly bytes: Buffer;
  readonly fields: readonly LooseField[];
  /** What ends it. */
  readonly end: 'empty-line' | 'end-of-octets';
  readonly bodyStart: number;
  /** Where some readers take the body to begin instead, in order. */
  readonly otherBodyStarts: readonly number[];
  readonly defects: readonly DefectCode[];
}

/** Windows of HEADER_LIMITS fields; what lies behind is one piece of text. */
const MOST_WINDOWS = 64;
const MOST_OTHER_STARTS = 2;

/** Never throws. Linear in the length of the header. */
export function readLooseHeader(bytes: Buffer): LooseHeader {
  const end = headerEnd(bytes);
  const fields: LooseField[] = [];
  const found = new Set<HeaderDefect>();
  // A byte order mark is no part of the first field's name.
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let at = marked ? 3 : 0;
  for (let window = 0; at < end; window++) {
    const block = parseHeaderBlock(bytes.subarray(at, end));
    const last = window === MOST_WINDOWS || !OVER.some((defect) => block.defects.includes(defect));
    for (const defect of block.defects) found.add(defect);
    const whole = last ? block.fields : block.fields.slice(0, -1);
    for (const { key, start, end: fieldEnd, valueStart } of whole) {
      fields.push({ key: key.replace(/[^!-~]/g, ''), start: at + start, end: at + fieldEnd, valueStart: at + valueStart });
    }
    at = last ? end : at + (block.fields.at(-1)?.start ?? 0);
  }
  const bodyStart = end + (bytes[end] === CR ? 2 : end < bytes.length ? 1 : 0);
  const otherBodyStarts = starts(bytes, fields, bodyStart, found);
  const defects: DefectCode[] = [];
  const spaced = fields.some(({ key, valueStart }) => key !== '' && isBlank(bytes[valueStart - 2]));
  if (otherBodyStarts.length > 0 || spaced || marked) defects.push('header-malformed');
  if (OVER.some((defect) => found.has(defect))) defects.push('header-over-limits');
  return { bytes, fields, end: end < bytes.length ? 'empty-line' : 'end-of-octets', bodyStart, otherBodyStarts, defects };
}

const ENDS_EARLY = ['no-colon', 'bad-name', 'leading-fold', 'blank-fold'] as const;
const OVER = ['too-large', 'too-many-fields'] as const;

const EMPTY_CRLF = Buffer.from('\n\r\n');
const EMPTY_LF = Buffer.from('\n\n');

/** Where the first empty line begins, or the end of the octets. */
function headerEnd(bytes: Buffer): number {
  if (bytes[0] === LF || (bytes[0] === CR && bytes[1] === LF)) return 0;
  const crlf = bytes.indexOf(EMPTY_CRLF);
  const lf = (crlf < 0 ? bytes : bytes.subarray(0, crlf)).indexOf(EMPTY_LF);
  const found = lf >= 0 ? lf : crlf;
  return found < 0 ? bytes.length : found + 1;
}

function starts(bytes: Buffer, fields: readonly LooseField[], bodyStart: number, defects: ReadonlySet<HeaderDefect>): readonly number[] {
  if (!ENDS_EARLY.some((defect) => defects.has(defect)) && !fields.some(({ key }) => key.startsWith('--'))) return [];
  const found = new Set<number>();
  for (const { key, start, end, valueStart } of fields) {
    if (found.size >= MOST_OTHER_STARTS) break;
    // The envelope line of mailbox files is no part of the message.
    if (start === 0 && /^>?From /.test(bytes.toString('latin1', 0, 6))) continue;
    const name = key === '' ? '' : bytes.toString('latin1', start, valueStart - 1).trimEnd();
    if (key === '' || key.startsWith('--') || !FIELD_NAME.test(name)) found.add(start);
    if (!defects.has('blank-fold')) continue;
    const blank = BLANK_LINE.exec(bytes.toString('latin1', start, end));
    if (blank !== null) found.add(start + blank.index + blank[0].length);
  }
  return [...found].filter((start) => start < bodyStart).slice(0, MOST_OTHER_STARTS);
}

/** White space before the colon is obsolete (RFC 5322 4.5): some readers do not know such a field. */
function isBlank(octet: number | undefined): boolean {
  return octet === SP || octet === TAB;
}

const FIELD_NAME = /^[!-9;-~]+$/;
const BLANK_LINE = /\n[ \t]+\r?\n/;

const MOST_MENDED_OCTETS = 1 << 20;

/** The octets as readers see them that end lines at a bare CR, or null where that changes nothing about the header. */
export function withBareCarriageReturns({ bytes, bodyStart }: LooseHeader): Buffer | null {
  const header = bytes.subarray(0, Math.min(bodyStart, MOST_MENDED_OCTETS));
  const text = header.toString('latin1');
  if (!/\r(?!\n)/.test(text)) return null;
  return Buffer.concat([Buffer.from(text.replace(/\r(?!\n)/g, '\n'), 'latin1'), bytes.subarray(header.length)]);
}
