// Mail programs as they come with Debian, driven to send one message over the submission surface. Each refuses a wrong certificate.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ClientJob {
  readonly port: number;
  readonly tls: 'starttls' | 'implicit';
  readonly user: string;
  readonly password: string;
  /** File with the CA to trust. */
  readonly caFile: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  /** A folder of the job's own. */
  readonly folder: string;
}

/** How a program is started. */
interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ClientResult {
  readonly code: number | null;
  readonly output: string;
}

const HOST = 'localhost';

export const MAIL_CLIENTS: Readonly<Record<string, (job: ClientJob) => Command>> = {
  swaks: (job) => ({
    program: 'swaks',
    args: [
      ...['--server', HOST, '--port', String(job.port), job.tls === 'starttls' ? '--tls' : '--tls-on-connect', '--tls-verify'],
      ...[
        '--tls-ca-path',
        job.caFile,
        '--ehlo',
        'client.example',
        '--auth',
        'LOGIN',
        '--auth-user',
        job.user,
        '--auth-password',
        job.password,
      ],
      ...['--from', job.from, '--to', job.to, '--data', '-', '--timeout', '20'],
    ],
    input: message(job, '\n'),
  }),
  msmtp(job) {
    const file = join(job.folder, 'msmtprc');
    const starttls = job.tls === 'starttls' ? 'on' : 'off';
    const lines = [
      ...['account a', `host ${HOST}`, `port ${job.port}`, 'tls on', `tls_starttls ${starttls}`, `tls_trust_file ${job.caFile}`, 'auth on'],
      ...[`user ${job.user}`, `password ${job.password}`, `from ${job.from}`, 'domain client.example', 'timeout 20', ''],
    ];
    writeFileSync(file, lines.join('\n'));
    chmodSync(file, 0o600);
    return { program: 'msmtp', args: ['-C', file, '-a', 'a', '--', job.to], input: message(job, '\n') };
  },
  curl(job) {
    const file = join(job.folder, 'message.eml');
    writeFileSync(file, message(job, '\r\n'));
    const url = `${job.tls === 'starttls' ? 'smtp' : 'smtps'}://${HOST}:${job.port}/client.example`;
    const args = ['-sS', '--max-time', '20', '--ssl-reqd', '--cacert', job.caFile, '--url', url, '--user', `${job.user}:${job.password}`];
    return { program: 'curl', args: [...args, '--mail-from', job.from, '--mail-rcpt', job.to, '--upload-file', file], input: '' };
  },
  's-nail': (job) => ({
    program: 's-nail',
    args: [
      ...[
        '-n',
        '-Sv15-compat',
        '-Sttycharset=utf-8',
        '-Ssendwait',
        '-Stls-verify=strict',
        `-Stls-ca-file=${job.caFile}`,
        '-Stls-ca-no-defaults',
      ],
      ...(job.tls === 'starttls' ? ['-Ssmtp-use-starttls'] : []),
      ...['-Ssmtp-auth=plain', `-Sfrom=${job.from}`, '-Shostname=client.example'],
      `-Smta=${job.tls === 'starttls' ? 'smtp' : 'smtps'}://${encodeURIComponent(job.user)}:${encodeURIComponent(job.password)}@${HOST}:${job.port}`,
      ...['-s', job.subject, job.to],
    ],
    input: job.body,
  }),
  mutt(job) {
    const file = join(job.folder, 'muttrc');
    mkdirSync(join(job.folder, 'Mail'), { recursive: true });
    const lines = [
      `set smtp_url="${job.tls === 'starttls' ? 'smtp' : 'smtps'}://${encodeURIComponent(job.user)}@${HOST}:${job.port}/"`,
      ...[`set smtp_pass="${job.password}"`, 'set smtp_authenticators="plain:login"', 'set ssl_force_tls=yes', 'set ssl_starttls=yes'],
      ...[`set ssl_ca_certificates_file="${job.caFile}"`, `set certificate_file="${job.caFile}"`, 'set ssl_verify_host=yes'],
      ...[
        `set from="${job.from}"`,
        'set use_from=yes',
        'set use_envelope_from=yes',
        'set hostname=client.example',
        'set copy=no',
        'set send_charset="us-ascii:utf-8"',
        'set sleep_time=0',
      ],
      ...[`set folder=${join(job.folder, 'Mail')}`, 'set record=', ''],
    ];
    writeFileSync(file, lines.join('\n'));
    return { program: 'mutt', args: ['-n', '-F', file, '-s', job.subject, '--', job.to], input: job.body, env: { HOME: job.folder } };
  },
  'python smtplib': (job) => ({
    program: '/usr/bin/python3',
    args: ['-c', PYTHON, String(job.port), job.tls, job.user, job.password, job.caFile, job.from, job.to],
    input: message(job, '\n'),
  }),
};

/** Names of the programs and, for each, the Debian package it comes with. */
export const PACKAGES: Readonly<Record<string, string>> = {
  swaks: 'swaks',
  msmtp: 'msmtp',
  curl: 'curl',
  's-nail': 's-nail',
  mutt: 'mutt',
  'python smtplib': 'python3',
};

const PYTHON = `
import sys, ssl, smtplib, email
port, tls, user, password, ca, sender, to = sys.argv[1:8]
context = ssl.create_default_context(cafile=ca)
if tls == 'implicit':
    s = smtplib.SMTP_SSL('localhost', int(port), local_hostname='client.example', timeout=20, context=context)
else:
    s = smtplib.SMTP('localhost', int(port), local_hostname='client.example', timeout=20)
    s.starttls(context=context)
s.login(user, password)
s.send_message(email.message_from_binary_file(sys.stdin.buffer), sender, [to], rcpt_options=['NOTIFY=FAILURE,DELAY'])
s.quit()
`;

function message(job: ClientJob, lineEnd: string): string {
  const header = [
    ...[`From: <${job.from}>`, `To: <${job.to}>`, `Subject: ${job.subject}`, 'MIME-Version: 1.0'],
    ...['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', ''],
  ];
  return [...header, ...job.body.split('\n')].join(lineEnd);
}

/** Runs the program to its end. @throws Error where it is not installed: says the line to type. */
export async function sendWith(name: string, job: ClientJob): Promise<ClientResult> {
  const make = MAIL_CLIENTS[name];
  if (make === undefined) throw new Error(`no such client: ${name}`);
  const { program, args, input, env } = make(job);
  const child = spawn(program, [...args], { env: { ...process.env, LC_ALL: 'C.UTF-8', ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', () => reject(new Error(`apt-get install -y --no-install-recommends ${PACKAGES[name] ?? name}`)));
    child.on('close', (code) => resolve({ code, output }));
  });
}
