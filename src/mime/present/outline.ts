// The parts of a message as a tree, with the place of each in the octets: one pass over them, whatever their size (RFC 2046).
import type { Entity } from '../mime-walk.ts';
import { MimeWalk } from '../mime-walk.ts';
import { insideOf, type PartHeader, readPartHeader } from './part-header.ts';

export interface OutlinePart extends PartHeader {
  /** `2`, `1.3`; '' for a multipart that is the message itself. */
  readonly place: string;
  /** Octets of its body, encoded. */
  readonly start: number;
  readonly end: number;
  /** None: it is no multipart, or one without parts. */
  readonly parts: readonly OutlinePart[];
}

export interface Outline {
  readonly root: OutlinePart;
  /** Of the message. */
  readonly header: Buffer;
  readonly sizeBytes: number;
  readonly end: 'complete' | 'over-limits';
}

/** Never rejects for what the message holds. @throws what `content` throws */
export async function outlineOf(content: AsyncIterable<Uint8Array>): Promise<Outline> {
  const headers: PartHeader[] = [];
  let message: Buffer | null = null;
  const walk = new MimeWalk((header, octets) => {
    message ??= Buffer.from(octets);
    const about = readPartHeader(octets, header);
    headers.push(about);
    return insideOf(octets, about);
  });
  for await (const piece of content) walk.push(piece);
  const { entities, sizeBytes, end } = walk.finish();
  return { root: treeOf(entities, headers), header: message ?? Buffer.alloc(0), sizeBytes, end };
}

const EMPTY: PartHeader = {
  type: 'text/plain',
  charset: null,
  flowed: null,
  rootId: null,
  disposition: '',
  name: null,
  contentId: null,
  coding: 'identity',
};

function treeOf(entities: readonly Entity[], headers: readonly PartHeader[]): OutlinePart {
  const children = new Map<Entity, number[]>();
  for (const [i, { parent }] of entities.entries()) {
    if (parent === null) continue;
    const list = children.get(parent) ?? [];
    list.push(i);
    children.set(parent, list);
  }
  const make = (i: number, place: string): OutlinePart => {
    const entity = entities[i];
    const inside = entity === undefined ? [] : (children.get(entity) ?? []);
    return {
      ...(headers[i] ?? EMPTY),
      place,
      start: entity?.bodyStart ?? 0,
      end: entity?.bodyEnd ?? 0,
      parts: inside.map((child, at) => make(child, place === '' ? `${at + 1}` : `${place}.${at + 1}`)),
    };
  };
  const [first] = entities;
  return make(0, first !== undefined && children.has(first) ? '' : '1');
}

/** All that are no multiparts, in the order in which they stand. */
export function leavesOf(part: OutlinePart): readonly OutlinePart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf);
}
