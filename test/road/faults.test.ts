// A sweep of EIO and ENOSPC over the system calls of one message, small and large: each point ends as "250 and kept", or as 4xx or a lost
// connection with nothing half kept; the message that the client then sends again is taken, and arrives once or marked.
import t from 'tap';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { nameOf, ONE_FILE_THREAD } from '../support/fault.ts';
import { FaultSweep, type SweepPlan } from '../support/fault-sweep.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { createTestCa } from '../support/test-ca.ts';

const SMALL = 2_000;
const LARGE = 200_000;

const PLANS: readonly (readonly [name: string, plan: SweepPlan])[] = [
  ['the commits of a small message', { sizeBytes: SMALL, thread: 'storage', calls: ['fsync', 'fdatasync'], faults: ['EIO', 'ENOSPC'], pointsPerCall: 4 }],
  ['what is written to the log of commits', { sizeBytes: SMALL, thread: 'storage', calls: ['pwrite64'], faults: ['EIO', 'ENOSPC'], pointsPerCall: 6 }],
  ['the commits of a large message', { sizeBytes: LARGE, thread: 'storage', calls: ['fsync', 'fdatasync'], faults: ['EIO'], pointsPerCall: 4 }],
  ['the spool file of a large message', { sizeBytes: LARGE, thread: 'files', calls: ['mkdir', 'openat', 'writev', 'fdatasync', 'fsync', 'rename'], faults: ['EIO', 'ENOSPC'], pointsPerCall: 4 }],
];

for (const [name, plan] of PLANS) {
  t.test(name, { timeout: 90_000 }, async (t) => {
    const ca = createTestCa();
    const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
    const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }], environment: ONE_FILE_THREAD });
    const sweep = new FaultSweep(postern);
    for (const point of await sweep.points(plan)) {
      const began = performance.now();
      const { struck, firstReply, process } = await sweep.strike(point, plan.sizeBytes);
      t.match(firstReply, /^(?:250 |4\d\d |$)/, `${nameOf(point)}: "${firstReply.slice(0, 40)}", ${struck}, ${process} ${Math.round(performance.now() - began)}`);
    }
    await untilSettled(postern, 15_000);
    // What a failed unlink left is swept at a start.
    await postern.restart();
    await untilSettled(postern, 15_000);
    sink.look();
    const durable = await readDurable(postern);
    t.same(breaches({ durable, accepted: sweep.results.map(({ accepted }) => accepted), sinks: [sink] }), []);
    t.comment(postern.log.filter(({ event }) => event === 'bug').map((line) => JSON.stringify(line)).join('\n'));
  });
}
