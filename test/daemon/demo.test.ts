// The first ten minutes as a newcomer has them: `postern start` in an empty folder, `postern demo` in another terminal, and every recipient
// ends as docs/sandbox.md says.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { DEFAULT_CONFIG_TEXT } from '../../src/config/default-config.ts';
import { DEMO_MESSAGES } from '../../src/sandbox/demo-messages.ts';
import { SANDBOX_DOMAINS } from '../../src/sandbox/domains.ts';
import { ROOT } from '../support/source-files.ts';

const MAIN = join(ROOT, 'src/main.ts');

interface Row {
  readonly recipient: string;
  readonly decision: string;
  readonly tls: string;
  readonly end: string;
}

const folder = t.testdir();
// As it comes, but for the ports: they are the system's choice here.
writeFileSync(join(folder, 'postern.yaml'), DEFAULT_CONFIG_TEXT.replace(/port: \d+/g, 'port: 0'), { mode: 0o600 });

const service = spawn(process.execPath, [MAIN, 'start', '--folder', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(service, 'exit');
t.teardown(() => service.kill('SIGKILL'));
const said: string[] = [];
const lines = createInterface(service.stdout);
lines.on('line', (line) => said.push(line));
while (!said.includes('Stop with Ctrl-C.'))
  await Promise.race([once(lines, 'line'), ended.then(() => Promise.reject(new Error('the service ended')))]);

function demo(...more: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [MAIN, '--config', join(folder, 'postern.yaml'), 'demo', ...more], {
    encoding: 'utf8',
    timeout: 50_000,
  });
}

/** What a row must say where the table for people says this. */
const MEANS: readonly (readonly [expect: RegExp, end: RegExp])[] = [
  [/^delivered/, /^delivered \(sandbox\)$/],
  [/^portal/, /^waits at the portal$/],
  [/^deferred/, /^deferred: 451 /],
  [/^returned with/, /^returned: /],
  [/^returned; later@/, /^returned: 552 5\.2\.2$/],
];

await t.test('every recipient ends as its domain says', async (t) => {
  const { status, stdout, stderr } = demo('--json');
  t.equal(status, 0, stderr);
  const rows = JSON.parse(stdout) as readonly Row[];
  t.same(
    rows.map(({ recipient }) => recipient),
    DEMO_MESSAGES.flatMap(({ recipients }) => recipients),
    'nobody is left out',
  );
  for (const { recipient, decision, end } of rows) {
    t.equal(decision, 'relay or portal at tls-verified, else hold', recipient);
    const domain = SANDBOX_DOMAINS.find((played) => recipient.endsWith(`@${played.domain}`));
    const expect = domain?.expect ?? 'delivered';
    if (recipient.startsWith('later@')) t.match(end, /^deferred: 452 4\.2\.2$/, recipient);
    else t.match(end, MEANS.find(([words]) => words.test(expect))?.[1] ?? /never/, `${recipient}: ${expect}`);
  }
  const tls = (recipient: string): string | undefined => rows.find((row) => row.recipient === recipient)?.tls;
  t.equal(tls('labor@dane.test'), 'TLS 1.3, verified by DANE');
  t.equal(tls('praxis@mta-sts.test'), 'TLS 1.3, verified (MTA-STS)');
  t.equal(tls('heart@no-tls.test'), 'none offered');
  t.equal(tls('heart@expired.test'), 'TLS 1.3, expired');
});

await t.test('the table fits 80 columns; at the second run the greylisted one is taken at once', async (t) => {
  const { status, stdout } = demo();
  t.equal(status, 0);
  t.match(stdout, /^Decided for every recipient: relay or portal at tls-verified, else hold\.$/m);
  t.match(stdout, /^ward@greylist\.test .* delivered \(sandbox\)$/m);
  for (const line of stdout.split('\n')) t.ok(line.length <= 80, line);
});

await t.test('nothing of the messages is in what the service said', async (t) => {
  const path = join(folder, 'log/postern.log');
  const log = readFileSync(path, 'utf8');
  t.equal(statSync(path).mode & 0o777, 0o600, 'only its owner reads the log');
  t.notOk(
    said.some((line) => line.startsWith('{')),
    'the terminal is for what a newcomer reads',
  );
  t.match(log, /"event"/);
  for (const canary of ['Kreatinin', 'Laborwerte', 'systolic', 'recovered well', 'labor@dane', 'heart@', 'Referral with'])
    t.notOk(log.includes(canary), canary);
  t.notMatch(log, /"level":"error"/, 'no error');
});

await t.test('SIGTERM ends it in order', async (t) => {
  service.kill('SIGTERM');
  t.same(await ended, [0, null]);
});
