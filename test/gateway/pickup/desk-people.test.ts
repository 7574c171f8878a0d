// Several people at one address, and what they sign in by later: each is who they proved to be, and worth what they proved it with.
import t from 'tap';
import { asserted, created, softCredential } from '../../support/authenticator.ts';
import { CLIENT, deskGround, PAT, tokenOf } from '../../support/desk-ground.ts';
import { HOUR, MINUTE } from '../../support/store-units.ts';

const PASSWORD = 'quiet boats drift by';
const RP = { origin: 'https://portal.clinic.test', rpId: 'portal.clinic.test' };

await t.test('the second person of a shared mailbox', async (t) => {
  const { desk, wait, signIn, clock, records } = await deskGround(t);
  const { link, deliveryId } = await wait();
  const first = await signIn(link);
  t.equal(await desk.changePerson({ session: first, name: ' Pat\u202e  Doe\n', language: 'es' }, CLIENT), 'done');
  t.match(records('person.changed'), [{ codes: { name: 'given', language: 'es' } }], 'that a name was given, not which');
  t.match(await desk.session(first, 'none'), { person: { name: 'Pat Doe', language: 'es' } }, 'as it can be shown');
  clock.at += HOUR;
  const second = await signIn(link);
  const pat = (await desk.session(second, 'none'))?.person?.id ?? 0;
  t.match(await desk.session(second, 'none'), { person: { name: 'Pat Doe' } }, 'the only one, with nothing better to show');
  const sam = tokenOf(await desk.choosePerson({ session: second, person: { name: 'Sam Roe' } }, CLIENT));
  t.equal(await desk.session(second, 'none'), null);
  t.match(await desk.session(sam, 'none'), { person: { name: 'Sam Roe' }, people: [{ id: pat }, { name: 'Sam Roe' }] });
  await desk.open({ session: sam, deliveryId }, CLIENT);
  clock.at += HOUR;
  const third = await signIn(link);
  t.match(await desk.session(third, 'none'), { person: null }, 'of two it must be said');
  t.same(await desk.open({ session: third, deliveryId }, CLIENT), { kind: 'step-up' });
  t.equal(await desk.changePerson({ session: third, name: 'X', language: null }, CLIENT), 'signed-out');
  const chosen = tokenOf(await desk.choosePerson({ session: third, person: pat }, CLIENT));
  await desk.open({ session: chosen, deliveryId }, CLIENT);
  t.same(
    records('pickup.opened').map(({ codes }) => codes['person']),
    [pat + 1, pat],
  );
  for (const person of [999, { name: '' }, { name: '\u200b \u202e' }])
    t.match(await desk.choosePerson({ session: chosen, person }, CLIENT), { kind: 'wrong' }, JSON.stringify(person));
  t.match(await desk.choosePerson({ session: 'A'.repeat(43), person: pat }, CLIENT), { kind: 'gone' });
});

await t.test("a code to the address does not take over somebody's name", async (t) => {
  const { desk, wait, signIn, clock, records } = await deskGround(t);
  const { link } = await wait();
  const first = await signIn(link);
  t.same(await desk.enrolPassword({ session: first, password: PASSWORD }, CLIENT), { kind: 'enrolled' });
  const pat = (await desk.session(first, 'none'))?.person?.id ?? 0;
  clock.at += HOUR;
  const second = await signIn(link);
  t.match(await desk.session(second, 'none'), { person: null });
  t.same(await desk.choosePerson({ session: second, person: pat }, CLIENT), { kind: 'wrong' });
  t.match(records('pickup.sign-in-failed'), [{ codes: { by: 'choice', person: pat } }]);
  const own = await desk.enterPassword({ link, password: PASSWORD, totp: null, session: second }, CLIENT);
  t.match(await desk.session(tokenOf(own), 'none'), { person: { id: pat } });
});

await t.test('a passkey: enrolled, signed in with from anywhere, worth what its session was worth', async (t) => {
  const { desk, wait, signIn, clinicCode, clock, records } = await deskGround(t);
  const low = await wait();
  const high = await wait({ pickup: { opening: { minimum: 'clinic', mailedCode: 'may-travel' } } });
  const [weak, strong] = [softCredential(), softCredential()];
  const enrol = async (session: string, credential: typeof weak) => {
    const { challengeId = '', options = {} } = (await desk.newPasskey(session, 'default')) ?? {};
    const response = created(credential, { ...RP, challenge: String(options['challenge']) });
    return desk.enrolPasskey({ session, challengeId, response, label: ' My\u0000 phone ' }, CLIENT);
  };
  const enter = async (credential: typeof weak, counter: number): Promise<string> => {
    const { challengeId, options } = await desk.passkeyOptions('default', CLIENT);
    const response = asserted(credential, { ...RP, challenge: String(options['challenge']), counter });
    return tokenOf(await desk.enterPasskey({ challengeId, response, session: null }, CLIENT));
  };
  const mailed = await signIn(low.link);
  t.same(await enrol(mailed, weak), { kind: 'enrolled' });
  t.same(await enrol(mailed, weak), { kind: 'enrolled' }, 'the library leaves it to the browser; the newest counts');
  const code = await clinicCode(PAT, high.deliveryId);
  const raised = tokenOf(await desk.enterCode({ link: high.link, code, session: mailed }, CLIENT));
  t.same(await enrol(raised, strong), { kind: 'enrolled' });
  t.match((await desk.session(raised, 'none'))?.person?.factors.at(-1), { kind: 'passkey', label: 'My phone', assurance: 'clinic' });
  clock.at += HOUR;
  const byStrong = await enter(strong, 2);
  t.match(await desk.open({ session: byStrong, deliveryId: high.deliveryId }, CLIENT), { kind: 'open' }, 'without a code');
  t.match(await desk.session(byStrong, 'none'), { cameFor: null, assurance: 'clinic' });
  const other = tokenOf(await desk.choosePerson({ session: byStrong, person: { name: 'Sam' } }, CLIENT));
  t.match(await desk.session(other, 'none'), { assurance: 'address' }, "Pat's passkey says nothing of Sam");
  t.match(records('factor.enrolled').at(-1), { codes: { factorKind: 'passkey', assurance: 'clinic' } });
});

await t.test('a passkey belongs to the host that the page is of', async (t) => {
  const { desk, wait, signIn } = await deskGround(t);
  const session = await signIn((await wait()).link);
  for (const [brand, rpId] of [
    ['default', 'portal.clinic.test'],
    ['lake', 'messages.lake.test'],
  ] as const) {
    t.equal((await desk.passkeyOptions(brand, CLIENT)).options['rpId'], rpId);
    t.match((await desk.newPasskey(session, brand))?.options, { rp: { id: rpId } });
  }
});

await t.test('changing what one signs in by wants a recent proof, and ends the other sessions', async (t) => {
  const { desk, wait, signIn, clock, sessions } = await deskGround(t);
  const { link } = await wait();
  const first = await signIn(link);
  clock.at += MINUTE;
  const second = await signIn(link);
  t.equal(sessions.size, 2);
  t.same(await desk.enrolPassword({ session: second, password: PASSWORD }, CLIENT), { kind: 'enrolled' });
  t.equal(await desk.session(first, 'none'), null);
  const factorId = (await desk.session(second, 'none'))?.person?.factors[0]?.id ?? 0;
  for (let i = 0; i < 11; i++) {
    clock.at += MINUTE;
    await desk.session(second, 'person');
  }
  t.same(await desk.enrolPassword({ session: second, password: `${PASSWORD} again` }, CLIENT), { kind: 'prove-again' });
  t.equal(await desk.removeFactor({ session: second, factorId }, CLIENT), 'prove-again');
  t.equal(await desk.newTotp(second), null);
  t.equal(await desk.newPasskey(second, 'default'), null);
  const again = tokenOf(await desk.enterPassword({ link, password: PASSWORD, totp: null, session: second }, CLIENT));
  t.equal(await desk.removeFactor({ session: again, factorId: factorId + 1 }, CLIENT), 'not-found');
  t.equal(await desk.removeFactor({ session: again, factorId }, CLIENT), 'done');
  t.same(await desk.enterPassword({ link, password: PASSWORD, totp: null, session: null }, CLIENT), { kind: 'wrong' });
});

await t.test('what is refused', async (t) => {
  const { desk, wait, signIn } = await deskGround(t);
  const { link } = await wait();
  const session = await signIn(link);
  const cases = [
    ['short', 'too-short'],
    ['x'.repeat(129), 'too-long'],
    ['Riverside Clinic 2026', 'too-common'],
    [`${PAT} ${PAT}`, 'too-common'],
  ] as const;
  for (const [password, why] of cases) t.same(await desk.enrolPassword({ session, password }, CLIENT), { kind: 'refused', why }, password);
  t.same(await desk.enrolTotp({ session, code: '123456' }, CLIENT), { kind: 'refused', why: 'wrong' }, 'none was shown');
  await desk.newTotp(session);
  t.same(await desk.enrolTotp({ session, code: '12345' }, CLIENT), { kind: 'refused', why: 'wrong' });
  t.same(await desk.enrolPasskey({ session, challengeId: 'x', response: {}, label: '' }, CLIENT), { kind: 'refused', why: 'wrong' });
  const nobody = 'A'.repeat(43);
  t.same(await desk.enrolPassword({ session: nobody, password: PASSWORD }, CLIENT), { kind: 'signed-out' });
  t.equal(await desk.removeFactor({ session: nobody, factorId: 1 }, CLIENT), 'signed-out');
  const answer = {
    deliveryId: 'x',
    to: 'all',
    form: 'F'.repeat(22),
    subject: '',
    headerMessageId: null,
    references: null,
    others: [],
    contentType: 'text/plain; charset=utf-8',
    transferEncoding: '7bit',
  } as const;
  const nothing = { async *[Symbol.asyncIterator]() {} };
  t.same(await desk.answer({ session, answer, body: nothing }, CLIENT), { kind: 'gone' });
  t.same(await desk.answer({ session: nobody, answer, body: nothing }, CLIENT), { kind: 'signed-out' });
});
