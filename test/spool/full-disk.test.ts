// A disk that is full, and other failures of the file system: an expected failure, nothing left behind, and the spool serves on.
// The limit is real: RLIMIT_FSIZE in a child process (EFBIG), and where the test runs as root a small tmpfs too (ENOSPC).
import t from 'tap';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSpool } from '../../src/spool/file-spool.ts';
import { freeBytes } from '../../src/spool/free-space.ts';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { readError, writeError } from '../../src/spool/storage-error.ts';
import { fileOf, newMessageId, writeWhole } from '../support/sealed-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('../support/spool-child.ts', import.meta.url));

const LIMITS: readonly (readonly [name: string, cause: string, command: string, argument: (script: string) => readonly string[]])[] = [
  ['a limit on the size of files', 'EFBIG', 'bash', (script) => ['-c', `ulimit -f 300 && ${script}`]],
  ...(process.getuid?.() === 0
    ? ([
        [
          'a small file system',
          'ENOSPC',
          'unshare',
          (script: string) => ['-m', 'bash', '-c', `mount -t tmpfs -o size=700k none "$1" && ${script}`],
        ],
      ] as const)
    : []),
];

for (const [name, cause, command, argument] of LIMITS) {
  t.test(name, async (t) => {
    const folder = temporaryFolder(t);
    // Without what a test runner puts into a child: its signal handlers would turn the limit (SIGXFSZ) into the end of the process.
    const script = 'exec env -u NODE_OPTIONS "$0" "$2" fill "$1"';
    const { stdout } = await run(command, [...argument(script), process.execPath, folder, CHILD]);
    t.same(JSON.parse(stdout), {
      whole: { code: 'store.disk-full', cause },
      pieces: { code: 'store.disk-full', cause },
      again: { code: 'store.disk-full', cause },
      left: [],
      small: 'read back',
      row: 'row',
    });
  });
}

t.test('a subfolder that cannot be one', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const messageId = newMessageId();
  writeFileSync(join(data, 'spool', messageId.slice(-2)), 'a file');
  await t.rejects(writeWhole(spool.writer(messageId, randomBytes(32)), randomBytes(ROW_BYTES * 2)), { code: 'store.unavailable' });
  await t.resolves(writeWhole(spool.writer(messageId, randomBytes(32)), randomBytes(2000)), 'small content needs no folder');
});

t.test('a file of that name is there: it is not touched', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const messageId = newMessageId();
  mkdirSync(join(fileOf(data, messageId), '..'));
  writeFileSync(fileOf(data, messageId), 'of another');
  await t.rejects(writeWhole(spool.writer(messageId, randomBytes(32)), randomBytes(ROW_BYTES * 2)), { code: 'store.unavailable' });
  t.equal(readFileSync(fileOf(data, messageId), 'utf8'), 'of another');
});

t.test('errors of the system, by name', (t) => {
  const systemError = (code: string): Error => Object.assign(new Error('canary@example.org'), { code, syscall: 'write' });
  for (const [code, writing, reading] of [
    ['ENOSPC', 'store.disk-full', 'store.unavailable'],
    ['EDQUOT', 'store.disk-full', 'store.unavailable'],
    ['EFBIG', 'store.disk-full', 'store.unavailable'],
    ['EIO', 'store.unavailable', 'content.unreadable'],
    ['EROFS', 'store.unavailable', 'store.unavailable'],
    ['EMFILE', 'store.unavailable', 'store.unavailable'],
    ['ENOENT', 'store.unavailable', 'content.unreadable'],
    ['EACCES', 'store.unavailable', 'content.unreadable'],
  ] as const) {
    t.match(writeError(systemError(code)), { code: writing, message: writing }, `writing: ${code}`);
    t.match(readError(systemError(code)), { code: reading, message: reading }, `reading: ${code}`);
  }
  const bug = new TypeError('a bug');
  t.equal(writeError(bug), bug);
  t.equal(readError(bug), bug);
  t.end();
});

t.test('free space is what df says', async (t) => {
  const folder = temporaryFolder(t);
  const { stdout } = await run('df', ['--output=avail', '-B1', folder]);
  const said = Number(stdout.split('\n')[1]);
  t.ok(Math.abs((await freeBytes(folder)) - said) < 1e9 + said / 20, `${said}`);
  await t.rejects(freeBytes(join(folder, 'missing')));
});
