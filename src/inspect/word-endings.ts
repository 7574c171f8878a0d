// Words told by how they end: -ectomy, -pril, -itis. Names that are made by rule need no list, and new ones come every year.

export interface Endings<Kind> {
  /** What a word is by its ending, or null. */
  of(word: string): Kind | null;
  /** Whether a word may be something that ends there: by its last three letters, be they small or capital. */
  mayEnd(codes: Uint16Array, end: number): boolean;
}

/** Letters that a word has at least before its ending. */
const BEFORE = 2;

/**
 * @param kinds endings of at least three letters; the longest that fits is told
 * @param except whole words that only look so
 */
export function endingsOf<Kind>(kinds: readonly (readonly [Kind, readonly string[]])[], except: ReadonlySet<string>): Endings<Kind> {
  const byTail = new Map<number, readonly { readonly kind: Kind; readonly ending: string }[]>();
  // Most words are turned away by a look at their last three letters.
  const tails = new Uint8Array(1 << 15);
  for (const [kind, endings] of kinds) {
    for (const ending of endings) {
      const tail = tailAt(ending, ending.length);
      tails[tail] = 1;
      const fits = [...(byTail.get(tail) ?? []), { kind, ending }];
      byTail.set(
        tail,
        fits.sort((a, b) => b.ending.length - a.ending.length),
      );
    }
  }
  return {
    mayEnd: (codes, end) => tails[tailOf(codes[end - 1] ?? 0, codes[end - 2] ?? 0, codes[end - 3] ?? 0)] !== 0,
    of(word) {
      const tail = tailAt(word, word.length);
      if (tails[tail] === 0) return null;
      for (const { kind, ending } of byTail.get(tail) ?? []) {
        if (word.length >= ending.length + BEFORE && word.endsWith(ending)) return except.has(word) ? null : kind;
      }
      return null;
    },
  };
}

function tailAt(text: string, end: number): number {
  return tailOf(text.charCodeAt(end - 1), text.charCodeAt(end - 2), text.charCodeAt(end - 3));
}

function tailOf(last: number, before: number, third: number): number {
  return (last & 31) | ((before & 31) << 5) | ((third & 31) << 10);
}
