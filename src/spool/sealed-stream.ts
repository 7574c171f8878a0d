// Opens sealed content that comes over a wire, in pieces of any size: plain chunks, none before it is verified. Truncated, longer, swapped or
// foreign: content.unreadable. Memory: one chunk.
import { MailError } from '../mail/mail-error.ts';
import { ChunkSequence, HEADER_BYTES, SEALED_CHUNK_BYTES, sealedBytesOf } from './sealed-format.ts';
import type { SealedContent } from './spool.ts';

/**
 * docs/spool-format.md, of content in a row and in a file alike.
 * @throws MailError content.unreadable; and what `sealed` throws
 */
export async function* openSealed(
  sealed: AsyncIterable<Uint8Array>,
  { messageId, key, sizeBytes }: Pick<SealedContent, 'messageId' | 'key' | 'sizeBytes'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const whole = sealedBytesOf(sizeBytes);
  const buffer = Buffer.allocUnsafeSlow(Math.min(SEALED_CHUNK_BYTES, whole));
  let chunks: ChunkSequence | null = null;
  let filled = 0;
  let left = whole;
  for await (const piece of sealed) {
    for (let at = 0; at < piece.length;) {
      const wanted: number = chunks === null ? HEADER_BYTES : Math.min(SEALED_CHUNK_BYTES, left);
      // Octets behind the last chunk.
      if (wanted === 0) throw new MailError('content.unreadable');
      const taken = piece.subarray(at, at + wanted - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < wanted) continue;
      const full = buffer.subarray(0, filled);
      left -= filled;
      filled = 0;
      if (chunks === null) chunks = new ChunkSequence(messageId, key, full);
      else yield chunks.open(full, left === 0 ? 'last' : 'more-follow');
    }
  }
  if (left > 0) throw new MailError('content.unreadable');
}
