// Answers written at the portal, over the real store: from whom and to whom they go, by which way to each, and what is refused.
import t from 'tap';
import { answering, type AnsweringDeps } from '../../../src/gateway/pickup/answering.ts';
import type { Answer } from '../../../src/gateway/pickup/desk.ts';
import { MailError } from '../../../src/mail/mail-error.ts';
import { gatewayGround } from '../../support/gateway-ground.ts';
import { openedMessages } from '../../support/opened-messages.ts';
import { POSTMASTER } from '../../support/own-mail.ts';
import { addressOf, ANN, openedPickup, ORIGINAL, PAT, pickupNow, returnDeps } from '../../support/return-path.ts';
import { seenMessages } from '../../support/seen-message.ts';

const CLIENT = { address: '198.51.100.7', userAgent: 'Test/1' };
const PERSON = { personId: 5, name: 'Pat Roe', client: CLIENT };
const ANSWER: Omit<Answer, 'deliveryId'> = {
  to: 'originator',
  form: 'F'.repeat(22),
  subject: 'Your results',
  headerMessageId: '<forged@evil.example>',
  references: null,
  others: [],
  contentType: 'text/plain; charset=utf-8',
  transferEncoding: '7bit',
};

async function* body(...pieces: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function scene(t: Parameters<typeof returnDeps>[0] & Parameters<typeof gatewayGround>[0], change: Partial<AnsweringDeps> = {}) {
  const ground = await gatewayGround(t);
  const deps = { ...returnDeps(t, ground), ...change };
  return { ground, desk: answering(deps) };
}

await t.test('to the originator, in the thread, from an address of ours', async (t) => {
  const { ground, desk } = await scene(t);
  const pickup = await openedPickup(ground);
  t.equal(await desk.answer({ ...PERSON, pickup }, ANSWER, body('Thank ', 'you.\r\n')), 'accepted');
  const [answer] = await openedMessages(ground, 'answer');
  if (answer === undefined) throw new Error('no answer');
  const from = addressOf(ground, 'answer', pickup);
  const [seen] = await seenMessages([Buffer.from(answer.text)]);
  t.match(seen, {
    from: [['Pat Roe (via Riverside Clinic portal)', from]],
    to: [ANN],
    cc: [],
    header: {
      subject: 'Re: Your results',
      'in-reply-to': '<1@clinic.example>',
      references: '<1@clinic.example>',
      'auto-submitted': undefined,
    },
    leaves: [{ text: /^Thank you\./ }],
    defects: [],
  });
  t.match(answer.message, { about: pickup.deliveryId, reportTo: POSTMASTER, envelope: { reversePath: from, writer: PAT } });
  t.match(
    (await ground.deliveries()).filter(({ kind }) => kind === 'answer'),
    [{ recipient: ANN, state: 'queued', decision: { methods: ['relay'], floor: 'tls-verified' } }],
  );
  t.equal((await pickupNow(ground, pickup.deliveryId)).answers, 1);
  t.match(await ground.store.pickups.answersTo(pickup.deliveryId), [{ messageId: answer.message.id, state: 'queued' }]);
  const written = ground.evidence().filter(({ kind }) => kind === 'pickup.answered');
  t.match(written, [{ deliveryId: pickup.deliveryId, codes: { answer: answer.message.id, to: 'originator', person: 5 } }]);
  t.same(written[0]?.detail, { client: CLIENT.address });
  t.notMatch(JSON.stringify(written), 'Pat', 'no name in clear');
});

const OTHERS = ['BOB@clinic.example', 'eve@partner.example', 'hidden@partner.example', 'stranger@evil.example', PAT, ANN];

await t.test('to all: only those of the envelope who were seen; outside by the portal', async (t) => {
  const { ground, desk } = await scene(t);
  const pickup = await openedPickup(ground);
  t.equal(await desk.answer({ ...PERSON, pickup }, { ...ANSWER, to: 'all', others: OTHERS }, body('x\r\n')), 'accepted');
  const deliveries = (await ground.deliveries()).filter(({ kind }) => kind === 'answer');
  t.same(
    deliveries.map(({ recipient, decision: { methods, floor, rule } }) => [recipient, methods.join(), floor, rule]),
    [
      [ANN, 'relay', 'tls-verified', 'simple'],
      ['bob@clinic.example', 'relay', 'tls-verified', 'simple'],
      ['eve@partner.example', 'portal', 'tls-verified', '<answer>'],
    ],
    'never who was in Bcc, never who was not written to',
  );
  const [answer] = await openedMessages(ground, 'answer');
  const [seen] = await seenMessages([Buffer.from(answer?.text ?? '')]);
  t.same([seen?.to, seen?.cc], [[ANN], ['bob@clinic.example', 'eve@partner.example']]);
  await desk.answer({ ...PERSON, pickup }, { ...ANSWER, form: 'G'.repeat(22), to: 'all', others: ['eve@partner.example'] }, body('x\r\n'));
  t.equal((await ground.deliveries()).filter(({ kind }) => kind === 'answer').length, 5, 'whom the person chose');
});

const headers: readonly (readonly [name: string, header: string, to: readonly string[]])[] = [
  ['a Reply-To of the organisation', 'From: robot@clinic.example\r\nReply-To: desk@clinic.example', ['desk@clinic.example']],
  ['a Reply-To outside', 'From: robot@clinic.example\r\nReply-To: x@evil.example', ['robot@clinic.example']],
  ['a Reply-To that hides one outside', 'From: a@clinic.example\r\nReply-To: desk@clinic.example, x@evil.example', ['a@clinic.example']],
  ['a From outside', 'From: x@evil.example', [ANN]],
  ['nothing', 'Subject: x', [ANN]],
];
await t.test('to whom, by what the original says', async (t) => {
  for (const [name, header, to] of headers) {
    const { ground, desk } = await scene(t);
    const pickup = await openedPickup(ground, { content: `${header}\r\n\r\nhello\r\n` });
    t.equal(await desk.answer({ ...PERSON, pickup }, ANSWER, body('x\r\n')), 'accepted', name);
    const answers = (await ground.deliveries()).filter(({ kind }) => kind === 'answer');
    t.same(
      answers.map(({ recipient }) => recipient),
      to,
      name,
    );
  }
});

await t.test('what another person wrote from the portal is answered at the portal', async (t) => {
  const { ground, desk } = await scene(t);
  const first = await openedPickup(ground);
  const reversePath = addressOf(ground, 'answer', first);
  const original = await ground.store.journal.readMessage(first.messageId);
  if (original === null) throw new Error('no message');
  const second = await openedPickup(ground, {
    content: `From: ${reversePath}\r\nTo: eve@partner.example\r\n\r\nx\r\n`,
    recipients: ['eve@partner.example'],
    message: {
      envelope: { ...original.envelope, reversePath, recipients: [{ address: 'eve@partner.example', notify: null, orcpt: null }] },
    },
  });
  t.equal(await desk.answer({ ...PERSON, pickup: second }, ANSWER, body('x\r\n')), 'accepted');
  t.match(
    (await ground.deliveries()).filter(({ kind }) => kind === 'answer'),
    [{ recipient: PAT, decision: { methods: ['portal'] } }],
  );
});

await t.test('begun from the page', async (t) => {
  const { ground, desk } = await scene(t);
  const by = { ...PERSON, brand: 'default', address: PAT };
  const message = { ...ANSWER, to: 'FrontDesk@clinic.example', subject: 'An appointment' };
  t.equal(await desk.begin(by, message, body('Please.\r\n')), 'accepted');
  const [begun] = await openedMessages(ground, 'answer');
  if (begun === undefined) throw new Error('not begun');
  const from = addressOf(ground, 'answer', { messageId: begun.message.id, n: 0 });
  t.match(begun.message, {
    about: null,
    envelope: { reversePath: from, writer: PAT, recipients: [{ address: 'frontdesk@clinic.example' }] },
  });
  t.match(begun.text, /^Subject: An appointment\r$/m);
  t.notMatch(begun.text, /^In-Reply-To/m);
  t.match(
    ground.evidence().filter(({ kind }) => kind === 'pickup.started'),
    [{ messageId: begun.message.id, codes: { person: 5 } }],
  );
  t.equal(await desk.begin(by, { ...message, to: 'ceo@clinic.example' }, body('x')), 'refused', 'only to those of the page');
});

await t.test('sent again from the same form: one message, whatever became of the first reply', async (t) => {
  const large = Buffer.alloc(300_000, 'x\r\n');
  const table: readonly (readonly [name: string, answer: Partial<Answer>, person: number, body: string | Buffer, messages: number])[] = [
    ['the same words', {}, 5, 'Thank you.\r\n', 1],
    ['other words', {}, 5, 'Thank you!\r\n', 2],
    ['another form', { form: 'G'.repeat(22) }, 5, 'Thank you.\r\n', 2],
    ['somebody else who reads there', {}, 6, 'Thank you.\r\n', 2],
    ['with attachments', { contentType: 'multipart/mixed; boundary="=_b"' }, 5, 'Thank you.\r\n', 2],
  ];
  for (const [name, change, personId, again, messages] of table) {
    const { ground, desk } = await scene(t);
    const pickup = await openedPickup(ground);
    t.equal(await desk.answer({ ...PERSON, pickup }, ANSWER, body('Thank ', 'you.\r\n')), 'accepted', name);
    t.equal(await desk.answer({ ...PERSON, personId, pickup }, { ...ANSWER, ...change }, body(again)), 'accepted', name);
    t.equal((await openedMessages(ground, 'answer')).length, messages, name);
    t.equal((await pickupNow(ground, pickup.deliveryId)).answers, messages, `${name}: as many are counted`);
    const kinds = ground.evidence().map(({ kind }) => kind);
    t.equal(kinds.filter((kind) => kind === 'pickup.answered').length, messages, name);
    t.equal(kinds.filter((kind) => kind === 'delivery.repeated').length, 2 - messages, `${name}: and the repeat is in the log`);
  }
  const { ground, desk } = await scene(t);
  const pickup = await openedPickup(ground);
  for (const one of [1, 2]) t.equal(await desk.answer({ ...PERSON, pickup }, ANSWER, body(large)), 'accepted', `a large one, ${one}`);
  t.equal(ground.spoolFiles().length, 1, 'nothing is left of the repeat');
});

await t.test('refused', async (t) => {
  const multipart = { contentType: 'multipart/mixed; boundary=b', transferEncoding: '7bit' } as const;
  const full = Buffer.alloc(600_000, 'x\r\n');
  const table: readonly (readonly [
    name: string,
    change: Partial<AnsweringDeps>,
    answer: Partial<Answer>,
    body: readonly (string | Buffer)[],
    kind: string,
  ])[] = [
    ['with attachments', {}, multipart, ['--b\r\n\r\nx\r\n--b--\r\n'], 'accepted'],
    ['nobody may answer', { answers: () => 'none' }, {}, ['x'], 'refused'],
    ['all may not be answered', { answers: () => 'originator' }, { to: 'all' }, ['x'], 'refused'],
    ['HTML', {}, { contentType: 'text/html' }, ['<b>x</b>'], 'refused'],
    ['a boundary that writes a field', {}, { ...multipart, contentType: 'multipart/mixed; boundary="b\r\nBcc: x"' }, ['x'], 'refused'],
    ['a bare LF', {}, {}, ['a\nb'], 'refused'],
    ['a bare CR at the end', {}, {}, ['a\r'], 'refused'],
    ['smuggled in two pieces', {}, {}, ['a\r', '.\r\n'], 'refused'],
    ['too large', {}, {}, [full, full], 'too-large'],
    ['no room', { mayAccept: () => false }, {}, ['x'], 'busy'],
  ];
  for (const [name, change, answer, pieces, kind] of table) {
    const { ground, desk } = await scene(t, change);
    const pickup = await openedPickup(ground);
    t.equal(await desk.answer({ ...PERSON, pickup }, { ...ANSWER, ...answer }, body(...pieces)), kind, name);
    t.equal((await openedMessages(ground, 'answer')).length, kind === 'accepted' ? 1 : 0, name);
    t.same(ground.spoolFiles(), [], name);
    t.same(ground.events.bugs, [], name);
  }
});

await t.test('a body that breaks off, a storage that fails, content that is gone', async (t) => {
  const { ground, desk } = await scene(t);
  const pickup = await openedPickup(ground);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the portal went away');
  }
  t.equal(await desk.answer({ ...PERSON, pickup }, ANSWER, broken()), 'busy');
  t.same(ground.events.bugs, [], 'a tab that is closed is no bug');
  const failing = await scene(t, {
    spool: {
      ...ground.spool,
      writer: () => {
        throw new MailError('store.disk-full');
      },
      read: (content) => ground.spool.read(content),
    },
  });
  const there = await openedPickup(failing.ground);
  t.equal(await failing.desk.answer({ ...PERSON, pickup: there }, ANSWER, body('x')), 'busy');
  const gone = await openedPickup(ground);
  await ground.store.retention.removeContent([gone.messageId], []);
  t.equal(await desk.answer({ ...PERSON, pickup: gone }, ANSWER, body('x')), 'gone');
  t.same(await openedMessages(ground, 'answer'), []);
});

await t.test('who has nobody to answer', async (t) => {
  const { ground, desk } = await scene(t);
  const { message } = await (async () => ({ message: await ground.store.journal.readMessage((await openedPickup(ground)).messageId) }))();
  if (message === null) throw new Error('no message');
  const pickup = await openedPickup(ground, {
    content: ORIGINAL.replace(ANN, 'x@evil.example'),
    message: { envelope: { ...message.envelope, reversePath: '' } },
  });
  t.equal(await desk.answer({ ...PERSON, pickup }, ANSWER, body('x')), 'refused');
});
