// kill -9 at each durable step of one message, and at what is said on the wire between them: as the process enters the call, so that
// every state between two steps is met. The client sends again what got no 250: afterwards every message has come through, once or marked.
import t from 'tap';
import { ONE_FILE_THREAD } from '../support/fault.ts';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { type SweepPlan, sweep } from '../support/fault-sweep.ts';

const SMALL = 2_000;
const LARGE = ROW_BYTES + 50_000;
const FILES = ['mkdir', 'openat', 'writev', 'fdatasync', 'fsync', 'rename'];

const PLANS: readonly (readonly [name: string, plan: SweepPlan])[] = [
  ['at commits', { sizeBytes: SMALL, thread: 'storage', calls: ['fsync', 'fdatasync'], faults: ['KILL'], pointsPerCall: 5 }],
  ['within commits', { sizeBytes: SMALL, thread: 'storage', calls: ['pwrite64'], faults: ['KILL'], pointsPerCall: 6 }],
  [
    'at replies and at what goes to the next hop',
    { sizeBytes: SMALL, thread: 'main', calls: ['write'], faults: ['KILL'], pointsPerCall: 10 },
  ],
  [
    'at commits of a large message',
    { sizeBytes: LARGE, thread: 'storage', calls: ['fsync', 'fdatasync'], faults: ['KILL'], pointsPerCall: 5 },
  ],
  ['at its file, and at the signed head', { sizeBytes: LARGE, thread: 'files', calls: FILES, faults: ['KILL'], pointsPerCall: 3 }],
];

for (const [name, plan] of PLANS) {
  t.test(name, { timeout: 100_000 }, (t) => sweep(t, plan, ONE_FILE_THREAD));
}
