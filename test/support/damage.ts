// Files damaged by a fixed seed: octets changed, cut off, written again; for what has to end well whatever it is given.
import fc from 'fast-check';

const SEED = 20261122;

/** Gives each damaged file to `check`, which says whether all is well; fails with the smallest that is not. */
export async function damaged(files: readonly Buffer[], runs: number, check: (bytes: Buffer) => Promise<boolean>): Promise<void> {
  const longest = Math.max(...files.map(({ length }) => length));
  const damage = fc.record({
    file: fc.nat(files.length - 1),
    edits: fc.array(fc.record({ at: fc.nat(longest), octet: fc.nat(255) }), { maxLength: 6 }),
    cut: fc.option(fc.nat(longest)),
    again: fc.option(fc.record({ from: fc.nat(longest), length: fc.nat(600) })),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, edits, cut, again }) => {
      const bytes = Buffer.from(files[file] ?? []);
      for (const { at, octet } of edits) bytes[at % bytes.length] = octet;
      const kept = cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
      const repeated =
        again === null ? Buffer.alloc(0) : bytes.subarray(again.from % bytes.length, (again.from % bytes.length) + again.length);
      return check(Buffer.concat([kept, repeated]));
    }),
    { seed: SEED, numRuns: runs },
  );
}
