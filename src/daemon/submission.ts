// The submission listeners joined to access and the road.
import { passwords, type Passwords } from '../access/password.ts';
import { sessions, type Sessions } from '../access/sessions.ts';
import { signIn } from '../access/sign-in.ts';
import { loginThrottle } from '../access/throttle.ts';
import { trust, type Trust } from '../access/trust.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Accept } from '../gateway/intake.ts';
import { connectionPlaces } from '../smtp/connection-places.ts';
import type { Identity } from '../smtp/identity.ts';
import { type ListenerCertificate, LOGIN_TIME_MS, type MayReceive, type SubmissionDeps, type SubmissionOptions } from '../smtp/options.ts';
import { startSubmission, type SubmissionListener } from '../smtp/server.ts';
import type { SmtpEvents } from '../smtp/smtp-events.ts';
import type { Accounts } from '../store/accounts.ts';
import { listenFault } from './listen-fault.ts';

export interface SubmissionParts {
  readonly config: () => Config;
  readonly secrets: () => Secrets;
  readonly accounts: Accounts;
  readonly accept: Accept;
  /** Null where any recipient may be written to. */
  readonly mayReceive: (door: 'submission' | 'return') => MayReceive | null;
  readonly events: SmtpEvents;
}

export interface Submission {
  readonly listeners: readonly SubmissionListener[];
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  /** After a reload: certificates, trust and limits. @throws where a certificate does not fit; the old one stays. */
  reload(): void;
  stop(graceMs: number): Promise<{ readonly unfinished: number }>;
}

export type ListenersStarted =
  { readonly kind: 'listening'; readonly submission: Submission } | { readonly kind: 'not-reached'; readonly text: string };

/** Starts every listener of the configuration, or none: where one cannot listen the others are closed again. */
export async function startListeners(parts: SubmissionParts): Promise<ListenersStarted> {
  const { config, secrets } = parts;
  const hashing = passwords();
  const open = sessions();
  let trusted = trustOf(config(), secrets());
  const deps: SubmissionDeps = {
    accept: parts.accept,
    signIn: signIn({
      accounts: parts.accounts,
      passwords: hashing,
      throttle: loginThrottle({ failuresAllowed: config().login.failuresAllowed, windowMs: config().login.windowMs }),
      now: () => performance.now(),
      rememberForMs: config().login.rememberForMs,
    }),
    sessions: open,
    places: connectionPlaces(() => config().limits),
    trust: () => trusted,
    limits: () => ({ ...config().limits, loginTimeMs: LOGIN_TIME_MS }),
    events: parts.events,
    ...asking(parts.mayReceive('submission')),
  };
  const listeners: SubmissionListener[] = [];
  const stop = async (graceMs: number): Promise<{ readonly unfinished: number }> => {
    const stopped = await Promise.all(listeners.map((listener) => listener.stop(graceMs)));
    return { unfinished: stopped.reduce((sum, { unfinished }) => sum + unfinished, 0) };
  };
  for (const { options, by } of toStart(parts, deps)) {
    const { name, address, port } = options;
    try {
      listeners.push(await startSubmission({ ...options, certificate: certificateOf(config(), secrets()) }, by));
    } catch (error) {
      await stop(0);
      const why = listenFault(error);
      if (why === null) throw error;
      return { kind: 'not-reached', text: `listener ${name} cannot listen on ${address ?? 'any address'} port ${port}: ${why}.` };
    }
  }
  const submission: Submission = {
    listeners,
    passwords: hashing,
    sessions: open,
    reload() {
      trusted = trustOf(config(), secrets());
      for (const listener of listeners) {
        listener.renewCertificate(certificateOf(config(), secrets()));
        listener.refresh();
      }
    },
    stop,
  };
  return { kind: 'listening', submission };
}

interface ToStart {
  readonly options: Omit<SubmissionOptions, 'certificate'>;
  readonly by: SubmissionDeps;
}

/** The listeners of the configuration, and the one for what comes back, which has connections and limits of its own: strangers take nobody's place. */
function toStart({ config, mayReceive }: SubmissionParts, deps: SubmissionDeps): readonly ToStart[] {
  const { hostname, listeners, portal, mode } = config();
  const submission = listeners.map(({ name, kind, address, port, tls }): ToStart => {
    return { options: { name, hostname, address, port, tls, login: kind === 'relay' ? 'none' : 'offered' }, by: deps };
  });
  const returns = portal?.returns ?? null;
  if (returns === null) return submission;
  const address = mode === 'sandbox' ? '127.0.0.1' : returns.address;
  const by: SubmissionDeps = {
    ...deps,
    places: connectionPlaces(() => RETURN_PLACES),
    limits: () => ({
      ...deps.limits(),
      ...RETURN_LIMITS,
      messageSizeBytes: Math.min(config().limits.messageSizeBytes, RETURN_LIMITS.messageSizeBytes),
    }),
    ...asking(mayReceive('return')),
  };
  return [
    ...submission,
    { options: { name: 'return', hostname, address, port: returns.port, tls: 'offered', login: 'none', stranger: STRANGER }, by },
  ];
}

function asking(mayReceive: MayReceive | null): Pick<SubmissionDeps, 'mayReceive'> {
  return mayReceive === null ? {} : { mayReceive };
}

const RETURN_PLACES = { connectionsTotal: 100, connectionsPerAddress: 10 } as const;
/** RFC 5321 4.5.3.2: a server waits five minutes for a command. */
const RETURN_LIMITS = {
  messageSizeBytes: 25 * 1024 * 1024,
  sessionTimeMs: 1_800_000,
  idleTimeMs: 300_000,
  errorsPerSession: 10,
} as const;
const STRANGER: Identity = {
  submitter: { kind: 'gateway', name: 'stranger' },
  mayUse: ['*'],
  tenantProof: null,
  reports: null,
  likelyRepeats: 'report',
};

function certificateOf(config: Config, secrets: Secrets): ListenerCertificate {
  if (secrets.tls === null) throw new Error('a listener without a certificate');
  return { ...secrets.tls, clientCaPem: config.tls?.clientCaPem ?? null };
}

function trustOf({ trust: { certificates, networks } }: Config, { tenantProofs }: Secrets): Trust {
  return trust(
    certificates.map((certificate) => ({ ...certificate, kind: 'certificate', tenantProof: null })),
    networks.map(({ name, ranges, mayUse, reports, likelyRepeats, tenantProof }) => ({
      kind: 'network',
      name,
      ranges,
      mayUse,
      reports,
      likelyRepeats,
      // A proof that the configuration asks for and no value is known of proves nothing: all such mail is refused.
      tenantProof: tenantProof === null ? null : { headerName: tenantProof.headerName, values: tenantProofs.get(name) ?? [] },
    })),
  );
}
