// A spool file while it is written: created only if new, in order, durable at the end or gone.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { SpoolFolder } from './spool-folder.ts';

export class SealedFile {
  readonly #folder: SpoolFolder;
  readonly #messageId: string;
  readonly #file: FileHandle;

  private constructor(folder: SpoolFolder, messageId: string, file: FileHandle) {
    this.#folder = folder;
    this.#messageId = messageId;
    this.#file = file;
  }

  /** Under its final name: what has no journal row is swept at the next start. */
  static async create(folder: SpoolFolder, messageId: string): Promise<SealedFile> {
    await folder.prepare(messageId);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    return new SealedFile(folder, messageId, await open(folder.pathOf(messageId), flags, 0o600));
  }

  /** Writes all of it: the system may take less at once, most of all on a disk that is getting full. */
  async append(pieces: readonly Uint8Array[]): Promise<void> {
    let rest = pieces;
    for (;;) {
      const { bytesWritten } = await this.#file.writev(rest);
      rest = after(rest, bytesWritten);
      if (rest.length === 0) return;
      if (bytesWritten === 0) throw new Error('nothing was written');
    }
  }

  /** Durable, the entry in its folder too, when it resolves. */
  async commit(): Promise<void> {
    // Both are always waited for, so that no work goes on in a file that is being given up.
    const ends = await Promise.allSettled([this.#file.datasync(), this.#folder.syncEntry(this.#messageId)]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    await this.#file.close();
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await this.#folder.remove(this.#messageId);
  }
}

/** What is left of `pieces` after `count` octets. */
function after(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return rest;
}
