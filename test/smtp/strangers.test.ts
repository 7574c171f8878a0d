// A listener that serves strangers: no login, TLS where they can, recipients by who asks, and the same defences as every other listener.
import t from 'tap';
import { trust } from '../../src/access/trust.ts';
import type { Identity } from '../../src/smtp/identity.ts';
import type { MayReceive } from '../../src/smtp/options.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { startSurface, type SurfaceSettings, type TestSurface } from '../support/submission-surface.ts';

const STRANGER: Identity = {
  submitter: { kind: 'gateway', name: 'stranger' },
  mayUse: ['*', '<>'],
  tenantProof: null,
  reports: null,
  likelyRepeats: 'report',
};
type Asked = Parameters<MayReceive>[0];

/** One address for all, one for those who are known. */
function door(asked: Asked[]): MayReceive {
  return async (one) => {
    asked.push(one);
    if (one.address === 'fault@return.example') throw new Error('a fault');
    if (one.address === 'notice@return.example') return one.earlier.length > 0 ? 'envelope.too-many-recipients' : null;
    if (one.address === 'answer@return.example') return one.who === 'known' ? null : 'envelope.not-from-you';
    return 'envelope.no-such-address';
  };
}

async function surfaceOf(t: Parameters<typeof startSurface>[0], change: SurfaceSettings = {}) {
  const asked: Asked[] = [];
  const surface = await startSurface(t, {
    name: 'return',
    tls: 'offered',
    login: 'none',
    stranger: STRANGER,
    mayReceive: door(asked),
    ...change,
  });
  return { surface, asked };
}

async function greeted({ port, tls }: TestSurface, mode: 'clear' | 'tls' = 'clear'): Promise<Dialogue> {
  const dialogue = await Dialogue.connect(port, { tls });
  await dialogue.reply();
  if (mode === 'tls') await dialogue.startTls();
  else await dialogue.say('EHLO mx.home.example');
  return dialogue;
}

await t.test('only for addresses that take mail', async (t) => {
  const { surface, asked } = await surfaceOf(t);
  for (const mode of ['clear', 'tls'] as const) {
    const dialogue = await greeted(surface, mode);
    const lines: readonly (readonly [says: string, hears: string])[] = [
      ['AUTH PLAIN AGEAYg==', '500 5.5.2 '],
      ['RCPT TO:<notice@return.example>', '503 5.5.1 '],
      ['MAIL FROM:<pat@home.example>', '250 2.1.0 '],
      ['RCPT TO:<joe@elsewhere.example>', '550 5.1.1 There is no such address here'],
      ['RCPT TO:<answer@return.example>', '550 5.7.1 This address takes mail from the person it was given to only'],
      ['RCPT TO:<fault@return.example>', '451 4.3.0 '],
      ['RCPT TO:<no address>', '501 5.5.4 '],
      ['DATA', '503 5.5.1 '],
      ['RCPT TO:<notice@return.example>', '250 2.1.5 '],
      ['RCPT TO:<notice@return.example>', '452 4.5.3 '],
      ['RSET', '250 2.0.0 '],
      ['MAIL FROM:<>', '250 2.1.0 '],
      ['RCPT TO:<notice@return.example>', '250 2.1.5 '],
      ['DATA', '354'],
    ];
    for (const [says, hears] of lines) t.equal((await dialogue.say(says)).slice(0, hears.length), hears, `${mode}: ${says}`);
    t.match(await dialogue.say('Subject: hello\r\n\r\nhello\r\n.'), /^250/);
    await dialogue.say('QUIT');
  }
  const [first, second] = surface.accept.kept;
  t.match(first?.submission, {
    submitter: STRANGER.submitter,
    client: { protocol: 'ESMTP', tls: null, listener: 'return' },
    envelope: { reversePath: '', recipients: [{ address: 'notice@return.example' }] },
  });
  t.match(second?.submission.client, { protocol: 'ESMTPS', tls: { protocol: 'TLSv1.3' } });
  t.match(asked.at(-1), { address: 'notice@return.example', reversePath: '', earlier: [], who: 'stranger' });
  const codes = surface.seen.named('refused').map(({ code }) => code);
  t.ok(codes.includes('envelope.no-such-address') && codes.includes('envelope.not-from-you'), 'counted');
  t.same(
    surface.seen.named('bug').map(({ where }) => where),
    ['smtp.recipient', 'smtp.recipient'],
  );
});

await t.test('pipelined', async (t) => {
  const { surface } = await surfaceOf(t);
  const dialogue = await greeted(surface);
  dialogue.write('MAIL FROM:<a@home.example>\r\nRCPT TO:<x@x.example>\r\nRCPT TO:<notice@return.example>\r\nDATA\r\n');
  const replies = [await dialogue.reply(), await dialogue.reply(), await dialogue.reply(), await dialogue.reply()];
  t.same(
    replies.map((reply) => reply.slice(0, 3)),
    ['250', '550', '250', '354'],
  );
  t.match(await dialogue.say('Subject: x\r\n\r\nx\r\n.'), /^250/);
});

await t.test('who is known is known, and whose reverse-path is not theirs is a stranger', async (t) => {
  const network = {
    kind: 'network',
    name: 'exchange',
    ranges: ['127.0.0.0/8'],
    mayUse: ['*@clinic.example'],
    reports: null,
    likelyRepeats: 'report',
    tenantProof: null,
  } as const;
  const { surface, asked } = await surfaceOf(t, { trust: trust([], [network]) });
  const dialogue = await greeted(surface);
  t.match(await dialogue.send('ann@clinic.example', ['answer@return.example'], 'Subject: x\r\n\r\nx\r\n'), /^250/);
  t.match(await dialogue.send('pat@home.example', ['answer@return.example'], ''), /^550 5\.7\.1 /);
  await dialogue.say('RSET');
  t.match(
    await dialogue.send('pat@home.example', ['notice@return.example'], 'Subject: x\r\n\r\nx\r\n'),
    /^250/,
    'relayed by a server of ours',
  );
  t.match(await dialogue.send('ann@clinic.example', ['answer@return.example'], 'Subject: x\r\n\r\nx\r\n'), /^250/, 'and itself again');
  t.same(
    asked.map(({ who }) => who),
    ['known', 'stranger', 'stranger', 'known'],
  );
  t.same(
    surface.accept.kept.map(({ submission }) => submission.submitter.name),
    ['exchange', 'stranger', 'exchange'],
  );
});

await t.test('smuggling, size and errors as everywhere', async (t) => {
  const { surface } = await surfaceOf(t, { limits: { messageSizeBytes: 1_000, errorsPerSession: 3 } });
  for (const [content, reply] of [
    ['Subject: x\r\n\r\nx\n.\nMAIL FROM:<>\r\n', /^554 5\.6\.0 /],
    ['Subject: x\r\n\r\nx\r.\r\nmore\r\n', /^554 5\.6\.0 /],
    [`Subject: x\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(2_000, 'x\r\n'), /^552 5\.3\.4 /],
  ] as const) {
    const dialogue = await greeted(surface);
    t.match(await dialogue.send('a@home.example', ['notice@return.example'], content), reply);
    dialogue.destroy();
  }
  t.same(surface.accept.kept, []);
  const prober = await greeted(surface);
  await prober.say('MAIL FROM:<a@home.example>');
  for (let i = 0; i < 3; i++) t.match(await prober.say(`RCPT TO:<guess-${i}@return.example>`), /^550 5\.1\.1 /);
  t.match(await prober.closed(), /^421 4\.7\.0 /, 'who guesses is put out');
});

await t.test('one who goes away while it is looked up', async (t) => {
  const looking = Promise.withResolvers<null>();
  const asked = Promise.withResolvers<void>();
  const { surface } = await surfaceOf(t, {
    mayReceive: () => {
      asked.resolve();
      return looking.promise;
    },
  });
  const dialogue = await greeted(surface);
  await dialogue.say('MAIL FROM:<a@home.example>');
  dialogue.write('RCPT TO:<notice@return.example>\r\n');
  await asked.promise;
  dialogue.destroy();
  await surface.seen.nth('ended', 0);
  looking.resolve(null);
  const next = await greeted(surface);
  t.match(await next.say('MAIL FROM:<a@home.example>'), /^250/, 'it goes on for others');
  t.same(surface.seen.named('bug'), []);
});
