// The TLS handshake with a next hop, and the facts and verdict that come of it. The only place where a handshake goes on whatever the
// certificate; it sends nothing, and its caller sends nothing before the verdict has been compared with the floor.
import { createHash, type X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { NextHop, Tlsa } from '../mail/next-hop.ts';
import type { CertificateVerdict } from '../mail/tls.ts';
import { DANE_TA, matchesTlsa } from './dane.ts';
import type { BrokenCode } from './outcome-of-reply.ts';
import type { Stop } from './stop.ts';
import { nameError, verdictOf } from './tls-verify.ts';

export interface TlsFacts {
  readonly certificate: CertificateVerdict;
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly group: string | null;
  readonly leafSha256: string | null;
  /** When the leaf ends, milliseconds since the epoch. */
  readonly notAfter: number;
}

/** A session to resume, with the facts of the handshake that it came from. */
export interface SavedTls {
  readonly session: Buffer;
  readonly facts: TlsFacts;
  /** Milliseconds of the steady clock. */
  readonly savedAt: number;
}

export interface TlsRequest {
  readonly hop: Pick<NextHop, 'host' | 'referenceNames' | 'tlsa'>;
  readonly context: SecureContext;
  readonly resume: SavedTls | null;
  readonly timeoutMs: number;
  readonly stop: Stop;
  /** Hears of sessions that can be resumed; with TLS 1.3 they come after the handshake. */
  readonly onSession: (session: Buffer, facts: TlsFacts) => void;
}

export type OpenedTls =
  /** `anchors`: certificates (PEM) of the peer's chain that TLSA records of usage 2 name, where the verdict lacks them. */
  | { readonly kind: 'open'; readonly socket: TLSSocket; readonly facts: TlsFacts; readonly anchors: readonly string[] }
  /** The two sides could not agree: no common version, cipher or group, or what came was no TLS. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'broken'; readonly code: BrokenCode };

const MAX_CHAIN = 10;

export function openTls(raw: Socket, request: TlsRequest): Promise<OpenedTls> {
  const { hop, resume } = request;
  const socket = connect({
    socket: raw,
    secureContext: request.context,
    ...(isIP(hop.host) === 0 ? { servername: hop.host } : {}),
    ...(resume === null ? {} : { session: resume.session }),
    checkServerIdentity: (_host, certificate) => nameError(certificate.raw, hop.referenceNames),
    // Node would cut every connection whose certificate has no path to a trust anchor or another name. Level `tls` takes any
    // certificate and DANE-EE looks at neither (RFC 7672 3.1.1), so the handshake goes on, and what Node found becomes the verdict.
    rejectUnauthorized: false,
  });
  let facts: TlsFacts | null = null;
  const sessions: Buffer[] = [];
  socket.on('session', (session: Buffer) => {
    if (facts === null) sessions.push(session);
    else request.onSession(session, facts);
  });
  return settled(socket, request, () => {
    const leaf = socket.getPeerX509Certificate();
    facts = factsOf(socket, leaf, hop, resume);
    for (const session of sessions) request.onSession(session, facts);
    return { kind: 'open', socket, facts, anchors: facts.certificate === 'dane-mismatch' ? namedAnchors(leaf, hop.tlsa ?? []) : [] };
  });
}

/** Waits for the first of: handshake, error, end, time-out, abort. */
function settled(socket: TLSSocket, request: TlsRequest, opened: () => OpenedTls): Promise<OpenedTls> {
  return new Promise((resolve, reject) => {
    const done = (result: OpenedTls): void => {
      clearTimeout(timer);
      request.stop.hear(null);
      socket.removeListener('secureConnect', secured);
      socket.removeListener('error', failed);
      socket.removeListener('close', closed);
      // A socket that was given up may still fail, and then somebody must hear it.
      if (result.kind !== 'open') socket.on('error', () => undefined).destroy();
      resolve(result);
    };
    const secured = (): void => {
      try {
        done(opened());
      } catch (error) {
        socket.destroy();
        reject(error instanceof Error ? error : new Error('handshake'));
      }
    };
    const failed = (error: NodeJS.ErrnoException): void =>
      done(isDisagreement(error) ? { kind: 'refused' } : { kind: 'broken', code: 'delivery.connection-lost' });
    const closed = (): void => done({ kind: 'broken', code: 'delivery.connection-lost' });
    const timer = setTimeout(() => done({ kind: 'broken', code: 'delivery.timeout' }), request.timeoutMs);
    socket.once('secureConnect', secured);
    socket.once('error', failed);
    socket.once('close', closed);
    request.stop.hear(() => done({ kind: 'broken', code: 'delivery.stopped' }));
  });
}

function isDisagreement(error: NodeJS.ErrnoException): boolean {
  const code = error.code ?? '';
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO';
}

function factsOf(socket: TLSSocket, leaf: X509Certificate | undefined, hop: TlsRequest['hop'], resume: SavedTls | null): TlsFacts {
  const wire = { protocol: socket.getProtocol(), cipher: socket.getCipher().standardName, group: groupOf(socket) };
  // A resumed session proves the peer of the first handshake; it was judged then, under the same pool key, and no chain is sent again.
  if (resume !== null && socket.isSessionReused()) return { ...resume.facts, ...wire };
  const pathError = socket.authorized ? null : String(socket.authorizationError);
  return {
    ...wire,
    certificate: verdictOf(hop, leaf?.raw ?? null, pathError),
    leafSha256: leaf === undefined ? null : createHash('sha256').update(leaf.raw).digest('hex'),
    notAfter: leaf?.validToDate.getTime() ?? 0,
  };
}

function groupOf(socket: TLSSocket): string | null {
  const info = socket.getEphemeralKeyInfo();
  if (info === null || !('name' in info) || typeof info.name !== 'string') return null;
  // OpenSSL's own name for the same curve, seen with TLS 1.2 (RFC 8422 5.1.1).
  return info.name === 'prime256v1' ? 'secp256r1' : info.name;
}

/** Certificates above the leaf, as the peer sent them, that a TLSA record of usage 2 names: the only anchors that DANE-TA allows. */
function namedAnchors(leaf: X509Certificate | undefined, records: readonly Tlsa[]): readonly string[] {
  if (leaf === undefined || !records.some((record) => record.usage === DANE_TA)) return [];
  const anchors: string[] = [];
  let above = leaf.issuerCertificate;
  for (let depth = 0; depth < MAX_CHAIN && above !== undefined; depth++) {
    if (matchesTlsa(above.raw, records, DANE_TA)) anchors.push(above.toString());
    const next: X509Certificate | undefined = above.issuerCertificate;
    above = next?.fingerprint256 === above.fingerprint256 ? undefined : next;
  }
  return anchors;
}
