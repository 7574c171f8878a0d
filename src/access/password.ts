// Passwords of submission accounts: argon2id (RFC 9106) for new ones, scrypt (RFC 7914) too for those brought along.
// Guarantees: compared in constant time; an account that does not exist costs what one that does; hashing is bounded (hash-pool.ts).
import { argon2, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { formatHash, parseHash } from './encoded-hash.ts';
import type { Argon2idHash, EncodedHash } from './encoded-hash.ts';
import { hashPool } from './hash-pool.ts';

export interface Passwords {
  /** Encoded hash of a new password. @throws MailError auth.busy */
  hash(password: string): Promise<string>;
  /** `encoded` null: no such account; takes as long and never matches. @throws MailError auth.busy */
  verify(password: string, encoded: string | null): Promise<'match' | 'mismatch'>;
}

export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's first choice for argon2id. */
export const HASH_COST: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 };
const HASH_BOUNDS = { running: 2, waiting: 64 } as const;

const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
/** Easy to read aloud and to type: no i, l, o, 0, 1. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

const runArgon2 = promisify(argon2);
const runScrypt = promisify<Uint8Array, Uint8Array, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

export function passwords(
  cost: HashCost = HASH_COST,
  bounds: { readonly running: number; readonly waiting: number } = HASH_BOUNDS,
): Passwords {
  const pool = hashPool(bounds);
  const none: Argon2idHash = { kind: 'argon2id', ...cost, salt: randomBytes(SALT_BYTES), digest: randomBytes(DIGEST_BYTES) };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const blank: Argon2idHash = { kind: 'argon2id', ...cost, salt, digest: new Uint8Array(DIGEST_BYTES) };
      const digest = await pool.run(() => digestOf(password, blank));
      return formatHash({ ...blank, digest });
    },
    async verify(password, encoded) {
      const known = encoded === null ? null : parseHash(encoded);
      const hash = known ?? none;
      const digest = await pool.run(() => digestOf(password, hash));
      const same = timingSafeEqual(digest, hash.digest);
      return same && known !== null ? 'match' : 'mismatch';
    },
  };
}

/** A password for a person to copy or a system to keep: 25 characters, 123 bits, in groups. */
export function generatePassword(): string {
  const letters = Array.from({ length: 25 }, () => ALPHABET.charAt(randomInt(ALPHABET.length)));
  return [0, 5, 10, 15, 20].map((at) => letters.slice(at, at + 5).join('')).join('-');
}

/** One spelling of what was typed (RFC 8265 4.2.2): mail programs differ in how they compose accents. */
function octetsOf(password: string): Uint8Array {
  return Buffer.from(password.normalize('NFC'), 'utf8');
}

async function digestOf(password: string, hash: EncodedHash): Promise<Uint8Array> {
  const message = octetsOf(password);
  if (hash.kind === 'argon2id') {
    const { memoryKib: memory, passes, lanes: parallelism, salt: nonce } = hash;
    return runArgon2('argon2id', { message, nonce, parallelism, tagLength: hash.digest.length, memory, passes });
  }
  const N = 2 ** hash.logN;
  const maxmem = 128 * N * hash.blockSize + 128 * hash.blockSize * hash.lanes + 1_048_576;
  return runScrypt(message, hash.salt, hash.digest.length, { N, r: hash.blockSize, p: hash.lanes, maxmem });
}
