// The log on a real standard output and in a file: complete when closed, and no end of the process when its reader goes away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createLog } from '../../src/log/create-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const child = (program: string) =>
  spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const PROLOGUE = `import { createLog } from './src/log/create-log.ts';
const log = createLog({ level: 'info', destination: 'stdout', newId: () => 'x' });
`;

await t.test('everything written before close is out', async (t) => {
  const process = child(`${PROLOGUE} for (let i = 0; i < 5000; i++) log.slow({ part: 'commit', tookMs: i }); log.close();`);
  let text = '';
  process.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  const [code] = (await once(process, 'close')) as [number];
  t.equal(code, 0);
  const lines = text.trimEnd().split('\n');
  t.equal(lines.length, 5_000);
  t.equal((JSON.parse(lines.at(-1) ?? '{}') as { tookMs?: number }).tookMs, 4_999);
});

await t.test('a reader that went away does not end the service', async (t) => {
  const process = child(`${PROLOGUE} process.stdin; let i = 0;
    const timer = setInterval(() => { log.slow({ part: 'commit', tookMs: i++ }); if (i > 50) { clearInterval(timer); log.close(); process.stderr.write('alive'); } }, 2);`);
  process.stdout.destroy();
  let errors = '';
  process.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  const [code] = (await once(process, 'close')) as [number];
  t.equal(errors, 'alive');
  t.equal(code, 0);
});

await t.test('a file: appended to, for its owner only, never through a link', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'postern.log');
  writeFileSync(file, 'before\n', { mode: 0o644 });
  const log = createLog({ level: 'info', destination: { file }, newId: () => 'x' });
  for (let i = 0; i < 100; i++) log.slow({ part: 'commit', tookMs: i });
  log.close();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  t.equal(lines.length, 101);
  t.equal(lines[0], 'before');
  t.equal(statSync(file).mode & 0o777, 0o600);
  const link = join(folder, 'link.log');
  symlinkSync(file, link);
  t.throws(() => createLog({ level: 'info', destination: { file: link }, newId: () => 'x' }), { code: 'ELOOP' });
});
