// A running gateway can leave no copy of its memory in a file, whatever it was started with.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { Postern } from '../support/postern.ts';

await t.test('core files are off, and hold no memory where the system makes them all the same', async (t) => {
  const postern = await Postern.start(t, { routes: [], launcher: ['prlimit', '--core=unlimited'] });
  t.match(readFileSync(`/proc/${postern.pid}/limits`, 'latin1'), /^Max core file size +0 +0 /m);
  t.equal(Number.parseInt(readFileSync(`/proc/${postern.pid}/coredump_filter`, 'latin1'), 16), 0);
});

await t.test('what cannot be switched off is not started with', async (t) => {
  const postern = Postern.prepare(t, { routes: [], environment: { NODE_OPTIONS: '--heapsnapshot-near-heap-limit=1' } });
  await t.rejects(postern.start(), { message: /--heapsnapshot-near-heap-limit would write content to a file; start without it/ });
});
