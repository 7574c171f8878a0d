// Messages of the bench: made from a seed, the same in every run, US-ASCII, no line that begins with a dot, so that a relay has no reason
// to change a byte of the body. Synthetic names only.
export const SIZES = { '2k': 2_000, '20k': 20_000, '200k': 200_000, '2m': 2_000_000 } as const;
export type SizeName = keyof typeof SIZES;

/** Different bodies in turn, so that nothing can be remembered from the message before. */
const VARIANTS = 16;
const WORDS =
  'patient result report follow visit clinic normal range sample blood serum value note review dose daily tablet record please call office hours appointment referral history without change'.split(
    ' ',
  );

export interface BenchMessage {
  /** Header fields that do not change, each with its CRLF; the changing ones are put before it. */
  readonly header: string;
  /** After the empty line, ending with CRLF, the dot and CRLF. */
  readonly body: Buffer;
  /** Octets of the body as a receiver counts them: without the dot and its CRLF. */
  readonly bodyBytes: number;
}

export function benchMessages(size: SizeName, seed: number): readonly BenchMessage[] {
  const random = mulberry32(seed);
  return Array.from({ length: VARIANTS }, (_, n) => (SIZES[size] > 50_000 ? withAttachment(size, n, random) : plain(size, n, random)));
}

function plain(size: SizeName, n: number, random: () => number): BenchMessage {
  const header = commonHeader(n, random) + 'Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n';
  return finished(header, prose(SIZES[size] - header.length - 200, random));
}

function withAttachment(size: SizeName, n: number, random: () => number): BenchMessage {
  const boundary = `=_bench_${n}`;
  const header = commonHeader(n, random) + `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`;
  const open = `--${boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n${prose(2_000, random)}\r\n--${boundary}\r\n`;
  const part =
    'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="scan.bin"\r\n\r\n';
  const bytes = Buffer.alloc(Math.floor(((SIZES[size] - 4_000) * 57) / 78));
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), i);
  const base64 = bytes.toString('base64').replace(/.{1,76}/g, '$&\r\n');
  return finished(header, `${open}${part}${base64}\r\n--${boundary}--\r\n`);
}

function commonHeader(n: number, random: () => number): string {
  const subject = Array.from({ length: 6 }, () => word(random)).join(' ');
  return `From: Bench <bench@bench.test>\r\nTo: Recipient ${n} <r${n}@dest.test>\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n`;
}

function finished(header: string, body: string): BenchMessage {
  return { header, body: Buffer.from(`${body}.\r\n`, 'latin1'), bodyBytes: body.length };
}

function prose(bytes: number, random: () => number): string {
  const lines: string[] = [];
  for (let total = 0; total < bytes;) {
    let line = word(random);
    while (line.length < 60) line += ` ${word(random)}`;
    lines.push(`${line}\r\n`);
    total += line.length + 2;
  }
  return lines.join('');
}

function word(random: () => number): string {
  return WORDS[Math.floor(random() * WORDS.length)] ?? '';
}

/** A small seeded generator: the same corpus on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
