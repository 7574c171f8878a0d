// Codes of an app, against the values of RFC 6238 appendix B and a clock that is off.
import { generateSync } from 'otplib';
import t from 'tap';
import { newTotp, totpStep } from '../../src/access/totp.ts';

/** "12345678901234567890" in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

t.test('RFC 6238 appendix B, to six digits', async (t) => {
  const cases: readonly (readonly [seconds: number, code: string])[] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ];
  for (const [seconds, code] of cases) t.equal(totpStep(SECRET, code, seconds * 1000), Math.floor(seconds / 30), code);
});

t.test('a step before and a step after, no more; the step is that of the code', async (t) => {
  const at = 1_800_000_015;
  const step = at / 30;
  for (const [off, taken] of [
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ] as const) {
    const token = generateSync({ secret: SECRET, epoch: at + off * 30 });
    for (const within of [-15, 0, 14])
      t.equal(totpStep(SECRET, token, (at + within) * 1000), taken ? Math.floor(step) + off : null, `${off} steps, ${within} s`);
  }
});

t.test('as people type it', async (t) => {
  for (const [typed, taken] of [
    ['287 082', true],
    ['287-082', true],
    ['２８７０８２', true],
    ['28708', false],
    ['2870822', false],
    ['', false],
    ['abcdef', false],
  ] as const)
    t.equal(totpStep(SECRET, typed, 59_000) === 1, taken, JSON.stringify(typed));
});

t.test('a new one: 160 bits, its own, in a URI that apps take', async (t) => {
  const [one, two] = [newTotp('Riverside Clinic', 'Pat: Doe'), newTotp('Riverside Clinic', 'Pat')];
  t.match(one.secret, /^[A-Z2-7]{32}$/);
  t.not(one.secret, two.secret);
  const uri = new URL(one.uri);
  t.equal(uri.protocol, 'otpauth:');
  t.equal(uri.searchParams.get('secret'), one.secret);
  t.equal(uri.searchParams.get('issuer'), 'Riverside Clinic');
  t.not(totpStep(one.secret, generateSync({ secret: one.secret, epoch: 90 }), 90_000), null);
});
