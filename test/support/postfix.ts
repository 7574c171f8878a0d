// A private Postfix (Debian package `postfix`) for one test: its own configuration, queue and log in a temporary folder, one smtpd on a loopback
// port, everything it accepts handed on to another server of the test. Needs root, as Postfix itself does.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';
import type { TestIdentity } from './test-ca.ts';

export interface PostfixOptions {
  /** Certificate of its smtpd; without one it offers no STARTTLS. */
  readonly identity?: TestIdentity;
  /** Server that gets what this one accepts, in clear. */
  readonly relayPort: number;
  /** EHLO keywords that it is not to offer: `dsn`, `pipelining`, `8bitmime`, ... */
  readonly discard?: readonly string[];
  /** Further lines of main.cf. */
  readonly settings?: readonly string[];
  /** Where mail to an address goes instead, as transport(5) has it; `vacation` answers it (RFC 3834) and keeps nothing. */
  readonly transports?: Readonly<Record<string, string>>;
}

export interface Postfix {
  readonly port: number;
  /** What it logged so far. */
  readonly log: readonly string[];
}

const MASTER = '/usr/lib/postfix/sbin/master';
const LOG = 'mail.log';
const LONG_AGO = new Date(Date.now() - 60_000);
const QUEUES = ['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'private', 'saved', 'trace'];
const SHARED = [
  ['public', 0o710],
  ['maildrop', 0o730],
] as const;

/** Starts Postfix and waits until it listens. It is stopped when the test ends. */
export async function startPostfix(t: { teardown(handler: () => unknown): void }, options: PostfixOptions): Promise<Postfix> {
  if (!existsSync(MASTER)) throw new Error('these tests talk to Postfix: apt-get install -y --no-install-recommends postfix');
  if (process.getuid?.() !== 0) throw new Error('these tests start Postfix, and that needs root: sudo npm test');
  const folder = temporaryFolder(t);
  const port = await freePort();
  configure(folder, port, options);
  const logFile = join(folder, LOG);
  // Not the `postfix` command: its checks take seconds. Detached, so that it leads its processes and takes them with it when it ends.
  const child = spawn(MASTER, ['-c', join(folder, 'etc'), '-d'], { stdio: 'ignore', detached: true });
  t.teardown(() => stop(child));
  await started(child, logFile);
  return {
    port,
    get log() {
      return linesOf(logFile);
    },
  };
}

function started(child: ChildProcess, logFile: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(logFile, () => {
      if (linesOf(logFile).some((line) => line.includes('daemon started'))) done(null);
    });
    const done = (error: Error | null): void => {
      watcher.close();
      if (error === null) resolve();
      else reject(error);
    };
    child.once('error', done);
    child.once('exit', () => done(new Error(`Postfix did not start:\n${linesOf(logFile).join('\n')}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Its whole group at once: asked politely it takes a second, and its queue is thrown away here.
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

function linesOf(logFile: string): readonly string[] {
  return readFileSync(logFile, 'utf8').split('\n').filter(Boolean);
}

/** A port that was free a moment ago: Postfix cannot choose one itself. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function configure(folder: string, port: number, options: PostfixOptions): void {
  const at = (name: string): string => join(folder, name);
  chmodSync(folder, 0o755);
  for (const name of ['etc', 'spool', 'spool/pid']) mkdirSync(at(name));
  const owned = [at('data'), ...QUEUES.map((name) => at(`spool/${name}`))];
  for (const path of owned) mkdirSync(path, { mode: 0o700 });
  execFileSync('chown', ['postfix', ...owned]);
  for (const [name, mode] of SHARED) {
    mkdirSync(at(`spool/${name}`));
    execFileSync('chown', ['postfix:postdrop', at(`spool/${name}`)]);
    chmodSync(at(`spool/${name}`), mode);
  }
  writeFileSync(at(LOG), '');
  const { identity } = options;
  if (identity !== undefined) {
    writeFileSync(at('etc/certificate.pem'), identity.certificatePem);
    writeFileSync(at('etc/key.pem'), identity.keyPem, { mode: 0o600 });
  }
  const tls =
    identity === undefined
      ? ['smtpd_tls_security_level = none']
      : [
          'smtpd_tls_security_level = may',
          `smtpd_tls_cert_file = ${at('etc/certificate.pem')}`,
          `smtpd_tls_key_file = ${at('etc/key.pem')}`,
        ];
  const transports = Object.entries(options.transports ?? {}).map(([address, transport]) => `{ ${address} = ${transport} }`);
  const maps = transports.length === 0 ? [] : [`transport_maps = inline:{ ${transports.join(', ')} }`];
  writeFileSync(at('etc/main.cf'), `${[...mainCf(at, options), ...tls, ...maps, ...(options.settings ?? [])].join('\n')}\n`);
  writeFileSync(at('vacation.py'), VACATION, { mode: 0o755 });
  const vacation = `vacation unix - n n - - pipe user=nobody null_sender= argv=${at('vacation.py')} ${port} \${sender} \${recipient}\n`;
  // Postfix waits until main.cf is two seconds old.
  utimesSync(at('etc/main.cf'), LONG_AGO, LONG_AGO);
  writeFileSync(at('etc/master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${MASTER_CF}${vacation}`);
}

function mainCf(at: (name: string) => string, options: PostfixOptions): readonly string[] {
  return [
    'compatibility_level = 3.6',
    `queue_directory = ${at('spool')}`,
    `data_directory = ${at('data')}`,
    'command_directory = /usr/sbin',
    'daemon_directory = /usr/lib/postfix/sbin',
    'mail_owner = postfix',
    'setgid_group = postdrop',
    'myhostname = postfix.test',
    'mydestination =',
    'mynetworks = 127.0.0.0/8',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'alias_maps =',
    'local_recipient_maps =',
    `maillog_file = ${at(LOG)}`,
    `maillog_file_prefixes = ${at('')}`,
    `relayhost = [127.0.0.1]:${options.relayPort}`,
    'smtp_tls_security_level = none',
    'smtp_host_lookup = native',
    'smtpd_peername_lookup = no',
    'smtpd_relay_restrictions = permit_mynetworks, reject',
    `smtpd_discard_ehlo_keywords = ${(options.discard ?? []).join(', ')}`,
  ];
}

/** What a person's vacation responder does, as vacation(1) and Sieve do: it answers the reverse-path from the null one, and never an automatic message twice. */
const VACATION = `#!/usr/bin/python3
import sys, smtplib, email, email.policy
port, sender, recipient = sys.argv[1:4] if len(sys.argv) > 3 else (sys.argv[1], '', sys.argv[2])
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTP)
if sender:
    answer = email.message.EmailMessage(policy=email.policy.SMTP)
    answer['From'] = recipient
    answer['To'] = sender
    answer['Subject'] = 'Auto: ' + (message['Subject'] or '')
    answer['In-Reply-To'] = message['Message-ID'] or ''
    answer['Auto-Submitted'] = 'auto-replied'
    answer.set_content('I am away until Monday.\\n')
    with smtplib.SMTP('127.0.0.1', int(port)) as smtp: smtp.sendmail('', [sender], answer.as_bytes())
`;

const MASTER_CF = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
