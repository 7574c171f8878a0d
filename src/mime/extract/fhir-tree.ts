// FHIR resources as trees of elements, the same from JSON and XML. Entries of a Bundle are handed on one by one, so that a large one is
// never held as a whole.
import { LimitReached } from './extractor.ts';

export interface FhirNode {
  /** As the format spells it, '' for a root; JSON's leading '_' is taken off. */
  readonly name: string;
  /** Of a primitive. */
  value: string | null;
  readonly children: FhirNode[];
}

/**
 * 'entry' is one of a root that is still being read, 'root' is a resource without the entries that were handed on.
 * `rootType`: resourceType of the root, '' where it did not say yet.
 */
export type FhirTaker = (node: FhirNode, as: 'entry' | 'root', rootType: string) => void;

const DEEPEST = 200;
/** Nodes of one resource in memory. */
const MOST_NODES = 1_500_000;

export class FhirTree {
  readonly #take: FhirTaker;
  readonly #open: FhirNode[] = [];
  /** Opened deeper than is kept: what they hold goes to the deepest that is. */
  #beyond = 0;
  #nodes = 0;

  constructor(take: FhirTaker) {
    this.#take = take;
  }

  /** @throws LimitReached */
  open(name: string): void {
    if (this.#open.length >= DEEPEST) this.#beyond++;
    else this.#open.push(this.#node(name, null));
  }

  /** @throws LimitReached */
  value(name: string, value: string): void {
    this.#node(name, value);
  }

  /** Sets the value of the element that is open. */
  valueOfOpen(value: string): void {
    const node = this.#open.at(-1);
    if (node !== undefined) node.value = value;
  }

  close(): void {
    if (this.#beyond > 0) {
      this.#beyond--;
      return;
    }
    const node = this.#open.pop();
    if (node === undefined) return;
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.#nodes = 0;
      this.#take(node, 'root', valueOf(node, 'resourceType'));
    } else if (this.#open.length === 1 && node.name === 'entry' && parent.children.at(-1) === node) {
      parent.children.pop();
      this.#nodes = parent.children.length;
      this.#take(node, 'entry', valueOf(parent, 'resourceType'));
    }
  }

  /** Closes all that the end of the input left open. */
  end(): void {
    this.#beyond = 0;
    while (this.#open.length > 0) this.close();
  }

  #node(name: string, value: string | null): FhirNode {
    if (++this.#nodes > MOST_NODES) throw new LimitReached('too-large');
    const node: FhirNode = { name: name.startsWith('_') ? name.slice(1) : name, value, children: [] };
    this.#open.at(-1)?.children.push(node);
    return node;
  }
}

export function childOf(node: FhirNode, name: string): FhirNode | null {
  return node.children.find((child) => child.name === name) ?? null;
}

export function childrenOf(node: FhirNode, name: string): readonly FhirNode[] {
  return node.children.filter((child) => child.name === name);
}

export function valueOf(node: FhirNode | null, name: string): string {
  return node === null ? '' : (childOf(node, name)?.value ?? '');
}
