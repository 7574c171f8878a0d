// The place of one-click unsubscribe (RFC 8058 section 3.2), behind the reverse proxy that holds the certificate. A POST that says so stops the
// mail, at once and without a question; a GET shows a page with one button and never changes anything: link scanners follow every link.
// Bounded in connections, time, size and in how much one client may ask. No cookie, no redirect, and nothing of the person in an answer.
import http from 'node:http';
import type { Purpose } from '../mail/facts.ts';
import { allowance, type AllowanceRules } from './allowance.ts';
import { preferredLanguage } from './language.ts';
import { listen, type ListeningServer, type ListenPlace } from './listen.ts';
import { readOneClick } from './one-click.ts';
import { PAGE_HEADERS, type PageOwner, unsubscribePage } from './unsubscribe-page.ts';
import type { UnsubscribePage } from './unsubscribe-words.ts';

export interface UnsubscribeSources {
  /** What a token would stop; null where it is none. Changes nothing. */
  purposeOf(token: string): Promise<Purpose | null>;
  /** Stops it; null where the token is none. */
  stop(token: string): Promise<Purpose | null>;
  /** Whom a request counts for. */
  clientOf(peer: string, forwardedFor: string | undefined): string;
  /** Milliseconds; never goes back. */
  now(): number;
  /** An exception of one of these. */
  bug(where: string, error: unknown): void;
}

export interface UnsubscribeLimits {
  readonly requestMs: number;
  readonly connections: number;
  readonly headerBytes: number;
  readonly perClient: AllowanceRules;
}

/** A provider's proxies press the button for all its people: many from one client are usual, wrong tokens are not. */
export const UNSUBSCRIBE_LIMITS: UnsubscribeLimits = {
  requestMs: 10_000,
  connections: 200,
  headerBytes: 8_192,
  perClient: { most: 600, perSecond: 10, clients: 10_000 },
};

const COST = { request: 1, wrongToken: 20 } as const;
const METHODS = 'GET, HEAD, POST';

/** Listens; rejects where the port cannot be had. */
export async function startUnsubscribeServer(
  place: ListenPlace,
  owner: PageOwner,
  sources: UnsubscribeSources,
  limits: UnsubscribeLimits = UNSUBSCRIBE_LIMITS,
): Promise<ListeningServer> {
  const spent = allowance(limits.perClient);
  const server = http.createServer(
    {
      maxHeaderSize: limits.headerBytes,
      requestTimeout: limits.requestMs,
      headersTimeout: limits.requestMs,
      keepAliveTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1_000, limits.requestMs),
    },
    (request, response) => {
      const client = sources.clientOf(request.socket.remoteAddress ?? '', lastOf(request.headers['x-forwarded-for']));
      const spend = (cost: number): boolean => spent.spend(client, cost, sources.now()) === 'within';
      answer(request, sources, spend).then(
        (given) => send(request, response, given, owner),
        (error: unknown) => {
          // A client that went away or took too long is no fault of ours.
          if (!request.complete && request.destroyed) return;
          sources.bug('http.unsubscribe', error);
          send(request, response, FAULT, owner);
        },
      );
    },
  );
  server.maxConnections = limits.connections;
  return listen(server, place);
}

interface Answer {
  readonly status: 200 | 400 | 404 | 405 | 413 | 429 | 500;
  readonly page: UnsubscribePage;
}

/** The same for whatever is wrong with a token. */
const UNKNOWN: Answer = { status: 404, page: 'unknown' };
const BUSY: Answer = { status: 429, page: 'busy' };
const FAULT: Answer = { status: 500, page: 'failed' };

async function answer(request: http.IncomingMessage, sources: UnsubscribeSources, spend: (cost: number) => boolean): Promise<Answer> {
  const { method = '' } = request;
  if (!spend(COST.request)) return BUSY;
  if (!METHODS.split(', ').includes(method)) return { status: 405, page: 'failed' };
  const token = tokenOf(request.url ?? '');
  const purpose = await sources.purposeOf(token);
  if (purpose === null) return spend(COST.wrongToken) ? UNKNOWN : BUSY;
  if (method !== 'POST') return { status: 200, page: `ask-${purpose}` };
  const said = await readOneClick(request);
  if (said !== 'one-click') return { status: said === 'too-large' ? 413 : 400, page: 'failed' };
  const stopped = await sources.stop(token);
  return stopped === null ? UNKNOWN : { status: 200, page: `done-${stopped}` };
}

/** The last segment of the path: the proxy may or may not pass on what stands before it. */
function tokenOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the proxy nearest to us has written; what stands before it anyone can have written. */
function lastOf(forwardedFor: string | string[] | undefined): string | undefined {
  return (typeof forwardedFor === 'string' ? forwardedFor : forwardedFor?.at(-1))?.split(',').at(-1)?.trim();
}

function send(request: http.IncomingMessage, response: http.ServerResponse, { status, page }: Answer, owner: PageOwner): void {
  const language = preferredLanguage(request.headers['accept-language']);
  const body = Buffer.from(unsubscribePage(page, language, owner));
  response.writeHead(status, {
    ...PAGE_HEADERS,
    'content-language': language,
    'content-length': body.length,
    ...(status === 405 ? { allow: METHODS } : {}),
    ...(status === 429 ? { 'retry-after': '60' } : {}),
    // Whatever of the request has not been read is not waited for.
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
