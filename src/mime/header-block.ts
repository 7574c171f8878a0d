// A raw header block split into its fields (RFC 5322 2.2), each with its exact place in the block: no octet is lost or changed by
// reading. Never throws; what a reader may take in more than one way is told as a defect. Bounded in size and number of fields.
import { asBuffer, COLON, CR, LF, SP, TAB } from './octets.ts';

export const HEADER_LIMITS = { sizeBytes: 256 * 1024, fields: 1_000 } as const;

export type HeaderDefect =
  /** A line that is neither a field nor the continuation of one: some readers end the header there. */
  | 'no-colon'
  /** A name with octets that no field name may have (RFC 5322 2.2), or none. */
  | 'bad-name'
  /** The block begins with a continuation line. */
  | 'leading-fold'
  /** A continuation line of white space only (RFC 5322 4.2): some readers end the header there. */
  | 'blank-fold'
  /** No empty line: the message has no body. Not wrong, but the block may have been cut. */
  | 'no-end'
  | 'too-large'
  | 'too-many-fields';

export interface HeaderField {
  /** As written, without white space before the colon; '' where there is no colon. */
  readonly name: string;
  /** `name` in lower case. */
  readonly key: string;
  /** Octets of the block from `start` up to `end`, the CRLF of the last line included. */
  readonly start: number;
  readonly end: number;
  /** Where the value begins, after the colon. */
  readonly valueStart: number;
}

export interface HeaderBlock {
  readonly bytes: Uint8Array;
  /** In order, without gaps: the first starts at 0, the last ends at `end`. */
  readonly fields: readonly HeaderField[];
  /** Where the fields end: the empty line, or the end of the bytes. */
  readonly end: number;
  /** Behind the empty line. */
  readonly bodyStart: number;
  /** Each once. */
  readonly defects: readonly HeaderDefect[];
}

/**
 * Splits a header block, with or without the empty line (and a body) behind it. Lines end with LF or CRLF.
 * What lies over a limit is one last field without a name.
 */
export function parseHeaderBlock(bytes: Uint8Array): HeaderBlock {
  const buffer = asBuffer(bytes);
  const fields: HeaderField[] = [];
  const defects = new Set<HeaderDefect>();
  let at = 0;
  while (at < buffer.length) {
    if (isEmptyLine(buffer, at)) return { bytes, fields, end: at, bodyStart: at + (buffer[at] === CR ? 2 : 1), defects: [...defects] };
    const over = at >= HEADER_LIMITS.sizeBytes ? 'too-large' : fields.length >= HEADER_LIMITS.fields ? 'too-many-fields' : null;
    const field = over === null ? readField(buffer, at, defects) : { ...NAMELESS, start: at, end: buffer.length, valueStart: at };
    if (over !== null) defects.add(over);
    fields.push(field);
    at = field.end;
  }
  defects.add('no-end');
  return { bytes, fields, end: at, bodyStart: at, defects: [...defects] };
}

const NAMELESS = { name: '', key: '' } as const;

function readField(buffer: Buffer, start: number, defects: Set<HeaderDefect>): HeaderField {
  const firstLineEnd = lineEnd(buffer, start);
  let end = firstLineEnd;
  while (end < buffer.length && isFold(buffer, end)) {
    const next = lineEnd(buffer, end);
    if (isBlank(buffer, end, next)) defects.add('blank-fold');
    end = next;
  }
  if (isFold(buffer, start)) {
    defects.add('leading-fold');
    return { ...NAMELESS, start, end, valueStart: start };
  }
  const colon = buffer.subarray(start, firstLineEnd).indexOf(COLON) + start;
  if (colon < start) {
    defects.add('no-colon');
    return { ...NAMELESS, start, end, valueStart: start };
  }
  let nameEnd = colon;
  while (nameEnd > start && isWhiteSpace(buffer[nameEnd - 1])) nameEnd--;
  const name = buffer.toString('latin1', start, nameEnd);
  if (!FIELD_NAME.test(name)) defects.add('bad-name');
  return { name, key: name.toLowerCase(), start, end, valueStart: colon + 1 };
}

const FIELD_NAME = /^[!-9;-~]+$/;

/** Index behind the LF that ends the line at `at`. */
function lineEnd(buffer: Buffer, at: number): number {
  const lf = buffer.indexOf(LF, at);
  return lf < 0 ? buffer.length : lf + 1;
}

function isEmptyLine(buffer: Buffer, at: number): boolean {
  return buffer[at] === LF || (buffer[at] === CR && buffer[at + 1] === LF);
}

function isFold(buffer: Buffer, at: number): boolean {
  return isWhiteSpace(buffer[at]);
}

function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const octet = buffer[i];
    if (!isWhiteSpace(octet) && octet !== CR && octet !== LF) return false;
  }
  return true;
}

function isWhiteSpace(octet: number | undefined): boolean {
  return octet === SP || octet === TAB;
}

/** The exact octets of a field, line ends included. A view. */
export function fieldBytes(block: HeaderBlock, field: HeaderField): Uint8Array {
  return block.bytes.subarray(field.start, field.end);
}

/** The value of a field: unfolded (RFC 5322 2.2.3), read as UTF-8 (RFC 6532), without white space around it. */
export function fieldText(block: HeaderBlock, field: HeaderField): string {
  const text = asBuffer(block.bytes).toString('utf8', field.valueStart, field.end);
  return (text.includes('\n') ? text.replace(/\r?\n/g, '') : text).trim();
}
