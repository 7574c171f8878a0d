// A clock that jumps a week ahead and an hour back, while Postern runs and between two starts: nothing expires without an attempt, nothing
// is sent twice, nothing waits for a time that lies an hour off, and the evidence goes on.
import t from 'tap';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { fakeTime } from '../support/fake-time.ts';
import { type Accepted, loadMessage, openSession, submit } from '../support/load.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { storyOf } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestCa } from '../support/test-ca.ts';

const HOUR_S = 3_600;
const WEEK_S = 7 * 24 * HOUR_S;

t.test('a clock that jumps', { timeout: 90_000 }, async (t) => {
  const ca = createTestCa();
  const clock = fakeTime(temporaryFolder(t));
  const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
  const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }], environment: clock.environment });
  const accepted: Accepted[] = [];
  const send = async (testId: string): Promise<void> => {
    const message = loadMessage(testId, [`ok-${testId}@good.test`], 2_000);
    const session = await openSession(postern);
    const reply = session === null ? 'no session' : await submit(session, message);
    session?.destroy();
    const messageId = /^250 .* accepted as ([0-9A-Z]{26})$/.exec(reply)?.[1];
    t.ok(messageId, `${testId}: ${reply.slice(0, 3)}`);
    if (messageId !== undefined) accepted.push({ messageId, message, tries: 1 });
  };
  const deferred = (from: number) => postern.until('delivery.settled', ({ state }) => state === 'deferred', from);
  const offsetNow = (): number => Math.round((Date.parse(String(postern.log.at(-1)?.['time'])) - Date.now()) / 1000);

  await send('before');
  sink.mood = 'puts-off';
  let from = postern.log.length;
  await send('waits-over-the-week');
  await deferred(from);

  clock.set(WEEK_S);
  from = postern.log.length;
  await send('after-the-week');
  const ahead = await postern.until('clock.stepped', () => true, from);
  t.ok(Math.abs(Number(ahead['byMs']) - WEEK_S * 1000) < 60_000, 'a week ahead is said');
  t.ok(Math.abs(offsetNow() - WEEK_S) < 60, 'the child lives a week ahead');
  // It expires after a day: by the clock of now that is long past.
  await deferred(postern.log.length);
  sink.mood = 'takes';
  await untilSettled(postern, 20_000);

  clock.set(WEEK_S - HOUR_S);
  from = postern.log.length;
  sink.mood = 'puts-off';
  await send('an-hour-back');
  const back = await postern.until('clock.stepped', () => true, from);
  t.ok(Math.abs(Number(back['byMs']) + HOUR_S * 1000) < 60_000, 'an hour back is said');
  sink.mood = 'takes';
  await untilSettled(postern, 20_000);

  // Between two starts: what waits was written by a clock that is now a week or some hours off.
  for (const [testId, offsetSeconds] of [
    ['waits-over-a-start', WEEK_S],
    ['waits-over-a-start-in-the-past', WEEK_S - 3 * HOUR_S],
    ['waits-over-a-start-in-the-future', 2 * WEEK_S],
  ] as const) {
    sink.mood = 'puts-off';
    from = postern.log.length;
    await send(testId);
    await deferred(from);
    await postern.kill('SIGKILL');
    clock.set(offsetSeconds);
    sink.mood = 'takes';
    await postern.start();
    await untilSettled(postern, 15_000);
  }

  sink.look();
  const durable = await readDurable(postern);
  t.same(breaches({ durable, accepted, sinks: [sink] }), []);
  t.same(
    sink.arrivals.map(({ testId }) => testId).toSorted(),
    accepted.map(({ message }) => message.testId).toSorted(),
    'each arrived, once, and none expired',
  );
  const told = [...storyOf(durable.evidence).deliveries.values()];
  t.ok(told.every(({ attempts }) => attempts > 0));
  const steps = durable.evidence
    .filter(({ kind }) => kind === 'clock.stepped')
    .map(({ codes }) => Math.round(Number(codes['byMs']) / 3_600_000));
  t.same(steps, [WEEK_S / HOUR_S, -1], 'the steps are evidence');
});
