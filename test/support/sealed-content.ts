// Writes and reads content of a spool in tests.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { messageIdOf } from '../../src/gateway/message-id.ts';
import type { SealedContent, SealingWriter } from '../../src/spool/spool.ts';

export type Finished = Awaited<ReturnType<SealingWriter['finish']>>;

export function newMessageId(): string {
  return messageIdOf(Date.now(), randomBytes(10));
}

export async function writeWhole(writer: SealingWriter, plain: Uint8Array, pieceBytes = 16_384): Promise<Finished> {
  for (let at = 0; at < plain.length; at += pieceBytes) await writer.write(plain.subarray(at, at + pieceBytes));
  return writer.finish();
}

export async function readWhole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

export function contentOf(messageId: string, key: Uint8Array, finished: Finished): SealedContent {
  return { messageId, key, place: finished.place, sealed: finished.sealed, sizeBytes: finished.sizeBytes };
}

export function fileOf(dataFolder: string, messageId: string): string {
  return join(dataFolder, 'spool', messageId.slice(-2), messageId);
}
