// The health endpoint: GET /health and GET /metrics, nothing else. Bounded in connections, time and size; it shows no personal data.
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listen, type ListeningServer, type ListenPlace } from './listen.ts';

/** 'ok', or why mail is not served as it should be. */
export type HealthState = 'ok' | 'starting' | 'stopping' | 'storage-failing' | 'disk-full';

export interface HealthSources {
  /** Answers after the storage thread has answered. */
  state(): Promise<HealthState>;
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** An exception of one of these. */
  bug(where: string, error: unknown): void;
}

export interface HealthLimits {
  readonly requestMs: number;
  /** A check that takes longer is a fault of the storage thread. */
  readonly answerMs: number;
  readonly connections: number;
  readonly headerBytes: number;
}

export const HEALTH_LIMITS: HealthLimits = { requestMs: 5_000, answerMs: 3_000, connections: 20, headerBytes: 8_192 };

/** Listens; rejects where the port cannot be had. */
export async function startHealthServer(
  place: ListenPlace,
  sources: HealthSources,
  limits: HealthLimits = HEALTH_LIMITS,
): Promise<ListeningServer> {
  const server = http.createServer(
    {
      maxHeaderSize: limits.headerBytes,
      requestTimeout: limits.requestMs,
      headersTimeout: limits.requestMs,
      keepAliveTimeout: limits.requestMs,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      answer(request, sources, limits.answerMs).then(
        (given) => send(response, request.method === 'HEAD', given),
        (error: unknown) => {
          sources.bug('http.health', error);
          send(response, false, INTERNAL);
        },
      );
    },
  );
  server.maxConnections = limits.connections;
  return listen(server, place);
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const INTERNAL: Answer = { status: 500, contentType: 'text/plain', body: 'internal\n' };
const LATE: Answer = { status: 503, contentType: 'application/json', body: '{"status":"storage-failing"}\n' };

async function answer(request: http.IncomingMessage, sources: HealthSources, limitMs: number): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, contentType: 'text/plain', body: 'only GET\n' };
  if (request.url === '/health') return inTime(healthAnswer(sources), limitMs);
  if (request.url === '/metrics')
    return inTime(
      sources.metrics().then((rendered) => ({ status: 200, ...rendered })),
      limitMs,
    );
  return { status: 404, contentType: 'text/plain', body: 'there is /health and /metrics\n' };
}

async function healthAnswer(sources: HealthSources): Promise<Answer> {
  const state = await sources.state();
  return { status: state === 'ok' ? 200 : 503, contentType: 'application/json', body: `${JSON.stringify({ status: state })}\n` };
}

/** A storage thread that does not answer is a fault that a monitor must see soon. */
async function inTime(work: Promise<Answer>, limitMs: number): Promise<Answer> {
  const clock = new AbortController();
  try {
    return await Promise.race([work, delay(limitMs, LATE, { signal: clock.signal })]);
  } finally {
    clock.abort();
  }
}

function send(response: http.ServerResponse, headOnly: boolean, { status, contentType, body }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(headOnly ? undefined : body);
}
