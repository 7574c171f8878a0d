// Reading what uuencode (POSIX) and yEnc put into bodies: one file between a line that begins it and one that ends it.

export interface EncodedFile {
  readonly bytes: Buffer;
  /** As written, or null. */
  readonly name: string | null;
  /** Octets of the body that it takes up. */
  readonly start: number;
  readonly end: number;
}

const BEGIN_WORD = Buffer.from('begin');
const BEGIN = /^begin(?:-base64)? [0-7]{3,4} ?([^\r\n]{0,1000})\r?\n/my;
/** Longer lines are no uuencode. */
const LONGEST_LINE = 200;

/** The first uuencoded file at or behind `from`, or null. Where the end is missing, it ends with the last line that fits. */
export function findUuencoded(body: Buffer, from: number): EncodedFile | null {
  for (let at = body.indexOf(BEGIN_WORD, from); at >= 0; at = body.indexOf(BEGIN_WORD, at + 5)) {
    if (at > 0 && body[at - 1] !== 10) continue;
    BEGIN.lastIndex = 0;
    const [line, name] = BEGIN.exec(body.toString('latin1', at, at + 1_200)) ?? [];
    if (line === undefined) continue;
    const read = line.startsWith('begin-base64') ? base64Lines(body, at + line.length) : readUuencodedLines(body, at + line.length);
    if (read.bytes.length > 0) return { ...read, name: name?.trim() === '' ? null : (name?.trim() ?? null), start: at };
  }
  return null;
}

/** The lines of a uuencoded file, its `begin` line left out. */
export function readUuencodedLines(body: Buffer, from: number): { readonly bytes: Buffer; readonly end: number } {
  const out = Buffer.allocUnsafe(Math.ceil(((body.length - from) * 3) / 4) + 64);
  let length = 0;
  let at = from;
  while (at < body.length) {
    const lf = body.indexOf(10, at);
    const lineEnd = lf < 0 ? body.length : lf;
    const next = lf < 0 ? body.length : lf + 1;
    const end = lineEnd > at && body[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
    if (end - at > LONGEST_LINE) break;
    if (end - at === 3 && body.toString('latin1', at, end) === 'end') return { bytes: out.subarray(0, length), end: next };
    const octets = ((body[at] ?? 32) - 32) & 63;
    const fits = end > at && (body[at] ?? 0) >= 32 && (body[at] ?? 0) <= 96 && Math.ceil((octets * 4) / 3) <= end - at - 1 + 3;
    if (!fits && end > at) break;
    if (end > at) length = putLine(body, at + 1, end, out, length, octets);
    at = next;
  }
  return { bytes: out.subarray(0, length), end: at };
}

function putLine(body: Buffer, from: number, end: number, out: Buffer, length: number, octets: number): number {
  const last = length + octets;
  let to = length;
  for (let at = from; to < last; at += 4) {
    const digit = (i: number): number => (at + i < end ? ((body[at + i] ?? 32) - 32) & 63 : 0);
    const group = (digit(0) << 18) | (digit(1) << 12) | (digit(2) << 6) | digit(3);
    for (let shift = 16; shift >= 0 && to < last; shift -= 8) out[to++] = (group >> shift) & 255;
  }
  return last;
}

function base64Lines(body: Buffer, from: number): { readonly bytes: Buffer; readonly end: number } {
  const close = body.indexOf('\n====', from);
  const end = close < 0 ? body.length : close;
  return { bytes: Buffer.from(body.toString('latin1', from, end), 'base64'), end: Math.min(body.length, end + 6) };
}

/** The first yEnc file (yenc.org 1.3, one part of it) at or behind `from`, or null. */
export function findYenc(body: Buffer, from: number): EncodedFile | null {
  const start = body.indexOf('=ybegin ', from);
  if (start < 0 || (start > 0 && body[start - 1] !== 10)) return null;
  const headEnd = body.indexOf(10, start);
  if (headEnd < 0 || headEnd - start > 1_200) return null;
  const name = /name=([^\r\n]+)/.exec(body.toString('latin1', start, headEnd))?.[1]?.trim() ?? null;
  const second = body.toString('latin1', headEnd + 1, headEnd + 7) === '=ypart' ? body.indexOf(10, headEnd + 1) : headEnd;
  if (second < 0) return null;
  const close = body.indexOf('\n=yend', second);
  const end = close < 0 ? body.length : close;
  const out = Buffer.allocUnsafe(end - second);
  let length = 0;
  for (let i = second + 1; i < end; i++) {
    const octet = body[i] ?? 0;
    if (octet === 10 || octet === 13) continue;
    if (octet === 61 && i + 1 < end) out[length++] = ((body[++i] ?? 0) - 106) & 255;
    else out[length++] = (octet - 42) & 255;
  }
  const after = close < 0 ? -1 : body.indexOf(10, close + 1);
  return { bytes: out.subarray(0, length), name, start, end: after < 0 ? body.length : after + 1 };
}
