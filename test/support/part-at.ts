// Where a part of a message lies, found as the presenter finds it.
import { leavesOf, type OutlinePart, outlineOf } from '../../src/mime/present/outline.ts';
import { type OpenPart, openPart } from '../../src/mime/present/part-octets.ts';
import type { Content } from '../../src/mime/present/presented.ts';

export async function partAt(content: Content, place: string): Promise<OutlinePart | null> {
  return leavesOf((await outlineOf(content())).root).find((leaf) => leaf.place === place) ?? null;
}

/** Null where there is no such part. */
export async function partOctets(content: Content, place: string): Promise<OpenPart | null> {
  const part = await partAt(content, place);
  return part === null ? null : openPart(content, part);
}
