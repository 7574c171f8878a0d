// Messages of the gateway itself as they are taken in: in one piece or streamed, from whom, to whom and by which way; a stream that breaks leaves
// nothing behind.
import t from 'tap';
import { acceptOwn, type OwnMessage } from '../../src/gateway/accept-own.ts';
import { atPortal } from '../../src/gateway/to-portal.ts';
import { gatewayGround } from '../support/gateway-ground.ts';
import { openedMessages } from '../support/opened-messages.ts';
import { acceptingOwn, POSTMASTER } from '../support/own-mail.ts';

const OWN: OwnMessage = {
  kind: 'answer',
  about: null,
  to: ['ann@clinic.example'],
  smtpUtf8: false,
  failing: 'to-postmaster',
  compose: ({ id }) => Buffer.from(`Message-ID: <${id}@mail.clinic.example>\r\n\r\nhello\r\n`),
  settlesReports: [],
  tellsOf: [],
  evidence: () => [],
};

async function* pieces(...all: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const piece of all) yield Buffer.from(piece);
}

await t.test('what it is, and whose', async (t) => {
  const ground = await gatewayGround(t);
  const deps = acceptingOwn(t, ground);
  await acceptOwn(OWN, deps);
  await acceptOwn({ ...OWN, kind: 'notice', failing: 'to-nobody', about: 'X' }, deps);
  const [answer] = await openedMessages(ground, 'answer');
  t.match(answer, { message: { kind: 'answer', submitter: { kind: 'gateway', name: 'portal' }, reportTo: POSTMASTER, references: null } });
  t.match(answer?.message, { envelope: { reversePath: '', body: '7bit' }, content: { needs: 'nothing', place: 'row' } });
  t.match(answer?.text, /^Message-ID: <\w{26}@mail\.clinic\.example>\r\n\r\nhello\r\n$/);
  t.match(await openedMessages(ground, 'notice'), [{ message: { submitter: { name: 'notices' }, reportTo: null, about: 'X' } }]);
  const kinds = ground.evidence().map(({ kind }) => kind);
  t.same(
    kinds.filter((kind) => kind.endsWith('.accepted')),
    ['message.accepted', 'report.accepted'],
    'an answer is a message',
  );
});

await t.test('from whom, and by which way to each', async (t) => {
  const ground = await gatewayGround(t);
  const deps = acceptingOwn(t, ground);
  const own = deps.ownMail();
  await acceptOwn(
    {
      ...OWN,
      about: 'A/0',
      from: () => ({ reversePath: 'answer-x@return.clinic.example', writer: 'pat@home.example' }),
      to: ['ann@clinic.example', 'bob@partner.example'],
      references: '<a@b> <c@d>',
      decide: (recipient) => (recipient.endsWith('@partner.example') ? atPortal(own) : own),
    },
    deps,
  );
  const [{ message } = { message: null }] = await openedMessages(ground, 'answer');
  t.match(message, {
    about: 'A/0',
    references: '<a@b> <c@d>',
    envelope: { reversePath: 'answer-x@return.clinic.example', writer: 'pat@home.example', ret: 'hdrs' },
  });
  t.same(
    message?.envelope.recipients.map(({ notify }) => notify),
    [['failure'], ['failure']],
    'servers that know NOTIFY would return nothing for NEVER',
  );
  await acceptOwn({ ...OWN, kind: 'dsn' }, deps);
  t.match(
    (await openedMessages(ground, 'dsn'))[0]?.message.envelope,
    { ret: null, recipients: [{ notify: ['never'] }] },
    'a DSN asks for none',
  );
  t.match(await ground.deliveries(), [
    { recipient: 'ann@clinic.example', decision: { methods: ['relay'], floor: 'tls-verified' } },
    { recipient: 'bob@partner.example', decision: { methods: ['portal'], floor: 'tls-verified' } },
  ]);
});

await t.test('streamed: large goes to a file, and what must be re-encoded is known', async (t) => {
  const ground = await gatewayGround(t);
  const deps = acceptingOwn(t, ground);
  const line = Buffer.from(`${'x'.repeat(70)}\r\n`);
  const body = Array.from({ length: 10_000 }, () => line);
  await acceptOwn({ ...OWN, compose: () => pieces('Subject: a\r\n\r\n', ...body) }, deps);
  await acceptOwn({ ...OWN, compose: () => pieces('Subject: b\r\n\r\n', 'caf', 'é\r\n') }, deps);
  const found = await openedMessages(ground, 'answer');
  t.match(
    found.map(({ message, text }) => [message.content.place, message.content.needs, message.content.sizeBytes === Buffer.byteLength(text)]),
    [
      ['file', 'nothing', true],
      ['row', 're-encoding', true],
    ],
  );
  t.equal(found[1]?.text, 'Subject: b\r\n\r\ncafé\r\n');
  t.equal(ground.spoolFiles().length, 1);
});

await t.test('a stream that breaks off leaves nothing behind', async (t) => {
  const ground = await gatewayGround(t);
  const deps = acceptingOwn(t, ground);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(400_000, 'x\r\n');
    throw new Error('the reader went away');
  }
  await t.rejects(acceptOwn({ ...OWN, compose: broken }, deps), { message: 'the reader went away' });
  t.same(await ground.deliveries(), []);
  t.same(ground.spoolFiles(), []);
  t.same(ground.evidence(), []);
});
