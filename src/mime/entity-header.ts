// What the header of an entity (a message or a part of one) says about how its body is encoded, and where a change would go (RFC 2045).
import { isAscii } from 'node:buffer';
import { parseContentType, type ContentType } from './content-type.ts';
import { fieldText, parseHeaderBlock, type HeaderBlock, type HeaderField } from './header-block.ts';
import { asBuffer, CR, LF, LINE_OCTETS, SP, TAB } from './octets.ts';

export interface EntityHeader {
  /** 'opaque': signed, encrypted, malformed or unknown: nothing in it may be touched. */
  readonly kind: 'leaf' | 'multipart' | 'message' | 'opaque';
  readonly contentType: ContentType;
  /** The message's own octets say what type it is. */
  readonly hasContentType: boolean;
  readonly hasMimeVersion: boolean;
  /** Content-Transfer-Encoding in lower case; `7bit` where there is none. */
  readonly encoding: string;
  /** Octets of the message that the field takes up, or null. */
  readonly encodingField: { readonly start: number; readonly end: number } | null;
  /** Where another field can be put in. */
  readonly insertAt: number;
  readonly eightBit: boolean;
  /** Places of white space where a line over 998 octets can be folded. */
  readonly folds: readonly number[];
  readonly signature: 'dkim' | 'none';
}

const TEXT_PLAIN: ContentType = { type: 'text', subtype: 'plain', boundary: null };
const MESSAGE: ContentType = { type: 'message', subtype: 'rfc822', boundary: null };

/**
 * @param bytes of the header, with its empty line where it has one
 * @param offset of `bytes` in the message
 * @param parent content type of the multipart around it, or null
 */
export function readEntityHeader(bytes: Uint8Array, offset: number, parent: ContentType | null): EntityHeader {
  const block = parseHeaderBlock(bytes);
  const named = (key: string): readonly HeaderField[] => block.fields.filter((field) => field.key === key);
  const types = named('content-type');
  const encodings = named('content-transfer-encoding');
  const [type] = types;
  const [encodingField] = encodings;
  const contentType = type === undefined ? (parent?.subtype === 'digest' ? MESSAGE : TEXT_PLAIN) : parseContentType(fieldText(block, type));
  const encoding = encodingField === undefined ? '7bit' : fieldText(block, encodingField).toLowerCase();
  const clear = types.length <= 1 && encodings.length <= 1 && block.defects.every((defect) => defect === 'no-end');
  return {
    kind: clear && contentType !== null ? kindOf(contentType, encoding) : 'opaque',
    contentType: contentType ?? TEXT_PLAIN,
    hasContentType: type !== undefined,
    hasMimeVersion: named('mime-version').length > 0,
    encoding,
    encodingField: encodingField === undefined ? null : { start: offset + encodingField.start, end: offset + encodingField.end },
    insertAt: offset + block.end,
    eightBit: !isAscii(bytes),
    folds: foldsOf(block).map((place) => offset + place),
    signature: named('dkim-signature').length > 0 ? 'dkim' : 'none',
  };
}

/** Encodings that leave the octets as they are (RFC 2045 6.2). */
export function isIdentity(encoding: string): boolean {
  return encoding === '7bit' || encoding === '8bit' || encoding === 'binary';
}

function kindOf({ type, subtype, boundary }: ContentType, encoding: string): EntityHeader['kind'] {
  if (type === 'multipart') {
    const sealed = subtype === 'signed' || subtype === 'encrypted';
    return !sealed && boundary !== null && isIdentity(encoding) ? 'multipart' : 'opaque';
  }
  if (type === 'message') return subtype === 'rfc822' && isIdentity(encoding) ? 'message' : 'opaque';
  // S/MIME: what is signed stays as it is.
  if (type === 'application' && /^(?:x-)?pkcs7-mime$/.test(subtype)) return 'opaque';
  return isIdentity(encoding) || encoding === 'quoted-printable' || encoding === 'base64' ? 'leaf' : 'opaque';
}

/** Where lines of the header over 998 octets can be folded: before white space, so that unfolding gives the same value (RFC 5322 2.2.3). */
function foldsOf(block: HeaderBlock): readonly number[] {
  const folds: number[] = [];
  for (const field of block.fields) if (field.end - field.start > LINE_OCTETS) folds.push(...foldsOfField(asBuffer(block.bytes), field));
  return folds;
}

function foldsOfField(buffer: Buffer, { start, valueStart, end }: HeaderField): readonly number[] {
  const folds: number[] = [];
  for (let line = start; line < end;) {
    const lf = buffer.indexOf(LF, line);
    const lineEnd = lf < 0 || lf >= end ? end : lf + 1;
    while (lineEnd - line > LINE_OCTETS + 2) {
      const place = lastFold(buffer, Math.max(line, valueStart + 1), line + LINE_OCTETS);
      if (place < 0) break;
      folds.push(place);
      line = place;
    }
    line = lineEnd;
  }
  return folds;
}

/** The last white space of a line at which it can be folded, or -1. Neither side may be white space only. */
function lastFold(buffer: Buffer, start: number, limit: number): number {
  for (let i = limit; i > start; i--) {
    if (isWhiteSpace(buffer[i]) && isText(buffer[i - 1]) && isText(buffer[i + 1])) return i;
  }
  return -1;
}

function isWhiteSpace(octet: number | undefined): boolean {
  return octet === SP || octet === TAB;
}

function isText(octet: number | undefined): boolean {
  return octet !== undefined && octet !== CR && octet !== LF && !isWhiteSpace(octet);
}
