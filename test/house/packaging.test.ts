// What carries Postern onto a machine: the systemd unit is as hard as promised, the container runs without root, CI calls the README's
// command. Read and judged by systemd's own tools (Debian: systemd).
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/source-files.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const UNIT = join(ROOT, 'systemd/postern.service');

/** The value of a setting, the last one where it is repeated. */
function setting(text: string, name: string): string | undefined {
  return [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].at(-1)?.[1];
}

await t.test('systemd-analyze puts the unit under 2.5', async (t) => {
  const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=25', UNIT], { encoding: 'utf8' });
  const overall = /Overall exposure level[^:]*: ([\d.]+)/.exec(judged.stdout)?.[1];
  t.equal(judged.status, 0, `exposure ${overall ?? judged.stderr}`);
  t.ok(Number(overall) > 0 && Number(overall) < 2.5, `exposure ${overall ?? 'not shown'}`);
});

await t.test('the unit', async (t) => {
  const unit = read('systemd/postern.service');
  t.equal(setting(unit, 'Type'), 'notify');
  t.equal(setting(unit, 'NotifyAccess'), 'all', 'systemd-notify is a child of the service');
  t.match(setting(unit, 'WatchdogSec'), /^\d+$/);
  t.equal(setting(unit, 'User'), 'postern');
  t.equal(setting(unit, 'LimitCORE'), '0', 'no core file holds content or keys');
  t.equal(setting(unit, 'UMask'), '0077');
  t.match(
    setting(unit, 'ExecStart'),
    /^\/opt\/postern\/node_modules\/\.bin\/node --disable-sigusr1 --max-semi-space-size=4 \/opt\/postern\/src\/main\.ts serve /,
  );
  t.equal(setting(unit, 'StateDirectory'), 'postern postern-keys', 'data and keys are two folders');
  t.match(setting(unit, 'RestrictAddressFamilies'), /\bAF_NETLINK\b/, 'os.networkInterfaces() throws without it');
  t.equal(setting(unit, 'RuntimeDirectoryPreserve'), 'yes', 'commands work while the service is stopped');
  t.equal(setting(unit, 'MemoryDenyWriteExecute'), undefined, 'V8 compiles at run time');
});

await t.test('the unit of the portal: hard, and blind to what is the gateway\u2019s', async (t) => {
  const path = join(ROOT, 'systemd/postern-portal.service');
  const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=25', path], { encoding: 'utf8' });
  t.equal(judged.status, 0, judged.stdout.split('\n').findLast((line) => line.includes('Overall')) ?? judged.stderr);
  const unit = read('systemd/postern-portal.service');
  t.equal(setting(unit, 'User'), 'postern-portal');
  t.equal(setting(unit, 'Group'), 'postern-portal');
  t.equal(setting(unit, 'SupplementaryGroups'), undefined, 'no group of the gateway');
  t.equal(setting(unit, 'LimitCORE'), '0');
  t.match(setting(unit, 'LoadCredential'), /^postern\.yaml:/, 'a copy of the configuration; its folder stays shut');
  for (const folder of ['/var/lib/postern', '/var/lib/postern-keys', '/etc/postern', '/run/postern'])
    t.match(` ${setting(unit, 'InaccessiblePaths') ?? ''} `, ` -${folder} `, folder);
  t.match(setting(unit, 'ExecStart'), /main\.ts portal --config %d\/postern\.yaml$/);
});

await t.test('the user and the folders are taken by systemd-sysusers and systemd-tmpfiles', async (t) => {
  const root = t.testdir();
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const [folder, file] of [
    ['sysusers.d', 'postern.sysusers.conf'],
    ['tmpfiles.d', 'postern.tmpfiles.conf'],
  ] as const) {
    mkdirSync(join(root, 'usr/lib', folder), { recursive: true });
    copyFileSync(join(ROOT, 'systemd', file), join(root, 'usr/lib', folder, 'postern.conf'));
  }
  execFileSync('systemd-sysusers', ['--root', root, 'postern.conf'], { stdio: 'pipe' });
  t.match(readFileSync(join(root, 'etc/passwd'), 'utf8'), /^postern:.*:\/var\/lib\/postern:\/usr\/sbin\/nologin$/m);
  const folders = ['/var/lib/postern', '/var/lib/postern-keys', '/run/postern'];
  const text = read('systemd/postern.tmpfiles.conf');
  for (const folder of folders) t.match(text, new RegExp(`^d ${folder} +0700 postern postern `, 'm'), folder);
  // Giving folders to another user is root's.
  if (process.getuid?.() !== 0) return;
  execFileSync('systemd-tmpfiles', ['--root', root, '--create', 'postern.conf'], { stdio: 'pipe' });
  for (const folder of folders) t.equal(statSync(join(root, folder)).mode & 0o777, 0o700, folder);
});

await t.test('the container', async (t) => {
  const lines = read('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = lines.findLastIndex((line) => line.startsWith('FROM '));
  const final = lines.slice(last);
  t.match(
    final.findLast((line) => line.startsWith('USER ')),
    /^USER [1-9]\d+:[1-9]\d+$/,
    'not root, by number, so that a platform can check it',
  );
  t.ok(
    final.findIndex((line) => line.startsWith('USER ')) < final.findIndex((line) => line.startsWith('ENTRYPOINT ')),
    'the program starts as that user',
  );
  t.ok(
    final.some((line) => line === 'VOLUME ["/var/lib/postern", "/var/lib/postern-keys"]'),
    'data and keys are two volumes',
  );
  t.notOk(
    lines.some((line) => /^(?:ENV|ARG) .*(?:PASSWORD|SECRET|KEY|TOKEN)/i.test(line)),
    'no secret in the image',
  );
  t.notOk(
    lines.some((line) => /^FROM \S+:latest/.test(line) || /^FROM [^:]+$/.test(line) || line.startsWith('ADD ')),
    'a version of the base, nothing fetched by ADD',
  );
  t.match(
    final.find((line) => line.startsWith('ENTRYPOINT ')),
    /^ENTRYPOINT \["node", /,
    'signals reach the program, not a shell',
  );
  // As systemd/postern.tmpfiles.conf has it.
  t.match(
    read('Dockerfile'),
    /install -d -o postern -g postern-portal -m 2750 \/run\/postern-portal/,
    'the desk has a folder that the portal may enter',
  );
  t.match(read('.dockerignore'), /^\*$/m, 'nothing goes to the builder but what is named');
});

await t.test("CI calls the README's test command and says how many passed", async (t) => {
  const run = read('.ci/run');
  t.ok((statSync(join(ROOT, '.ci/run')).mode & 0o111) !== 0, 'may be run');
  t.match(run, /^set -euo pipefail$/m);
  t.match(run, /npm ci\b[^]*npm test/);
  t.match(run, /echo "\$passed passed, \$failed failed"\nexit "\$code"\n$/);
});
