// The packets of an OpenPGP message (RFC 9580 4.2), as far as reading it without a key goes: signed and compressed data is in the clear.

export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

export const PACKET = { compressed: 8, literal: 11 } as const;
/** Session keys and the data they encrypt. */
const ENCRYPTED: ReadonlySet<number> = new Set([1, 3, 9, 18, 20]);
const MOST_PACKETS = 1_000;

export function isEncrypted({ tag }: Packet): boolean {
  return ENCRYPTED.has(tag);
}

/** Packets in order, until one is malformed. The last may be cut. */
export function readPackets(bytes: Buffer): readonly Packet[] {
  const found: Packet[] = [];
  for (let at = 0; at < bytes.length && found.length < MOST_PACKETS;) {
    const first = bytes[at] ?? 0;
    if ((first & 0x80) === 0) break;
    const read = (first & 0x40) === 0 ? oldFormat(bytes, at, first) : newFormat(bytes, at + 1);
    if (read === null) break;
    found.push({ tag: (first & 0x40) === 0 ? (first >> 2) & 15 : first & 63, body: read.body });
    at = read.end;
  }
  return found;
}

interface Body {
  readonly body: Buffer;
  readonly end: number;
}

function oldFormat(bytes: Buffer, at: number, first: number): Body | null {
  const size = [1, 2, 4, 0][first & 3] ?? 0;
  if (at + 1 + size > bytes.length) return null;
  const start = at + 1 + size;
  const end = size === 0 ? bytes.length : Math.min(bytes.length, start + bytes.readUIntBE(at + 1, size));
  return { body: bytes.subarray(start, end), end };
}

function newFormat(bytes: Buffer, from: number): Body | null {
  const pieces: Buffer[] = [];
  let at = from;
  for (;;) {
    const first = bytes[at];
    if (first === undefined) return pieces.length === 0 ? null : { body: Buffer.concat(pieces), end: bytes.length };
    const partial = first >= 224 && first < 255;
    const length = lengthAt(bytes, at, first);
    if (length === null) return null;
    const start = at + length.octets;
    const end = Math.min(bytes.length, start + length.value);
    pieces.push(bytes.subarray(start, end));
    at = end;
    if (!partial) return { body: pieces.length === 1 ? bytes.subarray(start, end) : Buffer.concat(pieces), end };
  }
}

function lengthAt(bytes: Buffer, at: number, first: number): { readonly value: number; readonly octets: number } | null {
  if (first < 192) return { value: first, octets: 1 };
  if (first < 224) return at + 1 < bytes.length ? { value: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192, octets: 2 } : null;
  if (first < 255) return { value: 2 ** (first & 31), octets: 1 };
  return at + 5 <= bytes.length ? { value: bytes.readUInt32BE(at + 1), octets: 5 } : null;
}

export interface Literal {
  readonly name: string | null;
  readonly bytes: Buffer;
}

/** Literal data (RFC 9580 5.9), or null where it is cut before its content. */
export function literalOf({ body }: Packet): Literal | null {
  const nameLength = body[1];
  if (nameLength === undefined || body.length < 6 + nameLength) return null;
  const name = body.toString('utf8', 2, 2 + nameLength);
  return { name: name === '' || name === '_CONSOLE' ? null : name, bytes: body.subarray(6 + nameLength) };
}
