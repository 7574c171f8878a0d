// One attachment of a message as it is downloaded: its stretch of the content is read, and nothing behind it. Memory: pieces, whatever the size.
import { decodeTransfer } from '../transfer-decoding.ts';
import { ContentCursor } from './content-cursor.ts';
import type { OutlinePart } from './outline.ts';
import type { Content, Preview } from './presented.ts';
import { cleanName, nameByPlace } from './shown-name.ts';
import { HEAD_BYTES, toldType } from './told-type.ts';

export interface OpenPart {
  /** As in Presented. */
  readonly name: string;
  readonly mediaType: string;
  readonly preview: Preview;
  /** Decoded, once. Whoever does not read to the end calls `return` of its iterator, as `for await` and streams do, or `close`. */
  readonly octets: AsyncIterableIterator<Uint8Array>;
  close(): Promise<void>;
}

/** @throws what `content` throws */
export async function openPart(content: Content, part: OutlinePart): Promise<OpenPart> {
  const cursor = new ContentCursor(content());
  try {
    const decoded = decodeTransfer(cursor.stretch(part.start, part.end), part.coding);
    const first: Uint8Array[] = [];
    for (let length = 0; length < HEAD_BYTES;) {
      const next = await decoded.next();
      if (next.done === true) break;
      first.push(Buffer.from(next.value));
      length += next.value.length;
    }
    const told = toldType(Buffer.concat(first).subarray(0, HEAD_BYTES), part.type, part.name);
    const close = (): Promise<void> => cursor.close();
    return { ...told, name: nameOf(part, told.mediaType), octets: new Octets(first, decoded, close), close };
  } catch (error) {
    await cursor.close();
    throw error;
  }
}

export function nameOf({ name, place }: OutlinePart, mediaType: string): string {
  return (name === null ? null : cleanName(name)) ?? nameByPlace(place, mediaType);
}

/** A generator that nobody has begun does not hear of its end: this one does. */
class Octets implements AsyncIterableIterator<Uint8Array> {
  readonly #first: Uint8Array[];
  readonly #rest: AsyncIterator<Uint8Array>;
  readonly #close: () => Promise<void>;

  constructor(first: Uint8Array[], rest: AsyncIterator<Uint8Array>, close: () => Promise<void>) {
    this.#first = first;
    this.#rest = rest;
    this.#close = close;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const held = this.#first.shift();
    if (held !== undefined) return { done: false, value: held };
    const next = await this.#rest.next();
    if (next.done === true) await this.#close();
    return next;
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#first.length = 0;
    await this.#close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this;
  }
}
