// Words inside octets whose structure is not known: runs of characters that people write, as octets or as UTF-16. So that what no usual
// reader shows can still be looked at.

const MOST_RUN = 4_096;

/** Runs of at least `shortest` characters, in order. Linear in the octets. */
export function readableRuns(bytes: Buffer, shortest = 5): readonly string[] {
  return [...octetRuns(bytes, shortest), ...wideRuns(bytes, shortest, 0), ...wideRuns(bytes, shortest, 1)];
}

function octetRuns(bytes: Buffer, shortest: number): string[] {
  const runs: string[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const octet = bytes[at] ?? 0;
    if (octet >= 0x20 && octet < 0x7f && at - start < MOST_RUN) continue;
    if (at - start >= shortest) runs.push(bytes.toString('latin1', start, at));
    start = octet >= 0x20 && octet < 0x7f ? at : at + 1;
  }
  return runs;
}

/** Latin letters, figures and punctuation, and the alphabets up to Arabic; small numbers in the upper octet look like them. */
function wideRuns(bytes: Buffer, shortest: number, from: number): string[] {
  const runs: string[] = [];
  let start = from;
  for (let at = from; at <= bytes.length + 1; at += 2) {
    const unit = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const readable = at + 1 < bytes.length && ((unit >= 0x20 && unit < 0x7f) || isLetter(unit));
    if (readable && at - start < MOST_RUN * 2) continue;
    if (at - start >= shortest * 2) runs.push(bytes.toString('utf16le', start, at));
    start = readable ? at : at + 2;
  }
  return runs;
}

function isLetter(unit: number): boolean {
  return (unit & 0xff) >= 8 && ((unit >= 0xa0 && unit < 0x180) || (unit >= 0x370 && unit < 0x700));
}
