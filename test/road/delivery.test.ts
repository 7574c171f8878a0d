// How the running gateway works its queue: a silent next hop is probed by one message, a stop finishes what is on the wire, a decision does
// not go stale, a large message costs little memory, and every connection that can be kept is.
import t from 'tap';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { inWords, idIn, logIn, NURSE, post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import { Postern } from '../support/postern.ts';
import { ID, SLOW_RETRY, stage } from '../support/stage.ts';
import { createTestCa, selfSigned } from '../support/test-ca.ts';

const ca = createTestCa();

t.test('a next hop that does not answer is backed off as a whole and probed by one message', async (t) => {
  let answers = false;
  const dead = { script: (step: string) => (step === 'connect' && !answers ? { say: null, then: 'drop' as const } : undefined) };
  const scene = await stage(
    t,
    ca,
    { dead, good: {} },
    { delivery: 'delivery: { retry: { first: 1s, factor: 1, longest: 2s, jitter: 0 } }' },
  );
  const { postern, session } = scene;
  const backedOff = (failures: number) => postern.until('destination.backed-off', (line) => line['failures'] === failures);
  const ids = [(await post(session, { to: ['jane0@dead.test'] })).id];
  await backedOff(1);
  const tried = scene.peer('dead').sessions.length;
  for (let i = 1; i < 6; i++) ids.push((await post(session, { to: [`jane${i}@dead.test`], header: [ID(`dead-${i}`)] })).id);
  const { id: other } = await post(session, { to: ['jane@good.test'] });
  t.same(
    (await untilOver(postern, other)).map(({ state }) => state),
    ['relayed'],
    'others do not wait for it',
  );
  t.equal(scene.peer('dead').sessions.length, tried, 'nothing knocks before its time');
  await backedOff(2);
  await backedOff(3);
  t.equal(scene.peer('dead').sessions.length, tried + 2, 'each time by one message, however many wait');
  answers = true;
  for (const id of ids)
    t.same(
      (await untilOver(postern, id)).map(({ state }) => state),
      ['relayed'],
    );
  t.equal(scene.peer('dead').messages.length, 6, 'one success opens the way for all');
});

t.test('a person who says retry does not wait for a back-off', async (t) => {
  let answers = false;
  const dead = { script: (step: string) => (step === 'connect' && !answers ? { say: null, then: 'drop' as const } : undefined) };
  const scene = await stage(t, ca, { dead }, SLOW_RETRY);
  const { postern, session } = scene;
  const { id } = await post(session, { to: ['jane@dead.test'] });
  await postern.until('destination.backed-off');
  const { id: waiting } = await post(session, { to: ['john@dead.test'] });
  answers = true;
  t.match(await postern.control.call('queue.retry', { target: waiting, who: 'test' }), { kind: 'done' });
  t.same(
    (await untilOver(postern, waiting)).map(({ state }) => state),
    ['relayed'],
  );
  t.same(
    (await untilEach(postern, id, ({ state }) => state !== 'active')).map(({ state }) => state),
    ['deferred'],
    'the others keep their time',
  );
});

t.test('connections are kept, and no more of them than allowed', async (t) => {
  const scene = await stage(t, ca, { good: {} }, { delivery: 'delivery: { concurrency: { per_destination: 3, total: 10 } }' });
  const sessions = await Promise.all(Array.from({ length: 8 }, () => logIn(scene.postern)));
  const posted = await Promise.all(
    sessions.flatMap((session, i) => post(session, { to: [`jane${i}@good.test`], header: [ID(`kept-${i}`)] })),
  );
  for (const { id } of posted) await untilOver(scene.postern, id);
  for (let i = 0; i < 10; i++)
    await untilOver(scene.postern, (await post(scene.session, { to: [`john${i}@good.test`], header: [ID(`more-${i}`)] })).id);
  t.equal(scene.peer('good').messages.length, 18);
  t.ok(scene.peer('good').sessions.length <= 3, `over ${scene.peer('good').sessions.length} connections`);
  for (const session of sessions) session.destroy();
});

t.test('SIGTERM finishes what is on the wire', async (t) => {
  const reached = Promise.withResolvers<void>();
  const slow = {
    script: async (step: string) => {
      if (step !== 'dot') return undefined;
      reached.resolve();
      await wait(700);
      return undefined;
    },
  };
  const scene = await stage(t, ca, { slow });
  const { postern, session } = scene;
  const { id } = await post(session, { to: ['jane@slow.test'] });
  await reached.promise;
  const ended = await postern.kill('SIGTERM');
  t.same(ended, { code: 0, signal: null });
  t.match(await session.closed(), /^421 4\.3\.2 /, 'clients are told');
  t.equal(scene.peer('slow').messages.length, 1);
  await postern.start();
  t.same((await untilOver(postern, id)).map(inWords), ['relayed relayed 2.0.0']);
  t.notOk(
    (await recordsOf(postern, id)).some(({ kind }) => kind === 'attempt.lost'),
    'its outcome is known',
  );
});

t.test('a decision does not go stale', async (t) => {
  const floor = (level: string) => ({ delivery: `delivery: { floor: ${level}, retry: { first: 1h, longest: 1h } }` });
  let isOpen = false;
  const unknown = {
    identity: selfSigned({ names: ['localhost'] }),
    script: (step: string) => (step === 'mail' && !isOpen ? '451 4.7.1 not now\r\n' : undefined),
  };
  const scene = await stage(t, ca, { unknown }, floor('tls'));
  const { postern, session } = scene;
  const { id } = await post(session, { to: ['jane@unknown.test'] });
  await untilEach(postern, id, ({ state }) => state === 'deferred');
  isOpen = true;
  postern.configure(floor('tls-verified'));
  process.kill(postern.pid, 'SIGHUP');
  await postern.until('config.loaded');
  await postern.control.call('queue.retry', { target: id, who: 'test' });
  t.same(
    (await untilOver(postern, id)).map(inWords),
    ['held delivery.below-floor 5.7.10'],
    'what was decided under the old floor is decided again',
  );
  const decided = (await recordsOf(postern, id)).filter(({ kind }) => kind === 'delivery.decided');
  t.match(
    decided.map(({ codes }) => codes),
    [{ floor: 'tls' }, { floor: 'tls-verified', again: true }],
    'and the change is evidence',
  );
  t.equal(scene.peer('unknown').messages.length, 0);
});

t.test('a message of 50 MB does not cost 50 MB', { timeout: 40_000 }, async (t) => {
  const postern = await Postern.start(t, {
    ca,
    routes: [],
    sections: { mode: 'mode: sandbox', routes: '', trust_anchors: '', ...SLOW_RETRY },
  });
  const peakMb = (): number => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${postern.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000;
  const piece = `${'x'.repeat(998)}\r\n`.repeat(64);
  const send = async (sizeBytes: number): Promise<void> => {
    const session = await logIn(postern);
    for (const line of [`MAIL FROM:<${NURSE}>`, 'RCPT TO:<jane@good.test>', 'DATA']) await session.say(line);
    session.write(`From: ${NURSE}\r\nMessage-ID: <${sizeBytes}@clinic.test>\r\n\r\n`);
    for (let sent = 0; sent < sizeBytes; sent += piece.length) if (!session.socket.write(piece)) await once(session.socket, 'drain');
    const reply = await session.say('.');
    t.match(
      (await untilOver(postern, idIn(reply))).map(({ state }) => state),
      ['relayed'],
    );
    session.destroy();
  };
  await send(2_000_000);
  const before = peakMb();
  // The first lets the heap grow to what any traffic makes of it, the second says what a message costs.
  const costs: number[] = [];
  for (let from = before; costs.length < 2; from = peakMb()) {
    await send(49_000_000 + costs.length);
    costs.push(peakMb() - from);
  }
  const kinds = new Set((await recordsOf(postern)).map(({ kind }) => kind));
  t.ok(kinds.has('delivery.sandboxed') && !kinds.has('delivery.relayed'), 'evidence of a sandbox never says relayed');
  const [first = 0, second = 0] = costs;
  // What of it is text is read and inspected, up to 8 MB of it, by a thread and a child of their own.
  t.ok(first < 260 && second < 60, `in and out again took ${first.toFixed(1)} and ${second.toFixed(1)} MB more than one of 2 MB`);
});
