// Codes to telephones, through a real gateway: whose they prove, what whoever asks can learn, what they may cost, and what a gateway can do wrong.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { DeskParts } from '../../../src/gateway/pickup/desk-parts.ts';
import { pickupDesk } from '../../../src/gateway/pickup/pickup-desk.ts';
import { type PhoneChange, removePhone, setPhone } from '../../../src/gateway/pickup/phone-desk.ts';
import { CLIENT, type DeskGround, deskGround, PAT, STRANGER, tokenOf, type Waiting } from '../../support/desk-ground.ts';
import { LeakSearch } from '../../support/leak-search.ts';
import { type PhonesWish, type TestPhones, testPhones } from '../../support/phone-gateway.ts';
import { DAY, HOUR, MINUTE } from '../../support/store-units.ts';
import { createTestCa, EXPIRED } from '../../support/test-ca.ts';

const NUMBER = '+15550147265';
const BY = { who: 'kim', why: 'number in the chart' };
const CLINIC = { pickup: { opening: { minimum: 'clinic', mailedCode: 'below-floor' } } } as const;

interface Scene extends DeskGround {
  readonly phones: TestPhones;
  readonly give: (deliveryId: string, number?: string | null, personId?: number | null) => Promise<PhoneChange>;
}

async function scene(t: Test, wish: PhonesWish = {}, change: Partial<DeskParts> = {}): Promise<Scene> {
  const phones = await testPhones(t, wish);
  const ground = await deskGround(t, { phone: phones.phone, ...change });
  const { store, clock, sessions } = ground;
  const ending = { endPerson: (id: number) => sessions.endPerson(id, null), endAddress: (of: Uint8Array) => sessions.endAddress(of) };
  const deps = { pickups: store.pickups, people: store.people, sessions: ending, clock, countries: () => ['+1'] };
  const give: Scene['give'] = (deliveryId, number = NUMBER, personId = null) =>
    number === null ? removePhone(deliveryId, personId, BY, deps) : setPhone(deliveryId, { number, personId }, BY, deps);
  return { ...ground, phones, give };
}

/** Asks for a code and gives its digits, as the telephone shows them. */
async function texted({ desk, phones }: Scene, link: string, way: 'sms' | 'voice' = 'sms'): Promise<string> {
  const [post, sent] = await Promise.all([phones.posted(), desk.sendCode(link, way, CLIENT)]);
  if (sent !== 'sent') throw new Error(sent);
  return String((JSON.parse(post.body) as { readonly code: string }).code);
}

await t.test('a text message proves whose phone it is, as a code of the organisation would, and leaves nothing in the clear', async (t) => {
  const ground = await scene(t, { authorization: 'Bearer 0123456789abcdef' });
  const { desk, wait, give, phones, records, evidence, dataFolder, store, clock } = ground;
  const { link, deliveryId } = await wait(CLINIC);
  const given = await give(deliveryId);
  t.match(given, { kind: 'done', ends: '65' });
  t.match(await desk.look(link, CLIENT), { phone: ['sms', 'voice'] });
  const code = await texted(ground, link);
  const [post] = phones.posts;
  t.match(post, { path: '/send', contentType: 'application/json', authorization: 'Bearer 0123456789abcdef' });
  const { text, ...fields } = JSON.parse(post?.body ?? '{}') as Readonly<Record<string, string>>;
  t.same(fields, { to: NUMBER, code, language: 'en', kind: 'sms' });
  t.match(text, code);
  t.match(text, '@portal.clinic.test #');
  t.notMatch(text, /pat|jane|result|Riverside|https:/i, 'no name, nothing of the message, no link');
  t.equal(await desk.sendCode(link, 'sms', CLIENT), 'wait');
  t.equal(await desk.sendCode(link, 'voice', CLIENT), 'wait', 'one clock for both ways');
  const enter = () => desk.enterCode({ link, code, session: null }, CLIENT);
  const session = tokenOf(await enter());
  t.match(await desk.session(session, 'none'), {
    assurance: 'clinic',
    phone: { ends: '65', ways: ['sms', 'voice'] },
    person: { factors: [{ kind: 'phone', label: '··· 65', assurance: 'clinic', lastUsedAt: clock.at }] },
  });
  t.match(await desk.open({ session, deliveryId }, CLIENT), { kind: 'open' });
  t.same(await enter(), { kind: 'wrong' }, 'once');
  const person = given.kind === 'done' ? given.person : 0;
  const by = { by: 'phone-code', person };
  t.match(records('factor.enrolled'), [
    { codes: { by: 'person', factorKind: 'phone', assurance: 'clinic' }, detail: { ...BY, ends: '65' } },
  ]);
  t.match(records('pickup.code-sent'), [{ codes: { ...by, way: 'sms' } }]);
  t.match(records('pickup.signed-in'), [{ codes: { ...by, assurance: 'clinic' } }]);
  t.same([phones.failures, phones.bugs], [[], []]);
  const search = new LeakSearch({ number: NUMBER.slice(1), code, digits: code.replace('-', '') });
  t.same(search.find(Buffer.from(JSON.stringify(evidence())), 'evidence'), []);
  await store.close();
  const leaks = readdirSync(dataFolder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .flatMap((file) => search.find(readFileSync(join(file.parentPath, file.name)), file.name));
  t.same(leaks, [], 'nothing in any file of the data folder');
});

await t.test('a call speaks the code; a form of another gateway is filled in', async (t) => {
  const body = [
    { name: 'To', value: '{to}' },
    { name: 'From', value: '+15550100' },
    { name: 'Body', value: '{kind} {language}: {text} {other}' },
  ];
  const ground = await scene(t, { sms: { content: 'form', body }, authorization: 'Basic dXNlcjpwdw==' });
  const { desk, wait, give, phones } = ground;
  const { link, deliveryId } = await wait({ pickup: { detail: { recipient: PAT, from: '', language: 'es' } } });
  await give(deliveryId);
  await Promise.all([phones.posted(), desk.sendCode(link, 'voice', CLIENT)]);
  const [post] = phones.posts;
  t.match(post, { contentType: 'application/x-www-form-urlencoded', authorization: 'Basic dXNlcjpwdw==' });
  const form = new URLSearchParams(post?.body);
  t.same([form.get('To'), form.get('From')], [NUMBER, '+15550100']);
  const spoken = /^voice es: Este es el código que usted pidió: ((?:\d, ){3}\d\. (?:\d, ){3}\d)\. .*\{other\}$/.exec(
    form.get('Body') ?? '',
  );
  const code = (spoken?.[1] ?? '').replace(/\D/g, '');
  t.match(await desk.enterCode({ link, code, session: null }, CLIENT), { kind: 'signed-in' });
});

await t.test('whoever asks learns nothing of numbers: not from the page, the answers, the limits or the time', async (t) => {
  const ground = await scene(t, { answer: () => undefined });
  const { desk, wait, give, phones } = ground;
  const [known, nobody] = [await wait(), await wait({ recipient: 'ann@home.example' })];
  await give(known.deliveryId);
  const faces = [await desk.look(known.link, STRANGER), await desk.look(nobody.link, STRANGER)];
  t.same({ ...faces[0], deliveryId: '' }, { ...faces[1], deliveryId: '' });
  const answers = async (link: string): Promise<readonly string[]> => {
    const said: string[] = [];
    for (let i = 0; i < 7; i++) {
      said.push(await desk.sendCode(link, 'sms', STRANGER), await desk.sendCode(link, 'sms', STRANGER));
      ground.clock.at += MINUTE;
    }
    return said;
  };
  const posted = phones.posted();
  const [ofKnown, ofNobody] = [await answers(known.link), await answers(nobody.link)];
  t.same(ofKnown, ofNobody);
  t.ok(ofKnown.includes('sent') && ofKnown.includes('wait') && ofKnown.includes('no-more'), ofKnown.join(' '));
  // The gateway never answers in this test: that `sendCode` did is because it waits for none.
  await posted;
  t.equal(await desk.sendCode('no-link', 'sms', STRANGER), 'gone');
});

const other = createTestCa('Another CA');
const GATEWAYS: readonly (readonly [name: string, wish: PhonesWish, why: string])[] = [
  ['refuses', { answer: (response) => response.writeHead(403).end('number +15550147265 is blocked') }, 'refused'],
  ['has a fault', { answer: (response) => response.writeHead(500).end('oops') }, 'refused'],
  ['leads elsewhere', { answer: (response) => response.writeHead(307, { location: '/other' }).end() }, 'refused'],
  ['leads elsewhere without saying where', { answer: (response) => response.writeHead(302).end() }, 'refused'],
  ['never answers', { answer: () => undefined, sms: { timeoutMs: 100 } }, 'unreachable'],
  ['never ends', { answer: (response) => void response.write('x'), sms: { timeoutMs: 100 } }, 'unreachable'],
  ['answers with too much', { answer: (response) => response.end('x'.repeat(100_000)) }, 'unreachable'],
  ['hangs up', { answer: (response) => response.destroy() }, 'unreachable'],
  ['is another', { certificate: createTestCa().issue({ names: ['elsewhere.test'] }) }, 'unreachable'],
  ['is of an authority that we do not know', { certificate: other.issue({ names: ['localhost'] }) }, 'unreachable'],
  ['has an old certificate', { certificate: other.issue({ names: ['localhost'], ...EXPIRED }) }, 'unreachable'],
  ['is not there', { sms: { url: 'https://localhost:1/' } }, 'unreachable'],
  ['has a name that nobody knows', { sms: { url: 'https://sms.clinic.test/' } }, 'unreachable'],
];

for (const [name, wish, why] of GATEWAYS) {
  await t.test(`a gateway that ${name}`, async (t) => {
    const { desk, wait, give, phones, evidence, records } = await scene(t, wish);
    const { link, deliveryId } = await wait();
    await give(deliveryId);
    const [failed, sent] = await Promise.all([phones.failed(), desk.sendCode(link, 'sms', CLIENT)]);
    t.same([sent, failed], ['sent', why]);
    t.ok(phones.posts.length <= 1, 'never twice');
    t.match(records('pickup.code-failed'), [{ codes: { by: 'phone-code', way: 'sms', why } }]);
    t.same(phones.failures, [{ deliveryId, way: 'sms', why }]);
    t.notMatch(JSON.stringify(evidence()), /oops|blocked|5550147265/, 'its words stand nowhere');
    t.same(phones.bugs, []);
  });
}

await t.test('its own authority, where the configuration names one', async (t) => {
  const ground = await scene(t, { certificate: other.issue({ names: ['localhost'] }), sms: { caPem: other.certificatePem } });
  const { link, deliveryId } = await ground.wait();
  await ground.give(deliveryId);
  t.match(await texted(ground, link), /^\d{4}-\d{4}$/);
});

await t.test('what it may cost: for a person, for a number, in an hour, and where to', async (t) => {
  const ground = await scene(t, { sms: { perPersonPerDay: 2, perHour: 3 } });
  const { desk, wait, give, phones, clock } = ground;
  const recipients = ['a', 'b', 'c', 'd'].map((name) => `${name}@home.example`);
  const links: Waiting[] = [];
  for (const recipient of recipients) links.push(await wait({ recipient }));
  const ask = async (at: number): Promise<string> => {
    clock.at += MINUTE;
    return desk.sendCode(links[at]?.link ?? '', 'sms', CLIENT);
  };
  const askAndFail = async (at: number): Promise<readonly string[]> => Promise.all([ask(at), phones.failed()]);
  const askAndPost = async (at: number): Promise<readonly string[]> => Promise.all([ask(at), phones.posted().then(() => 'posted')]);
  for (const [i, { deliveryId }] of links.entries()) await give(deliveryId, i < 2 ? NUMBER : `+1555014726${i}`);
  t.same(await askAndPost(0), ['sent', 'posted']);
  t.same(await askAndPost(1), ['sent', 'posted'], 'a family has one telephone');
  t.same(await askAndFail(1), ['sent', 'no-more'], 'two a day to one number');
  t.equal(await ask(1), 'no-more', 'and for one address');
  t.same(await askAndPost(2), ['sent', 'posted']);
  t.equal(await ask(3), 'no-more', 'three an hour');
  clock.at += HOUR;
  t.same(await askAndPost(3), ['sent', 'posted']);
  clock.at += DAY;
  t.same(await askAndPost(0), ['sent', 'posted'], 'the next day');
  phones.configure({ countries: ['+44'] });
  t.same(await askAndFail(2), ['sent', 'not-allowed'], 'a country that was taken out since');
  t.equal(phones.posts.length, 5);
  phones.configure({ kinds: ['voice'] });
  t.equal(await ask(2), 'not-offered');
  t.match(await give(links[0]?.deliveryId ?? '', '+447700900123'), { kind: 'not-allowed' });
});

await t.test('a phone that is lost: its code opens nothing, and neither does one under way', async (t) => {
  const ground = await scene(t);
  const { desk, wait, give, phones, records, clock } = ground;
  const { link, deliveryId } = await wait(CLINIC);
  await give(deliveryId);
  const first = await texted(ground, link);
  t.match(await give(deliveryId, null), { kind: 'done', ends: '65' });
  t.match(await give(deliveryId, null), { kind: 'no-phone' });
  t.same(await desk.enterCode({ link, code: first, session: null }, CLIENT), { kind: 'wrong' });
  t.match(records('factor.removed'), [{ codes: { by: 'person', factorKind: 'phone' }, detail: { ...BY, ends: '65' } }]);
  await give(deliveryId, '+15550147299');
  clock.at += MINUTE;
  const code = await texted(ground, link);
  t.match(JSON.parse(phones.posts.at(-1)?.body ?? '{}'), { to: '+15550147299' });
  const session = tokenOf(await desk.enterCode({ link, code, session: null }, CLIENT));
  await give(deliveryId);
  t.equal(await desk.session(session, 'none'), null, 'another number ends who came in by the one before');
});

await t.test('two people at one address: each code is of one of them, and raises nobody else', async (t) => {
  const ground = await scene(t);
  const { desk, wait, give, phones, signIn, clock } = ground;
  const { link, deliveryId } = await wait();
  const pat = await give(deliveryId);
  const mailed = await signIn(link);
  t.match(
    await desk.session(mailed, 'none'),
    { assurance: 'address', person: { id: pat.kind === 'done' ? pat.person : 0 } },
    'a mailed code still names the only one',
  );
  t.match(await desk.session(mailed, 'none'), { phone: { ends: '65' } });
  const [own] = (await desk.session(mailed, 'none'))?.person?.factors ?? [];
  t.equal(await desk.removeFactor({ session: mailed, factorId: own?.id ?? 0 }, CLIENT), 'prove-again', 'nor takes away what proves more');
  const sams = tokenOf(await desk.choosePerson({ session: mailed, person: { name: 'Sam' } }, CLIENT));
  const sam = (await desk.session(sams, 'none'))?.person?.id ?? 0;
  t.match(await desk.session(sams, 'none'), { phone: null }, 'of another person nothing is shown');
  t.match(await give(deliveryId, '+15550147299'), { kind: 'several' });
  t.match(await give(deliveryId, '+15550147299', 99), { kind: 'no-person' });
  t.match(await give(deliveryId, '+15550147299', sam), { kind: 'done', person: sam });
  t.match(await give(deliveryId, null), { kind: 'several' });
  clock.at += HOUR;
  const both = new Promise<void>(
    (resolve) =>
      void phones
        .posted()
        .then(() => phones.posted())
        .then(() => resolve()),
  );
  await desk.sendCode(link, 'sms', CLIENT);
  await both;
  const codes = Object.fromEntries(
    phones.posts
      .map(({ body }) => Object.values(JSON.parse(body) as Readonly<Record<string, string>>))
      .map(([to = '', , code = '']) => [to, code]),
  );
  t.same(Object.keys(codes).length, 2);
  const byPhone = async (number: string, session: string | null): Promise<string> => {
    const body = phones.posts.map((post) => JSON.parse(post.body) as Readonly<Record<string, string>>).find(({ to }) => to === number);
    return tokenOf(await desk.enterCode({ link, code: body?.['code'] ?? '', session }, CLIENT));
  };
  const asSam = await byPhone('+15550147299', null);
  t.match(await desk.session(asSam, 'none'), { assurance: 'clinic', person: { id: sam } });
  const asPat = await byPhone(NUMBER, asSam);
  t.match(await desk.session(asPat, 'none'), { assurance: 'clinic', person: { id: pat.kind === 'done' ? pat.person : 0 } });
  t.equal(await desk.session(asSam, 'none'), null);
});

await t.test('storage that fails behind the answer is a bug that is told, and whoever asks again need not wait', async (t) => {
  const fault = new Error('the disk is gone');
  const ground = await scene(t);
  const { link, deliveryId } = await ground.wait();
  await ground.give(deliveryId);
  const people = { ...ground.store.people, addCode: () => Promise.reject(fault) };
  const broken = pickupDesk({ ...ground.parts, people });
  t.equal(await broken.sendCode(link, 'sms', CLIENT), 'sent');
  while (ground.phones.bugs.length === 0) await turn();
  t.same([ground.phones.bugs, ground.phones.posts], [[fault], []], 'a code that was not kept is not sent');
  t.match(await texted(ground, link), /^\d{4}-\d{4}$/);
});

await t.test('at the stop what is on its way is given up, and no gateway leaves nothing to ask for', async (t) => {
  const { desk, wait, give, phones, records } = await scene(t, { answer: () => undefined, sms: { timeoutMs: 60_000 } });
  const { link, deliveryId } = await wait();
  await give(deliveryId);
  await Promise.all([phones.posted(), desk.sendCode(link, 'sms', CLIENT)]);
  await phones.close();
  t.match(records('pickup.code-failed'), [{ codes: { why: 'unreachable' } }]);
  const bare = await deskGround(t);
  const alone = await bare.wait();
  t.match(await bare.desk.look(alone.link, CLIENT), { phone: [] });
  t.equal(await bare.desk.sendCode(alone.link, 'sms', CLIENT), 'not-offered');
});
