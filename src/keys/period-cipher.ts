// Seals many small things under one period key: AES-256-GCM with random 96-bit nonces (NIST SP 800-38D 8.2.2).
// A random nonce allows 2^32 uses of a key. Each use picks one of 256 subkeys by chance, so a period key serves 2^40 uses
// (over 100,000 a second for a quarter) without a count that would have to outlive a crash.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomFillSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MailError } from '../mail/mail-error.ts';

const VERSION = 1;
const NONCE_AT = 6;
const NONCE_BYTES = 12;
const HEADER_BYTES = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
const CHANCE_BYTES = 1 + NONCE_BYTES;
const POOL_BYTES = CHANCE_BYTES * 128;

/** Octets that sealing adds: version, period id, subkey number, nonce, tag. */
export const SEAL_BYTES = HEADER_BYTES + TAG_BYTES;

/** The period id in the header of sealed bytes. @throws MailError content.unreadable */
export function periodIdOf(sealed: Uint8Array): number {
  if (sealed.length < SEAL_BYTES || sealed[0] !== VERSION) throw new MailError('content.unreadable');
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(1);
}

/** One period key at work. `use` separates what is sealed with it, for instance 'content' and 'detail'. */
export class PeriodCipher {
  readonly #periodId: number;
  readonly #key: KeyObject;
  readonly #use: string;
  readonly #subkeys: (KeyObject | undefined)[] = new Array<undefined>(256).fill(undefined);
  readonly #chance = Buffer.alloc(POOL_BYTES);
  #chanceAt = POOL_BYTES;

  constructor(periodId: number, key: KeyObject, use: string) {
    this.#periodId = periodId;
    this.#key = key;
    this.#use = use;
  }

  /** `context` must be given again to open it. */
  seal(plain: Uint8Array, context: string): Uint8Array {
    if (this.#chanceAt === POOL_BYTES) {
      randomFillSync(this.#chance);
      this.#chanceAt = 0;
    }
    // Memory of its own, not a slice of Node's pool: what is posted to another thread is copied with all the memory behind it.
    const sealed = Buffer.allocUnsafeSlow(plain.length + SEAL_BYTES);
    sealed[0] = VERSION;
    sealed.writeUInt32BE(this.#periodId, 1);
    this.#chance.copy(sealed, NONCE_AT - 1, this.#chanceAt, this.#chanceAt + CHANCE_BYTES);
    this.#chanceAt += CHANCE_BYTES;
    const nonce = sealed.subarray(NONCE_AT, HEADER_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#subkey(sealed[NONCE_AT - 1] ?? 0), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    sealed.set(cipher.update(plain), HEADER_BYTES);
    cipher.final();
    sealed.set(cipher.getAuthTag(), HEADER_BYTES + plain.length);
    return sealed;
  }

  /** @throws MailError content.unreadable where bytes or context are not those sealed. */
  open(sealed: Uint8Array, context: string): Uint8Array {
    if (periodIdOf(sealed) !== this.#periodId) throw new MailError('content.unreadable');
    const nonce = sealed.subarray(NONCE_AT, HEADER_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#subkey(sealed[NONCE_AT - 1] ?? 0), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = decipher.update(sealed.subarray(HEADER_BYTES, sealed.length - TAG_BYTES));
    try {
      decipher.final();
    } catch (cause) {
      throw new MailError('content.unreadable', { cause });
    }
    return plain;
  }

  #subkey(number: number): KeyObject {
    const known = this.#subkeys[number];
    if (known !== undefined) return known;
    const bytes = createHmac('sha256', this.#key).update(`postern ${this.#use} subkey ${number}`).digest();
    const subkey = createSecretKey(bytes);
    bytes.fill(0);
    this.#subkeys[number] = subkey;
    return subkey;
  }
}
