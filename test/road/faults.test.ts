// A sweep of EIO and ENOSPC over the system calls of one message, small and large: each point ends as "250 and kept", or as 4xx or a lost
// connection with nothing half kept. What the client then sends again is taken, becomes no second message, and arrives once or marked.
import t from 'tap';
import { ONE_FILE_THREAD } from '../support/fault.ts';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { type SweepPlan, sweep } from '../support/fault-sweep.ts';

const SMALL = 2_000;
/** Large enough for a spool file of several chunks. */
const LARGE = ROW_BYTES + 50_000;
const COMMITS = ['fsync', 'fdatasync'];
const FILES = ['mkdir', 'openat', 'writev', 'fdatasync', 'fsync', 'rename'];

const PLANS: readonly (readonly [name: string, plan: SweepPlan])[] = [
  ['small: its commits', { sizeBytes: SMALL, thread: 'storage', calls: COMMITS, faults: ['EIO', 'ENOSPC'], pointsPerCall: 5 }],
  ['small: the log of commits', { sizeBytes: SMALL, thread: 'storage', calls: ['pwrite64'], faults: ['EIO', 'ENOSPC'], pointsPerCall: 6 }],
  ['large: its commits', { sizeBytes: LARGE, thread: 'storage', calls: COMMITS, faults: ['EIO'], pointsPerCall: 5 }],
  [
    'large: its file, and the signed head',
    { sizeBytes: LARGE, thread: 'files', calls: FILES, faults: ['EIO', 'ENOSPC'], pointsPerCall: 4 },
  ],
];

for (const [name, plan] of PLANS) {
  t.test(name, { timeout: 100_000 }, (t) => sweep(t, plan, ONE_FILE_THREAD));
}
