// Where the control socket may lie: stale files, other services, folders of others, long paths.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { controlClient } from '../../src/control/client.ts';
import { CONTROL_LIMITS, startControlServer } from '../../src/control/server.ts';
import type { ControlStart } from '../../src/control/server.ts';
import { controlSocketPath, SOCKET_PATH_BYTES } from '../../src/control/socket-path.ts';
import { controlHandlers } from '../support/control-handlers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const start = (path: string): Promise<ControlStart> =>
  startControlServer(path, controlHandlers(), { ...CONTROL_LIMITS, answered: () => undefined, bug: () => 'bug' });

async function refusal(path: string): Promise<string> {
  const started = await start(path);
  if (started.kind === 'refused') return started.text;
  await started.server.close();
  return 'listening';
}

/** A socket file whose process was killed: nobody removes it. */
async function staleSocket(path: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}

await t.test('a stale socket is replaced', async (t) => {
  const folder = temporaryFolder(t);
  const path = controlSocketPath(folder);
  await staleSocket(path);
  t.ok(existsSync(path));
  t.same(await controlClient(path).call('status', {}), { kind: 'no-service' });
  t.equal(await refusal(path), 'listening');
});

await t.test('a running service is not', async (t) => {
  const path = controlSocketPath(temporaryFolder(t));
  const first = await start(path);
  t.equal(first.kind, 'listening');
  t.match(await refusal(path), /a running service answers/);
  t.match(await controlClient(path).call('status', {}), { kind: 'failed', code: 'unavailable' }, 'the first still answers');
  if (first.kind === 'listening') await first.server.close();
});

await t.test('another program at the path', async (t) => {
  const folder = temporaryFolder(t);
  const path = controlSocketPath(folder);
  writeFileSync(path, 'notes');
  t.match(await refusal(path), /no socket lies at the path/);
  t.ok(existsSync(path), 'it is left alone');
});

await t.test('the folder', async (t) => {
  for (const mode of [0o755, 0o770, 0o701]) {
    const folder = join(temporaryFolder(t), 'run');
    mkdirSync(folder, { mode });
    chmodSync(folder, mode);
    t.match(await refusal(controlSocketPath(folder)), /can be entered by others: set its mode to 0700/, mode.toString(8));
  }
  const target = temporaryFolder(t);
  symlinkSync(target, join(target, 'link'));
  t.match(await refusal(controlSocketPath(join(target, 'link'))), /is not a folder/, 'a symbolic link could lead anywhere');
  const missing = join(temporaryFolder(t), 'a', 'b');
  t.equal(await refusal(controlSocketPath(missing)), 'listening', 'a missing one is made');
});

await t.test('a path that is too long for a socket', async (t) => {
  const folder = temporaryFolder(t);
  const path = (length: number): string => join(folder, 'x'.repeat(length - folder.length - '//control.sock'.length), 'control.sock');
  t.match(
    await refusal(path(SOCKET_PATH_BYTES + 1)),
    new RegExp(`has ${SOCKET_PATH_BYTES + 1} bytes, the system allows ${SOCKET_PATH_BYTES}`),
  );
  t.equal(await refusal(path(SOCKET_PATH_BYTES)), 'listening');
});

await t.test('a user who may not enter', async (t) => {
  const folder = temporaryFolder(t);
  const path = controlSocketPath(join(folder, 'run'));
  const started = await start(path);
  if (started.kind !== 'listening') return t.fail(started.text);
  const program = `import { controlClient } from './src/control/client.ts'; console.log(JSON.stringify(await controlClient(process.env.SOCKET).call('status', {})));`;
  const other = process.getuid?.() === 0;
  if (other) chmodSync(folder, 0o755);
  else chmodSync(join(folder, 'run'), 0o000);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { SOCKET: path },
    ...(other ? { uid: 65_534, gid: 65_534 } : {}),
  });
  chmodSync(join(folder, 'run'), 0o700);
  t.same(JSON.parse(stdout), { kind: 'no-permission' });
  await started.server.close();
});

await t.test('a client and a server that is none', async (t) => {
  const folder = temporaryFolder(t);
  const path = controlSocketPath(folder);
  const answers = [
    '',
    'hello\n',
    '{"v":2,"ok":true,"value":1}\n',
    '{"v":1,"ok":false,"code":"odd","text":"x"}\n',
    'x'.repeat(17 * 1024 * 1024),
  ];
  let turn = 0;
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(answers[turn++] ?? '');
  });
  server.listen(path);
  await once(server, 'listening');
  for (const answer of answers) t.match(await controlClient(path).call('status', {}), { kind: 'broken' }, answer.slice(0, 10));
  server.close();
});

await t.test('a service that does not answer', async (t) => {
  const path = controlSocketPath(temporaryFolder(t));
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => void sockets.push(socket));
  server.listen(path);
  await once(server, 'listening');
  t.match(await controlClient(path, { timeoutMs: 20 }).call('status', {}), { kind: 'broken', text: /in time/ });
  for (const socket of sockets) socket.destroy();
  server.close();
});
