// The transport: takes a kept session or opens one, sends the message over it, keeps the session for the next. Walking the MX list is the
// caller's; here the addresses of one next hop are tried in order.
import type { NextHop } from '../mail/next-hop.ts';
import type { Outcome } from '../mail/outcome.ts';
import type { Credentials } from './auth.ts';
import { type Transacted, type TransactionLimits, transact } from './dialogue.ts';
import { type HandshakeDeps, type Opened, openSession } from './handshake.ts';
import { broken } from './outcome-of-reply.ts';
import { KEEP_LIMITS, type Kept, type KeepLimits, Pool, poolKey } from './pool.ts';
import { preflight } from './preflight.ts';
import type { Stop } from './stop.ts';
import { Stops } from './stop.ts';
import { RFC_5321_TIMEOUTS, type Timeouts } from './timeouts.ts';
import { TlsContexts } from './tls-contexts.ts';
import { NIST_800_52R2, type TlsProfile } from './tls-profile.ts';
import { TlsSessions } from './tls-sessions.ts';
import type { SendRequest, Transport } from './transport.ts';

export interface TransportOptions {
  /** What we call ourselves in EHLO (RFC 5321 2.3.5). */
  readonly name: string;
  /** Certificates, PEM: nothing else is trusted for a chain. */
  readonly trustAnchors: readonly string[];
  /** The credentials that NextHop.credentials names; null where there are none by that name. */
  readonly credentials: (name: string) => Credentials | null;
  readonly timeouts?: Timeouts;
  readonly profile?: TlsProfile;
  readonly keep?: KeepLimits;
  /** A whole transaction takes no longer, so that a slow next hop gives its place back. */
  readonly transactionMs?: number;
  /** After a stop the reply to a final dot that has gone out is waited for so long. */
  readonly stopGraceMs?: number;
}

/** RFC 5321 5.1 lets a client set a limit on the addresses it tries. */
const MAX_ADDRESSES = 5;
const TRANSACTION_MS = 3_600_000;
const STOP_GRACE_MS = 10_000;

interface Machine {
  readonly pool: Pool;
  readonly sessions: TlsSessions;
  readonly handshake: HandshakeDeps;
  readonly limits: TransactionLimits;
  readonly credentials: TransportOptions['credentials'];
}

export function createTransport(options: TransportOptions): Transport {
  const timeouts = options.timeouts ?? RFC_5321_TIMEOUTS;
  const contexts = new TlsContexts(options.profile ?? NIST_800_52R2, options.trustAnchors);
  const machine: Machine = {
    pool: new Pool(options.keep ?? KEEP_LIMITS),
    sessions: new TlsSessions(),
    handshake: { name: options.name, timeouts, contexts },
    limits: { timeouts, transactionMs: options.transactionMs ?? TRANSACTION_MS, stopGraceMs: options.stopGraceMs ?? STOP_GRACE_MS },
    credentials: options.credentials,
  };
  const stops = new Stops();
  return {
    async send(request) {
      const stop = stops.follow(request.signal);
      try {
        return await send(request, machine, stop);
      } finally {
        stops.release(request.signal, stop);
      }
    },
    close: () => machine.pool.close(),
  };
}

async function send(request: SendRequest, machine: Machine, stop: Stop): Promise<readonly Outcome[]> {
  const { hop, recipients } = request;
  if (recipients.length === 0) return [];
  if (stop.stopped) return recipients.map(() => broken('delivery.stopped', 'message', 'no', null));
  const key = poolKey(hop, request.floor);
  const kept = machine.pool.take(key, hop.addresses);
  if (kept !== null) {
    const sent = await sendOver(kept, key, request, machine, stop);
    // A kept connection may have died unseen, or be closed by the peer just now: that is no failure of this next hop.
    if (sent.mail === 'answered' || stop.stopped) return sent.outcomes;
  }
  const opened = await open(key, request, machine, stop);
  if (opened.kind === 'closed') return recipients.map(() => opened.outcome);
  return (await sendOver({ session: opened.session, messages: 0, reset: 'no' }, key, request, machine, stop)).outcomes;
}

async function sendOver(
  kept: Kept,
  key: string,
  request: SendRequest,
  machine: Machine,
  stop: Stop,
): Promise<Pick<Transacted, 'outcomes' | 'mail'>> {
  const { session } = kept;
  const ready = preflight(request, session);
  if (ready.kind === 'refused') {
    machine.pool.give(key, kept);
    return { outcomes: request.recipients.map(() => ready.outcome), mail: 'answered' };
  }
  const sent = await transact(session, { request, ...ready, reset: kept.reset }, machine.limits, stop);
  if (sent.session === 'gone') session.connection.cut('delivery.connection-lost');
  else machine.pool.give(key, { session, messages: kept.messages + 1, reset: sent.session === 'reset' ? 'first' : 'no' });
  if (ready.refusal === null) return sent;
  const { refusal } = ready;
  const sentTo = new Map(ready.going.map((recipient, i) => [recipient, sent.outcomes[i]]));
  const outcomes = request.recipients.map((_, i) => sentTo.get(i) ?? refusal);
  return { outcomes, mail: sent.mail };
}

/** Tries the addresses in order. Where none opens, what the one said that got furthest. */
async function open(key: string, request: SendRequest, machine: Machine, stop: Stop): Promise<Opened> {
  const { hop } = request;
  const opening = {
    hop,
    applied: { floor: request.floor, requireTls: request.envelope.requireTls },
    credentials: credentialsOf(hop, machine),
    onSession: machine.sessions.put.bind(machine.sessions, key),
    stop,
  };
  let best: Opened = { kind: 'closed', outcome: broken('delivery.connect-failed', 'next-hop', 'no', null) };
  for (const address of hop.addresses.slice(0, MAX_ADDRESSES)) {
    const opened = await openSession(address, { ...opening, resume: machine.sessions.get(key) }, machine.handshake);
    if (opened.kind === 'open') return opened;
    if (rank(opened.outcome) >= rank(best.outcome)) best = opened;
    if (stop.stopped) break;
  }
  return best;
}

/** An address that put us off may yet meet the floor, so it outweighs one that misses it; that one any that did not answer; and that one any
 * where nobody listens. */
function rank(outcome: Outcome): number {
  if (outcome.kind !== 'deferred') return 2;
  if (outcome.reply !== null) return 3;
  return outcome.code === 'delivery.connect-failed' ? 0 : 1;
}

function credentialsOf(hop: NextHop, machine: Machine): Credentials | null {
  if (hop.credentials === null) return null;
  const credentials = machine.credentials(hop.credentials);
  if (credentials === null) throw new Error('a next hop names credentials that are not there');
  return credentials;
}
