// The order of system calls of one message: a 250 leaves only when everything written for it has been synced, and a final dot only when
// the attempt is. A kill cannot show this (the kernel keeps what was written), a power cut would.
import t from 'tap';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { untilSettled } from '../support/evidence.ts';
import { loadMessage, openSession, submit } from '../support/load.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { type Call, recordCalls } from '../support/system-calls.ts';
import { createTestCa } from '../support/test-ca.ts';

/** Files of the data folder that are written and not yet synced after these calls. */
function unsynced(calls: readonly Call[], dataFolder: string): readonly string[] {
  const dirty = new Set<string>();
  for (const { name, path, flags } of calls) {
    if (!path.startsWith(dataFolder) || path.endsWith('-shm') || path.endsWith('.lock')) continue;
    if (name === 'pwrite64' || name === 'writev' || name === 'write') dirty.add(path);
    // A new entry is there for good when its folder is synced.
    if (name === 'openat' && flags.includes('O_CREAT')) dirty.add(folderOf(path));
    if (name === 'mkdir') dirty.add(folderOf(path));
    if (name === 'fsync' || name === 'fdatasync') dirty.delete(path);
  }
  return [...dirty];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

for (const [name, sizeBytes] of [
  ['a small message', 2_000],
  ['one that fills a row', 150_000],
  ['one with a spool file', ROW_BYTES + 50_000],
] as const) {
  t.test(name, { timeout: 60_000 }, async (t) => {
    const ca = createTestCa();
    const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
    const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }] });
    const session = await openSession(postern);
    if (session === null) throw new Error('no session');
    t.teardown(() => session.destroy());
    // The first one opens the connection to the next hop; the one that counts then goes over it.
    t.match(await submit(session, loadMessage('first', ['ok-first@good.test'], 2_000)), /^250 /);
    await untilSettled(postern, 10_000);
    const recording = await recordCalls(postern.pid, ['write', 'writev', 'pwrite64', 'openat', 'mkdir', 'fsync', 'fdatasync', 'rename']);
    t.match(await submit(session, loadMessage('second', ['ok-second@good.test'], sizeBytes)), /^250 /);
    await sink.until(({ arrivals }) => arrivals.some(({ testId }) => testId === 'second'));
    const calls = await recording.end();

    const last = (isIt: (call: Call) => boolean): number => calls.findLastIndex(isIt);
    const reply = last(({ name, path }) => name.startsWith('write') && path.includes(`:${postern.port}->`));
    const dot = last(({ name, path }) => name.startsWith('write') && path.includes(`:${sink.port}]`));
    t.ok(reply >= 0 && dot >= 0, 'both were seen');
    const before = (at: number): readonly Call[] => calls.slice(0, at);
    t.ok(
      before(reply).some(({ name, path }) => name.includes('sync') && path.endsWith('.db-wal')),
      'a commit was synced before the 250',
    );
    t.same(unsynced(before(reply), postern.dataFolder), [], 'nothing is unsynced when the 250 leaves');
    const attempt = calls.slice(reply, dot).some(({ name, path }) => name.includes('sync') && path.endsWith('.db-wal'));
    t.ok(attempt, 'the attempt has a commit of its own before the final dot');
    t.same(unsynced(before(dot), postern.dataFolder), [], 'nothing is unsynced when the final dot leaves');
    if (sizeBytes > ROW_BYTES)
      t.ok(
        before(reply).some(({ name, path }) => name === 'fdatasync' && path.includes('/spool/')),
        'the file too',
      );
  });
}
