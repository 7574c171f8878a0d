// The log on a real standard output: complete when closed, and no end of the process when its reader goes away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';

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
