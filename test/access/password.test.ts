// Passwords: known answers, what matches and what does not, generated ones, and the same work for accounts that do not exist.
import t from 'tap';
import { generatePassword, HASH_COST, passwords } from '../../src/access/password.ts';
import { passwordProblem } from '../../src/access/account-rules.ts';

const cheap = passwords({ memoryKib: 64, passes: 1, lanes: 1 });

await t.test('known answers', async (t) => {
  const table: readonly (readonly [source: string, password: string, encoded: string])[] = [
    [
      'reference implementation of argon2, 64 MiB',
      'password',
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    ],
    [
      'reference implementation of argon2, 256 KiB',
      'password',
      '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    ],
    [
      'RFC 7914 section 12',
      'pleaseletmein',
      `$scrypt$ln=14,r=8,p=1$${Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '')}$${Buffer.from(
        '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
        'hex',
      )
        .toString('base64')
        .replace(/=+$/, '')}`,
    ],
  ];
  for (const [source, password, encoded] of table) {
    t.equal(await cheap.verify(password, encoded), 'match', source);
    t.equal(await cheap.verify(`${password} `, encoded), 'mismatch', `${source}: another password`);
  }
});

await t.test('hashed and verified', async (t) => {
  for (const password of ['x', 'correct horse battery staple', 'Zoë Müller ☂ 20 μg', 'a'.repeat(1000), ' leading and trailing ']) {
    const encoded = await cheap.hash(password);
    t.match(encoded, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    t.equal(await cheap.verify(password, encoded), 'match');
    t.equal(await cheap.verify(`${password}.`, encoded), 'mismatch');
    t.not(await cheap.hash(password), encoded, 'a salt of its own');
  }
});

await t.test('one spelling of accents, whichever program composed them', async (t) => {
  const encoded = await cheap.hash('Zo\u00eb-is-here-today');
  t.equal(await cheap.verify('Zoe\u0308-is-here-today', encoded), 'match');
});

await t.test('the usual cost is what OWASP asks for', async (t) => {
  t.same(HASH_COST, { memoryKib: 19_456, passes: 2, lanes: 1 });
  t.match(await passwords().hash('x'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

await t.test('no account, or a hash that is none: never a match, and the same work', async (t) => {
  const usual = passwords();
  const encoded = await usual.hash('something long enough');
  const took = async (hash: string | null): Promise<number> => {
    const times = [];
    for (let i = 0; i < 3; i++) {
      const startedAt = performance.now();
      t.equal(await usual.verify('something else', hash), 'mismatch');
      times.push(performance.now() - startedAt);
    }
    return Math.min(...times);
  };
  const [known, unknown, broken] = [await took(encoded), await took(null), await took('not a hash')];
  t.ok(unknown > known / 3 && unknown < known * 3, `unknown ${unknown.toFixed(1)} ms, known ${known.toFixed(1)} ms`);
  t.ok(broken > known / 3, `broken ${broken.toFixed(1)} ms`);
});

await t.test('bounded', async (t) => {
  const bounded = passwords({ memoryKib: 64, passes: 1, lanes: 1 }, { running: 1, waiting: 2 });
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => bounded.verify('x', null)));
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 3);
  for (const result of results) if (result.status === 'rejected') t.match(result.reason, { code: 'auth.busy' });
});

await t.test('generated', async (t) => {
  const made = new Set(Array.from({ length: 500 }, generatePassword));
  t.equal(made.size, 500);
  for (const password of made) {
    t.match(password, /^[a-hjkmnp-z2-9]{5}(?:-[a-hjkmnp-z2-9]{5}){4}$/);
    t.equal(passwordProblem(password, 'ehr'), null, 'good enough for our own rules');
  }
  t.equal(new Set([...made].join('').replaceAll('-', '')).size, 31, 'every letter of the alphabet comes up');
});
