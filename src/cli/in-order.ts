// Much work side by side, its results in the order of what was given, with bounded room for those that come early.

const AHEAD_FOR_EACH = 64;

type Settled<R> = { readonly kind: 'done'; readonly value: R } | { readonly kind: 'failed'; readonly error: unknown };

/**
 * @param atOnce so many are worked on at a time
 * @throws what `work` throws, in its turn
 */
export async function* inOrder<T, R>(given: readonly T[], atOnce: number, work: (one: T) => Promise<R>): AsyncGenerator<R> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  const settled = async (one: T): Promise<Settled<R>> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return { kind: 'done', value: await work(one) };
    } catch (error) {
      return { kind: 'failed', error };
    } finally {
      // The place goes to who waits longest.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
  const begun: Promise<Settled<R>>[] = [];
  for (let next = 0; next < given.length || begun.length > 0;) {
    while (next < given.length && begun.length < atOnce * AHEAD_FOR_EACH) begun.push(settled(given[next++] as T));
    const first = await begun.shift();
    if (first?.kind === 'failed') throw first.error;
    if (first !== undefined) yield first.value;
  }
}
