// Hashes as text: what is written is read back; what could harm is not read.
import fc from 'fast-check';
import t from 'tap';
import { formatHash, parseHash } from '../../src/access/encoded-hash.ts';
import { fuzz } from '../support/fuzz.ts';

const SALT = 'c29tZXNhbHQ';
const DIGEST = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

await t.test('read and written', async (t) => {
  for (const text of [
    `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=262144,t=16,p=4$${SALT}$${DIGEST}`,
    `$scrypt$ln=14,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=17,r=8,p=16$${SALT}$${DIGEST}`,
  ]) {
    const hash = parseHash(text);
    t.ok(hash, text);
    if (hash !== null) t.equal(formatHash(hash), text);
  }
});

await t.test('not read', async (t) => {
  const table: readonly (readonly [why: string, text: string])[] = [
    ['empty', ''],
    ['a password', 'correct-horse-battery-staple'],
    ['argon2i', `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${DIGEST}`],
    ['argon2d', `$argon2d$v=19$m=19456,t=2,p=1$${SALT}$${DIGEST}`],
    ['old version', `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${DIGEST}`],
    ['no version', `$argon2id$m=19456,t=2,p=1$${SALT}$${DIGEST}`],
    ['memory beyond the bound', `$argon2id$v=19$m=262145,t=2,p=1$${SALT}$${DIGEST}`],
    ['memory below what the lanes need', `$argon2id$v=19$m=31,t=2,p=4$${SALT}$${DIGEST}`],
    ['too many passes', `$argon2id$v=19$m=19456,t=17,p=1$${SALT}$${DIGEST}`],
    ['no pass', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${DIGEST}`],
    ['no lane', `$argon2id$v=19$m=19456,t=2,p=0$${SALT}$${DIGEST}`],
    ['short digest', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$AAAA`],
    ['no salt', `$argon2id$v=19$m=19456,t=2,p=1$$${DIGEST}`],
    ['padding', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}=$${DIGEST}`],
    ['something after it', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${DIGEST}\n`],
    ['scrypt that needs 2 GiB', `$scrypt$ln=21,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt of no cost', `$scrypt$ln=9,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt with N written out', `$scrypt$ln=16384,r=8,p=1$${SALT}$${DIGEST}`],
    ['bcrypt', '$2b$12$KIXQQ1J5s5hM8p4bJr8a3uJQpZ0Xn1Xo5n5X0o0m7c3o5q1o9q9eK'],
    ['crypt SHA-512', '$6$rounds=5000$saltsalt$abcdefghijklmnop'],
  ];
  for (const [why, text] of table) t.equal(parseHash(text), null, why);
});

await t.test('any salt and digest', async (t) => {
  const octets = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
  fuzz(
    t,
    300,
    fc.property(octets(8, 64), octets(16, 64), fc.integer({ min: 8, max: 262_144 }), (salt, digest, memoryKib) => {
      const hash = { kind: 'argon2id', memoryKib, passes: 2, lanes: 1, salt, digest } as const;
      const back = parseHash(formatHash(hash));
      return back !== null && Buffer.compare(back.salt, salt) === 0 && Buffer.compare(back.digest, digest) === 0;
    }),
  );
});
