// A disk that fills: at the first mark new mail is answered 452 and what was accepted goes out, below the second nothing is sent until there
// is room again. And a disk that is full all at once: nothing accepted is lost, nothing is half kept, a start says what is wrong.
import t from 'tap';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { type Accepted, loadMessage, openSession, submit } from '../support/load.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestCa } from '../support/test-ca.ts';

const MB = 1_000_000;

/** Sends one message; gives the reply, and notes it where it was accepted. */
async function send(postern: Postern, testId: string, accepted: Accepted[], sizeBytes = 2_000): Promise<string> {
  const message = loadMessage(testId, [`ok-${testId}@good.test`], sizeBytes);
  const session = await openSession(postern);
  const reply = session === null ? '' : await submit(session, message);
  session?.destroy();
  const messageId = /accepted as ([0-9A-Z]{26})$/.exec(reply)?.[1];
  if (messageId !== undefined) accepted.push({ messageId, message, tries: 1 });
  return reply;
}

t.test('the marks, by configuration', { timeout: 60_000 }, async (t) => {
  const ca = createTestCa();
  const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
  const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }] });
  const accepted: Accepted[] = [];
  sink.mood = 'puts-off';
  t.match(await send(postern, 'before', accepted), /^250 /);
  const { bavail, bsize } = statfsSync(postern.dataFolder);
  const above = `${Math.ceil((bavail * bsize) / MB) * 2}MB`;

  await postern.restart({ disk: `disk: { refuse_below: ${above}, stop_below: 1MB }` });
  t.match(await send(postern, 'refused', accepted), /^452 4\.3\.1 /, 'below the first mark: not enough storage');
  sink.mood = 'takes';
  await untilSettled(postern, 20_000);
  sink.look();
  t.same(
    sink.arrivals.map(({ testId }) => testId),
    ['before'],
    'what was accepted goes out',
  );
  t.same(breaches({ durable: await readDurable(postern), accepted, sinks: [sink] }), []);
});

/** A small file system of its own, with the data folder in it, and a file that takes the room. Needs root. */
function smallDisk(t: { teardown(handler: () => void): void }, sizeMb: number) {
  const mount = join(temporaryFolder(t), 'disk');
  mkdirSync(mount);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0700`, 'postern-test', mount]);
  t.teardown(() => execFileSync('umount', ['-l', mount]));
  const ballast = join(mount, 'ballast');
  const free = (): number => statfsSync(mount).bavail * statfsSync(mount).bsize;
  return {
    dataFolder: join(mount, 'data'),
    /** Leaves about so much free. */
    leave(bytes: number): void {
      rmSync(ballast, { force: true });
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - bytes)));
      } catch {
        // Postern writes too: then it is full sooner.
      }
    },
    empty: () => rmSync(ballast, { force: true }),
  };
}

if (process.getuid?.() === 0) {
  t.test('a file system that fills', { timeout: 90_000 }, async (t) => {
    const ca = createTestCa();
    const disk = smallDisk(t, 80);
    const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
    const sections = { disk: 'disk: { refuse_below: 40MB, stop_below: 20MB }' };
    const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }], dataFolder: disk.dataFolder, sections });
    const accepted: Accepted[] = [];
    const arrived = (): readonly string[] => sink.arrivals.map(({ testId }) => testId);

    sink.mood = 'puts-off';
    t.match(await send(postern, 'first', accepted), /^250 /);
    disk.leave(30 * MB);
    await postern.until('disk.low', ({ mark }) => mark === 'refuse');
    t.match(await send(postern, 'refused', accepted), /^452 4\.3\.1 /, 'below the first mark');
    sink.mood = 'takes';
    await untilSettled(postern, 20_000);
    sink.look();
    t.same(arrived(), ['first'], 'what was accepted goes out');

    disk.empty();
    await postern.until('disk.recovered');
    sink.mood = 'puts-off';
    t.match(await send(postern, 'second', accepted), /^250 /, 'with room again mail is taken');
    disk.leave(10 * MB);
    await postern.until('disk.low', ({ mark }) => mark === 'stop');
    sink.mood = 'takes';
    // Longer than the longest wait between two tries.
    await wait(4_000);
    sink.look();
    t.same(arrived(), ['first'], 'below the second mark nothing is sent');
    const from = postern.log.length;
    disk.empty();
    await postern.until('disk.recovered', () => true, from);
    await untilSettled(postern, 5_000);
    sink.look();
    t.same(arrived(), ['first', 'second'], 'with room it goes on at once');
    t.same(breaches({ durable: await readDurable(postern), accepted, sinks: [sink] }), []);
  });

  t.test('a file system that is full all at once', { timeout: 90_000 }, async (t) => {
    const ca = createTestCa();
    const disk = smallDisk(t, 80);
    const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
    const postern = await Postern.start(t, {
      ca,
      routes: [{ domains: ['*'], port: sink.port }],
      dataFolder: disk.dataFolder,
      sections: { disk: 'disk: { refuse_below: 2kB, stop_below: 1kB }' },
    });
    const accepted: Accepted[] = [];
    sink.mood = 'puts-off';
    for (let i = 0; i < 5; i++) t.match(await send(postern, `waits-${i}`, accepted), /^250 /);
    disk.leave(0);
    t.match(await send(postern, 'large', accepted, ROW_BYTES + 50_000), /^452 4\.3\.1 |^451 |^$/, 'no room for a spool file');
    for (let i = 0; i < 20 && postern.running; i++) t.match(await send(postern, `full-${i}`, accepted, 100_000), /^250 |^45\d |^$/);
    t.equal((await postern.ended).code, 70, 'where nothing can be written the process ends');
    await t.rejects(postern.start(), /cannot be written: its disk is full or failing/, 'a start says so');
    disk.empty();
    await postern.start();
    sink.mood = 'takes';
    await untilSettled(postern, 20_000);
    await postern.restart();
    await untilSettled(postern, 20_000);
    sink.look();
    t.same(breaches({ durable: await readDurable(postern), accepted, sinks: [sink] }), []);
  });
}
