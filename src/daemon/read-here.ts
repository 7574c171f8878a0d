// A message of nothing but plain text is read in the thread that inspects it: that takes a fraction of what it costs to hand it to a
// reading child and to take what it tells. Whatever is not found to be plain goes to a child.
import { MessageCollector } from '../mail/read-event.ts';
import type { Message } from '../mail/message.ts';
import type { ReadLimits } from '../mail/read-limits.ts';
import { readPlain } from '../mime/plain-message.ts';
import { ROW_BYTES } from '../spool/spool.ts';
import { inMemory } from './extract.ts';
import type { Readable } from './read-pool.ts';

export type ReadHere =
  | { readonly kind: 'read'; readonly message: Message }
  /** For a child: the same, without what it cost to have its octets. */
  | { readonly kind: 'not-plain'; readonly readable: Readable };

/**
 * Content of at most what lies in a row of the journal is looked at: what may be decided before the reply.
 * @throws what `content` throws
 */
export async function readHere(readable: Readable, limits: ReadLimits): Promise<ReadHere> {
  const { what, spans, sizeBytes } = readable;
  if (what !== 'message' || spans !== 'kept' || sizeBytes > ROW_BYTES) return { kind: 'not-plain', readable };
  const pieces: Uint8Array[] = [];
  for await (const piece of readable.content()) pieces.push(piece);
  const [first] = pieces;
  const bytes =
    pieces.length === 1 && first !== undefined ? Buffer.from(first.buffer, first.byteOffset, first.byteLength) : Buffer.concat(pieces);
  // Content that is not as long as it was said to be is refused where it is given to a child.
  if (bytes.length !== sizeBytes) return { kind: 'not-plain', readable };
  const events = await readPlain(bytes, limits).catch(() => null);
  if (events === null) return { kind: 'not-plain', readable: inMemory(bytes) };
  const collector = new MessageCollector();
  for (const event of events) collector.add(event);
  return { kind: 'read', message: collector.message() };
}
