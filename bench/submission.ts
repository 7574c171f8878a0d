// The submission surface alone: TLS, login, sessions, line endings, with an intake that throws the content away. What the road adds comes
// on top of this. `node bench/submission.ts`; with `listen PORT CERTIFICATE KEY` it only serves, for another generator
// (login bench@bench.test, the password of protocol.ts).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passwords } from '../src/access/password.ts';
import { sessions } from '../src/access/sessions.ts';
import { signIn } from '../src/access/sign-in.ts';
import { loginThrottle } from '../src/access/throttle.ts';
import { trust } from '../src/access/trust.ts';
import type { Intake } from '../src/gateway/intake.ts';
import { connectionPlaces } from '../src/smtp/connection-places.ts';
import { startSubmission } from '../src/smtp/server.ts';
import type { SubmissionListener } from '../src/smtp/server.ts';
import type { Account } from '../src/store/accounts.ts';
import { percentiles } from './cell.ts';
import { makeCertificates, readText } from './certificates.ts';
import type { SizeName } from './corpus.ts';
import { startGenerator } from './programs.ts';
import type { Generator } from './programs.ts';
import { cpuMs, MTA_NAME, PASSWORD, USER } from './protocol.ts';
import type { LoadOrder } from './protocol.ts';

const CELLS: readonly (readonly [SizeName, connections: number, LoadOrder['mode'], count: number])[] = [
  ['2k', 10, 'kept', 10_000],
  ['2k', 10, 'kept', 10_000],
  ['2k', 1, 'kept', 3_000],
  ['2k', 10, 'new', 1_000],
  ['20k', 10, 'kept', 4_000],
  ['200k', 10, 'kept', 800],
  ['2m', 10, 'kept', 100],
];

const discard: Intake = {
  write: async () => undefined,
  end: async () => ({ code: 250, enhanced: '2.0.0', text: 'discarded' }),
  abort: async () => undefined,
};

async function start(port: number, certificatePem: string, keyPem: string): Promise<SubmissionListener> {
  const hashes = passwords();
  const passwordHash = await hashes.hash(PASSWORD);
  const rest = { state: 'enabled', mayUse: ['*'], reports: null, likelyRepeats: 'report', createdAt: 0, changedAt: 0 } as const;
  const account: Account = { name: USER, passwordHash, ...rest };
  const nothing = (): void => undefined;
  return startSubmission(
    {
      name: 'bench',
      hostname: MTA_NAME,
      address: '127.0.0.1',
      port,
      tls: 'required',
      login: 'offered',
      certificate: { certificatePem, keyPem, clientCaPem: null },
    },
    {
      accept: { open: async () => discard },
      signIn: signIn({
        accounts: { find: async () => account },
        passwords: hashes,
        throttle: loginThrottle({ failuresAllowed: 10, windowMs: 60_000 }),
        now: () => performance.now(),
        rememberForMs: 300_000,
      }),
      sessions: sessions(),
      places: connectionPlaces(() => ({ connectionsTotal: 1_000, connectionsPerAddress: 1_000 })),
      trust: () => trust([], []),
      limits: () => ({
        connectionsPerAccount: 1_000,
        recipientsPerMessage: 100,
        messageSizeBytes: 50_000_000,
        sessionTimeMs: 3_600_000,
        idleTimeMs: 300_000,
        loginTimeMs: 60_000,
        errorsPerSession: 20,
      }),
      events: {
        connected: nothing,
        secured: nothing,
        tlsFailed: nothing,
        turnedAway: nothing,
        refused: ({ code }) => console.log('refused', code),
        loginOk: nothing,
        loginFailed: nothing,
        accepted: nothing,
        ended: nothing,
        bug: ({ where, error }) => console.log('bug', where, error),
      },
    },
  );
}

async function measure(generator: Generator, port: number, ca: string): Promise<void> {
  console.log('size  conns mode  messages/s  CPU ms each  p50 ms  p99 ms  peak MB');
  for (const [size, connections, mode, count] of CELLS) {
    const cpuBefore = cpuMs();
    const result = await generator.run({ port, ca, run: `${size}-${mode}`, size, connections, mode, count });
    const cpu = (cpuMs() - cpuBefore) / count;
    const { accepted, errors, firstError } = result;
    if (errors > 0) console.log(`${errors} errors: ${firstError ?? ''}`);
    const seconds = (Math.max(...accepted.map((one) => one.repliedAt)) - Math.min(...accepted.map((one) => one.startedAt))) / 1_000;
    const { p50, p99 } = percentiles(accepted.map((one) => one.repliedAt - one.startedAt));
    const peak = Math.round(process.resourceUsage().maxRSS / 1_024);
    const cells = [size.padEnd(5), String(connections).padEnd(5), mode.padEnd(5), (accepted.length / seconds).toFixed(0).padStart(10)];
    console.log(
      [...cells, cpu.toFixed(3).padStart(12), p50.toFixed(2).padStart(7), p99.toFixed(2).padStart(7), String(peak).padStart(8)].join(' '),
    );
  }
}

const [command, port, certificate, key] = process.argv.slice(2);
if (command === 'listen') {
  await start(Number(port), readFileSync(certificate ?? '', 'utf8'), readFileSync(key ?? '', 'utf8'));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  const files = makeCertificates(folder);
  const listener = await start(0, readText(files.mtaCertificate), readText(files.mtaKey));
  const generator = startGenerator();
  await measure(generator, listener.port, readText(files.ca));
  generator.stop();
  await listener.stop(1_000);
  rmSync(folder, { recursive: true });
}
