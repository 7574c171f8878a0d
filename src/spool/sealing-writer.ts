// Takes content in pieces of any size and seals it in chunks. Memory: the chunk that fills, and the sealed ones that a journal row takes.
// Content that goes into a row never touches the disk here. After a failure nothing is left, and every further call fails the same way.
import { randomBytes } from 'node:crypto';
import { MailError } from '../mail/mail-error.ts';
import { ChunkSequence, newHeader, PREFIX_BYTES } from './sealed-format.ts';
import type { ChunkMark } from './sealed-format.ts';
import { SealedFile } from './sealed-file.ts';
import type { SpoolFolder } from './spool-folder.ts';
import { CHUNK_BYTES, ROW_BYTES } from './spool.ts';
import type { SealingWriter } from './spool.ts';
import { writeError } from './storage-error.ts';

/** A buffer begins this small and doubles: most mail is. */
const FIRST_BYTES = 4096;

/** The header, and two pieces for each chunk of a row but the last. */
const HELD_PIECES = 1 + 2 * (ROW_BYTES / CHUNK_BYTES - 1);

type Finished = Awaited<ReturnType<SealingWriter['finish']>>;

export class ChunkWriter implements SealingWriter {
  readonly #folder: SpoolFolder;
  readonly #messageId: string;
  readonly #header = newHeader(randomBytes(PREFIX_BYTES));
  readonly #chunks: ChunkSequence;
  #buffer = Buffer.alloc(0);
  #filled = 0;
  #sizeBytes = 0;
  #file: SealedFile | null = null;
  /** Sealed pieces, from the header on, that are not in a file: all of it while it may yet be a row. */
  #held: Uint8Array[] = [this.#header];
  /** The write under way. Never rejects: a failure is kept in #failure. */
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #state: 'open' | 'finishing' | 'finished' | 'gone' = 'open';

  constructor(folder: SpoolFolder, messageId: string, key: Uint8Array) {
    folder.pathOf(messageId);
    this.#folder = folder;
    this.#messageId = messageId;
    this.#chunks = new ChunkSequence(messageId, key, this.#header);
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    for (let at = 0; at < piece.length;) {
      // Only now is it known that the full chunk is not the last one.
      if (this.#filled === CHUNK_BYTES) {
        await this.#put(this.#buffer, 'more-follow');
        this.#filled = 0;
      }
      if (this.#filled === 0 && piece.length - at > CHUNK_BYTES) {
        await this.#put(piece.subarray(at, at + CHUNK_BYTES), 'more-follow');
        at += CHUNK_BYTES;
        continue;
      }
      const share = Math.min(piece.length - at, CHUNK_BYTES - this.#filled);
      this.#makeRoom(share);
      this.#buffer.set(piece.subarray(at, at + share), this.#filled);
      this.#filled += share;
      at += share;
    }
    this.#sizeBytes += piece.length;
  }

  async finish(): Promise<Finished> {
    this.#mustBeOpen();
    const rest = this.#buffer.subarray(0, this.#filled);
    const sizeBytes = this.#sizeBytes;
    if (sizeBytes <= ROW_BYTES) {
      this.#state = 'finished';
      return { place: 'row', sealed: whole([...this.#held, ...this.#chunks.seal(rest, 'last')]), sizeBytes };
    }
    this.#state = 'finishing';
    await this.#put(rest, 'last');
    await this.#writing;
    if (this.#failure === null) await this.#file?.commit().catch((error: unknown) => this.#fail(error));
    await this.#goOn();
    this.#state = 'finished';
    return { place: 'file', sealed: null, sizeBytes };
  }

  /** After `finish` it does nothing: what is finished may be in the journal, and only `Spool.remove` takes it away. */
  async abort(): Promise<void> {
    if (this.#state === 'finished' || this.#state === 'gone') return;
    // A call that is still under way sees the failure, and `finish` then takes the file away itself.
    const finishing = this.#state === 'finishing';
    this.#fail(new MailError('store.unavailable', { cause: new Error('given up') }));
    await this.#writing;
    if (finishing) return;
    this.#state = 'gone';
    // A file that cannot be removed now is swept at the next start.
    await this.#discard().catch(() => undefined);
  }

  /** Waits for the write under way, seals, and starts the next write without waiting for it. */
  async #put(plain: Uint8Array, mark: ChunkMark): Promise<void> {
    await this.#writing;
    await this.#goOn();
    const pieces = this.#chunks.seal(plain, mark);
    // The pieces of a row are few; one chunk more than it takes, and they all go into a file.
    if (mark === 'more-follow' && this.#held.length > 0 && this.#held.length < HELD_PIECES) {
      this.#held.push(...pieces);
      return;
    }
    this.#writing = this.#append(pieces).catch((error: unknown) => this.#fail(error));
  }

  async #append(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#file !== null) return this.#file.append(pieces);
    const held = this.#held;
    this.#held = [];
    this.#file = await SealedFile.create(this.#folder, this.#messageId);
    await this.#file.append([...held, ...pieces]);
  }

  /** The first failure is the one that is told. */
  #fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** @throws what failed before, once nothing of the content is left */
  async #goOn(): Promise<void> {
    if (this.#failure === null) return;
    this.#state = 'gone';
    await this.#discard().catch(() => undefined);
    throw writeError(this.#failure);
  }

  async #discard(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#buffer = Buffer.alloc(0);
    this.#held = [];
    await file?.discard();
  }

  #mustBeOpen(): void {
    if (this.#failure !== null) throw writeError(this.#failure);
    if (this.#state !== 'open') throw new Error('content is finished already');
  }

  #makeRoom(share: number): void {
    const needed = this.#filled + share;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(FIRST_BYTES, needed, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#filled);
    this.#buffer = larger;
  }
}

/** All pieces in memory of their own: they travel to another thread. */
function whole(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
