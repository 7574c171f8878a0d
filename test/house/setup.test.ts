// test/setup.sh: nothing to do where everything is there; elsewhere one line to type, and never a question.
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, sourceFiles } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(script: string, ...given: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(script, given, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });
}

await t.test('here everything is there', async (t) => {
  t.same(await run(join(ROOT, 'test/setup.sh'), '--check'), { code: 0, out: '', err: '' });
});

await t.test('what is missing is said in one line to type', async (t) => {
  const folder = temporaryFolder(t);
  cpSync(join(ROOT, 'test/setup.sh'), join(folder, 'setup.sh'));
  writeFileSync(join(folder, 'debian-packages.txt'), '# a comment\nbash  # here\n\npostern-test-no-such-package # not\n');
  t.same(await run(join(folder, 'setup.sh'), '--check'), {
    code: 1,
    out: '',
    err: 'Debian packages that the tests talk to are missing. Type:\n  sudo DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postern-test-no-such-package\n',
  });
});

/** Programs that come with a package of another name. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  iconv: 'libc-bin',
  'ldns-keygen': 'ldnsutils',
  'ldns-signzone': 'ldnsutils',
  newaliases: 'postfix',
  postconf: 'postfix',
  saslpasswd2: 'sasl2-bin',
  'systemd-analyze': 'systemd',
  'systemd-notify': 'systemd',
  'systemd-sysusers': 'systemd',
  'systemd-tmpfiles': 'systemd',
  unshare: 'util-linux',
};
const EVERYWHERE: readonly string[] = [
  'apt-get',
  'bash',
  'cat',
  'chown',
  'cp',
  'git',
  'id',
  'mkfifo',
  'node',
  'npm',
  'sh',
  'dd',
  'ls',
  'kill',
  'mount',
  'umount',
  'true',
  'env',
  'timeout',
];

await t.test('every program that a test runs is of a listed package', async (t) => {
  const listed = readFileSync(join(ROOT, 'test/debian-packages.txt'), 'utf8').replace(/#.*/g, '').split(/\s+/).filter(Boolean);
  for (const { path, code } of sourceFiles('test')) {
    for (const [, program = ''] of code.matchAll(
      /(?:\b(?:execFile|execFileSync|spawn|spawnSync)\(\s*'(?:[^']*\/)?|'\/usr\/s?bin\/)([a-z0-9-]+)'/g,
    )) {
      t.ok(EVERYWHERE.includes(program) || listed.includes(PACKAGE_OF[program] ?? program), `${path} runs ${program}`);
    }
  }
});
