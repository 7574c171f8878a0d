// Every extractor on damaged files: no crash, no hang, no memory kept. A child process reads them, so that a hang fails this test and does
// not become one. POSTERN_FUZZ_CASES runs more than the usual number, POSTERN_FUZZ_FIRST begins elsewhere.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import type { FuzzNews } from '../../support/sentinel/fuzz-child.ts';

const CASES = Number(process.env['POSTERN_FUZZ_CASES'] ?? 2_500);
const FIRST = Number(process.env['POSTERN_FUZZ_FIRST'] ?? 0);
/** No case takes a hundredth of this. */
const HANG_MS = 30_000;
const MOST_GROWN_BYTES = 48 * 1024 * 1024;
const MOST_PEAK_BYTES = 1_200 * 1024 * 1024;
const MOST_STARTS = 20;

interface Ended {
  readonly at: number;
  readonly faults: readonly string[];
  readonly done: Extract<FuzzNews, { done: number }> | null;
}

/** One child, until it has done or no longer can. */
function readFrom(first: number, count: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, '../../support/sentinel/fuzz-child.ts'), [`${first}`, `${count}`], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const faults: string[] = [];
    let [at, name, base64, fate, errors] = [first, 'before the first case', '', 'crashed', ''];
    let done: Ended['done'] = null;
    const watch = setTimeout(() => {
      fate = 'hung';
      child.kill('SIGKILL');
    }, HANG_MS);
    child.stderr?.on('data', (piece: Buffer) => (errors = (errors + piece.toString('latin1')).slice(-1_500)));
    child.on('message', (news: FuzzNews) => {
      watch.refresh();
      if ('at' in news) ({ at, name, base64 } = news);
      else if ('rejected' in news) faults.push(`rejected: ${name}: ${news.rejected} ${base64}`);
      else if ('slowMs' in news) faults.push(`slow, ${Math.round(news.slowMs)} ms: ${name} ${base64}`);
      else done = news;
    });
    child.on('close', () => {
      clearTimeout(watch);
      if (done === null) faults.push(`${fate}: ${name} ${errors} ${base64}`);
      resolve({ at, faults, done });
    });
  });
}

await t.test('damaged files, one extractor and all', async (t) => {
  const faults: string[] = [];
  let [next, starts] = [FIRST, 0];
  while (next < FIRST + CASES && starts < MOST_STARTS) {
    starts++;
    const ended = await readFrom(next, FIRST + CASES - next);
    faults.push(...ended.faults);
    if (ended.done !== null) {
      t.ok(
        ended.done.grownBytes < MOST_GROWN_BYTES,
        `${Math.round(ended.done.grownBytes / 1e6)} MB are kept after ${ended.done.done} cases`,
      );
      t.ok(ended.done.peakBytes < MOST_PEAK_BYTES, `${Math.round(ended.done.peakBytes / 1e6)} MB resident at most`);
      next = FIRST + CASES;
    } else next = ended.at + 1;
  }
  t.same(faults, [], `${CASES} cases from ${FIRST}: none crashes, hangs, rejects or takes seconds`);
});
