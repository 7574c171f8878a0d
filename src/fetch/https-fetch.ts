// The only outgoing HTTP client. Guarantees: https, but to this machine itself where that is asked for; the certificate is always verified (PKIX and
// name); bounded in time, size and redirects; and no connection to an address that is not public unless that was allowed: the name is looked up once,
// the addresses are judged, and only these are connected to.
import { request as plainRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './ip-address.ts';

export interface FetchOptions {
  /** Addresses of a host name: empty where there are none, null where the look-up failed. */
  readonly resolveHost: (host: string, signal: AbortSignal) => Promise<readonly string[] | null>;
  /** PEM trust anchors instead of the runtime's own; null for those. */
  readonly ca: readonly string[] | null;
  readonly addresses: 'public' | 'any';
  /** For all of it, redirects included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** How many redirects are followed; 0 for none. Each is judged like the first address. */
  readonly redirects: number;
}

/** What is posted. Nothing of it is ever sent twice. */
export interface Post {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** The whole field of that name (RFC 9110 11.6.2), or null. */
  readonly authorization: string | null;
}

export type PostOptions = Omit<FetchOptions, 'redirects'>;

export type FetchFailure =
  | 'bad-url'
  | 'dns-failed'
  | 'no-address'
  | 'private-address'
  | 'connect-failed'
  | 'tls-failed'
  | 'timeout'
  | 'too-large'
  | 'redirect'
  | 'bad-response'
  | 'stopped';

export type FetchResult =
  | { readonly kind: 'response'; readonly status: number; readonly contentType: string | null; readonly body: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: FetchFailure };

/** Response header fields may take this much. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Addresses tried of one host. */
const MAX_ADDRESSES = 6;

/** Gets a resource. Never throws for what a server, a name server or the network does. */
export async function fetchHttps(url: string, options: FetchOptions, signal?: AbortSignal): Promise<FetchResult> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const limit = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  let next = url;
  for (let hops = 0; hops <= options.redirects; hops++) {
    const result = await getOnce(next, options, limit);
    if (limit.aborted) return failed(timeout.aborted ? 'timeout' : 'stopped');
    if (result.kind !== 'redirect') return result;
    next = result.location;
  }
  return failed('redirect');
}

/**
 * Posts once: a redirect is a failure, and nothing is tried again, for what was posted may have taken effect. `http:` is taken only where every address
 * of the host is this machine's own. Never throws for what a server, a name server or the network does.
 */
export async function postHttp(url: string, post: Post, options: PostOptions, signal?: AbortSignal): Promise<FetchResult> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const limit = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  const result = await postOnce(url, post, { ...options, redirects: 0 }, limit);
  if (limit.aborted) return failed(timeout.aborted ? 'timeout' : 'stopped');
  return result.kind === 'redirect' ? failed('redirect') : result;
}

async function postOnce(url: string, post: Post, options: FetchOptions, signal: AbortSignal): Promise<Step> {
  const target = httpUrl(url);
  if (target === null) return failed('bad-url');
  const addresses = await permittedAddresses(target, options, signal);
  if (typeof addresses === 'string') return failed(addresses);
  if (target.protocol === 'http:' && !addresses.every(isLoopbackAddress)) return failed('bad-url');
  return exchange(target, addresses, options, signal, post);
}

type Step = FetchResult | { readonly kind: 'redirect'; readonly location: string };

async function getOnce(url: string, options: FetchOptions, signal: AbortSignal): Promise<Step> {
  const target = httpsUrl(url);
  if (target === null) return failed('bad-url');
  const addresses = await permittedAddresses(target, options, signal);
  return typeof addresses === 'string' ? failed(addresses) : exchange(target, addresses, options, signal, null);
}

function httpsUrl(url: string): URL | null {
  const target = httpUrl(url);
  return target?.protocol === 'https:' ? target : null;
}

function httpUrl(url: string): URL | null {
  const target = URL.parse(url);
  if (target === null || !['https:', 'http:'].includes(target.protocol) || target.username !== '' || target.password !== '') return null;
  return target;
}

async function permittedAddresses(target: URL, options: FetchOptions, signal: AbortSignal): Promise<readonly string[] | FetchFailure> {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) === 0 ? await options.resolveHost(host, signal) : [host];
  if (found === null) return 'dns-failed';
  if (found.length === 0) return 'no-address';
  const permitted = options.addresses === 'any' ? found : found.filter(isPublicAddress);
  return permitted.length === 0 ? 'private-address' : permitted.slice(0, MAX_ADDRESSES);
}

function exchange(target: URL, addresses: readonly string[], options: FetchOptions, signal: AbortSignal, post: Post | null): Promise<Step> {
  return new Promise((resolve) => {
    let stage: FetchFailure = 'connect-failed';
    const client = open(target, addresses, options, signal, post);
    client.on('socket', (socket) => {
      socket.on('connect', () => {
        stage = target.protocol === 'https:' ? 'tls-failed' : 'bad-response';
        if (options.addresses === 'public' && !isPublicAddress(socket.remoteAddress ?? '')) {
          stage = 'private-address';
          client.destroy();
        }
      });
      socket.on('secureConnect', () => {
        stage = 'bad-response';
      });
    });
    client.on('error', () => resolve(failed(stage)));
    client.on('close', () => resolve(failed(stage)));
    client.on('response', (response) => {
      void readResponse(response, target, options).then((step) => {
        resolve(step);
        client.destroy();
      });
    });
    client.end(post?.body);
  });
}

function open(target: URL, addresses: readonly string[], { ca }: FetchOptions, signal: AbortSignal, post: Post | null): ClientRequest {
  const secure = target.protocol === 'https:';
  const fields = { host: target.host, accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'postern', connection: 'close' };
  const options = {
    method: post === null ? 'GET' : 'POST',
    host: target.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: target.port === '' ? (secure ? 443 : 80) : Number(target.port),
    path: `${target.pathname}${target.search}`,
    headers: post === null ? fields : { ...fields, ...fieldsOf(post) },
    agent: false,
    lookup: only(addresses),
    maxHeaderSize: MAX_HEADER_BYTES,
    signal,
  } as const;
  // Said aloud: the environment must not be able to switch verification off.
  const verified = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca: [...ca] }) } as const;
  return secure ? request({ ...options, ...verified }) : plainRequest(options);
}

function fieldsOf({ contentType, body, authorization }: Post): Readonly<Record<string, string>> {
  const fields = { 'content-type': contentType, 'content-length': String(body.length) };
  return authorization === null ? fields : { ...fields, authorization };
}

/** A look-up that knows nothing but the addresses already judged. */
function only(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all === true || first === undefined) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

async function readResponse(response: IncomingMessage, target: URL, options: FetchOptions): Promise<Step> {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    if (options.redirects === 0) return failed('redirect');
    const next = URL.parse(location, target.href);
    return next === null ? failed('bad-url') : { kind: 'redirect', location: next.href };
  }
  if (!['', 'identity'].includes(response.headers['content-encoding'] ?? '')) return failed('bad-response');
  if (Number(response.headers['content-length'] ?? 0) > options.maxBytes) return failed('too-large');
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      sizeBytes += piece.length;
      if (sizeBytes > options.maxBytes) return failed('too-large');
      pieces.push(piece);
    }
  } catch {
    // Cut off before its end.
    return failed('bad-response');
  }
  return { kind: 'response', status, contentType: response.headers['content-type'] ?? null, body: Buffer.concat(pieces) };
}

function failed(reason: FetchFailure): { readonly kind: 'failed'; readonly reason: FetchFailure } {
  return { kind: 'failed', reason };
}
