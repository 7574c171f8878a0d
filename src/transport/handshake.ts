// From an address to an open session: connect, greeting, EHLO, STARTTLS, the verdict against the floor, EHLO again, login (RFC 5321 3.1,
// 3207, 8314). Over TLS nothing is sent before the verdict was compared with the floor; bytes that came before it cut the connection.
// Without TLS a session opens only where `mayGoInClear` says so.
import type { AppliedFloor, NextHop } from '../mail/next-hop.ts';
import type { Outcome } from '../mail/outcome.ts';
import { noTls, type TlsEvidence } from '../mail/tls.ts';
import { type Credentials, logIn } from './auth.ts';
import { type Connection, connectTo } from './connection.ts';
import { isDaneInForce, judgeOffer, judgeTls, levelOf, mayGoInClear } from './floor.ts';
import { type Offer, parseOffer } from './offer.ts';
import { broken, refusedByHost, toReply } from './outcome-of-reply.ts';
import type { RawReply } from './reply-reader.ts';
import type { Session } from './session.ts';
import type { Stop } from './stop.ts';
import type { Timeouts } from './timeouts.ts';
import type { Anchors, TlsContexts } from './tls-contexts.ts';
import { openTls, type SavedTls, type TlsFacts } from './tls-open.ts';

export interface HandshakeDeps {
  /** What we call ourselves in EHLO. */
  readonly name: string;
  readonly timeouts: Timeouts;
  readonly contexts: TlsContexts;
}

export interface Opening {
  readonly hop: NextHop;
  readonly applied: AppliedFloor;
  /** Those that the hop names, or null. */
  readonly credentials: Credentials | null;
  readonly resume: SavedTls | null;
  readonly onSession: (session: Buffer, facts: TlsFacts) => void;
  readonly stop: Stop;
}

export type Opened = { readonly kind: 'open'; readonly session: Session } | Closed;

/** No session. `outcome` counts for every recipient. */
export interface Closed {
  readonly kind: 'closed';
  readonly outcome: Outcome;
}

/** DANE-TA: the peer's chain holds certificates that the domain names; only a new handshake can be checked against them. */
interface Anchored {
  readonly kind: 'anchored';
  readonly anchors: readonly string[];
}

/** TLS was offered and could not be had. */
interface NoTls {
  readonly kind: 'no-tls';
  readonly outcome: Outcome;
}

const QUIT_WAIT_MS = 2_000;

/** Opens a session at one address of the next hop. */
export async function openSession(address: string, opening: Opening, deps: HandshakeDeps): Promise<Opened> {
  const none: Anchors = isDaneInForce(opening.hop) ? [] : 'configured';
  const first = await openWith(none, address, opening, deps);
  if (first.kind === 'no-tls') {
    const { outcome } = first;
    if (!mayGoInClear(opening.hop, opening.applied)) return closed(outcome);
    return settled(await openWith('in-clear', address, opening, deps));
  }
  return first.kind === 'anchored' ? settled(await openWith(first.anchors, address, opening, deps)) : first;
}

/** Another try has had its turn. */
function settled(last: Opened | Anchored | NoTls): Opened {
  if (last.kind === 'no-tls') return closed(last.outcome);
  return last.kind === 'anchored' ? closed(broken('delivery.protocol-error', 'next-hop', 'no', null)) : last;
}

async function openWith(
  anchors: Anchors | 'in-clear',
  address: string,
  opening: Opening,
  deps: HandshakeDeps,
): Promise<Opened | Anchored | NoTls> {
  const { hop, stop } = opening;
  const connection = await connectTo(address, hop.port, deps.timeouts.connectMs, stop);
  if (connection === null) return closed(broken(stop.stopped ? 'delivery.stopped' : 'delivery.connect-failed', 'next-hop', 'no', null));
  stop.hear(() => connection.cut('delivery.stopped'));
  const result = await converse(connection, anchors, opening, deps);
  stop.hear(null);
  if (result.kind !== 'open') connection.cut('delivery.connection-lost');
  return result;
}

async function converse(
  connection: Connection,
  anchors: Anchors | 'in-clear',
  opening: Opening,
  deps: HandshakeDeps,
): Promise<Opened | Anchored | NoTls> {
  const { hop } = opening;
  if (hop.tls === 'starttls') {
    const refused = await greeting(connection, deps, null);
    if (refused !== null) return refused;
    const begun = await startTls(connection, anchors === 'in-clear' ? 'skip' : 'ask', opening, deps);
    if (begun.kind === 'in-clear') return openInClear(connection, begun.offer, opening);
    if (begun.kind !== 'go') return begun;
  }
  if (anchors === 'in-clear') throw new Error('TLS is to be left out where it comes first');
  const secured = await secure(connection, anchors, opening, deps);
  if (secured.kind !== 'secured') return secured;
  const { tls } = secured;
  if (hop.tls === 'implicit') {
    const refused = await greeting(connection, deps, tls);
    if (refused !== null) return refused;
  }
  const offer = await ehlo(connection, deps, tls);
  if ('kind' in offer) return offer;
  const judged = judgeOffer(hop, tls.level, opening.applied, offer.has('REQUIRETLS') ? 'offered' : 'not-offered');
  if (judged.kind === 'missed') {
    await connection.quit(QUIT_WAIT_MS);
    return closed({ kind: 'not-reached', code: judged.code, tls });
  }
  const refused = await authenticate(connection, offer, opening, deps, tls);
  return refused ?? { kind: 'open', session: { connection, offer, tls, openedAt: performance.now() } };
}

async function greeting(connection: Connection, deps: HandshakeDeps, tls: TlsEvidence | null): Promise<Closed | null> {
  const reply = await connection.next(deps.timeouts.greetingMs);
  if ('broken' in reply) return lost(reply.broken, tls);
  return reply.code === 220 ? null : closed(refusedByHost(reply, tls));
}

async function ehlo(connection: Connection, deps: HandshakeDeps, tls: TlsEvidence | null): Promise<Offer | Closed> {
  const reply = await ask(connection, `EHLO ${deps.name}\r\n`, deps);
  if ('kind' in reply) return reply;
  return reply.code === 250 ? parseOffer(reply) : closed(refusedByHost(reply, tls));
}

/** The session without TLS, judged like any other: `judgeTls` asks `mayGoInClear`. */
function openInClear(connection: Connection, offer: Offer, opening: Opening): Opened {
  const { hop, applied } = opening;
  const tls = withoutTls(hop);
  const judged = judgeTls(hop, tls.certificate, applied);
  if (judged.kind === 'missed') return closed({ kind: 'not-reached', code: judged.code, tls });
  return { kind: 'open', session: { connection, offer, tls, openedAt: performance.now() } };
}

type Begun = { readonly kind: 'go' } | { readonly kind: 'in-clear'; readonly offer: Offer } | Closed | NoTls;

/** The dialogue in clear: EHLO and STARTTLS, and nothing else is said there before `openInClear`. */
async function startTls(connection: Connection, starttls: 'ask' | 'skip', opening: Opening, deps: HandshakeDeps): Promise<Begun> {
  const missed = closed({ kind: 'not-reached', code: 'delivery.below-floor', tls: withoutTls(opening.hop) });
  const hello = await ask(connection, `EHLO ${deps.name}\r\n`, deps);
  if ('kind' in hello) return hello;
  // 500, 502, 504: it does not know EHLO, so it has no STARTTLS.
  if (hello.code !== 250) return [500, 502, 504].includes(hello.code) ? missed : closed(refusedByHost(hello, null));
  const offer = parseOffer(hello);
  if (starttls === 'skip' || !offer.has('STARTTLS')) {
    if (mayGoInClear(opening.hop, opening.applied)) return { kind: 'in-clear', offer };
    await connection.quit(QUIT_WAIT_MS);
    return missed;
  }
  const go = await ask(connection, 'STARTTLS\r\n', deps);
  if ('kind' in go) return connection.broken === null ? go : noTlsHere(go.outcome);
  if (go.code === 220) return { kind: 'go' };
  // 454: TLS is not available for now (RFC 3207 section 4); it may meet the floor later.
  return noTlsHere(go.code >= 400 && go.code < 500 ? refusedByHost(go, null) : missed.outcome);
}

type Secured = { readonly kind: 'secured'; readonly tls: TlsEvidence } | Closed | Anchored | NoTls;

async function secure(connection: Connection, anchors: Anchors, opening: Opening, deps: HandshakeDeps): Promise<Secured> {
  const { hop, stop } = opening;
  const raw = connection.detach();
  if (raw === null) {
    // Said before TLS, to be taken as said within it: somebody on the way, or a server that cannot be trusted to keep the two apart.
    return connection.broken === null
      ? closed({ kind: 'not-reached', code: 'delivery.below-floor', tls: withoutTls(hop) })
      : noTlsHere(broken(connection.broken, 'next-hop', 'no', null));
  }
  const opened = await openTls(raw, {
    hop,
    context: deps.contexts.get(anchors, opening.credentials?.certificate ?? null),
    resume: opening.resume,
    timeoutMs: deps.timeouts.commandMs,
    stop,
    onSession: opening.onSession,
  });
  if (opened.kind === 'refused') return noTlsHere({ kind: 'not-reached', code: 'delivery.below-floor', tls: withoutTls(hop) });
  if (opened.kind === 'broken') return noTlsHere(broken(opened.code, 'next-hop', 'no', null));
  connection.attach(opened.socket);
  stop.hear(() => connection.cut('delivery.stopped'));
  const { certificate } = opened.facts;
  if (opened.anchors.length > 0 && anchors.length === 0) return { kind: 'anchored', anchors: opened.anchors };
  const judged = judgeTls(hop, certificate, opening.applied);
  const tls = evidence(hop, opened.facts);
  return judged.kind === 'good' ? { kind: 'secured', tls } : closed({ kind: 'not-reached', code: judged.code, tls });
}

async function authenticate(
  connection: Connection,
  offer: Offer,
  opening: Opening,
  deps: HandshakeDeps,
  tls: TlsEvidence,
): Promise<Closed | null> {
  const login = opening.credentials?.login ?? null;
  if (login === null) return null;
  const reply = await logIn(connection, offer, login, deps.timeouts.commandMs);
  if (reply !== null && 'broken' in reply) return lost(reply.broken, tls);
  if (reply?.code === 235) return null;
  // A reply to a login may repeat it: only its number is kept. The configuration is the administrator's to mend: mail waits.
  const kept = reply === null ? null : { ...toReply(reply), text: '' };
  return closed({ kind: 'deferred', code: 'delivery.login-refused', scope: 'next-hop', afterDot: 'no', reply: kept, tls });
}

async function ask(connection: Connection, command: string, deps: HandshakeDeps): Promise<RawReply | Closed> {
  // A reply that is already here would pass for the answer to a question not yet asked.
  if (!connection.inStep) return lost(connection.broken ?? 'delivery.protocol-error', null);
  connection.write(command);
  const reply = await connection.next(deps.timeouts.commandMs);
  return 'broken' in reply ? lost(reply.broken, null) : reply;
}

function evidence(hop: NextHop, facts: TlsFacts): TlsEvidence {
  const { protocol, cipher, group, certificate, leafSha256 } = facts;
  const { authenticity, reach } = hop;
  return { level: levelOf(certificate, authenticity), protocol, cipher, group, certificate, authenticity, leafSha256, reach };
}

function withoutTls(hop: NextHop): TlsEvidence {
  return { ...noTls(hop.authenticity), reach: hop.reach };
}

function lost(code: Parameters<typeof broken>[0], tls: TlsEvidence | null): Closed {
  return closed(broken(code, 'next-hop', 'no', tls));
}

function noTlsHere(outcome: Outcome): NoTls {
  return { kind: 'no-tls', outcome };
}

function closed(outcome: Outcome): Closed {
  return { kind: 'closed', outcome };
}
