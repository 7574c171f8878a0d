// 50 MB of content must not cost 50 MB of memory, neither on the way in nor on the way out.
import t from 'tap';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('../support/spool-child.ts', import.meta.url));

t.test('50 MB in and out', async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, 'large', temporaryFolder(t)]);
  const { sizeBytes, readBytes, writing, reading } = JSON.parse(stdout) as Readonly<Record<string, number>>;
  t.equal(sizeBytes, 3200 * 16_384);
  t.equal(readBytes, sizeBytes);
  t.ok((writing ?? Infinity) < 40e6, `writing took ${writing} octets more`);
  t.ok((reading ?? Infinity) < 40e6, `reading took ${reading} octets more`);
});
