// The command line as a whole: help, usage errors, exit codes, and the commands that only pass work on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { StatusReport } from '../../src/control/commands.ts';
import type { Running, SandboxSettings } from '../../src/daemon/work.ts';
import { commandLine } from '../support/command-line.ts';
import { ROOT } from '../support/source-files.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

/** Paths of all commands, read from the help itself. */
async function commands(
  run: (given: readonly string[]) => Promise<{ readonly out: string }>,
  path: readonly string[] = [],
): Promise<readonly (readonly string[])[]> {
  const { out } = await run([...path, '--help']);
  const listed = /\nCommands:\n([^]*?)(?:\n\n|\n$|$)/.exec(out)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  const below = await Promise.all(names.map((name) => commands(run, [...path, name])));
  return [path, ...below.flat()];
}

await t.test('every command: help of 80 columns with one real example', async (t) => {
  const line = await commandLine(t, { service: null });
  const paths = await commands((given) => line.run(given));
  t.ok(paths.length >= 30, `${paths.length} commands`);
  for (const path of paths) {
    const { code, out } = await line.run([...path, '--help']);
    const name = ['postern', ...path].join(' ');
    t.equal(code, 0, name);
    const group = /\nCommands:\n/.test(out);
    if (!group) t.equal(out.match(/^Example:\n {2}\$ (?:npm exec -- )?postern /m)?.length, 1, `${name}: an example`);
    for (const one of out.split('\n')) if (!one.startsWith('  $ ')) t.ok(one.length <= 80, `${name}: ${one}`);
  }
  const { out } = await line.run(['--help']);
  t.match(out, /Exit codes:\n {2}0 +done\n {2}1 .*\n {2}2 .*\n {2}3 .*\n {2}4 .*\n {2}70 /);
});

await t.test('a wrong command line', async (t) => {
  const line = await commandLine(t, { service: null });
  const cases: readonly (readonly [given: readonly string[], err: RegExp])[] = [
    [['qeue'], /^postern: unknown command 'qeue'\n\(Did you mean queue\?\)/],
    [['queue', 'lst'], /unknown command 'lst'/],
    [['queue', 'list', '--sate', 'held'], /unknown option '--sate'\n\(Did you mean --state\?\)/],
    [['queue', 'list', '--state', 'lost'], /Allowed choices are/],
    [['queue', 'show'], /missing required argument 'id'/],
    [['version', 'extra'], /too many arguments/],
  ];
  for (const [given, err] of cases) {
    const result = await line.run(given);
    t.equal(result.code, 2, given.join(' '));
    t.equal(result.out, '');
    t.match(result.err, err);
    t.match(result.err, /\(see: postern.* --help\)/);
  }
});

await t.test('a configuration that is refused stops every command that needs it', async (t) => {
  const line = await commandLine(t, { service: null });
  writeFileSync(line.configPath, 'version: 1\nhostname: mail.clinic.example\npostmastr: [it@clinic.example]\n');
  for (const given of [['queue', 'list'], ['audit', 'verify'], ['status'], ['account', 'list'], ['config', 'show']]) {
    const { code, out, err } = await line.run(given);
    t.equal(code, 3, given.join(' '));
    t.equal(out, '');
    t.match(err, /postern\.yaml:3:1: unknown key "postmastr"; did you mean "postmaster"\n/);
  }
});

await t.test('a running service is asked even when its file has got an error meanwhile', async (t) => {
  const line = await commandLine(t, { service: { 'queue.list': async () => ({ kind: 'done', value: { entries: [], next: null } }) } });
  writeFileSync(line.configPath, 'version: 1\nhostname: x\npostmastr: y\nfolders: { data: data, keys: keys, run: run }\n');
  t.same(await line.run(['queue', 'list']), { code: 0, out: 'Nothing is waiting.\n', err: '' });
});

await t.test('version', async (t) => {
  const line = await commandLine(t, { service: null });
  t.match((await line.run(['version'])).out, /^postern \d+\.\d+\.\d+ \(Node\.js 24\./);
  t.match(JSON.parse((await line.run(['version', '--json'])).out), { postern: /^\d+\.\d+\.\d+$/, node: process.versions.node });
});

await t.test('the language of policies: as docs and editors have it, with no configuration at all', async (t) => {
  const line = await commandLine(t, { service: null });
  writeFileSync(line.configPath, 'this: [is none');
  const kept = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const reference = await line.run(['policy', 'reference']);
  t.same([reference.code, reference.err], [0, '']);
  t.equal(reference.out, kept('docs/policy-reference.md'));
  const schema = await line.run(['policy', 'schema']);
  t.same([schema.code, schema.err], [0, '']);
  t.same(JSON.parse(schema.out), JSON.parse(kept('policies/policy.schema.json')));
});

await t.test('config show', async (t) => {
  const line = await commandLine(t, { service: null });
  const { code, out } = await line.run(['config', 'show']);
  t.equal(code, 0);
  t.match(out, /^hostname +mail\.clinic\.example$/m);
  t.match(out, /^delivery\.floor +tls-verified {2}\(default\)$/m);
  const changed = await line.run(['config', 'show', '--changed']);
  t.notMatch(changed.out, /default/);
  t.match(JSON.parse((await line.run(['config', 'show', '--json'])).out), {
    file: line.configPath,
    fields: [{ path: 'version', value: '1', from: 'file' }],
  });
  t.match((await line.run(['config', 'reference'])).out, /^# Configuration reference\n/);
});

await t.test('status', async (t) => {
  const status: StatusReport = {
    version: '1.2.3',
    mode: 'live',
    hostname: 'mail.clinic.example',
    running: { pid: 7, startedAt: NOW - 7_200_000, configLoadedAt: NOW, configFingerprint: 'abc' },
    listeners: [{ name: 'submission', port: 587, connections: 3 }],
    queue: {
      undecided: 0,
      queued: 2,
      active: 0,
      deferred: 1,
      held: 0,
      waiting: 0,
      relayed: 0,
      'picked-up': 0,
      returned: 0,
      expired: 0,
      cancelled: 0,
    },
    audit: { logId: 'log-1', seq: 99 },
    disk: { freeBytes: 1_500_000_000, state: 'refusing' },
    certificate: { notAfter: NOW },
    attention: ['The disk is nearly full: new mail is refused.'],
  };
  const line = await commandLine(t, { service: { status: async () => ({ kind: 'done', value: status }) }, now: NOW });
  const { code, out } = await line.run(['status']);
  t.equal(code, 0);
  for (const words of [
    /^service +postern 1\.2\.3, live/m,
    /^running +2 h, process 7$/m,
    /^submission +port 587, 3 connected$/m,
    /^queue +2 queued, 1 deferred$/m,
    /^disk +1\.5 GB free, refusing$/m,
    /^! The disk is nearly full/m,
  ])
    t.match(out, words);
  t.same(JSON.parse((await line.run(['status', '--json'])).out), status);
  const stopped = await commandLine(t, { service: null });
  t.match(await stopped.run(['status']), { code: 4, out: '', err: /^postern: the service of .*postern\.yaml is not running\n$/ });
});

await t.test('reload', async (t) => {
  const line = await commandLine(t, {
    service: { reload: async () => ({ kind: 'done', value: { fingerprint: 'abc', warnings: ['postern.yaml:5:1: warning: x; y'] } }) },
  });
  t.same(await line.run(['reload']), { code: 0, out: 'Reloaded: abc.\n', err: 'postern.yaml:5:1: warning: x; y\n' });
});

await t.test('check', async (t) => {
  const issue = { file: 'p.yaml', line: 1, column: 2, what: 'this is wrong', right: 'write that' };
  const cases = [
    ['right', [], 'ok', 0, /^ok {8}database: migrated\n.*is right\.\n$/],
    ['a warning', [{ ...issue, weight: 'warning' }], 'ok', 0, /is right/],
    ['an error', [{ ...issue, weight: 'error' }], 'not-done', 3, /^not done {2}database/],
    ['a failed step', [], 'failed', 1, /^failed {4}database/],
  ] as const;
  for (const [name, issues, result, code, words] of cases) {
    const line = await commandLine(t, {
      service: null,
      work: { check: async () => ({ issues, steps: [{ name: 'database', result, text: 'migrated' }] }) },
    });
    const checked = await line.run(['check']);
    t.equal(checked.code, code, name);
    t.match(checked.out, words, name);
    t.equal(
      checked.err,
      issues.map(({ weight }) => `p.yaml:1:2: ${weight === 'warning' ? 'warning: ' : ''}this is wrong; write that\n`).join(''),
    );
    t.match(
      JSON.parse((await line.run(['check', '--json'])).out),
      { result: code === 0 ? 'ok' : 'failed', issues, steps: [{ result }] },
      name,
    );
  }
});

await t.test('tls-check and demo', async (t) => {
  const line = await commandLine(t, {
    service: null,
    work: {
      tlsCheck: async ({ domain }) => ({
        verdict: domain === 'good.example' ? 'good-enough' : 'not-good-enough',
        lines: [`${domain}: looked at`],
        facts: { domain },
      }),
      demo: async () => ({ kind: 'not-reached', text: 'no sandbox is running' }),
    },
  });
  t.same(await line.run(['tls-check', 'good.example']), { code: 0, out: 'good.example: looked at\n', err: '' });
  t.match(await line.run(['tls-check', 'bad.example', '--json']), {
    code: 1,
    out: '{"verdict":"not-good-enough","facts":{"domain":"bad.example"}}\n',
  });
  const refusing = await commandLine(t, {
    service: null,
    work: {
      tlsCheck: async ({ configPath, unreadable }) => ({
        kind: 'refused',
        issues: [{ file: configPath, line: 0, column: 0, weight: 'error', what: unreadable, right: 'write that' }],
      }),
    },
  });
  const named = await refusing.run(['tls-check', 'good.example', '--config', '/wrong.yaml']);
  t.same(named, { code: 3, out: '', err: '/wrong.yaml: refused; write that\n' }, 'a named file is never passed over');
  t.same(await line.run(['demo']), { code: 4, out: '', err: 'postern: no sandbox is running\n' });
});

const settings: SandboxSettings = {
  configPath: 'var/postern.yaml',
  host: '127.0.0.1',
  submissionsPort: 8465,
  submissionPort: 8587,
  user: 'first',
  mailFolder: 'var/run/sandbox-mail',
  portalUrl: 'http://localhost:8468',
  password: 'shown-only-once',
  passwordFile: 'var/password',
  certificateFile: 'var/tls/certificate.pem',
  mayUse: ['*@clinic.sandbox.example'],
  logFile: '/tmp/postern/log/postern.log',
  firstMessage: 'npm exec -- postern demo',
  recipients: [{ address: 'ann@good.sandbox.example', plays: 'takes mail over verified TLS' }],
};

await t.test('serve and start end with the service', async (t) => {
  const running = (ended: 'stopped' | 'failed'): Running => ({
    kind: 'running',
    warnings: [],
    stop: async () => undefined,
    reload: async () => undefined,
    ended: Promise.resolve(ended),
  });
  const line = await commandLine(t, {
    service: null,
    work: {
      serve: async () => running('stopped'),
      start: async ({ folder }) =>
        folder.endsWith('refused')
          ? { kind: 'not-reached', text: 'port 8465 is taken' }
          : { kind: 'running', running: running('failed'), settings },
    },
  });
  t.same(await line.run(['serve']), { code: 0, out: '', err: '' });
  const started = await line.run(['start', '--folder', join(line.folder, 'x')], { columns: 80 });
  t.equal(started.code, 70, 'it failed');
  for (const words of [
    /nothing leaves this machine/,
    /8465 \(SSL\/TLS\) or 8587 \(STARTTLS\)/,
    /password +shown-only-once/,
    /ann@good\.sandbox\.example/,
  ])
    t.match(started.out, words);
  for (const one of started.out.split('\n')) t.ok([...one].length <= 80, one);
  t.same(await line.run(['start', '--folder', join(line.folder, 'refused')]), { code: 4, out: '', err: 'postern: port 8465 is taken\n' });
});

await t.test('a fault of ours is told without its text', async (t) => {
  const line = await commandLine(t, { service: null, work: { demo: () => Promise.reject(new TypeError('patient Ann Smith')) } });
  const { code, err } = await line.run(['demo']);
  t.equal(code, 70);
  t.match(err, /^postern: unexpected error: TypeError at test\/cli\/program\.test\.ts:\d+:\d+\n$/);
});
