// The known word nearest to a mistyped one.

/** The nearest of `known`, or null where none is near: at most a third of its letters off, a transposition counting one. */
export function nearest(word: string, known: readonly string[]): string | null {
  const given = plain(word);
  if (given.length > 64) return null;
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(given, plain(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(plain(candidate).length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? null;
}

/** holdFor, hold-for and HOLD_FOR are all hold_for. */
function plain(word: string): string {
  return word.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], i: number): number {
  return row[i] ?? Infinity;
}
