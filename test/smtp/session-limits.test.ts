// Limits of sessions: connections, time, errors, sizes, lines; clients that talk too soon, trickle or go away; stopping.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import t from 'tap';
import type { Trust } from '../../src/access/trust.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { PASSWORD, startSurface } from '../support/submission-surface.ts';
import type { SurfaceSettings, TestSurface } from '../support/submission-surface.ts';

async function loggedIn(surface: TestSurface): Promise<Dialogue> {
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.startTls();
  await dialogue.login('ehr', PASSWORD);
  return dialogue;
}

async function inData(surface: TestSurface): Promise<Dialogue> {
  const dialogue = await loggedIn(surface);
  for (const line of ['MAIL FROM:<a@hospital.example>', 'RCPT TO:<b@x.example>', 'DATA']) await dialogue.say(line);
  return dialogue;
}

await t.test('connections of one address, and in total', async (t) => {
  for (const places of [
    { connectionsTotal: 100, connectionsPerAddress: 2 },
    { connectionsTotal: 2, connectionsPerAddress: 100 },
  ]) {
    const surface = await startSurface(t, { places });
    const open = [await Dialogue.connect(surface.port, { tls: surface.tls }), await Dialogue.connect(surface.port, {})];
    for (const dialogue of open) t.match(await dialogue.reply(), /^220/);
    const third = await Dialogue.connect(surface.port, {});
    t.equal(await third.reply(), '421 Too many connections, try again later');
    t.equal(await third.closed(), '');
    t.match(surface.seen.named('turnedAway'), [{ address: '127.0.0.1', code: 'session.too-many-connections' }]);
    await open[0]?.startTls();
    open[0]?.destroy();
    await surface.seen.nth('ended', 0);
    t.match(await (await Dialogue.connect(surface.port, {})).reply(), /^220/, 'a place is free again, after TLS too');
  }
});

await t.test('connections under implicit TLS count from the handshake on', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit', places: { connectionsTotal: 100, connectionsPerAddress: 1 } });
  const silent = connectTcp(surface.port, '127.0.0.1');
  await once(silent, 'connect');
  const refused = connectTcp(surface.port, '127.0.0.1');
  refused.on('error', () => undefined);
  refused.resume();
  await once(refused, 'close');
  t.pass('the second is closed');
  silent.destroy();
  for (;;) {
    const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls, mode: 'implicit' }).catch(() => null);
    if (dialogue === null) continue;
    t.match(await dialogue.reply(), /^220/, 'a place is free again');
    break;
  }
});

await t.test('time', async (t) => {
  const table: readonly (readonly [why: string, SurfaceSettings['limits'], login: 'yes' | 'no', code: string, reply: RegExp])[] = [
    ['not logged in', { loginTimeMs: 100 }, 'no', 'session.timeout', /^421 4\.4\.2 Timeout/],
    ['a session that never ends', { sessionTimeMs: 100 }, 'yes', 'session.too-long', /^421 4\.4\.2 Session/],
    ['idle', { idleTimeMs: 100 }, 'yes', 'session.timeout', /^421 4\.4\.2 Timeout/],
  ];
  await Promise.all(
    table.map(async ([why, limits, login, code, reply]) => {
      const surface = await startSurface(t, { limits: limits ?? {} });
      const dialogue = login === 'yes' ? await loggedIn(surface) : await Dialogue.connect(surface.port, {});
      if (login === 'no') await dialogue.reply();
      t.match(await dialogue.reply(), reply, why);
      await dialogue.closed();
      t.equal((await surface.seen.nth('ended', 0)).end, code, why);
    }),
  );
});

await t.test('time runs out in the middle of a message: aborted', async (t) => {
  for (const limits of [{ idleTimeMs: 150 }, { sessionTimeMs: 150 }]) {
    const surface = await startSurface(t, { limits });
    const dialogue = await inData(surface);
    dialogue.write('Subject: half\r\n');
    t.match(await dialogue.reply(), /^421 4\.4\.2 /);
    t.match(await surface.accept.nth(0), { end: 'aborted' });
  }
});

await t.test('errors', async (t) => {
  const surface = await startSurface(t, { limits: { errorsPerSession: 5 } });
  const dialogue = await loggedIn(surface);
  for (let i = 0; i < 4; i++) t.match(await dialogue.say('RCPT TO:<x@y.example>'), /^503 /);
  t.match(await dialogue.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n'), /^250 /, 'a good message pays for them');
  for (let i = 0; i < 4; i++) t.match(await dialogue.say(`XX${i}`), /^500 /);
  t.match(await dialogue.say('MAIL FROM:<a@other.example>'), /^553 /);
  t.match(await dialogue.reply(), /^421 4\.7\.0 Too many errors/);
});

await t.test('size', async (t) => {
  const surface = await startSurface(t, { limits: { messageSizeBytes: 10_000 } });
  const dialogue = await inData(surface);
  const line = `${'x'.repeat(98)}\r\n`;
  dialogue.write(`${line.repeat(100)}.\r\n`);
  t.match(await dialogue.reply(), /^250 /, 'exactly the limit');
  t.match(await dialogue.send('a@hospital.example', ['b@x.example'], `${line.repeat(100)}x\r\n`), /^552 5\.3\.4 /);
  t.match(await dialogue.send('a@hospital.example', ['b@x.example'], line.repeat(9_000)), /^552 5\.3\.4 /, 'far more is read to its end');
  t.match(await dialogue.say('NOOP'), /^250/, 'the session goes on');
  t.equal(surface.accept.kept.length, 1);
  const endless = await inData(surface);
  const piece = line.repeat(1_000);
  let open = true;
  void endless.closed().then(() => (open = false));
  while (open) {
    endless.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.pass('somebody who never stops is cut off');
});

await t.test('a store that is slow holds the client back: nothing piles up here', async (t) => {
  const surface = await startSurface(t, { limits: { messageSizeBytes: 100_000_000 } });
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<undefined>();
  const { promise: wrote, resolve: firstPiece } = Promise.withResolvers<undefined>();
  let taken = 0;
  surface.accept.behaviour = async (_submission, usual) => ({
    ...usual,
    write: async (piece) => {
      firstPiece(undefined);
      await mayGoOn;
      taken += piece.length;
    },
  });
  const dialogue = await inData(surface);
  const line = Buffer.from(`${'x'.repeat(98)}\r\n`.repeat(10_000));
  const before = process.memoryUsage.rss();
  const { socket } = dialogue;
  let sent = 0;
  // Until the client itself is held back.
  while (socket.write(line) || (await drained(socket))) {
    sent += line.length;
    if (sent > 60_000_000) break;
  }
  await wrote;
  t.ok(sent < 30_000_000, `${sent} octets went into the buffers of the system, and no further`);
  t.ok(process.memoryUsage.rss() - before < 60_000_000);
  goOn(undefined);
  t.match(await dialogue.say('.'), /^250 /);
  t.ok(taken > sent, 'then all of it is taken');
});

/** Whether the socket can take more within a while. */
async function drained(socket: Socket): Promise<boolean> {
  const gaveUp = AbortSignal.timeout(200);
  return once(socket, 'drain', { signal: gaveUp }).then(
    () => true,
    () => false,
  );
}

await t.test('lines', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  t.match(await dialogue.say(`NOOP ${'x'.repeat(12_000)}`), /^250 /);
  t.match(await dialogue.say(`NOOP ${'x'.repeat(20_000)}`), /^421 4\.5\.2 Command line is too long/);
  const endless = await loggedIn(surface);
  endless.write('x'.repeat(100_000));
  t.match(await endless.reply(), /^421 4\.5\.2 /, 'without a line end too');
  t.equal(await endless.closed(), '');
});

await t.test('clients that do not speak SMTP', async (t) => {
  const surface = await startSurface(t);
  const early = connectTcp(surface.port, '127.0.0.1');
  early.write('EHLO too.soon\r\n');
  const [said] = (await once(early, 'data')) as [Buffer];
  t.equal(said.toString(), '421 Client does not keep to SMTP\r\n');
  const web = await Dialogue.connect(surface.port, {});
  await web.reply();
  t.match(await web.say('POST /mail HTTP/1.1'), /^421 /);
  t.equal(await web.closed(), '');
  await surface.seen.nth('ended', 1);
  t.same(
    surface.seen.named('ended').map(({ end }) => end),
    ['session.not-smtp', 'session.not-smtp'],
  );
});

await t.test('the client goes away', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await inData(surface);
  dialogue.write('Subject: half of it\r\n\r\nThe patient');
  dialogue.destroy();
  t.match(await surface.accept.nth(0), { end: 'aborted' });
  t.match(await surface.seen.nth('ended', 0), { end: 'lost', messages: 0 });
  const polite = await inData(surface);
  polite.write('Subject: half of it\r\n');
  polite.socket.end();
  t.match(await surface.accept.nth(1), { end: 'aborted' }, 'ended in good order, but without the dot');
  t.equal(surface.accept.kept.length, 0);
  t.same(surface.seen.named('bug'), []);
});

await t.test('the intake cannot be opened', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  surface.accept.behaviour = () => Promise.reject(new MailError('store.disk-full'));
  t.equal(await dialogue.send('a@hospital.example', ['b@x.example'], ''), '452 4.3.1 Not enough storage, try again later', 'said at DATA');
  surface.accept.behaviour = () => Promise.reject(new Error('EACCES: permission denied, open /var/lib/postern/spool'));
  await dialogue.say('RSET');
  t.equal(await dialogue.send('a@hospital.example', ['b@x.example'], ''), '451 4.3.0 Something went wrong here, try again');
  t.match(surface.seen.named('bug'), [{ where: 'smtp.open' }]);
  surface.accept.behaviour = null;
  t.match(await dialogue.say('DATA'), /^354/, 'the transaction is still there');
  t.match(await dialogue.say('a: b\r\n\r\n.'), /^250 /);
});

await t.test('a fault of ours is told, and outside it is one of the replies', async (t) => {
  const broken: Trust = {
    asksForCertificate: 'no',
    byCertificate: () => null,
    byNetwork: () => {
      throw new Error('EACCES: /etc/postern/secret');
    },
  };
  const surface = await startSurface(t, { trust: broken });
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.startTls();
  t.equal(await dialogue.say('MAIL FROM:<a@hospital.example>'), '451 4.3.0 Something went wrong here, try again');
  t.match(surface.seen.named('bug'), [{ where: 'smtp.command' }]);
  t.match(await dialogue.login('ehr', PASSWORD), /^235 /, 'the session goes on');
  t.match(await dialogue.say('MAIL FROM:<a@hospital.example>'), /^250 /);
});

await t.test('replies are written whole', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await Dialogue.connect(surface.port, {});
  await dialogue.reply();
  const writes: string[] = [];
  dialogue.socket.on('data', (text: string) => writes.push(text));
  await dialogue.say('EHLO x');
  t.equal(writes.length, 1);
  t.match(writes[0], /^250-mail[^]*250 STARTTLS\r\n$/);
});

await t.test('stopping: idle sessions are told, a message under way may finish', async (t) => {
  const surface = await startSurface(t);
  const idle = await loggedIn(surface);
  const begun = await loggedIn(surface);
  await begun.say('MAIL FROM:<a@hospital.example>');
  const sending = await inData(surface);
  sending.write('Subject: half\r\n\r\n');
  const waiting = await Dialogue.connect(surface.port, {});
  const stopped = surface.listener.stop(5_000);
  for (const dialogue of [idle, begun]) {
    t.equal(await dialogue.reply(), '421 4.3.2 Service is stopping, try again in a moment');
    t.equal(await dialogue.closed(), '');
  }
  t.match(await waiting.reply(), /^(?:421 |220 )/);
  await t.rejects(Dialogue.connect(surface.port, {}), 'no new connections');
  t.match(await sending.say('the other half\r\n.'), /^250 /);
  t.match(await sending.reply(), /^421 4\.3\.2 /);
  t.same(await stopped, { unfinished: 0 });
  t.equal(surface.accept.kept.length, 1);
  t.equal(surface.listener.sessions, 0);
});

await t.test('stopping: only for a while', async (t) => {
  const surface = await startSurface(t);
  const sending = await inData(surface);
  sending.write('Subject: half\r\n\r\n');
  const startedAt = performance.now();
  t.same(await surface.listener.stop(150), { unfinished: 1 });
  t.ok(performance.now() - startedAt < 2_000);
  t.match(await surface.accept.nth(0), { end: 'aborted' });
  await sending.closed();
});

await t.test('stopping with nothing open, and during handshakes', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit' });
  const silent = connectTcp(surface.port, '127.0.0.1');
  await once(silent, 'connect');
  silent.on('error', () => undefined);
  const startedAt = performance.now();
  await surface.listener.stop(5_000);
  t.ok(performance.now() - startedAt < 1_000);
});

await t.test('a reload of limits takes effect', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  t.match(await dialogue.say('EHLO x'), /SIZE 200000/);
  t.equal(surface.listener.name, 'submission');
  surface.listener.refresh();
  t.match(await dialogue.say('NOOP'), /^250/);
});
