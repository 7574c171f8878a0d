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
import { type ListenerCertificate, LOGIN_TIME_MS, type SubmissionDeps } from '../smtp/options.ts';
import { startSubmission, type SubmissionListener } from '../smtp/server.ts';
import type { SmtpEvents } from '../smtp/smtp-events.ts';
import type { Accounts } from '../store/accounts.ts';

export interface SubmissionParts {
  readonly config: () => Config;
  readonly secrets: () => Secrets;
  readonly accounts: Accounts;
  readonly accept: Accept;
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
  };
  const listeners: SubmissionListener[] = [];
  const stop = async (graceMs: number): Promise<{ readonly unfinished: number }> => {
    const stopped = await Promise.all(listeners.map((listener) => listener.stop(graceMs)));
    return { unfinished: stopped.reduce((sum, { unfinished }) => sum + unfinished, 0) };
  };
  for (const { name, kind, address, port, tls } of config().listeners) {
    const certificate = certificateOf(config(), secrets());
    const login = kind === 'relay' ? 'none' : 'offered';
    try {
      listeners.push(await startSubmission({ name, hostname: config().hostname, address, port, tls, login, certificate }, deps));
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

/** Why an address cannot be listened on, where the administrator can do something about it. */
export function listenFault(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return 'another program has it';
  if (code === 'EACCES') return 'this user may not use a port below 1024';
  return code === 'EADDRNOTAVAIL' ? 'this machine does not have that address' : null;
}

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
