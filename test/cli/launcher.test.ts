// bin/postern: runs on the Node.js that the project brings when the one it was started with is too old, and passes signals and codes on.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Ended {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

function run(file: string, given: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, given, { env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : (error.code ?? null), out, err }),
    );
  });
}

/** A folder like a checkout whose program only tells what it was given, started as if Node.js were an old one. */
function oldCheckout(
  t: Parameters<typeof temporaryFolder>[0],
  main: string,
  own: 'brought' | 'missing',
): { readonly launcher: string; readonly node: string } {
  const folder = temporaryFolder(t);
  cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'main.ts'), main);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'old.cjs'),
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: process.env.BROUGHT ? process.versions.node : '20.1.0' } });",
  );
  if (own === 'brought') {
    mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
    // A Node.js of its own, that the launcher must tell from the one it runs on.
    writeFileSync(join(folder, 'node_modules', '.bin', 'node'), `#!/bin/sh\nexec env BROUGHT=1 '${process.execPath}' "$@"\n`);
    chmodSync(join(folder, 'node_modules', '.bin', 'node'), 0o755);
  }
  const node = join(folder, 'old-node');
  writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' --require '${join(folder, 'old.cjs')}' "$@"\n`);
  chmodSync(node, 0o755);
  return { launcher: join(folder, 'bin', 'postern'), node };
}

await t.test('the checkout itself', async (t) => {
  const direct = await run(join(ROOT, 'bin/postern'), ['version']);
  t.match(direct, { code: 0, out: /^postern \d+\.\d+\.\d+ \(Node\.js 2/, err: '' });
  t.match(await run(join(ROOT, 'bin/postern'), ['nonsense']), { code: 2, err: /unknown command/ });
  const link = join(temporaryFolder(t), 'postern');
  symlinkSync(join(ROOT, 'bin/postern'), link);
  t.match(await run(link, ['version']), { code: 0, out: direct.out }, 'through a link, as npm makes it');
});

await t.test('npm exec, with whatever Node.js npm runs on', async (t) => {
  const found = await new Promise<Ended>((resolve) => {
    execFile('npm', ['exec', '--', 'postern', 'version', '--json'], { cwd: ROOT }, (error, out, err) =>
      resolve({ code: error === null ? 0 : (error.code ?? null), out, err }),
    );
  });
  t.equal(found.code, 0, found.err);
  t.match(JSON.parse(found.out), { node: /^(?:2[4-9]|[3-9]\d)\./ });
});

await t.test('an old Node.js, and one that the project brought', async (t) => {
  const { launcher, node } = oldCheckout(
    t,
    'console.log(process.env.BROUGHT, JSON.stringify(process.argv.slice(2))); process.exitCode = 3;',
    'brought',
  );
  t.same(
    await run(node, [launcher, 'queue', 'show', 'a b']),
    { code: 3, out: '1 ["queue","show","a b"]\n', err: '' },
    'arguments and exit code',
  );
});

await t.test('an old Node.js and no other', async (t) => {
  const { launcher, node } = oldCheckout(t, 'console.log(1)', 'missing');
  const result = await run(node, [launcher, 'version']);
  t.equal(result.code, 70);
  t.equal(result.out, '');
  t.match(
    result.err,
    /^postern: Node\.js 24\.7 or newer is needed, this is 20\.1\.0; run "npm ci" in .* \(it brings one\), or install a newer Node\.js\n$/,
  );
});

await t.test('signals reach the program', async (t) => {
  const main = `process.on('SIGTERM', () => { console.log('stopping'); process.exit(5); }); process.on('SIGHUP', () => console.log('reloading')); console.log('up'); setInterval(() => {}, 1000);`;
  const { launcher, node } = oldCheckout(t, main, 'brought');
  const child = spawn(node, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trimEnd().split('\n')) {
      lines.push(line);
      if (line === 'up') child.kill('SIGHUP');
      if (line === 'reloading') child.kill('SIGTERM');
    }
  });
  const [code] = (await once(child, 'close')) as [number];
  t.same(lines, ['up', 'reloading', 'stopping']);
  t.equal(code, 5);
});

await t.test('a program that a signal ended ends the launcher likewise', async (t) => {
  const { launcher, node } = oldCheckout(t, "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);", 'brought');
  const child = spawn(node, [launcher], { stdio: 'ignore' });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  t.equal(signal, 'SIGTERM');
});
