// The submission surface for tests: real listener, TLS, accounts and hashes; behind it an intake that collects what it is handed.
import { createTestCa } from './test-ca.ts';
import type { TestCa } from './test-ca.ts';
import { passwords } from '../../src/access/password.ts';
import { sessions } from '../../src/access/sessions.ts';
import type { Sessions } from '../../src/access/sessions.ts';
import { signIn } from '../../src/access/sign-in.ts';
import { loginThrottle } from '../../src/access/throttle.ts';
import { trust } from '../../src/access/trust.ts';
import type { Trust } from '../../src/access/trust.ts';
import type { Accept, Intake, Submission } from '../../src/gateway/intake.ts';
import type { Reply } from '../../src/mail/reply.ts';
import { connectionPlaces } from '../../src/smtp/connection-places.ts';
import type { ListenerCertificate, MayReceive, SessionLimits, SubmissionDeps, SubmissionOptions } from '../../src/smtp/options.ts';
import { startSubmission } from '../../src/smtp/server.ts';
import type { SubmissionListener } from '../../src/smtp/server.ts';
import type { SmtpEvents } from '../../src/smtp/smtp-events.ts';
import type { Account } from '../../src/store/accounts.ts';

export interface Collected {
  readonly submission: Submission;
  readonly content: Buffer;
  readonly end: 'kept' | 'aborted';
}

/** Collects messages. `behaviour` may make an intake that does otherwise. */
export class CollectingAccept implements Accept {
  readonly messages: Collected[] = [];
  behaviour: ((submission: Submission, usual: Intake) => Promise<Intake>) | null = null;
  reply: Reply = { code: 250, enhanced: '2.0.0', text: 'accepted as TEST' };
  #waiting: (() => void)[] = [];

  async open(submission: Submission): Promise<Intake> {
    const pieces: Uint8Array[] = [];
    const over = (end: Collected['end']): void => {
      this.messages.push({ submission, content: Buffer.concat(pieces), end });
      this.#waiting.splice(0).forEach((wake) => wake());
    };
    const usual: Intake = {
      write: async (piece) => {
        pieces.push(Uint8Array.from(piece));
      },
      end: async () => {
        if (this.reply.code === 250) over('kept');
        return this.reply;
      },
      abort: async () => over('aborted'),
    };
    return this.behaviour === null ? usual : this.behaviour(submission, usual);
  }

  get kept(): readonly Collected[] {
    return this.messages.filter(({ end }) => end === 'kept');
  }

  /** The n-th message that ended, from 0, when it has. */
  async nth(n: number): Promise<Collected> {
    for (;;) {
      const message = this.messages[n];
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

export type EventName = keyof SmtpEvents;
export interface SeenEvent {
  readonly name: EventName;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Every event in order, and a way to wait for one. */
export class SeenEvents {
  readonly all: SeenEvent[] = [];
  #waiting: (() => void)[] = [];

  readonly events: SmtpEvents = {
    connected: (event) => this.#saw('connected', event),
    secured: (event) => this.#saw('secured', event),
    tlsFailed: (event) => this.#saw('tlsFailed', event),
    turnedAway: (event) => this.#saw('turnedAway', event),
    refused: (event) => this.#saw('refused', event),
    loginOk: (event) => this.#saw('loginOk', event),
    loginFailed: (event) => this.#saw('loginFailed', event),
    accepted: (event) => this.#saw('accepted', event),
    ended: (event) => this.#saw('ended', event),
    bug: (event) => this.#saw('bug', event),
  };

  named(name: EventName): readonly SeenEvent['event'][] {
    return this.all.filter((one) => one.name === name).map(({ event }) => event);
  }

  /** The n-th event of a name, from 0, when it has happened. */
  async nth(name: EventName, n: number): Promise<SeenEvent['event']> {
    for (;;) {
      const event = this.named(name)[n];
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #saw(name: EventName, event: object): void {
    this.all.push({ name, event: { ...event } });
    this.#waiting.splice(0).forEach((wake) => wake());
  }
}

/** Accounts in memory: the contract's `find`, and a way to change one. */
export class TestAccounts {
  readonly #accounts = new Map<string, Account>();
  finds = 0;

  put(account: Account): void {
    this.#accounts.set(account.name, account);
  }

  async find(name: string): Promise<Account | null> {
    this.finds++;
    return this.#accounts.get(name) ?? null;
  }
}

export const PASSWORD = 'correct-horse-battery-staple';
export const LIMITS: SessionLimits = {
  connectionsPerAccount: 20,
  recipientsPerMessage: 5,
  messageSizeBytes: 200_000,
  sessionTimeMs: 600_000,
  idleTimeMs: 60_000,
  loginTimeMs: 30_000,
  errorsPerSession: 12,
};

export interface SurfaceSettings extends Partial<Omit<SubmissionOptions, 'certificate'>> {
  readonly limits?: Partial<SessionLimits>;
  readonly places?: { readonly connectionsTotal: number; readonly connectionsPerAddress: number };
  readonly trust?: Trust;
  readonly clientCaPem?: string;
  readonly failuresAllowed?: number;
  readonly rememberForMs?: number;
  readonly mayReceive?: MayReceive;
}

export interface TestSurface {
  readonly listener: SubmissionListener;
  readonly port: number;
  readonly ca: TestCa;
  readonly certificate: ListenerCertificate;
  readonly accept: CollectingAccept;
  readonly seen: SeenEvents;
  readonly accounts: TestAccounts;
  readonly sessions: Sessions;
  readonly deps: SubmissionDeps;
  /** How a client trusts it. */
  readonly tls: { readonly ca: string };
}

/** A cheap hash: what is tested is the way, not the cost. */
export const CHEAP_HASH = { memoryKib: 64, passes: 1, lanes: 1 };

export async function startSurface(
  t: { teardown(handler: () => Promise<void>): void },
  settings: SurfaceSettings = {},
): Promise<TestSurface> {
  const { limits, places, trust: ways, clientCaPem, failuresAllowed, rememberForMs, mayReceive, ...options } = settings;
  const ca = createTestCa();
  const identity = ca.issue({ names: ['localhost'], addresses: ['127.0.0.1'] });
  const certificate = { certificatePem: identity.certificatePem, keyPem: identity.keyPem, clientCaPem: clientCaPem ?? null };
  const hashes = passwords(CHEAP_HASH);
  const accounts = new TestAccounts();
  accounts.put(testAccount('ehr', await hashes.hash(PASSWORD), { mayUse: ['*@hospital.example'] }));
  const open = sessions();
  const accept = new CollectingAccept();
  const seen = new SeenEvents();
  const throttle = loginThrottle({ failuresAllowed: failuresAllowed ?? 5, windowMs: 60_000 });
  const now = (): number => performance.now();
  const deps: SubmissionDeps = {
    accept,
    signIn: signIn({ accounts, passwords: hashes, throttle, now, rememberForMs: rememberForMs ?? 300_000 }),
    sessions: open,
    places: connectionPlaces(() => places ?? { connectionsTotal: 100, connectionsPerAddress: 50 }),
    trust: () => ways ?? trust([], []),
    limits: () => ({ ...LIMITS, ...limits }),
    events: seen.events,
    ...(mayReceive === undefined ? {} : { mayReceive }),
  };
  const listener = await startSubmission(
    {
      name: 'submission',
      hostname: 'mail.hospital.example',
      address: '127.0.0.1',
      port: 0,
      tls: 'required',
      login: 'offered',
      ...options,
      certificate,
    },
    deps,
  );
  t.teardown(async () => {
    await listener.stop(100);
  });
  return { listener, port: listener.port, ca, certificate, accept, seen, accounts, sessions: open, deps, tls: { ca: ca.certificatePem } };
}

export function testAccount(name: string, passwordHash: string, rest: Partial<Account> = {}): Account {
  return {
    name,
    passwordHash,
    state: 'enabled',
    mayUse: ['*'],
    reports: null,
    likelyRepeats: 'report',
    createdAt: 0,
    changedAt: 0,
    ...rest,
  };
}
