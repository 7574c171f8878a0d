// Logging in over real connections: throttling by account and address, remembered logins, sessions of an account and their end.
import t from 'tap';
import type { Accept } from '../../src/gateway/intake.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { PASSWORD, startSurface, testAccount } from '../support/submission-surface.ts';
import type { TestSurface } from '../support/submission-surface.ts';

/** A client at an address of its own (Linux answers on all of 127/8). */
async function clientAt(surface: TestSurface, localAddress: string): Promise<Dialogue> {
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls, localAddress });
  await dialogue.reply();
  await dialogue.startTls();
  return dialogue;
}

async function loginFrom(surface: TestSurface, localAddress: string, name: string, password: string): Promise<string> {
  const dialogue = await clientAt(surface, localAddress);
  const reply = await dialogue.login(name, password);
  dialogue.destroy();
  return reply;
}

const STRANGER = '127.0.0.66';
const OFFICE = '127.0.0.5';

await t.test('a stranger who hammers an account does not lock out the EHR', async (t) => {
  const surface = await startSurface(t, { failuresAllowed: 3 });
  const replies: string[] = [];
  for (let i = 0; i < 6; i++) replies.push(await loginFrom(surface, STRANGER, 'ehr', `guess number ${i}`));
  t.same(
    replies.map((reply) => reply.slice(0, 9)),
    ['535 5.7.8', '535 5.7.8', '535 5.7.8', '454 4.7.0', '454 4.7.0', '454 4.7.0'],
  );
  t.match(await loginFrom(surface, STRANGER, 'ehr', PASSWORD), /^454 /, 'from there not even the right one');
  t.match(await loginFrom(surface, OFFICE, 'ehr', PASSWORD), /^235 /, 'the EHR is let in from its own address');
  t.match(await loginFrom(surface, STRANGER, 'lab', 'x'), /^535 /, 'another name is not throttled yet');
  t.same(
    surface.seen.named('loginFailed').map(({ address, account, code }) => [address, account, code]),
    [
      ...Array<unknown>(3).fill([STRANGER, 'ehr', 'auth.failed']),
      ...Array<unknown>(4).fill([STRANGER, 'ehr', 'auth.throttled']),
      [STRANGER, 'lab', 'auth.failed'],
    ],
  );
});

await t.test('the same answer whether the account exists, is disabled or does not', async (t) => {
  const surface = await startSurface(t);
  const ehr = await surface.accounts.find('ehr');
  surface.accounts.put(testAccount('off', ehr?.passwordHash ?? '', { state: 'disabled' }));
  const replies = new Set<string>();
  for (const [name, password] of [
    ['ehr', 'wrong'],
    ['off', PASSWORD],
    ['nobody', PASSWORD],
    ['x'.repeat(500), PASSWORD],
    ['', PASSWORD],
    ['no such@name!', ''],
  ] as const) {
    replies.add(await loginFrom(surface, OFFICE, name, password));
  }
  t.same([...replies], ['535 5.7.8 User name or password is not right']);
  t.ok(surface.seen.named('loginFailed').every(({ account }) => String(account).length <= 128));
});

await t.test('a connection for every message costs one hash', async (t) => {
  const surface = await startSurface(t);
  for (let i = 0; i < 10; i++) t.match(await loginFrom(surface, OFFICE, 'ehr', PASSWORD), /^235 /);
  t.same(
    surface.seen.named('loginOk').map(({ verified }) => verified),
    ['by-hash', ...Array<string>(9).fill('remembered')],
  );
});

await t.test('guessing on one connection ends it', async (t) => {
  const surface = await startSurface(t, { failuresAllowed: 100, limits: { errorsPerSession: 4 } });
  const dialogue = await clientAt(surface, STRANGER);
  for (let i = 0; i < 3; i++) t.match(await dialogue.login('ehr', `guess ${i}`), /^535 /);
  t.match(await dialogue.login('ehr', 'guess 4'), /^535 /);
  t.match(await dialogue.reply(), /^421 4\.7\.0 Too many errors/);
  t.equal(await dialogue.closed(), '');
  t.match(await surface.seen.nth('ended', 0), { end: 'session.too-many-errors', errors: 5 });
});

await t.test('sessions of one account', async (t) => {
  const surface = await startSurface(t, { limits: { connectionsPerAccount: 2 } });
  const open = [await clientAt(surface, OFFICE), await clientAt(surface, '127.0.0.6')];
  for (const dialogue of open) t.match(await dialogue.login('ehr', PASSWORD), /^235 /);
  const third = await clientAt(surface, OFFICE);
  t.match(await third.login('ehr', PASSWORD), /^421 4\.7\.0 Too many connections/);
  await third.closed();
  await open[0]?.say('QUIT');
  await open[0]?.closed();
  await surface.seen.nth('ended', 1);
  t.match(await loginFrom(surface, OFFICE, 'ehr', PASSWORD), /^235 /, 'a place is free again');
});

await t.test('disabling an account ends its sessions at once', async (t) => {
  const surface = await startSurface(t);
  const ehr = await surface.accounts.find('ehr');
  if (ehr === null) return t.fail('no account');
  surface.accounts.put(testAccount('lab', ehr.passwordHash));
  const idle = await clientAt(surface, OFFICE);
  await idle.login('ehr', PASSWORD);
  const sending = await clientAt(surface, OFFICE);
  await sending.login('ehr', PASSWORD);
  for (const line of ['MAIL FROM:<a@hospital.example>', 'RCPT TO:<b@x.example>', 'DATA']) await sending.say(line);
  sending.write('Subject: half of it\r\n');
  const other = await clientAt(surface, OFFICE);
  await other.login('lab', PASSWORD);
  surface.accounts.put({ ...ehr, state: 'disabled' });
  t.equal(surface.sessions.end('ehr'), 2);
  for (const dialogue of [idle, sending]) {
    t.equal(await dialogue.reply(), '421 4.7.0 This login has ended');
    t.equal(await dialogue.closed(), '');
  }
  t.match(await surface.accept.nth(0), { end: 'aborted' }, 'what was under way is not kept');
  t.match(await other.say('NOOP'), /^250/, 'other accounts are not touched');
  t.match(await loginFrom(surface, OFFICE, 'ehr', PASSWORD), /^535 /, 'and it cannot come back, remembered or not');
  t.same(
    surface.seen
      .named('ended')
      .slice(0, 2)
      .map(({ end }) => end),
    ['session.login-ended', 'session.login-ended'],
  );
});

await t.test('disabled while the reply to the dot is being made: the client hears it first', async (t) => {
  const surface = await startSurface(t);
  const { promise: mayEnd, resolve: letEnd } = Promise.withResolvers<undefined>();
  const { promise: atDot, resolve: dotSeen } = Promise.withResolvers<undefined>();
  const slow: Accept['open'] = async (submission) => {
    const usual = await surface.accept.open(submission);
    return {
      ...usual,
      end: async () => {
        dotSeen(undefined);
        await mayEnd;
        return usual.end();
      },
    };
  };
  const behind = await startSurface(t);
  behind.accept.behaviour = (submission) => slow(submission);
  const dialogue = await clientAt(behind, OFFICE);
  await dialogue.login('ehr', PASSWORD);
  const reply = dialogue.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n');
  await atDot;
  behind.sessions.end('ehr');
  letEnd(undefined);
  t.match(await reply, /^250 /);
  t.match(await dialogue.reply(), /^421 4\.7\.0 This login has ended/);
});

await t.test('a login that nobody answers, a store that fails', async (t) => {
  const surface = await startSurface(t);
  surface.accounts.find = () => Promise.reject(new Error('SQLITE_IOERR: secret path'));
  const reply = await loginFrom(surface, OFFICE, 'ehr', PASSWORD);
  t.equal(reply, '451 4.3.0 Something went wrong here, try again');
  t.match(surface.seen.named('bug'), [{ where: 'smtp.login' }]);
});

await t.test('an account that is disabled while its login is being checked', async (t) => {
  const surface = await startSurface(t);
  const ehr = await surface.accounts.find('ehr');
  if (ehr === null) return t.fail('no account');
  t.match(await loginFrom(surface, OFFICE, 'ehr', PASSWORD), /^235 /, 'so that it is remembered');
  surface.accounts.find = async () => {
    // The account was read; now it is disabled, and its sessions are ended, before the answer is used.
    surface.sessions.end('ehr');
    return ehr;
  };
  t.match(await loginFrom(surface, OFFICE, 'ehr', PASSWORD), /^421 4\.7\.0 This login has ended/);
});
