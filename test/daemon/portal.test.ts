// postern portal as a process: it starts without a gateway and without a secret of any other section, says so on its pages, and ends in order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:https';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { DEFAULT_CONFIG_TEXT } from '../../src/config/default-config.ts';
import { freePort } from '../support/portal-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const CHILD = new URL('../../src/daemon/portal-child.ts', import.meta.url).href;
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|TAP|_TAP)/.test(name)));

/** The gateway's process has several children. */
function portalPid(gateway: number): number | undefined {
  const tasks = readdirSync(`/proc/${gateway}/task`);
  const children = tasks.flatMap((task) => readFileSync(`/proc/${gateway}/task/${task}/children`, 'latin1').split(' ')).map(Number);
  return children.find((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0portal\0'));
}

function configOf(port: number, more = ''): string {
  return [
    'version: 1',
    'mode: sandbox',
    'hostname: mail.clinic.example',
    'postmaster: [it@clinic.example]',
    'folders: { data: data, keys: keys, run: run }',
    'dkim: [{ domain: clinic.example, selector: s1, key_file: /nonexistent/dkim.pem }]',
    `portal: { url: "http://localhost:${port}", port: ${port}, from: messages@clinic.example, name: Riverside Clinic, help: "+1 555 0100"${more} }`,
    '',
  ].join('\n');
}

await t.test('pages without a gateway and without keys', async (t) => {
  const folder = temporaryFolder(t);
  const port = await freePort();
  const file = join(folder, 'postern.yaml');
  writeFileSync(file, configOf(port));
  const child = spawn(process.execPath, [MAIN, 'portal', '--config', file], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"listening"') || line.includes('listening')) break;
  const start = await fetch(`http://localhost:${port}/`);
  t.equal(start.status, 200);
  t.match(await start.text(), 'Messages from Riverside Clinic');
  t.equal(start.headers.get('strict-transport-security'), null, 'nothing of TLS where there is none');
  const link = await fetch(`http://localhost:${port}/m/01m000000000000000000000aa-0-aaaaaaaaaaaaaaaaaaaaaaaaaa`);
  t.equal(link.status, 503, 'the gateway does not run');
  t.equal(link.headers.get('retry-after'), '60');
  t.match(await link.text(), 'Your message is safe');
  child.kill('SIGHUP');
  t.equal((await fetch(`http://localhost:${port}/`)).status, 200, 'a reload keeps it');
  child.kill('SIGTERM');
  t.same(await ended, [0, null]);
});

await t.test('what keeps it from starting is said in a sentence', async (t) => {
  const folder = temporaryFolder(t);
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a port that is taken', configOf(port), /portal cannot listen on 127\.0\.0\.1 port \d+: another program has it\./],
    ['no section', configOf(port).replace(/^portal:.*$/m, ''), /there is no portal/],
    [
      'a certificate that is not there',
      configOf(port, ', certificate: /nonexistent/a.pem, key: /nonexistent/b.pem'),
      /cannot be read|does not exist/,
    ],
  ];
  for (const [name, text, says] of cases) {
    const file = join(folder, 'postern.yaml');
    writeFileSync(file, text);
    const child = spawn(process.execPath, [MAIN, 'portal', '--config', file], { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    const [code] = (await once(child, 'close')) as [number];
    t.match(Buffer.concat(pieces).toString(), says, name);
    t.not(code, 0, name);
  }
});

await t.test('a sandbox starts its portal, and ends it', async (t) => {
  const folder = temporaryFolder(t);
  const [portal, health, submissions, submission] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const usual = DEFAULT_CONFIG_TEXT.replace('8465', String(submissions))
    .replace('8587', String(submission))
    .replace('8466', String(health))
    .replaceAll('8467', String(portal));
  writeFileSync(join(folder, 'postern.yaml'), usual);
  const child = spawn(process.execPath, [MAIN, 'start', '--folder', folder], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const address = `https://localhost:${portal}`;
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(address)) break;
  const link = `${address}/m/01m000000000000000000000aa-0-aaaaaaaaaaaaaaaaaaaaaaaaaa`;
  const ca = readFileSync(join(folder, 'tls/certificate.pem'));
  const asked = (): Promise<number> =>
    new Promise((resolve) => {
      get(link, { ca, agent: false }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', () => resolve(0));
    });
  let status = await asked();
  for (const began = performance.now(); status !== 404 && performance.now() - began < 60_000; status = await asked()) await turn(50);
  t.equal(status, 404, 'the gateway answers the portal: there is no such link');
  const first = portalPid(child.pid ?? 0);
  if (first === undefined) throw new Error('no portal beside the sandbox');
  process.kill(first, 'SIGKILL');
  for (const began = performance.now(); (await asked()) !== 0 && performance.now() - began < 30_000;) await turn(5);
  for (const began = performance.now(); (await asked()) !== 404 && performance.now() - began < 60_000;) await turn(50);
  t.equal(await asked(), 404, 'a portal that ended by itself is started again');
  t.not(portalPid(child.pid ?? 0), first);
  child.kill('SIGTERM');
  t.same(await ended, [0, null]);
  t.equal(await asked(), 0, 'nobody listens any more');
});

await t.test('a sandbox that is killed leaves no portal behind', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'portal.log');
  const port = await freePort();
  writeFileSync(join(folder, 'postern.yaml'), configOf(port));
  const program = `import { startPortalChild } from ${JSON.stringify(CHILD)}; startPortalChild(...process.argv.slice(1));`;
  const args = ['--input-type=module-typescript', '-e', program, join(folder, 'postern.yaml'), file];
  const gateway = spawn(process.execPath, args, { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'inherit'] });
  t.teardown(() => void gateway.kill('SIGKILL'));
  const answers = async (): Promise<'yes' | 'no'> => ((await fetch(`http://localhost:${port}/`).catch(() => null)) === null ? 'no' : 'yes');
  const until = async (wanted: 'yes' | 'no'): Promise<void> => {
    for (const began = performance.now(); (await answers()) !== wanted && performance.now() - began < 60_000;) await turn(20);
  };
  await until('yes');
  t.equal(await answers(), 'yes', 'it runs');
  gateway.kill('SIGKILL');
  await until('no');
  t.equal(await answers(), 'no');
});
