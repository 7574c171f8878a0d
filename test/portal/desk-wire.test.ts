// A desk is the same desk through the wire: every call, every outcome, content and answers of any size; and the socket is nobody else's.
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import t, { type Test } from 'tap';
import type { Answer, PickupDesk } from '../../src/gateway/pickup/desk.ts';
import { openSealed } from '../../src/spool/sealed-stream.ts';
import { deskInMemory, MEMORY_PASSKEY, MEMORY_TOTP, type MemoryDesk, memoryMessages } from '../support/desk-in-memory.ts';
import { deskOverWire } from '../support/desk-over-wire.ts';
import { readWhole } from '../support/sealed-content.ts';

const T = Date.UTC(2026, 10, 28);
const CLIENT = { address: '192.0.2.7', userAgent: 'Firefox' };
const ANSWER: Answer = {
  deliveryId: '',
  to: 'originator',
  form: 'F'.repeat(22),
  subject: 'Your visit on Friday',
  headerMessageId: '<one@clinic.example>',
  references: null,
  others: [],
  contentType: 'text/plain; charset=utf-8',
  transferEncoding: '7bit',
};

async function* body(pieces: number, sizeBytes = 10): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < pieces; i++) yield Buffer.alloc(sizeBytes, `${i % 10}`);
}

async function signedIn(desk: PickupDesk, memory: MemoryDesk, link: string): Promise<string> {
  await desk.sendCode(link, 'mail', CLIENT);
  const code = memory.codeOf(link) ?? memory.clinicCode(link);
  const result = await desk.enterCode({ link, code, session: null }, CLIENT);
  if (result.kind !== 'signed-in') throw new Error(result.kind);
  return result.session;
}

/** What any desk of memoryMessages() answers, whatever stands between. */
async function lawsOf(t: Test, desk: PickupDesk, memory: MemoryDesk): Promise<void> {
  const [visit = '', result = '', unsafe = '', recalled = ''] = memory.links;

  await t.test('faces', async (t) => {
    t.match(await desk.look(visit, CLIENT), { state: 'open', from: 'Dr. Jane Roe', wants: 'address', mailedCode: 'may-travel' });
    t.match(await desk.look(unsafe, CLIENT), { wants: 'clinic', mailedCode: 'below-floor', code: null });
    t.match(await desk.look(recalled, CLIENT), { state: 'recalled' });
    t.equal(await desk.look('nothing', CLIENT), null);
  });

  await t.test('codes', async (t) => {
    const sends: readonly (readonly [link: string, by: 'mail' | 'sms' | 'voice', sent: string])[] = [
      [visit, 'mail', 'sent'],
      [visit, 'mail', 'wait'],
      [visit, 'sms', 'sent'],
      [visit, 'sms', 'wait'],
      [visit, 'voice', 'sent'],
      [unsafe, 'mail', 'not-safe'],
      ['nothing', 'mail', 'gone'],
    ];
    for (const [link, by, sent] of sends) t.equal(await desk.sendCode(link, by, CLIENT), sent, sent);
    t.match(await desk.enterCode({ link: visit, code: '0000-0000', session: null }, CLIENT), { kind: 'wrong' });
    t.match(await desk.enterCode({ link: 'nothing', code: '1', session: null }, CLIENT), { kind: 'gone' });
    memory.nextSignIn({ kind: 'wait', forMs: 7 });
    t.same(await desk.enterCode({ link: visit, code: '1', session: null }, CLIENT), { kind: 'wait', forMs: 7 });
    const entered = await desk.enterCode({ link: visit, code: '1234 5678', session: null }, CLIENT);
    t.match(entered, { kind: 'signed-in', session: /^[\w-]{43}$/ });
  });

  await t.test('a session: seen, named, enrolled, left', async (t) => {
    const session = await signedIn(desk, memory, visit);
    const view = await desk.session(session, 'person');
    t.match(view, { assurance: 'address', person: { name: null }, cameFor: memoryMessages()[0]?.deliveryId });
    t.equal(view?.messages.length, 4, 'those of the address only');
    t.match(view?.messages[1], { from: null, wants: 'clinic' }, 'who wrote is told once there is enough');
    t.equal(await desk.changePerson({ session, name: 'Pat Doe', language: 'es' }, CLIENT), 'done');
    t.same(await desk.enrolPassword({ session, password: 'short' }, CLIENT), { kind: 'refused', why: 'too-short' });
    t.same(await desk.enrolPassword({ session, password: 'correct horse battery' }, CLIENT), { kind: 'enrolled' });
    t.match(await desk.newTotp(session), { uri: /^otpauth:/ });
    t.same(await desk.enrolTotp({ session, code: MEMORY_TOTP }, CLIENT), { kind: 'enrolled' });
    const challenge = await desk.newPasskey(session, 'default');
    t.match(challenge, { options: { rp: { id: 'localhost' } } });
    const challengeId = challenge?.challengeId ?? '';
    t.same(await desk.enrolPasskey({ session, challengeId, response: MEMORY_PASSKEY, label: 'My phone' }, CLIENT), { kind: 'enrolled' });
    const { person } = (await desk.session(session, 'none')) ?? {};
    t.match(person, { name: 'Pat Doe', language: 'es', factors: [{ kind: 'password' }, { kind: 'totp' }, { label: 'My phone' }] });
    t.equal(await desk.removeFactor({ session, factorId: 999 }, CLIENT), 'not-found');
    t.match(await desk.choosePerson({ session, person: 999 }, CLIENT), { kind: 'wrong' });
    t.match(await desk.choosePerson({ session, person: { name: 'Sam Doe' } }, CLIENT), { kind: 'signed-in' });
    t.equal(await desk.session(session, 'none'), null, 'a new session ends the old one');
    t.equal(await desk.changePerson({ session, name: null, language: null }, CLIENT), 'signed-out');
    await desk.leave(session);
  });

  await t.test('a password, then a code of the app; a passkey', async (t) => {
    const ask = { link: visit, password: 'correct horse battery', session: null };
    t.same(await desk.enterPassword({ ...ask, totp: null }, CLIENT), { kind: 'totp' });
    t.same(await desk.enterPassword({ ...ask, totp: '111111' }, CLIENT), { kind: 'wrong' });
    t.match(await desk.enterPassword({ ...ask, totp: MEMORY_TOTP }, CLIENT), { kind: 'signed-in' });
    const { challengeId } = await desk.passkeyOptions('default', CLIENT);
    t.match(await desk.enterPasskey({ challengeId, response: MEMORY_PASSKEY, session: null }, CLIENT), { kind: 'signed-in' });
    t.match(await desk.enterPasskey({ challengeId, response: MEMORY_PASSKEY, session: null }, CLIENT), { kind: 'wrong' }, 'once');
  });

  await t.test('reading: octets as they were sealed, and every way not to', async (t) => {
    const messages = memoryMessages();
    const ids = messages.map(({ deliveryId }) => deliveryId);
    const session = await signedIn(desk, memory, memory.links[4] ?? '');
    const opened = await desk.open({ session, deliveryId: ids[4] ?? '' }, CLIENT);
    if (opened.kind !== 'open') throw new Error(opened.kind);
    const sealed = await desk.sealed({ session, deliveryId: ids[4] ?? '' });
    const plain = await readWhole(
      openSealed(sealed ?? body(0), { messageId: ids[4]?.slice(0, 26) ?? '', key: opened.contentKey, sizeBytes: opened.sizeBytes }),
    );
    t.ok(plain.equals(Buffer.from(messages[4]?.content ?? [])), '300,000 octets');
    t.equal(await desk.downloading({ session, deliveryId: ids[4] ?? '', part: '1.2' }, CLIENT), 'go');
    const other = await signedIn(desk, memory, result);
    await desk.choosePerson({ session: other, person: { name: 'Pat' } }, CLIENT);
    const cases: readonly (readonly [name: string, session: string, at: number, kind: string])[] = [
      ["somebody else's message", session, 0, 'gone'],
      ['a session that was replaced', other, 0, 'signed-out'],
      ['no session', 'A'.repeat(43), 0, 'signed-out'],
    ];
    for (const [name, token, at, kind] of cases) {
      t.same(await desk.open({ session: token, deliveryId: ids[at] ?? '' }, CLIENT), { kind }, name);
      t.equal(await desk.sealed({ session: token, deliveryId: ids[at] ?? '' }), null, name);
      t.equal(await desk.downloading({ session: token, deliveryId: ids[at] ?? '', part: '' }, CLIENT), 'stop', name);
    }
  });

  await t.test('answers: any size, every outcome', async (t) => {
    const session = await signedIn(desk, memory, visit);
    t.same(await desk.answer({ session, answer: ANSWER, body: body(200, 100_000) }, CLIENT), { kind: 'accepted' });
    t.equal(memory.answers.at(-1)?.body.length, 20_000_000);
    t.same(memory.answers.at(-1)?.answer, ANSWER);
    for (const kind of ['refused', 'too-large', 'busy', 'gone'] as const) {
      memory.nextAnswer({ kind });
      t.same(await desk.answer({ session, answer: ANSWER, body: body(1) }, CLIENT), { kind });
    }
    const { form, subject, contentType, transferEncoding } = ANSWER;
    const message = { form, subject, contentType, transferEncoding, to: 'desk@clinic.example' };
    t.same(await desk.begin({ session, message, body: body(3) }, CLIENT), { kind: 'accepted' });
    t.equal(memory.answers.at(-1)?.body.toString(), '000000000011111111112222222222');
    t.same(await desk.answer({ session: 'B'.repeat(43), answer: ANSWER, body: body(400, 100_000) }, CLIENT), { kind: 'signed-out' });
  });
}

await t.test('by itself', async (t) => {
  const memory = deskInMemory(memoryMessages(), () => T);
  await lawsOf(t, memory, memory);
});

await t.test('through the wire', async (t) => {
  const memory = deskInMemory(memoryMessages(), () => T);
  const { client, socketPath, bugs } = await deskOverWire(t, memory);
  t.equal(statSync(socketPath).mode & 0o777, 0o660);
  t.equal(statSync(dirname(socketPath)).mode & 0o007, 0);
  await lawsOf(t, client, memory);
  t.same(bugs, []);
});
