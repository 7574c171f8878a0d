// What comes back, over the real store: bounces and automatic answers become events, once durable; replies are passed on with their warning; nothing
// loops, and nobody is flooded.
import t from 'tap';
import { MailError } from '../../../src/mail/mail-error.ts';
import type { Accept, Submission } from '../../../src/gateway/intake.ts';
import { returningAccept } from '../../../src/gateway/pickup/returning.ts';
import type { DeliveryStatus } from '../../../src/store/queue.ts';
import { type GatewayGround, gatewayGround } from '../../support/gateway-ground.ts';
import { openedMessages } from '../../support/opened-messages.ts';
import { POSTMASTER } from '../../support/own-mail.ts';
import {
  addressOf,
  ANN,
  handIn,
  openedPickup,
  PAT,
  pickupNow,
  RETURN,
  returnDeps,
  submissionTo,
  waitingPickup,
} from '../../support/return-path.ts';
import { AUTOMATIC, AWAY, OF_PEOPLE, REPORTS, type ReturnedMail } from '../../support/returned-mail.ts';
import { seenMessages } from '../../support/seen-message.ts';

const STRANGER = { kind: 'gateway', name: 'stranger' } as const;
const KNOWN = { kind: 'account', name: 'ann' } as const;

interface Scene {
  readonly ground: GatewayGround;
  readonly deps: ReturnType<typeof returnDeps>;
  readonly door: Accept;
  /** What went along the road. */
  readonly road: Submission[];
}

async function scene(t: Parameters<typeof gatewayGround>[0] & Parameters<typeof returnDeps>[0], change: object = {}): Promise<Scene> {
  const ground = await gatewayGround(t);
  const deps = { ...returnDeps(t, ground), ...change };
  const road: Submission[] = [];
  const inner: Accept = {
    async open(submission) {
      road.push(submission);
      const reply = { code: 250, enhanced: '2.0.0', text: 'along the road' };
      return { write: async () => undefined, end: async () => reply, abort: async () => undefined };
    },
  };
  return { ground, deps, door: returningAccept(inner, deps), road };
}

async function comes({ door }: Scene, address: string, { reversePath, message }: Omit<ReturnedMail, 'name'>): Promise<string> {
  const { code, enhanced, text } = await handIn(await door.open(submissionTo(address, reversePath, STRANGER)), message);
  return `${code} ${enhanced ?? ''} ${text.replace(/\w{26}/, 'ID')}`;
}

const lastEvidence = ({ ground }: Scene): ReturnType<GatewayGround['evidence']>[number] | undefined => ground.evidence().at(-1);
const owed = async ({ ground }: Scene): Promise<readonly DeliveryStatus[]> =>
  (await ground.store.queue.owedReports({ limit: 10 })).flatMap(({ deliveries }) => deliveries.map(({ status }) => status));

await t.test('a bounce ends the waiting, and the originator is told', async (t) => {
  for (const one of REPORTS.filter(({ action }) => action === 'failed')) {
    const here = await scene(t);
    const { deliveryId, ...pickup } = await waitingPickup(here.ground);
    t.equal(await comes(here, addressOf(here.ground, 'notice', pickup), one), '250 2.0.0 noted', one.name);
    t.match(await pickupNow(here.ground, deliveryId), { state: 'returned', notice: 'bounced' }, one.name);
    t.match(await owed(here), [{ code: 'pickup.notice-bounced', status: one.status ?? '5.1.1', diagnostic: null }], one.name);
    t.same(here.deps.owed, ['report']);
    t.match(lastEvidence(here), { kind: 'delivery.returned', deliveryId });
    const bounced = here.ground.evidence().findLast(({ kind }) => kind === 'pickup.bounced');
    t.match(bounced, { deliveryId, codes: { of: 'notice', action: 'failed' } });
    t.match(bounced?.detail, { reversePath: '', client: '192.0.2.9' });
    t.same((await here.ground.deliveries()).length, 4, 'nothing of it is kept');
  }
});

await t.test('what says less changes nothing, and is noted', async (t) => {
  const here = await scene(t);
  const { deliveryId, ...pickup } = await waitingPickup(here.ground);
  for (const one of [...REPORTS.filter(({ action }) => action !== 'failed'), ...AUTOMATIC]) {
    t.equal(await comes(here, addressOf(here.ground, 'notice', pickup), one), '250 2.0.0 noted', one.name);
    t.match(lastEvidence(here), { kind: 'pickup.noted', deliveryId, codes: { of: 'notice' } }, one.name);
  }
  t.match(await pickupNow(here.ground, deliveryId), { state: 'waiting', bouncedAt: null, awayAt: null, opened: 0, answers: 0 });
  t.same(await owed(here), []);
});

await t.test('an automatic answer is neither an opening nor a reply', async (t) => {
  for (const one of AWAY) {
    const here = await scene(t);
    const { deliveryId, ...pickup } = await waitingPickup(here.ground);
    t.equal(await comes(here, addressOf(here.ground, 'notice', pickup), one), '250 2.0.0 noted', one.name);
    t.match(await pickupNow(here.ground, deliveryId), { state: 'waiting', awayAt: here.ground.clock.at, opened: 0, answers: 0 }, one.name);
    t.match(lastEvidence(here), { kind: 'pickup.away', deliveryId, codes: { of: 'notice' } }, one.name);
    t.same(await owed(here), [], one.name);
  }
});

await t.test('what is over stays so; what was opened stays open', async (t) => {
  const here = await scene(t);
  const [bounce] = REPORTS;
  if (bounce === undefined) throw new Error('no sample');
  const opened = await openedPickup(here.ground);
  await comes(here, addressOf(here.ground, 'notice', opened), bounce);
  t.match(await pickupNow(here.ground, opened.deliveryId), { state: 'picked-up', overAt: null });
  const over = await waitingPickup(here.ground);
  await here.ground.store.pickups.expire({ now: over.expiresAt, limit: 9 });
  t.equal(await comes(here, addressOf(here.ground, 'notice', over), bounce), '250 2.0.0 noted');
  t.match(lastEvidence(here), { kind: 'pickup.noted', codes: { action: 'failed' } });
  t.equal((await pickupNow(here.ground, over.deliveryId)).state, 'expired');
});

await t.test('a reply is passed on, with its attachments and its warning', async (t) => {
  const here = await scene(t);
  const pickup = await waitingPickup(here.ground);
  const file = Buffer.alloc(300_000, 'x').toString('base64').replace(/.{76}/g, '$&\r\n');
  const message = [
    'From: Pat Roe <pat@home.example>',
    'Subject: Re: A message for you',
    'Content-Type: multipart/mixed; boundary=in',
    '',
    '--in',
    '',
    'I cannot open it.',
    '--in',
    'Content-Type: image/png; name=screen.png',
    'Content-Transfer-Encoding: base64',
    '',
    file,
    '--in--',
    '',
  ].join('\r\n');
  const said = await comes(here, addressOf(here.ground, 'notice', pickup), { reversePath: PAT, message: Buffer.from(message) });
  t.equal(said, '250 2.0.0 accepted as ID');
  const [passed] = await openedMessages(here.ground, 'notice');
  if (passed === undefined) throw new Error('not passed on');
  t.match(passed.message, {
    about: pickup.messageId,
    content: { place: 'file' },
    envelope: { reversePath: addressOf(here.ground, 'answer', pickup), ret: 'hdrs', recipients: [{ address: ANN, notify: ['failure'] }] },
    reportTo: POSTMASTER,
  });
  const [seen] = await seenMessages([Buffer.from(passed.text)]);
  t.match(seen, {
    from: [['Pat Roe (via Riverside Clinic portal)', addressOf(here.ground, 'answer', pickup)]],
    to: [ANN],
    header: { 'in-reply-to': '<1@clinic.example>', 'x-postern-not-protected': 'reply' },
    defects: [],
  });
  t.match(seen?.leaves[0]?.text, /^NOT PROTECTED/);
  t.match(seen?.leaves.slice(1), [{ text: /I cannot open it/ }, { name: 'screen.png' }]);
  t.match(
    here.ground.evidence().filter(({ kind }) => kind === 'pickup.replied'),
    [{ deliveryId: pickup.deliveryId, codes: { notice: passed.message.id }, detail: { reversePath: PAT } }],
  );
  t.match(await pickupNow(here.ground, pickup.deliveryId), { state: 'waiting', opened: 0, answers: 0 });

  const back = { reversePath: PAT, message: Buffer.from(passed.text) };
  t.equal(await comes(here, addressOf(here.ground, 'notice', pickup), back), '250 2.0.0 noted', 'sent on to where it came from: no loop');
  t.match(lastEvidence(here), { kind: 'pickup.noted', codes: { sign: 'passed-on-before' } });
});

await t.test('the postmaster gets what is for the postmaster', async (t) => {
  const here = await scene(t);
  for (const one of [...OF_PEOPLE, ...REPORTS.slice(0, 1)]) {
    t.equal(await comes(here, `postmaster@${RETURN}`, one), '250 2.0.0 accepted as ID', one.name);
  }
  const passed = await openedMessages(here.ground, 'notice');
  t.equal(passed.length, OF_PEOPLE.length + 1);
  t.match(passed[0]?.message, { envelope: { reversePath: '', recipients: [{ address: POSTMASTER }] }, reportTo: null, about: null });
  t.match(passed[0]?.text, /^X-Postern-Not-Protected: postmaster\r$/m);
});

await t.test('refused, and nothing stays behind', async (t) => {
  const [person] = OF_PEOPLE;
  if (person === undefined) throw new Error('no sample');
  const long = Buffer.concat([Buffer.from('X: '), Buffer.alloc(300_000, 'x')]);
  const table: readonly (readonly [name: string, message: Buffer, reply: RegExp])[] = [
    ['a loop', Buffer.from(`${'Received: by x\r\n'.repeat(60)}\r\nhello\r\n`), /^554 5\.4\.6 /],
    ['a header that reads two ways', Buffer.from('Subject: a\r\nno colon\r\n\r\nhello\r\n'), /^554 5\.6\.0 /],
    ['a header without end', long, /^554 5\.6\.0 /],
  ];
  for (const [name, message, reply] of table) {
    const here = await scene(t);
    const pickup = await waitingPickup(here.ground);
    t.match(await comes(here, addressOf(here.ground, 'notice', pickup), { reversePath: PAT, message }), reply, name);
    t.same((await here.ground.deliveries()).length, 4, name);
    t.equal(here.ground.events.of('refused').length, 1, `${name}: counted`);
  }
  const full = await scene(t, { mayAccept: () => false });
  const pickup = await waitingPickup(full.ground);
  await t.rejects(comes(full, addressOf(full.ground, 'notice', pickup), person), new MailError('store.disk-full'));
  await t.rejects(comes(full, addressOf(full.ground, 'notice', { messageId: pickup.messageId, n: 9 }), person), MailError, 'never issued');
  await t.rejects(comes(full, PAT, person), new MailError('session.not-permitted'), 'a stranger goes along no road');
});

await t.test('one who goes away leaves nothing behind', async (t) => {
  const here = await scene(t);
  const pickup = await waitingPickup(here.ground);
  const intake = await here.door.open(submissionTo(addressOf(here.ground, 'notice', pickup), PAT, STRANGER));
  await intake.write(Buffer.from('From: pat@home.example\r\nSubject: hello\r\n\r\n'));
  for (let i = 0; i < 20; i++) await intake.write(Buffer.alloc(30_000, 'x\r\n'));
  await intake.abort();
  t.same(here.ground.spoolFiles(), []);
  t.same(await openedMessages(here.ground, 'notice'), []);
});

await t.test('a notice address that got about floods nobody', async (t) => {
  const here = await scene(t);
  const pickup = await waitingPickup(here.ground);
  const address = addressOf(here.ground, 'notice', pickup);
  const [person] = OF_PEOPLE;
  if (person === undefined) throw new Error('no sample');
  const replies: string[] = [];
  for (let i = 0; i < 22; i++) replies.push((await comes(here, address, person)).slice(0, 9));
  t.same([...new Set(replies.slice(0, 20))], ['250 2.0.0']);
  t.same(replies.slice(20), ['451 4.7.1', '451 4.7.1']);
  const other = await waitingPickup(here.ground);
  t.match(await comes(here, addressOf(here.ground, 'notice', other), person), /^250/, 'another is not meant');
  const within = async (hours: number): Promise<number> => {
    here.ground.clock.at += hours * 3_600_000;
    let taken = 0;
    for (let i = 0; i < 30; i++) if ((await comes(here, address, person)).startsWith('250')) taken += 1;
    return taken;
  };
  t.same([await within(6), await within(6), await within(12), await within(240)], [5, 5, 10, 20], 'as many a day, whenever they come');
});

await t.test('a mail system that sends the same mail twice: passed on once', async (t) => {
  const reply = (change: { readonly received?: string; readonly id?: string; readonly date?: string; readonly text?: string }): Buffer =>
    Buffer.from(
      [
        `Received: from ${change.received ?? 'a.home.example'} by mx.home.example; Tue, 24 Nov 2026 10:00:00 +0000`,
        'From: Pat Roe <pat@home.example>',
        'Subject: Re: A message for you',
        `Date: Tue, 24 Nov 2026 ${change.date ?? '10:00:00'} +0000`,
        ...(change.id === '' ? [] : [`Message-ID: <${change.id ?? 'one'}@home.example>`]),
        '',
        change.text ?? 'I cannot open it.',
        '',
      ].join('\r\n'),
    );
  const table: readonly (readonly [name: string, first: Buffer, second: Buffer, passedOn: number])[] = [
    ['as it was', reply({}), reply({}), 1],
    ['by another way', reply({}), reply({ received: 'b.home.example' }), 1],
    ['without an id', reply({ id: '' }), reply({ id: '' }), 1],
    ['another mail of the same words', reply({}), reply({ id: 'two' }), 2],
    ['without an id, later', reply({ id: '' }), reply({ id: '', date: '10:00:01' }), 2],
    ['other words', reply({}), reply({ text: 'I can.' }), 2],
  ];
  for (const [name, first, second, passedOn] of table) {
    const here = await scene(t);
    const pickup = await waitingPickup(here.ground);
    for (const message of [first, second]) {
      const said = await comes(here, addressOf(here.ground, 'notice', pickup), { reversePath: PAT, message });
      t.equal(said, '250 2.0.0 accepted as ID', `${name}: its sender has done all`);
    }
    t.equal((await openedMessages(here.ground, 'notice')).length, passedOn, name);
    const repeated = here.ground.evidence().filter(({ kind }) => kind === 'delivery.repeated');
    t.equal(repeated.length, 2 - passedOn, `${name}: and the repeat is in the log`);
    const other = await waitingPickup(here.ground);
    await comes(here, addressOf(here.ground, 'notice', other), { reversePath: PAT, message: first });
    t.equal((await openedMessages(here.ground, 'notice')).length, passedOn + 1, `${name}: about another message it is another`);
  }
});

await t.test('a storage that fails is never 250', async (t) => {
  const here = await scene(t);
  const pickup = await waitingPickup(here.ground);
  const failing = returningAccept(
    { open: () => Promise.reject(new Error('not asked')) },
    {
      ...here.deps,
      pickups: { ...here.deps.pickups, change: () => Promise.reject(new MailError('store.unavailable')) },
      journal: { ...here.deps.journal, accept: () => Promise.reject(new MailError('store.unavailable')) },
    },
  );
  for (const one of [...REPORTS.slice(0, 1), ...OF_PEOPLE.slice(0, 1)]) {
    const said = await comes({ ...here, door: failing }, addressOf(here.ground, 'notice', pickup), one);
    t.match(said, /^451 4\.3\.0 /, one.name);
  }
  t.match(await pickupNow(here.ground, pickup.deliveryId), { state: 'waiting', bouncedAt: null });
});

await t.test('an answer to a person: their address in the place of the one that was written', async (t) => {
  const here = await scene(t);
  const pickup = await openedPickup(here.ground);
  const answer = addressOf(here.ground, 'answer', pickup);
  const submission = submissionTo(answer, ANN, KNOWN);
  const beside = { address: 'bob@clinic.example', notify: null, orcpt: null };
  const both = { ...submission, envelope: { ...submission.envelope, recipients: [...submission.envelope.recipients, beside] } };
  await handIn(await here.door.open(both), Buffer.from('Subject: x\r\n\r\n'));
  t.same(here.road[0]?.envelope.recipients, [
    { address: PAT, notify: null, orcpt: `rfc822;${answer}`, answers: pickup.deliveryId },
    beside,
  ]);
  const [bounce] = REPORTS;
  if (bounce === undefined) throw new Error('no sample');
  t.equal(await comes(here, answer, bounce), '250 2.0.0 noted', 'a report about an answer');
  t.match(
    here.ground.evidence().find(({ kind }) => kind === 'pickup.noted'),
    { codes: { of: 'answer', action: 'failed' } },
  );
  t.equal(here.road.length, 1, 'goes to nobody');
  const [told] = await openedMessages(here.ground, 'notice');
  t.match(told?.message, {
    about: pickup.deliveryId,
    reportTo: null,
    envelope: { reversePath: '', recipients: [{ address: POSTMASTER }] },
  });
  t.match(told?.text, /^Subject: An answer from the portal came back/m);
  t.notMatch(told?.text, /home\.example|Pat|no such person/, 'by ids only');
  for (const late of REPORTS.filter(({ action }) => action !== 'failed')) await comes(here, answer, late);
  t.equal((await openedMessages(here.ground, 'notice')).length, 1, 'a delay bothers nobody');
});
