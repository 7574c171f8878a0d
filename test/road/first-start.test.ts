// A first start that is killed while it makes the key folder, the database and the first records: the next one takes up what is there,
// whatever that is, and serves. No folder is left that nobody can start in.
import t from 'tap';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { loadMessage, openSession, submit } from '../support/load.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { createTestCa } from '../support/test-ca.ts';

/** The N-th call of a thread at which it is killed: keys are made by the main thread, the database by its own. */
const POINTS: readonly (readonly [call: string, nth: number])[] = [
  ['fsync', 1],
  ['fsync', 4],
  ['fsync', 13],
  ['link', 1],
  ['link', 4],
  ['unlink', 2],
  ['pwrite64', 10],
  ['pwrite64', 60],
  ['rename', 1],
];

for (const [call, nth] of POINTS) {
  t.test(`killed at ${call} ${nth}`, { timeout: 60_000 }, async (t) => {
    const ca = createTestCa();
    const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
    const postern = Postern.prepare(t, { ca, routes: [{ domains: ['*'], port: sink.port }] });
    const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${nth}`];
    const first = await postern.start(strace).then(
      () => 'it started',
      () => 'it did not start',
    );
    t.equal(first, 'it did not start');
    t.equal((await postern.kill('SIGTERM')).signal, 'SIGKILL');
    await postern.start();
    await postern.addAccount();
    const message = loadMessage('first', ['ok-first@good.test'], 2_000);
    const session = await openSession(postern);
    const reply = session === null ? '' : await submit(session, message);
    session?.destroy();
    const messageId = /accepted as ([0-9A-Z]{26})$/.exec(reply)?.[1] ?? '';
    await untilSettled(postern, 10_000);
    await postern.stop();
    sink.look();
    t.same(breaches({ durable: await readDurable(postern), accepted: [{ messageId, message, tries: 1 }], sinks: [sink] }), []);
  });
}
