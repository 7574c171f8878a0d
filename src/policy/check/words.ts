// For patterns with `*`: texts such that every combination of patterns that any text can match is matched by one of them. The patterns run
// side by side over every text at once; texts that bring them all to the same place are the same to them.

/** What texts may look like: 'local' and 'domain' parts of addresses, or anything. */
export type Shape = 'local' | 'domain' | 'any';

export interface Words {
  /** The plainest first. */
  readonly words: readonly string[];
  /** 'part': there may be combinations without a word. */
  readonly covers: 'all' | 'part';
}

const MOST_STATES = 6_000;
/** Where nothing has a `*`, any other text stands for all that are not named. */
const PLAIN: Readonly<Record<Shape, string>> = { local: 'someone', domain: 'elsewhere.example', any: 'other' };
const NEUTRAL = 'xqzjkvwybnmtrlpshgfdcaoeui0123456789';

/** Places in a pattern at which the rest of a text may go on. Behind the last `*` reached, what was before it does not matter any more. */
type Places = readonly number[];

interface State {
  readonly places: readonly Places[];
  readonly shape: number;
  readonly word: string;
  /** Has the filling, which no exact text has. */
  readonly filled: boolean;
}

/**
 * @param patterns in lower case; those without `*` are words themselves
 * @param taken other texts that are told apart from all of their like
 */
export function wordsOf(patterns: readonly string[], shape: Shape, taken: readonly string[] = []): Words {
  const exact = [...new Set([...patterns.filter((one) => !one.includes('*')), ...taken])];
  const starred = [...new Set(patterns.filter((one) => one.includes('*') && one !== '*'))];
  const plain = PLAIN[shape];
  if (starred.length === 0 && !exact.includes(plain)) return { words: [plain, ...exact], covers: 'all' };
  const letters = new Set(starred.join('').replaceAll('*', ''));
  const neutral = [...NEUTRAL].find((one) => !letters.has(one)) ?? 'ø';
  const filling = neutral.repeat(1 + longestRun(neutral, exact));
  const { best, whole } = walk(starred, [...letters], filling, shape);
  const known = new Set(exact);
  const clear = [...best.values()].every(({ filled, word }) => filled || !known.has(word));
  const words = [...best.values()].sort((a, b) => Number(b.filled) - Number(a.filled) || a.word.length - b.word.length);
  return { words: [...words.map(({ word }) => word), ...exact], covers: whole && clear ? 'all' : 'part' };
}

function walk(
  patterns: readonly string[],
  letters: readonly string[],
  filling: string,
  shape: Shape,
): { readonly best: ReadonlyMap<string, State>; readonly whole: boolean } {
  const best = new Map<string, State>();
  const first: State = { places: patterns.map((one) => closed(one, [0])), shape: 0, word: '', filled: false };
  const queue = [first];
  const seen = new Set([keyOf(first)]);
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at];
    if (state === undefined) break;
    if (shape === 'any' || state.shape === 1) {
      const matched = patterns.map((one, i) => (state.places[i]?.includes(one.length) === true ? '1' : '0')).join('');
      const before = best.get(matched);
      if (before === undefined || (state.filled && !before.filled)) best.set(matched, state);
    }
    for (const text of [filling, ...letters]) {
      const next = step(state, text, patterns, shape, text === filling);
      const key = next === null ? '' : keyOf(next);
      if (next === null || seen.has(key)) continue;
      if (seen.size >= MOST_STATES) return { best, whole: false };
      seen.add(key);
      queue.push(next);
    }
  }
  return { best, whole: true };
}

function step(state: State, text: string, patterns: readonly string[], shape: Shape, fills: boolean): State | null {
  const [letter = ''] = text;
  const after = shapeAfter(state.shape, letter, shape);
  if (after === null) return null;
  const places = patterns.map((pattern, i) => moved(pattern, state.places[i] ?? [], letter));
  return { places, shape: after, word: state.word + text, filled: state.filled || fills };
}

function moved(pattern: string, places: Places, letter: string): Places {
  return closed(
    pattern,
    places.flatMap((place) => (pattern[place] === '*' ? [place] : pattern[place] === letter ? [place + 1] : [])),
  );
}

function closed(pattern: string, places: Places): Places {
  const reached = new Set(places);
  for (const place of reached) if (pattern[place] === '*') reached.add(place + 1);
  const last = Math.max(-1, ...[...reached].filter((place) => pattern[place] === '*'));
  return [...reached].filter((place) => place >= last).sort((a, b) => a - b);
}

/** 0 at the start of a label, 1 inside, 2 behind a hyphen; null where no such text goes on (RFC 5321 4.1.2). */
function shapeAfter(before: number, letter: string, shape: Shape): number | null {
  if (shape === 'any') return 1;
  if (letter === '.') return before === 1 ? 0 : null;
  if (shape === 'domain' && letter === '-') return before === 0 ? null : 2;
  return 1;
}

function keyOf({ places, shape, filled }: State): string {
  return `${shape}${filled ? 'f' : ''}:${places.map((one) => one.join('.')).join('|')}`;
}

/** A filling longer than every run of its letter is in no text. */
function longestRun(letter: string, texts: readonly string[]): number {
  let longest = 0;
  for (const text of texts) {
    let run = 0;
    for (const one of text) {
      run = one === letter ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
  }
  return longest;
}
