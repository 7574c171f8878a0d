// Words told by how they end: -ectomy, -pril, -itis. Names that are made by rule need no list, and new ones come every year.

export interface Endings {
  /** Number of the ending that a word has, or -1. */
  of(word: string): number;
}

/**
 * @param endings at least three letters each; the longest that fits is told
 * @param except whole words that only look so
 * @param before letters that a word has at least before its ending
 */
export function endingsOf(endings: readonly string[], except: ReadonlySet<string>, before: number): Endings {
  const byTail = new Map<number, { readonly number: number; readonly ending: string }[]>();
  endings.forEach((ending, number) => {
    const key = tailOf(ending);
    byTail.set(
      key,
      [...(byTail.get(key) ?? []), { number, ending }].sort((a, b) => b.ending.length - a.ending.length),
    );
  });
  return {
    of(word) {
      if (word.length < before + 3) return -1;
      const fits = byTail.get(tailOf(word));
      if (fits === undefined) return -1;
      for (const { number, ending } of fits) {
        if (word.length >= ending.length + before && word.endsWith(ending))
          return except.has(word) || isPluralOf(word, except) ? -1 : number;
      }
      return -1;
    },
  };
}

function isPluralOf(word: string, words: ReadonlySet<string>): boolean {
  return word.endsWith('s') && words.has(word.slice(0, -1));
}

function tailOf(word: string): number {
  const { length } = word;
  return (word.charCodeAt(length - 1) & 0x7f) | ((word.charCodeAt(length - 2) & 0x7f) << 7) | ((word.charCodeAt(length - 3) & 0x7f) << 14);
}
