// The spool on the local disk.
import { readFileChunks, readRowChunks, readSealedFile } from './sealed-reader.ts';
import { ChunkWriter } from './sealing-writer.ts';
import { SpoolFolder } from './spool-folder.ts';
import type { SealedContent, Spool } from './spool.ts';
import { writeError } from './storage-error.ts';

/** Opens, and where it is missing creates, <data>/spool. @throws MailError store.disk-full, store.unavailable */
export async function openSpool(dataFolder: string): Promise<Spool> {
  const folder = await orWriteError(SpoolFolder.open(dataFolder));
  return {
    writer: (messageId, key) => new ChunkWriter(folder, messageId, key),
    read: (content) => (content.place === 'row' ? readRow(content) : readFileChunks(folder.pathOf(content.messageId), content)),
    sealed: (content) => (content.place === 'row' ? sealedRow(content.sealed) : readSealedFile(folder.pathOf(content.messageId))),
    remove: (messageId) => orWriteError(folder.remove(messageId)),
    sweep: (known) => orWriteError(folder.sweep(known)),
  };
}

async function* readRow(content: SealedContent): AsyncGenerator<Uint8Array, void, undefined> {
  yield* readRowChunks(content);
}

async function* sealedRow(sealed: Uint8Array | null): AsyncGenerator<Uint8Array, void, undefined> {
  if (sealed !== null) yield sealed;
}

async function orWriteError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw writeError(cause);
  }
}
