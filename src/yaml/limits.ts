// Bounds on YAML from outside, checked before the tree is built, so that no text can exhaust memory, time or the stack.
import type { CST } from 'yaml';

export interface YamlLimits {
  /** Octets of UTF-8. */
  readonly sizeBytes: number;
  /** Collections inside one another. */
  readonly depth: number;
  /** Tokens of the syntax tree: nodes, keys and values. */
  readonly nodes: number;
  /** Keys in one mapping: looking for duplicates costs the square of it. */
  readonly keys: number;
  /** How often one alias may be resolved, nested ones multiplied (alias bombs). */
  readonly aliases: number;
}

export const YAML_LIMITS: YamlLimits = { sizeBytes: 1024 * 1024, depth: 32, nodes: 100_000, keys: 2000, aliases: 100 };

/** The first bound that the syntax tree of a document breaks, with the offset of the place; null where it breaks none. Without recursion. */
export function findExcess(
  token: CST.Token,
  limits: YamlLimits,
): { readonly offset: number; readonly limit: 'depth' | 'nodes' | 'keys' } | null {
  const waiting: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  let nodes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    nodes += 1;
    if (nodes > limits.nodes) return { offset: next.token.offset, limit: 'nodes' };
    if (next.depth > limits.depth) return { offset: next.token.offset, limit: 'depth' };
    if ('items' in next.token && next.token.type !== 'block-seq' && next.token.items.length > limits.keys)
      return { offset: next.token.offset, limit: 'keys' };
    for (const child of childrenOf(next.token)) waiting.push({ token: child, depth: next.depth + 1 });
  }
  return null;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value]).filter((child) => child !== undefined && child !== null);
}
