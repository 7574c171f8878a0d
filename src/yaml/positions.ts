// Where in the text a value stands: a parsed document whose every path has a line and a column.
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, ParsedNode } from 'yaml';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Keys and list positions from the root down. */
export type YamlPath = readonly (string | number)[];

export interface YamlDocument {
  /** Plain objects, arrays, strings, numbers, booleans, null. */
  readonly value: unknown;
  /** Place of the key (or list item) that a path ends in; the nearest place above it where the path is not in the text. */
  keyPosition(path: YamlPath): Position;
  /** Place of the value at a path; the nearest place above it where the path is not in the text. */
  valuePosition(path: YamlPath): Position;
}

export function positionsOf(value: unknown, contents: ParsedNode | null, at: (offset: number) => Position): YamlDocument {
  const start = { line: 1, column: 1 };
  const find = (path: YamlPath, what: 'key' | 'value'): Position => {
    let node: Node | null = contents;
    let place = node?.range ? at(node.range[0]) : start;
    for (const [i, step] of path.entries()) {
      const found = child(node, step);
      if (found === null) return place;
      const offset = what === 'key' && i === path.length - 1 ? found.key : found.value;
      if (offset !== null) place = at(offset);
      node = found.node;
    }
    return place;
  };
  return { value, keyPosition: (path) => find(path, 'key'), valuePosition: (path) => find(path, 'value') };
}

interface Child {
  readonly node: Node | null;
  readonly key: number | null;
  readonly value: number | null;
}

/** One step down. An alias is not followed: its own place is what the reader looks for. */
function child(node: Node | null, step: string | number): Child | null {
  if (node === null || isAlias(node)) return null;
  if (isSeq<Node>(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? null : { node: item, key: item.range?.[0] ?? null, value: item.range?.[0] ?? null };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
  if (pair === undefined) return null;
  const key = pair.key.range?.[0] ?? null;
  return { node: pair.value, key, value: pair.value?.range?.[0] ?? key };
}
