// What a CMS structure (RFC 5652) carries in the clear: the content of signed-data and compressed-data (RFC 3274), in DER or BER, with
// lengths left open and octet strings in pieces as Outlook and OpenSSL write them. Bounded, without recursion; never throws.

export type CmsContent =
  | { readonly kind: 'signed' | 'compressed'; readonly contentType: string; readonly content: Buffer }
  /** A signature of something that stands elsewhere. */
  | { readonly kind: 'detached' }
  | { readonly kind: 'enveloped' }
  | { readonly kind: 'unknown' };

interface Element {
  readonly tag: number;
  readonly start: number;
  /** Null where it is ended by two zero octets. */
  readonly end: number | null;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_IDENTIFIER = 0x06;
const INTEGER = 0x02;
const EXPLICIT_0 = 0xa0;
const OCTET_STRING = 0x04;
const OCTET_STRING_IN_PIECES = 0x24;
const SIGNED = '2a864886f70d010702';
const COMPRESSED = '2a864886f70d0109100109';
/** enveloped-data, encrypted-data, authEnvelopedData (RFC 5083). */
const ENVELOPED: ReadonlySet<string> = new Set(['2a864886f70d010703', '2a864886f70d010706', '2a864886f70d0109100117']);
export const DATA = '2a864886f70d010701';

/** @param bytes of a ContentInfo */
export function cmsContent(bytes: Buffer): CmsContent {
  const outer = enter(bytes, 0, SEQUENCE);
  const type = outer === null ? null : objectIdentifier(bytes, outer.start);
  if (outer === null || type === null) return { kind: 'unknown' };
  if (ENVELOPED.has(type.hex)) return { kind: 'enveloped' };
  if (type.hex !== SIGNED && type.hex !== COMPRESSED) return { kind: 'unknown' };
  const explicit = enter(bytes, type.end, EXPLICIT_0);
  const data = explicit === null ? null : enter(bytes, explicit.start, SEQUENCE);
  const version = data === null ? null : behind(bytes, data.start, INTEGER);
  const algorithms = version === null ? null : behind(bytes, version, type.hex === SIGNED ? SET : SEQUENCE);
  const encapsulated = algorithms === null ? null : enter(bytes, algorithms, SEQUENCE);
  const contentType = encapsulated === null ? null : objectIdentifier(bytes, encapsulated.start);
  if (contentType === null) return { kind: 'unknown' };
  const content = enter(bytes, contentType.end, EXPLICIT_0);
  if (content === null) return { kind: 'detached' };
  const kind = type.hex === SIGNED ? 'signed' : 'compressed';
  return { kind, contentType: contentType.hex, content: octets(bytes, content.start) };
}

/** Index behind the outermost structure, where it says how long it is; else the end of the octets. */
export function cmsEnd(bytes: Buffer): number {
  return Math.min(bytes.length, elementAt(bytes, 0)?.end ?? bytes.length);
}

function enter(bytes: Buffer, at: number, tag: number): Element | null {
  const element = elementAt(bytes, at);
  return element?.tag === tag ? element : null;
}

function elementAt(bytes: Buffer, at: number): Element | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count === 0) return { tag, start: at + 2, end: null };
  if (count > 6 || at + 2 + count > bytes.length) return null;
  const start = at + 2 + count;
  return { tag, start, end: start + bytes.readUIntBE(at + 2, count) };
}

function objectIdentifier(bytes: Buffer, at: number): { readonly hex: string; readonly end: number } | null {
  const element = enter(bytes, at, OBJECT_IDENTIFIER);
  if (element?.end === undefined || element.end === null || element.end > bytes.length) return null;
  return { hex: bytes.toString('hex', element.start, Math.min(element.end, element.start + 32)), end: element.end };
}

/** Index behind the element at `at`, which has that tag, or null. */
function behind(bytes: Buffer, at: number, tag: number): number | null {
  const element = enter(bytes, at, tag);
  if (element === null) return null;
  if (element.end !== null) return element.end;
  return endOf(bytes, element.start);
}

function endOf(bytes: Buffer, start: number): number | null {
  let open = 1;
  let place = start;
  while (open > 0) {
    const inner = elementAt(bytes, place);
    if (inner === null) return null;
    if (inner.tag === 0 && inner.end === inner.start) open--;
    else if (inner.end === null) open++;
    place = inner.end ?? inner.start;
  }
  return place;
}

/** An octet string, whole or in pieces of pieces. What is cut off is left out. */
function octets(bytes: Buffer, at: number): Buffer {
  const pieces: Buffer[] = [];
  let place = at;
  let open = 0;
  do {
    const element = elementAt(bytes, place);
    if (element === null) break;
    if (element.tag === 0 && element.end === element.start) {
      open--;
      place = element.start;
    } else if (element.tag === OCTET_STRING_IN_PIECES || element.tag === EXPLICIT_0) {
      // Of a known length or an open one: the pieces follow.
      if (element.end === null) open++;
      else if (open === 0) return Buffer.concat(definitePieces(bytes, element.start, Math.min(element.end, bytes.length)));
      place = element.start;
    } else if (element.tag === OCTET_STRING) {
      pieces.push(bytes.subarray(element.start, element.end ?? bytes.length));
      place = element.end ?? bytes.length;
    } else {
      break;
    }
  } while (open > 0 && place < bytes.length);
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

/** All primitive octet strings in between, whatever they are nested in. */
function definitePieces(bytes: Buffer, start: number, end: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let place = start; place < end;) {
    const element = elementAt(bytes, place);
    if (element === null) break;
    if (element.tag === OCTET_STRING) {
      pieces.push(bytes.subarray(element.start, Math.min(element.end ?? end, end)));
      place = element.end ?? end;
    } else if (element.tag === OCTET_STRING_IN_PIECES || element.tag === 0) {
      place = element.start;
    } else {
      break;
    }
  }
  return pieces;
}
