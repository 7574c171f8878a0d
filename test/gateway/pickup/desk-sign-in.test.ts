// Signing in at the desk, attacked: guessing, replaying, planting sessions, locking others out, and what is said to whoever asks too much.
import { generateSync } from 'otplib';
import t from 'tap';
import { type Passwords, passwords } from '../../../src/access/password.ts';
import { CLIENT, type DeskGround, deskGround, PAT, STRANGER, tokenOf } from '../../support/desk-ground.ts';
import { HOUR, MINUTE } from '../../support/store-units.ts';

const PASSWORD = 'quiet boats drift by';

/** Pat, with a password and an app. */
async function enrolled(ground: DeskGround, link: string): Promise<{ readonly secret: string }> {
  const { desk, clock } = ground;
  const session = await ground.signIn(link);
  const secret = (await desk.newTotp(session))?.secret ?? '';
  const code = generateSync({ secret, epoch: clock.now() / 1000 });
  if ((await desk.enrolTotp({ session, code }, CLIENT)).kind !== 'enrolled') throw new Error('no app');
  if ((await desk.enrolPassword({ session, password: PASSWORD }, CLIENT)).kind !== 'enrolled') throw new Error('no password');
  await desk.leave(session);
  clock.at += HOUR;
  return { secret };
}

await t.test('a code is good once, for its link, for ten minutes, and only the newest', async (t) => {
  const { desk, wait, lastCode, clock, records } = await deskGround(t);
  const [one, two] = [await wait(), await wait()];
  const enter = (link: string, code: string) => desk.enterCode({ link, code, session: null }, CLIENT);
  t.equal(await desk.sendCode(one.link, 'mail', CLIENT), 'sent');
  const first = lastCode();
  t.equal(await desk.sendCode(one.link, 'mail', CLIENT), 'wait');
  clock.at += MINUTE;
  t.equal(await desk.sendCode(one.link, 'mail', CLIENT), 'sent');
  const second = lastCode();
  t.same(await enter(one.link, first), { kind: 'wrong' }, 'replaced');
  t.same(await enter(two.link, second), { kind: 'wrong' }, 'of another link');
  const all = await Promise.all([enter(one.link, second), enter(one.link, second), enter(one.link, second)]);
  t.same(all.map(({ kind }) => kind).toSorted(), ['signed-in', 'wrong', 'wrong'], 'three at once: one');
  t.same(await enter(one.link, second), { kind: 'wrong' }, 'replayed');
  clock.at += HOUR;
  t.equal(await desk.sendCode(one.link, 'mail', CLIENT), 'sent');
  clock.at += 10 * MINUTE;
  t.same(await enter(one.link, lastCode()), { kind: 'wrong' }, 'late');
  t.equal(records('pickup.sign-in-failed').length, 6);
  t.equal(records('pickup.signed-in').length, 1);
  t.notMatch(JSON.stringify(records('pickup.code-sent')), new RegExp(first), 'no code in the evidence');
});

await t.test('guessing is bounded, and the stranger who guesses keeps nobody out', async (t) => {
  const { desk, wait, lastCode, clock } = await deskGround(t);
  const { link } = await wait();
  const waits = async (): Promise<boolean> => (await desk.enterCode({ link, code: '0000-0000', session: null }, STRANGER)).kind === 'wait';
  let tries = 0;
  for (const end = clock.at + 24 * HOUR; clock.at < end; clock.at += MINUTE) if (!(await waits())) tries++;
  t.ok(tries > 0 && tries < 60, `${tries} tries in a day`);
  t.match(await desk.enterCode({ link, code: '0000-0000', session: null }, STRANGER), { kind: 'wait', forMs: Number });
  t.match(
    await desk.enterPassword({ link, password: 'x', totp: null, session: null }, STRANGER),
    { kind: 'wait' },
    'another way is no way around',
  );
  t.equal(await desk.sendCode(link, 'mail', CLIENT), 'sent');
  t.match(await desk.enterCode({ link, code: lastCode(), session: null }, CLIENT), { kind: 'signed-in' });
});

await t.test('a code that many networks guessed at is worth nothing to them, and still opens to whoever asked for it', async (t) => {
  const { desk, wait, lastCode } = await deskGround(t);
  const { link } = await wait();
  await desk.sendCode(link, 'mail', CLIENT);
  for (let i = 0; i < 100; i++)
    await desk.enterCode({ link, code: '0000-0000', session: null }, { address: `203.0.113.${i}`, userAgent: 'x' });
  t.same(await desk.enterCode({ link, code: lastCode(), session: null }, STRANGER), { kind: 'wrong' });
  t.match(await desk.enterCode({ link, code: lastCode(), session: null }, CLIENT), { kind: 'signed-in' });
});

await t.test('the same said, whoever there is', async (t) => {
  const ground = await deskGround(t);
  const { desk, wait } = ground;
  const [known, nobody] = [await wait(), await wait({ recipient: 'ann@home.example' })];
  await enrolled(ground, known.link);
  for (const { link } of [known, nobody]) {
    t.same(await desk.enterPassword({ link, password: 'wrong horse staple', totp: null, session: null }, STRANGER), { kind: 'wrong' });
    t.same(await desk.enterPassword({ link, password: 'x'.repeat(4_000), totp: null, session: null }, STRANGER), { kind: 'wrong' });
    t.same(await desk.enterCode({ link, code: 'abc', session: null }, STRANGER), { kind: 'wrong' });
    const { challengeId, options } = await desk.passkeyOptions('default', STRANGER);
    t.same(Object.keys(options).toSorted(), Object.keys((await desk.passkeyOptions('default', STRANGER)).options).toSorted());
    t.same(await desk.enterPasskey({ challengeId, response: { id: 'x' }, session: null }, STRANGER), { kind: 'wrong' });
  }
  const faces = [await desk.look(known.link, STRANGER), await desk.look(nobody.link, STRANGER)].map((face) => ({
    ...face,
    deliveryId: '',
  }));
  t.same(faces[0], faces[1], 'a face says nothing of who is enrolled');
});

await t.test('each try costs as many hashes, whoever shares the address', async (t) => {
  const real = passwords({ memoryKib: 64, passes: 1, lanes: 1 });
  const hashed: (string | null)[] = [];
  const counting: Passwords = {
    ...real,
    verify: (password, encoded) => {
      hashed.push(encoded);
      return real.verify(password, encoded);
    },
  };
  const { desk, wait, store, clock } = await deskGround(t, { passwords: counting });
  const pickup = await wait();
  const address = (await store.pickups.find(pickup.deliveryId))?.address ?? new Uint8Array();
  const about = { address, language: null, at: clock.at, evidence: [] };
  const join = async (name: string, password: string | null): Promise<void> => {
    const { id: personId } = await store.people.add({ ...about, name });
    const secret = password === null ? null : ({ kind: 'password', hash: await real.hash(password) } as const);
    if (secret !== null) await store.people.enrol({ personId, assurance: 'address', secret, name: null, at: clock.at, evidence: [] });
  };
  const costs = async (password: string): Promise<readonly [kind: string, hashes: number]> => {
    hashed.length = 0;
    clock.at += HOUR;
    const { kind } = await desk.enterPassword({ link: pickup.link, password, totp: null, session: null }, CLIENT);
    return [kind, hashed.length];
  };
  t.same(await costs('wrong horse staple'), ['wrong', 10], 'nobody');
  await join('Sam', null);
  t.same(await costs('wrong horse staple'), ['wrong', 10], 'one without a password');
  for (let i = 1; i <= 3; i++) await join(`Reader ${i}`, `a password of number ${i}`);
  t.same(await costs('wrong horse staple'), ['wrong', 10], 'three with one');
  t.same(await costs('x'.repeat(4_000)), ['wrong', 10], 'what is nobody’s by its length');
  for (const i of [1, 3]) t.same(await costs(`a password of number ${i}`), ['signed-in', 10], `right, number ${i}`);
  t.equal(hashed.filter((encoded) => encoded !== null).length, 3, 'the others are of nobody');
});

await t.test('password and app: both, each step of the app once', async (t) => {
  const ground = await deskGround(t);
  const { desk, wait, clock, records } = ground;
  const { link } = await wait();
  const { secret } = await enrolled(ground, link);
  const enter = (totp: string | null, password = PASSWORD) => desk.enterPassword({ link, password, totp, session: null }, CLIENT);
  const code = (): string => generateSync({ secret, epoch: clock.now() / 1000 });
  t.same(await enter(null), { kind: 'totp' });
  t.same(await enter(code(), 'another password!'), { kind: 'wrong' });
  const right = code();
  t.match(await enter(right), { kind: 'signed-in' });
  t.same(await enter(right), { kind: 'wrong' }, 'the step again');
  clock.at += 30_000;
  t.match(await enter(code()), { kind: 'signed-in' });
  t.same(await enter('000000'), { kind: 'wrong' });
  t.match(
    records('pickup.signed-in').slice(1),
    [1, 2].map(() => ({ codes: { by: 'password-and-totp', assurance: 'address' } })),
  );
});

await t.test('fixation: a planted session is over at the sign-in, and takes nothing over', async (t) => {
  const { desk, wait, signIn, sessions } = await deskGround(t);
  const [mine, theirs] = [await wait(), await wait({ recipient: 'mallory@home.example' })];
  const planted = await signIn(theirs.link, null, STRANGER);
  const session = await signIn(mine.link, planted);
  t.not(session, planted);
  t.equal(await desk.session(planted, 'none'), null);
  t.equal((await desk.session(session, 'none'))?.messages.length, 1, 'of the own address only');
  for (const token of ['', 'A'.repeat(43), session.toLowerCase(), `${session}=`]) t.equal(await desk.session(token, 'person'), null);
  await desk.leave(session);
  t.equal(await desk.session(session, 'none'), null);
  t.same(await desk.open({ session, deliveryId: mine.deliveryId }, CLIENT), { kind: 'signed-out' });
  t.equal(sessions.size, 0);
});

await t.test('a lost factor: sessions and factors are over, also for a sign-in that was under way', async (t) => {
  const ground = await deskGround(t);
  const { desk, wait, signIn, clinicCode, store, sessions, clock } = ground;
  const { link, deliveryId } = await wait();
  await enrolled(ground, link);
  const other = tokenOf(await desk.choosePerson({ session: await signIn(link), person: { name: 'Sam' } }, CLIENT));
  const [pat] = (await desk.session(other, 'none'))?.people ?? [];
  const pickup = await store.pickups.find(deliveryId);
  const address = pickup?.address ?? new Uint8Array(0);
  const code = await clinicCode(PAT, deliveryId);
  // The help desk ends all of it while the code is being looked up.
  const entering = desk.enterCode({ link, code, session: null }, CLIENT);
  await store.people.endFactors({ personId: pat?.id ?? 0, factorId: null, at: clock.now(), evidence: [] });
  sessions.endAddress(address);
  const entered = await entering;
  t.equal(entered.kind, 'wrong', 'what began before does not slip in');
  t.equal(await desk.session(other, 'none'), null);
  t.same(await desk.enterPassword({ link, password: PASSWORD, totp: null, session: null }, CLIENT), { kind: 'wrong' });
  const again = await clinicCode(PAT, deliveryId);
  const session = tokenOf(await desk.enterCode({ link, code: again, session: null }, CLIENT));
  t.match(await desk.session(session, 'none'), { assurance: 'clinic', person: null }, 'who of the two it is, they say');
  const chosen = tokenOf(await desk.choosePerson({ session, person: pat?.id ?? 0 }, CLIENT));
  t.match(await desk.session(chosen, 'none'), { assurance: 'clinic', person: { id: pat?.id, factors: [] } });
});

await t.test('sessions idle out and end, whatever the portal says', async (t) => {
  const { desk, wait, signIn, clock } = await deskGround(t);
  const { link, deliveryId } = await wait();
  const session = await signIn(link);
  clock.at += 15 * MINUTE;
  t.equal(await desk.session(session, 'person'), null);
  t.same(await desk.open({ session, deliveryId }, CLIENT), { kind: 'signed-out' });
});
