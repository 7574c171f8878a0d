// Damaged copies of a file, always the same ones: octets changed, pieces cut out, repeated or moved.
import fc from 'fast-check';

const SEED = 20261127;

type Change = readonly [where: number, value: number, kind: number];

/** So many copies of a file, each with one to eight changes. */
export function mutations(bytes: Buffer, count: number): readonly Buffer[] {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 65_535 }), fc.nat({ max: 9 }));
  return fc
    .sample(fc.array(change, { minLength: 1, maxLength: 8 }), { seed: SEED, numRuns: count })
    .map((changes) => changed(bytes, changes));
}

function changed(bytes: Buffer, changes: readonly Change[]): Buffer {
  let now = Buffer.from(bytes);
  for (const [where, value, kind] of changes) {
    const at = where % Math.max(1, now.length);
    if (kind === 0) now = Buffer.from(now.subarray(0, Math.max(8, at)));
    else if (kind === 1) now = Buffer.concat([now.subarray(0, at), now.subarray(at, at + (value & 1_023)), now.subarray(at)]);
    else if (kind === 2) now = Buffer.concat([now.subarray(0, at), now.subarray(at + (value & 1_023))]);
    else if (kind < 5 && at + 4 <= now.length) now.writeUInt32LE(value % 2 === 0 ? value : 0xffffffff - value, at);
    else now[at] = value & 255;
  }
  return now;
}
