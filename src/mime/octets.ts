// Octets as the rest of the room handles them: views, never copies.

export const CR = 13;
export const LF = 10;
export const SP = 32;
export const TAB = 9;
export const COLON = 58;

/** The longest line a next hop has to take, without CRLF (RFC 5322 2.1.1, RFC 5321 4.5.3.1.6). */
export const LINE_OCTETS = 998;

/** The same memory as a Buffer, for its searches and decoders. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
