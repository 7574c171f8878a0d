// Gives content back in plain chunks, none before it is verified. Truncated, longer, swapped or foreign: content.unreadable.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { MailError } from '../mail/mail-error.ts';
import { ChunkSequence, HEADER_BYTES, SEALED_CHUNK_BYTES, sealedBytesOf } from './sealed-format.ts';
import type { SealedContent } from './spool.ts';
import { readError } from './storage-error.ts';

/** Content of place 'row'. */
export function* readRowChunks(content: SealedContent): Generator<Uint8Array, void, undefined> {
  const { messageId, sealed, sizeBytes, key } = content;
  if (sealed?.length !== sealedBytesOf(sizeBytes)) throw new MailError('content.unreadable');
  const chunks = new ChunkSequence(messageId, key, sealed.subarray(0, HEADER_BYTES));
  for (let at = HEADER_BYTES; at < sealed.length; at += SEALED_CHUNK_BYTES) {
    const rest = sealed.subarray(at);
    if (rest.length > SEALED_CHUNK_BYTES) yield chunks.open(rest.subarray(0, SEALED_CHUNK_BYTES), 'more-follow');
    else yield chunks.open(rest, 'last');
  }
}

/** Content of place 'file'. The size is compared before the first chunk is given. */
export async function* readFileChunks(path: string, content: SealedContent): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await orReadError(open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    const { size } = await orReadError(file.stat());
    if (size !== sealedBytesOf(content.sizeBytes)) throw new MailError('content.unreadable');
    const buffer = Buffer.allocUnsafeSlow(Math.min(SEALED_CHUNK_BYTES, Math.max(HEADER_BYTES, size)));
    let at = HEADER_BYTES;
    const chunks = new ChunkSequence(content.messageId, content.key, await readAt(file, buffer.subarray(0, HEADER_BYTES), 0));
    while (at < size) {
      const sealed = await readAt(file, buffer.subarray(0, Math.min(SEALED_CHUNK_BYTES, size - at)), at);
      at += sealed.length;
      yield chunks.open(sealed, at === size ? 'last' : 'more-follow');
    }
  } finally {
    // Every octet was verified before it was given: how closing ends changes nothing.
    await file.close().catch(() => undefined);
  }
}

/** What lies in the file, in pieces of their own. @throws MailError content.unreadable, store.unavailable */
export async function* readSealedFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await orReadError(open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    for (let at = 0; ;) {
      const piece = Buffer.allocUnsafeSlow(SEALED_CHUNK_BYTES);
      const { bytesRead } = await orReadError(file.read(piece, 0, piece.length, at));
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** Fills the buffer. @throws MailError content.unreadable where the file ends before */
async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  for (let done = 0; done < buffer.length;) {
    const { bytesRead } = await orReadError(file.read(buffer, done, buffer.length - done, position + done));
    if (bytesRead === 0) throw new MailError('content.unreadable');
    done += bytesRead;
  }
  return buffer;
}

async function orReadError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw readError(cause);
  }
}
