// Markup compatibility (ECMA-376 part 3): the same thing told in several ways, of which a program shows one. What a later way says again
// is dropped, what it says otherwise is kept.

interface Alternate {
  readonly earlier: Set<string>;
  readonly current: Set<string>;
  readonly ways: string[];
}

/** Only the innermost are looked at: nobody nests them deeper. */
const LOOKED_AT = 8;

export class AlternateContent {
  readonly #open: Alternate[] = [];

  open(name: string): void {
    if (name === 'AlternateContent') this.#open.push({ earlier: new Set(), current: new Set(), ways: [] });
    const top = this.#open.at(-1);
    if (top === undefined || (name !== 'Choice' && name !== 'Fallback')) return;
    for (const line of top.current) top.earlier.add(line);
    top.current.clear();
    top.ways.push('');
  }

  /** @returns what the ways said within a line of their surroundings, beside what the first one said; '' for nothing new */
  close(name: string): string {
    if (name !== 'AlternateContent') return '';
    const [first, ...others] = this.#open.pop()?.ways ?? [];
    return [...new Set(others)].filter((way) => way !== first).join('\n');
  }

  /** Whether a line or paragraph is new. */
  admits(line: string): boolean {
    const looked = this.#open.slice(-LOOKED_AT);
    if (looked.some(({ earlier }) => earlier.has(line))) return false;
    for (const { current } of looked) current.add(line);
    return true;
  }

  /** Whether a piece of a line that began outside belongs to it: that of the first way does. */
  admitsPiece(piece: string): boolean {
    const ways = this.#open.at(-1)?.ways;
    if (ways === undefined || ways.length === 0) return true;
    ways.push(`${ways.pop() ?? ''}${piece}`);
    return ways.length === 1;
  }

  get depth(): number {
    return this.#open.length;
  }
}
