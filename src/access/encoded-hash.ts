// Password hashes as text (PHC string format): algorithm, parameters, salt and digest in one string.
// Guarantee: parameters of a hash that was read back stay within bounds, so that a bad one cannot eat the machine. Pure.

export interface Argon2idHash {
  readonly kind: 'argon2id';
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
}

export interface ScryptHash {
  readonly kind: 'scrypt';
  /** Base-2 logarithm of N. */
  readonly logN: number;
  readonly blockSize: number;
  readonly lanes: number;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
}

export type EncodedHash = Argon2idHash | ScryptHash;

const ARGON2ID = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const SCRYPT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const MAX_MEMORY_KIB = 262_144;

/** Null where the text is no hash that this program would check. */
export function parseHash(encoded: string): EncodedHash | null {
  return parseArgon2id(encoded) ?? parseScrypt(encoded);
}

export function formatHash(hash: EncodedHash): string {
  const parameters =
    hash.kind === 'argon2id'
      ? `$argon2id$v=19$m=${hash.memoryKib},t=${hash.passes},p=${hash.lanes}`
      : `$scrypt$ln=${hash.logN},r=${hash.blockSize},p=${hash.lanes}`;
  return `${parameters}$${base64(hash.salt)}$${base64(hash.digest)}`;
}

function parseArgon2id(encoded: string): Argon2idHash | null {
  const [, memory, passes, lanes, salt, digest] = ARGON2ID.exec(encoded) ?? [];
  if (salt === undefined || digest === undefined) return null;
  const hash = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const fits =
    hash.lanes >= 1 && hash.memoryKib >= 8 * hash.lanes && hash.memoryKib <= MAX_MEMORY_KIB && hash.passes >= 1 && hash.passes <= 16;
  return fits ? { kind: 'argon2id', ...hash, salt: octets(salt), digest: octets(digest) } : null;
}

function parseScrypt(encoded: string): ScryptHash | null {
  const [, logN, blockSize, lanes, salt, digest] = SCRYPT.exec(encoded) ?? [];
  if (salt === undefined || digest === undefined) return null;
  const hash = { logN: Number(logN), blockSize: Number(blockSize), lanes: Number(lanes) };
  // 128 * N * r octets; lanes run one after the other.
  const memoryKib = (128 * 2 ** hash.logN * hash.blockSize) / 1024;
  const fits = hash.logN >= 10 && hash.blockSize >= 1 && hash.lanes >= 1 && hash.lanes <= 16 && memoryKib <= MAX_MEMORY_KIB;
  return fits ? { kind: 'scrypt', ...hash, salt: octets(salt), digest: octets(digest) } : null;
}

function octets(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
