// From the link to the content: what is told before, what opens it, what is written down, and what a portal that lies cannot have.
import t from 'tap';
import { MailError } from '../../../src/mail/mail-error.ts';
import { openSealed } from '../../../src/spool/sealed-stream.ts';
import { CLIENT, deskGround, PAT, STRANGER, tokenOf } from '../../support/desk-ground.ts';
import { readWhole } from '../../support/sealed-content.ts';
import { DAY, HOUR } from '../../support/store-units.ts';

const CLINIC = { opening: { minimum: 'clinic', mailedCode: 'may-travel' } } as const;
const UNSAFE = { opening: { minimum: 'clinic', mailedCode: 'below-floor' } } as const;

await t.test('first open: a link, a mailed code, the content', async (t) => {
  for (const size of [40, 300_000]) {
    const { desk, wait, signIn, records, deliveries } = await deskGround(t);
    const content = Buffer.alloc(size, 'Subject: Result\r\n\r\n');
    const { deliveryId, link } = await wait({ content });
    t.match(await desk.look(link, CLIENT), { deliveryId, state: 'open', wants: 'address', from: 'jane.roe@clinic.test', code: null });
    const session = await signIn(link);
    t.match(await desk.look(link, CLIENT), { code: 'on-its-way' }, 'how the code fares');
    t.match(await desk.session(session, 'person'), {
      assurance: 'address',
      person: { name: null, factors: [] },
      cameFor: deliveryId,
      messages: [{ deliveryId, link, opened: false, sizeBytes: size }],
    });
    const opened = await desk.open({ session, deliveryId }, CLIENT);
    if (opened.kind !== 'open') throw new Error(opened.kind);
    t.match(opened, { recipient: PAT, sizeBytes: size, place: size > 262_144 ? 'file' : 'row', line: { opened: true } });
    const sealed = await desk.sealed({ session, deliveryId });
    if (sealed === null) throw new Error('no content');
    const key = { messageId: deliveryId.slice(0, 26), key: opened.contentKey, sizeBytes: size };
    t.ok((await readWhole(openSealed(sealed, key))).equals(content), `${size} octets`);
    t.equal(await desk.downloading({ session, deliveryId, part: '1.2' }, CLIENT), 'go');
    t.equal((await deliveries()).find((one) => one.deliveryId === deliveryId)?.state, 'picked-up');
    const [person] = records('person.added').map(({ codes }) => codes['person']);
    t.match(records('pickup.opened'), [
      {
        deliveryId,
        codes: { assurance: 'address', by: 'mailed-code', person },
        detail: { client: CLIENT.address, userAgent: CLIENT.userAgent },
      },
    ]);
    t.match(records('pickup.downloaded'), [{ codes: { part: '1.2', person } }]);
    t.match(records('pickup.signed-in'), [{ deliveryId, codes: { by: 'mailed-code', person } }]);
  }
});

await t.test('the mail with a code: over the floor of the content, nothing in it but the code', async (t) => {
  const { desk, wait, mails, lastCode } = await deskGround(t);
  for (const [floor, kept] of [
    ['tls-authenticated', 'tls-authenticated'],
    ['tls', 'tls'],
    ['opportunistic', 'tls'],
  ] as const) {
    const { link } = await wait({ recipient: `${floor}@home.example`, decision: { floor } });
    t.equal(await desk.sendCode(link, 'mail', CLIENT), 'sent');
    t.match(mails.at(-1)?.decision, { floor: kept, methods: ['relay'] }, floor);
  }
  const { own, text } = mails.at(-1) ?? {};
  t.match(own, { kind: 'notice', failing: 'to-nobody', expireAfterMs: 600_000 });
  t.match(lastCode(), /^\d{4}-\d{4}$/);
  t.match(text, /^From: .*<messages@clinic\.test>/m);
  t.match(text, /Subject: Your code/);
  t.match(text, /confirms your address, nothing more/);
  t.notMatch(text, /Result|jane|https?:/);
  for (const [name, wish] of [
    ['a floor that only sealing meets', { decision: { floor: 'sealed' as const } }],
    ['a way that fell short', { pickup: UNSAFE }],
  ] as const) {
    const { link } = await wait(wish);
    t.equal(await desk.sendCode(link, 'mail', CLIENT), 'not-safe', name);
  }
  t.equal(mails.length, 3);
});

await t.test('what wants more than an address: a code of the organisation, or a factor enrolled after it', async (t) => {
  const { desk, wait, signIn, clinicCode } = await deskGround(t);
  const low = await wait();
  const high = await wait({ pickup: CLINIC });
  const session = await signIn(low.link);
  t.match((await desk.session(session, 'none'))?.messages, [
    { deliveryId: high.deliveryId, from: null },
    { deliveryId: low.deliveryId, from: 'jane.roe@clinic.test' },
  ]);
  t.same(await desk.open({ session, deliveryId: high.deliveryId }, CLIENT), { kind: 'step-up' });
  t.equal(await desk.sealed({ session, deliveryId: high.deliveryId }), null);
  t.equal(await desk.downloading({ session, deliveryId: high.deliveryId, part: '1' }, CLIENT), 'stop');
  const code = await clinicCode(PAT, high.deliveryId);
  t.same(await desk.enterCode({ link: low.link, code, session }, CLIENT), { kind: 'wrong' }, 'it is for one message');
  const raised = tokenOf(await desk.enterCode({ link: high.link, code, session }, CLIENT));
  t.match(await desk.open({ session: raised, deliveryId: high.deliveryId }, CLIENT), { kind: 'open' });
  t.match(await desk.open({ session: raised, deliveryId: low.deliveryId }, CLIENT), { kind: 'open' });
  t.equal(await desk.session(session, 'none'), null, 'the session before is over');
});

await t.test('a code that could not be stored: the next one is made at once', async (t) => {
  const failing = { times: 1 };
  const acceptOwn = async (): Promise<string> => {
    if (failing.times-- > 0) throw new MailError('store.disk-full');
    return '01M00000000000000000000P0A';
  };
  const { desk, wait } = await deskGround(t, { acceptOwn });
  const { link } = await wait();
  await t.rejects(desk.sendCode(link, 'mail', CLIENT), { code: 'store.disk-full' });
  t.equal(await desk.sendCode(link, 'mail', CLIENT), 'sent');
  t.equal(await desk.sendCode(link, 'mail', CLIENT), 'wait', 'and no other within the minute');
});

await t.test('the first reading is reported at once, the second is none', async (t) => {
  const owed: string[] = [];
  const { desk, wait, signIn } = await deskGround(t, { reportsOwed: () => void owed.push('report') });
  const { deliveryId, link } = await wait();
  const session = await signIn(link);
  for (const time of [1, 2]) {
    t.match(await desk.open({ session, deliveryId }, CLIENT), { kind: 'open' });
    t.same(owed, ['report'], `reading ${time}`);
  }
});

await t.test('recalled, expired, gone', async (t) => {
  const { desk, wait, signIn, store, clock } = await deskGround(t);
  const one = await wait();
  const two = await wait({ pickup: { expiresAt: clock.steady() + HOUR } });
  const session = await signIn(one.link);
  const event = { what: 'recalled' } as const;
  await store.pickups.change({ deliveryId: one.deliveryId, at: clock.steady(), event, report: null, evidence: [] });
  t.match(await desk.look(one.link, CLIENT), { state: 'recalled' });
  t.same(await desk.open({ session, deliveryId: one.deliveryId }, CLIENT), { kind: 'recalled' });
  t.equal(await desk.sendCode(one.link, 'mail', CLIENT), 'gone');
  t.match(await desk.enterCode({ link: one.link, code: '1234-5678', session: null }, CLIENT), { kind: 'gone' });
  await store.pickups.change({ deliveryId: one.deliveryId, at: clock.steady(), event: { what: 'restored' }, report: null, evidence: [] });
  t.match(await desk.open({ session, deliveryId: one.deliveryId }, CLIENT), { kind: 'open' }, 'restored');
  clock.at += 14 * 60_000;
  await desk.session(session, 'person');
  clock.at += 14 * 60_000;
  await desk.session(session, 'person');
  clock.at += 14 * 60_000;
  await desk.session(session, 'person');
  clock.at += 14 * 60_000;
  await desk.session(session, 'person');
  clock.at += 5 * 60_000;
  t.same(await desk.open({ session, deliveryId: two.deliveryId }, CLIENT), { kind: 'gone' }, 'past its term, before any round has looked');
  t.match(await desk.look(two.link, CLIENT), { state: 'expired' });
  clock.at += 40 * DAY;
  while ((await store.pickups.expire({ now: clock.steady(), limit: 10 })) > 0);
  t.match([await desk.look(one.link, CLIENT), await desk.look(two.link, CLIENT)], [{ state: 'expired' }, { state: 'expired' }]);
});

await t.test('a portal that lies: nothing of another address, whatever it asks for', async (t) => {
  const { desk, wait, signIn, records } = await deskGround(t);
  const mine = await wait();
  const other = await wait({ recipient: 'ann@home.example' });
  const session = await signIn(mine.link);
  t.same(await desk.open({ session, deliveryId: other.deliveryId }, CLIENT), { kind: 'gone' });
  t.same(await desk.open({ session, deliveryId: '01M00000000000000000009999/0' }, CLIENT), { kind: 'gone' }, 'as what there is not');
  t.equal(await desk.sealed({ session, deliveryId: other.deliveryId }), null);
  t.equal(await desk.downloading({ session, deliveryId: other.deliveryId, part: '1' }, CLIENT), 'stop');
  t.equal((await desk.session(session, 'none'))?.messages.length, 1);
  t.match(records('pickup.sign-in-failed'), [{ deliveryId: other.deliveryId, codes: { by: 'another-address' } }]);
  for (const part of ['', '../x', 'A', 'x'.repeat(40), '1\n2'])
    t.equal(await desk.downloading({ session, deliveryId: mine.deliveryId, part }, CLIENT), 'stop', JSON.stringify(part));
  for (const deliveryId of ['', '/', 'x', `${mine.deliveryId}/0`, mine.deliveryId.toLowerCase()])
    t.same(await desk.open({ session, deliveryId }, CLIENT), { kind: 'gone' }, deliveryId);
});

await t.test('links: looked at by anybody, guessed by nobody, spent by nothing', async (t) => {
  const { desk, wait, signIn, records, clock, store } = await deskGround(t);
  const { link, deliveryId } = await wait();
  const guesses = [
    link.slice(0, -1),
    `${link.slice(0, -1)}${link.endsWith('a') ? 'b' : 'a'}`,
    link.replace('-0-', '-1-'),
    `${link}a`,
    '',
    'x'.repeat(59),
  ];
  for (const guess of guesses) {
    t.equal(await desk.look(guess, STRANGER), null, guess);
    t.equal(await desk.sendCode(guess, 'mail', STRANGER), 'gone');
    t.match(await desk.enterPassword({ link: guess, password: 'x', totp: null, session: null }, STRANGER), { kind: 'gone' });
  }
  t.same(records('pickup.looked'), []);
  const agents = ['', 'curl/8.5', 'Mozilla/5.0 (compatible; SafeLinks)', 'Barracuda/5.0', 'Mozilla/5.0 HeadlessChrome/150'];
  for (const [i, userAgent] of agents.entries()) await desk.look(link, { address: `203.0.113.${i}`, userAgent });
  clock.at += 5_000;
  await desk.look(link, CLIENT);
  clock.at += 5_000;
  for (let i = 0; i < 50; i++) {
    clock.at += 2_000;
    await desk.look(link, CLIENT);
  }
  t.same(
    records('pickup.looked').map(({ codes }) => codes['by']),
    ['program', 'program', 'program', 'program', 'program', 'browser'],
    'a stranger does not fill the log',
  );
  t.match(await store.pickups.find(deliveryId), { opened: 0, state: 'waiting' });
  t.ok(await signIn(link), 'and it still opens');
});
