// The bytes of sealed content, in a journal row or a spool file alike (docs/spool-format.md): a header, then chunks of AES-256-GCM
// after the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015): counter nonces, the last chunk marked.
// A chunk opens only in its message, at its place, with its key; none can be left out, repeated, swapped or added.
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MailError } from '../mail/mail-error.ts';
import { CHUNK_BYTES } from './spool.ts';

/** "PS", version 1, and the chunk size as a power of two. */
const MAGIC = Buffer.from([0x50, 0x53, 0x01, 0x10]);
/** Chance that begins every nonce: were a key ever used for two contents, their nonces would still differ. */
export const PREFIX_BYTES = 7;
export const HEADER_BYTES = MAGIC.length + PREFIX_BYTES;
export const TAG_BYTES = 16;
/** Size of a sealed chunk that is not the last. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
/** The counter of the nonce has 32 bits: 256 TiB, no content reaches it. */
const CHUNKS = 2 ** 32;

/** Chunks of content; empty content is one empty chunk. */
function chunksOf(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / CHUNK_BYTES));
}

/** Octets that content of this size takes when sealed. */
export function sealedBytesOf(sizeBytes: number): number {
  return HEADER_BYTES + sizeBytes + TAG_BYTES * chunksOf(sizeBytes);
}

/** The header of new content. */
export function newHeader(prefix: Uint8Array): Uint8Array {
  return Buffer.concat([MAGIC, prefix], HEADER_BYTES);
}

export type ChunkMark = 'more-follow' | 'last';

/** The chunks of one content in their order: each call is the next one. Used either to seal or to open. */
export class ChunkSequence {
  readonly #key: KeyObject;
  readonly #nonce = Buffer.alloc(12);
  /** header, message id, place of the chunk, mark */
  readonly #associated: Buffer;
  #position = 0;

  /** @throws MailError content.unreadable where the header is not one of ours */
  constructor(messageId: string, key: Uint8Array, header: Uint8Array) {
    if (header.length !== HEADER_BYTES || !MAGIC.equals(header.subarray(0, MAGIC.length))) throw new MailError('content.unreadable');
    this.#key = createSecretKey(key);
    this.#nonce.set(header.subarray(MAGIC.length));
    this.#associated = Buffer.concat([header, Buffer.from(messageId), Buffer.alloc(5)]);
  }

  /** The sealed chunk in two pieces, so that nothing is copied. */
  seal(plain: Uint8Array, mark: ChunkMark): readonly [sealed: Buffer, tag: Buffer] {
    this.#advance(mark);
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#associated);
    const sealed = cipher.update(plain);
    cipher.final();
    return [sealed, cipher.getAuthTag()];
  }

  /** The plain chunk, after its tag was found right. @throws MailError content.unreadable */
  open(sealed: Uint8Array, mark: ChunkMark): Buffer {
    this.#advance(mark);
    if (sealed.length < TAG_BYTES) throw new MailError('content.unreadable');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#associated);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    try {
      decipher.final();
    } catch (cause) {
      throw new MailError('content.unreadable', { cause });
    }
    return plain;
  }

  #advance(mark: ChunkMark): void {
    if (this.#position >= CHUNKS) throw new RangeError('too many chunks');
    const last = mark === 'last' ? 1 : 0;
    this.#nonce.writeUInt32BE(this.#position, PREFIX_BYTES);
    this.#nonce[11] = last;
    this.#associated.writeUInt32BE(this.#position, this.#associated.length - 5);
    this.#associated[this.#associated.length - 1] = last;
    this.#position += 1;
  }
}
