// Signing in: right, wrong, unknown, disabled; remembered and forgotten; throttled; many at once. Hashes are real, the clock is ours.
import t from 'tap';
import { passwords } from '../../src/access/password.ts';
import type { Passwords } from '../../src/access/password.ts';
import { signIn } from '../../src/access/sign-in.ts';
import type { SignIn } from '../../src/access/sign-in.ts';
import { loginThrottle } from '../../src/access/throttle.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import { CHEAP_HASH, PASSWORD, TestAccounts, testAccount } from '../support/submission-surface.ts';

interface Desk {
  readonly enter: SignIn;
  readonly accounts: TestAccounts;
  readonly hashes: Passwords;
  clock: number;
  /** Hashes made for verifying. */
  verified: number;
}

async function desk(bounds = { running: 2, waiting: 64 }): Promise<Desk> {
  const hashes = passwords(CHEAP_HASH, bounds);
  const accounts = new TestAccounts();
  accounts.put(testAccount('ehr', await hashes.hash(PASSWORD)));
  const state = { accounts, hashes, clock: 1_000, verified: 0 };
  const counting: Passwords = {
    hash: (password) => hashes.hash(password),
    verify: (password, encoded) => {
      state.verified++;
      return hashes.verify(password, encoded);
    },
  };
  const throttle = loginThrottle({ failuresAllowed: 3, windowMs: 60_000 });
  const enter = signIn({ accounts, passwords: counting, throttle, now: () => state.clock, rememberForMs: 300_000 });
  return Object.assign(state, { enter });
}

const OFFICE = '10.0.0.5';
const STRANGER = '203.0.113.9';

await t.test('right and wrong', async (t) => {
  const { enter, accounts, hashes } = await desk();
  accounts.put(testAccount('off', await hashes.hash(PASSWORD), { state: 'disabled' }));
  t.match(await enter({ name: 'ehr', password: PASSWORD, address: OFFICE }), {
    kind: 'accepted',
    account: { name: 'ehr' },
    verified: 'by-hash',
  });
  t.match(await enter({ name: 'EHR', password: PASSWORD, address: OFFICE }), { kind: 'accepted' }, 'case of the name does not matter');
  for (const [why, name, password] of [
    ['wrong password', 'ehr', 'wrong'],
    ['empty password', 'ehr', ''],
    ['unknown', 'nobody', PASSWORD],
    ['disabled', 'off', PASSWORD],
    ['not even a name', 'x\0y', PASSWORD],
    ['a password no person has', 'ehr', 'x'.repeat(1025)],
  ] as const) {
    t.same(await enter({ name, password, address: `192.0.2.${why.length}` }), { kind: 'refused', code: 'auth.failed' }, why);
  }
});

await t.test('remembered for a while', async (t) => {
  const state = await desk();
  const login = { name: 'ehr', password: PASSWORD, address: OFFICE };
  await state.enter(login);
  t.equal(state.verified, 1);
  state.clock += 299_999;
  t.match(await state.enter(login), { verified: 'remembered' });
  t.match(await state.enter({ ...login, address: STRANGER }), { verified: 'remembered' }, 'from another address too');
  t.equal(state.verified, 1);
  state.clock += 2;
  t.match(await state.enter(login), { verified: 'by-hash' }, 'counted from the hash, not from the last use');
  t.equal(state.verified, 2);
});

await t.test('forgotten at once', async (t) => {
  const state = await desk();
  const login = { name: 'ehr', password: PASSWORD, address: OFFICE };
  await state.enter(login);
  const account = await state.accounts.find('ehr');
  if (account === null) return t.fail('no account');
  state.accounts.put({ ...account, state: 'disabled' });
  t.same(await state.enter(login), { kind: 'refused', code: 'auth.failed' }, 'disabled');
  state.accounts.put({ ...account, passwordHash: await state.hashes.hash('another long password') });
  t.same(await state.enter(login), { kind: 'refused', code: 'auth.failed' }, 'password changed');
  state.accounts.put({ ...account, mayUse: ['x@hospital.example'] });
  t.match(
    await state.enter(login),
    { account: { mayUse: ['x@hospital.example'] }, verified: 'remembered' },
    'what it may do is read afresh',
  );
});

await t.test('an account disabled while its password is being hashed', async (t) => {
  const state = await desk();
  const account = await state.accounts.find('ehr');
  if (account === null) return t.fail('no account');
  const entering = state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE });
  await Promise.resolve();
  state.accounts.put({ ...account, state: 'disabled' });
  t.same(await entering, { kind: 'refused', code: 'auth.failed' });
});

await t.test('throttled: before any hash, known or not, and not for who knows the password', async (t) => {
  const state = await desk();
  await state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE });
  for (const name of ['ehr', 'nobody']) {
    for (let i = 0; i < 3; i++) t.match(await state.enter({ name, password: `guess ${i}`, address: STRANGER }), { code: 'auth.failed' });
    const before = state.verified;
    t.same(await state.enter({ name, password: 'guess', address: STRANGER }), { kind: 'refused', code: 'auth.throttled' }, name);
    t.equal(state.verified, before, 'no hash');
  }
  t.match(await state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE }), { kind: 'accepted' }, 'the EHR elsewhere');
  t.match(
    await state.enter({ name: 'ehr', password: PASSWORD, address: STRANGER }),
    { verified: 'remembered' },
    'the EHR behind the same address',
  );
  state.clock += 300_001;
  t.match(await state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE }), { verified: 'by-hash' });
});

await t.test('what is no name is one name for the throttle', async (t) => {
  const state = await desk();
  for (let i = 0; i < 3; i++) await state.enter({ name: `${'x'.repeat(200)}${i}`, password: 'p', address: STRANGER });
  t.match(await state.enter({ name: `${'x'.repeat(200)}9`, password: 'p', address: STRANGER }), { code: 'auth.throttled' });
});

await t.test('fifty connections at once with one login cost one hash', async (t) => {
  const state = await desk({ running: 1, waiting: 0 });
  const all = await Promise.all(Array.from({ length: 50 }, () => state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE })));
  t.ok(all.every(({ kind }) => kind === 'accepted'));
  t.equal(state.verified, 1);
});

await t.test('the same wrong guess fifty times at once is one failure', async (t) => {
  const state = await desk();
  await Promise.all(Array.from({ length: 50 }, () => state.enter({ name: 'ehr', password: 'wrong', address: OFFICE })));
  t.equal(state.verified, 1);
  t.match(await state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE }), { kind: 'accepted' });
});

await t.test('busy is not a failure', async (t) => {
  const state = await desk({ running: 1, waiting: 0 });
  state.accounts.put(testAccount('lab', await state.hashes.hash(PASSWORD)));
  const [first, second] = await Promise.all([
    state.enter({ name: 'ehr', password: PASSWORD, address: OFFICE }),
    state.enter({ name: 'lab', password: PASSWORD, address: OFFICE }),
  ]);
  t.match([first, second], [{ kind: 'accepted' }, { kind: 'refused', code: 'auth.busy' }]);
  for (let i = 0; i < 10; i++) {
    const results = await Promise.all([
      state.enter({ name: 'ehr', password: `a${i}`, address: STRANGER }),
      state.enter({ name: 'lab', password: PASSWORD, address: `192.0.2.${i}` }),
    ]);
    t.match(results[1], { code: 'auth.busy' });
    state.clock += 400_000;
  }
  t.match(await state.enter({ name: 'lab', password: PASSWORD, address: OFFICE }), { kind: 'accepted' });
});

await t.test('a store that does not answer', async (t) => {
  const throttle = loginThrottle({ failuresAllowed: 3, windowMs: 60_000 });
  const rest = { passwords: passwords(CHEAP_HASH), throttle, now: () => 0, rememberForMs: 1_000 };
  const failing = (error: Error): SignIn => signIn({ ...rest, accounts: { find: () => Promise.reject(error) } });
  t.same(await failing(new MailError('store.unavailable'))({ name: 'ehr', password: 'x', address: OFFICE }), {
    kind: 'refused',
    code: 'store.unavailable',
  });
  await t.rejects(failing(new Error('a fault of ours'))({ name: 'ehr', password: 'x', address: OFFICE }), 'faults are not hidden');
});
