// Content onto the wire, after 354: streamed with back-pressure, the end held back until the attempt is durable (promise 1). A message of
// one chunk goes out with its final dot in one write. Nothing that a peer says before the dot counts as an answer to it.
import type { Connection } from './connection.ts';
import { DotStuffer } from './dot-stuffing.ts';
import type { BrokenCode } from './outcome-of-reply.ts';
import type { RawReply } from './reply-reader.ts';
import type { Wire } from './transport.ts';

export type Sent =
  /** The final dot is on its way. */
  | { readonly kind: 'sent' }
  /** `beforeFinalDot` said stop: no dot was sent, the connection is cut. */
  | { readonly kind: 'stopped' }
  /** The next hop answered before the dot; the connection is cut, the reply is about no whole message. */
  | { readonly kind: 'early'; readonly reply: RawReply | null }
  | { readonly kind: 'broken'; readonly code: BrokenCode };

export interface ContentRequest {
  readonly content: Pick<Wire, 'read' | 'sizeBytes'>;
  readonly beforeFinalDot: () => Promise<'go' | 'stop'>;
  readonly dataBlockMs: number;
}

/**
 * Sends content and final dot.
 * @throws what `content` or `beforeFinalDot` throws, after the connection is cut: no part of a message ever passes for the whole
 */
export async function sendContent(connection: Connection, request: ContentRequest): Promise<Sent> {
  // Begun at once, so that its commit overlaps the content; caught here, so that it cannot fail unheard while content is on its way.
  const gate = request.beforeFinalDot().then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  try {
    const last = await stream(connection, request);
    const opened = await gate;
    if ('error' in opened) throw opened.error;
    if (opened.answer === 'stop') {
      connection.cut('delivery.stopped');
      return { kind: 'stopped' };
    }
    return finish(connection, last);
  } catch (error) {
    connection.cut('delivery.stopped');
    // Whoever hears of this error may settle the attempt: not before its beginning is settled.
    await gate;
    throw error;
  }
}

/** Writes all but the last piece, and gives that. Ends early where the connection breaks or the peer speaks: `finish` sees to both. */
async function stream(connection: Connection, { content, dataBlockMs }: ContentRequest): Promise<Buffer> {
  const stuffer = new DotStuffer();
  let held: Uint8Array | null = null;
  let sizeBytes = 0;
  for await (const chunk of content.read()) {
    sizeBytes += chunk.length;
    const stuffed = stuffer.stuff(chunk);
    if (held !== null && !connection.write(held)) await connection.drained(dataBlockMs);
    if (connection.broken !== null || connection.hasReply) return Buffer.alloc(0);
    held = stuffed;
  }
  if (sizeBytes !== content.sizeBytes) throw new Error('content has another size than was announced');
  const terminator = Buffer.from(stuffer.terminator(), 'latin1');
  return held === null ? terminator : Buffer.concat([held, terminator]);
}

function finish(connection: Connection, last: Buffer): Sent {
  if (connection.hasReply) {
    const reply = connection.takeEarly();
    connection.cut('delivery.protocol-error');
    return { kind: 'early', reply };
  }
  if (connection.broken !== null) return { kind: 'broken', code: connection.broken };
  connection.write(last);
  return { kind: 'sent' };
}
