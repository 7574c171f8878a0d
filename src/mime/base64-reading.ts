// Reading base64 (RFC 2045 6.8) as mail programs do: what is well formed in one step, what is not in each way that gives other octets.
import { LF, SP } from './octets.ts';

export interface Base64Reading {
  readonly bytes: Buffer;
  readonly build: 'proper' | 'malformed';
}

/**
 * What becomes of padding that is not the end: 'stop' ends there, 'restart' begins a new group of four behind it, 'skip' takes it for
 * garbage, 'zero' for six bits of zero, as table-driven decoders do.
 */
export type PaddingRule = 'stop' | 'restart' | 'skip' | 'zero';

export function readBase64(body: Buffer): Base64Reading {
  const text = body.toString('latin1');
  let odd = text.search(/[^A-Za-z0-9+/\r\n]/);
  if (odd >= 0) odd = text.search(/[^A-Za-z0-9+/\s]/);
  if (odd < 0) {
    const bytes = Buffer.from(text, 'base64');
    return { bytes, build: bytes.length % 3 === 0 && (characters(body) & 3) === 0 ? 'proper' : 'malformed' };
  }
  PADDING_TO_END.lastIndex = odd;
  if (PADDING_TO_END.test(text)) return { bytes: Buffer.from(text, 'base64'), build: 'proper' };
  return { bytes: decodeBase64Loosely(body, 'restart'), build: 'malformed' };
}

function characters(body: Buffer): number {
  let count = 0;
  for (let i = 0; i < body.length; i++) if ((body[i] ?? 0) > SP) count++;
  return count;
}

const PADDING_TO_END = /=\s*(?:=\s*)?$/y;

/**
 * The other ways to read malformed base64, made one by one; what is only the beginning of the usual reading is left out.
 * @param first what has been read already
 */
export function* otherBase64Readings(body: Buffer, first: Buffer): Generator<Buffer> {
  for (const read of OTHER_WAYS) {
    const bytes = read(body);
    if (bytes !== null && !first.subarray(0, bytes.length).equals(bytes)) yield bytes;
  }
}

const OTHER_WAYS: readonly ((body: Buffer) => Buffer | null)[] = [
  // With the URL-safe alphabet (RFC 4648 5).
  (body) => (body.includes('-') || body.includes('_') ? Buffer.from(body.toString('latin1'), 'base64') : null),
  (body) => behindBlankLine(body),
  (body) => (body.includes('=') ? decodeBase64Loosely(body, 'skip') : null),
  (body) => (body.includes('=') ? decodeBase64Loosely(body, 'zero') : null),
  (body) => decodeBase64Loosely(body, 'restart', 'lines'),
  (body) => decodeBase64Loosely(body, 'restart', 'cut-lines'),
];

/** Some readers take a first block with garbage in it for something else. */
function behindBlankLine(body: Buffer): Buffer | null {
  const text = body.toString('latin1', 0, 4_096);
  const [before] = /^[\s\S]*?\r?\n[ \t]*\r?\n/.exec(text) ?? [];
  return before === undefined || before.trim() === '' ? null : decodeBase64Loosely(body.subarray(before.length), 'restart');
}

/**
 * Skips what is not of the alphabet.
 * @param unit 'lines': a group of four does not go over the end of a line; 'cut-lines': a line ends at the first octet that is no base64
 */
export function decodeBase64Loosely(body: Uint8Array, rule: PaddingRule, unit: 'stream' | 'lines' | 'cut-lines' = 'stream'): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil((body.length * 3) / 4) + 3);
  let length = 0;
  let bits = 0;
  let count = 0;
  let cut = false;
  for (let i = 0; i < body.length; i++) {
    const octet = body[i] ?? 0;
    let value = valueOf(octet);
    if (octet === LF) {
      cut = false;
      if (unit === 'lines') count = 0;
    } else if (unit === 'cut-lines' && value === GARBAGE && octet > SP) cut = true;
    if (cut) continue;
    if (value === PADDING && (rule === 'restart' || rule === 'stop')) {
      length = putRest(out, length, bits, count);
      count = 0;
      bits = 0;
      if (rule === 'stop') break;
    }
    if (value === PADDING && rule === 'zero') value = 0;
    if (value < 0) continue;
    bits = (bits << 6) | value;
    count++;
    if (count < 4) continue;
    out[length++] = (bits >> 16) & 255;
    out[length++] = (bits >> 8) & 255;
    out[length++] = bits & 255;
    bits = 0;
    count = 0;
  }
  return out.subarray(0, putRest(out, length, bits, count));
}

function putRest(out: Buffer, length: number, bits: number, count: number): number {
  if (count < 2) return length;
  out[length] = (bits >> (count === 2 ? 4 : 10)) & 255;
  if (count === 3) out[length + 1] = (bits >> 2) & 255;
  return length + count - 1;
}

const GARBAGE = -1;
const PADDING = -2;

function valueOf(octet: number): number {
  if (octet >= 97 && octet <= 122) return octet - 71;
  if (octet >= 65 && octet <= 90) return octet - 65;
  if (octet >= 48 && octet <= 57) return octet + 4;
  if (octet === 43) return 62;
  if (octet === 47) return 63;
  return octet === 61 ? PADDING : GARBAGE;
}
