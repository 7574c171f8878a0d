// A gateway to telephones for tests: a real HTTPS server that keeps what was posted to it, and a desk's telephones that post there.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventEmitter } from 'node:events';
import type { SmsConfig } from '../../src/config/portal.ts';
import { deskPhone } from '../../src/daemon/desk-phone.ts';
import type { DeskPhone } from '../../src/gateway/pickup/phone-codes.ts';
import { type HttpsServer, startHttpsServer } from './https-server.ts';
import { createTestCa, type TestIdentity } from './test-ca.ts';

export interface Posted {
  readonly path: string;
  readonly contentType: string;
  readonly authorization: string | null;
  readonly body: string;
}

export interface TestPhones {
  readonly phone: DeskPhone;
  readonly posts: readonly Posted[];
  /** Codes that did not get there, as the log says it. */
  readonly failures: readonly { readonly deliveryId: string; readonly way: string; readonly why: string }[];
  readonly bugs: readonly unknown[];
  /** The next one, once it is there. Ask before it can be. */
  readonly posted: () => Promise<Posted>;
  readonly failed: () => Promise<string>;
  /** Changes what the configuration says. */
  readonly configure: (change: Partial<SmsConfig>) => void;
  readonly server: HttpsServer;
  /** The gateway of ours stops. */
  readonly close: () => Promise<void>;
}

export interface PhonesWish {
  readonly sms?: Partial<SmsConfig>;
  readonly authorization?: string | null;
  /** Of the server; else one that is trusted. */
  readonly certificate?: TestIdentity;
  readonly answer?: (response: ServerResponse, request: IncomingMessage) => void;
}

const ca = createTestCa('Phones CA');
const GOOD = ca.issue({ names: ['localhost'] });

export async function testPhones(t: { teardown(handler: () => unknown): void }, wish: PhonesWish = {}): Promise<TestPhones> {
  const { certificate = GOOD, answer = (response) => response.writeHead(202).end('{"status":"queued"}') } = wish;
  const posts: Posted[] = [];
  const failures: TestPhones['failures'][number][] = [];
  const bugs: unknown[] = [];
  const happened = new EventEmitter();
  const server = await startHttpsServer(certificate, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { 'content-type': contentType = '', authorization = null } = request.headers;
      const post = { path: request.url ?? '', contentType, authorization, body: Buffer.concat(pieces).toString() };
      posts.push(post);
      happened.emit('posted', post);
      answer(response, request);
    });
  });
  t.teardown(() => server[Symbol.asyncDispose]());
  let sms: SmsConfig = {
    url: server.url('localhost', '/send'),
    caPem: null,
    kinds: ['sms', 'voice'],
    content: 'json',
    body: [],
    countries: ['+1'],
    perPersonPerDay: 5,
    perHour: 100,
    timeoutMs: 5_000,
    ...wish.sms,
  };
  const log = {
    phoneCodeFailed(event: TestPhones['failures'][number]) {
      failures.push(event);
      happened.emit('failed', event.why);
    },
    bug(_: string, error: unknown) {
      bugs.push(error);
      return 'bug';
    },
  };
  const undo = new AsyncDisposableStack();
  t.teardown(() => undo.disposeAsync());
  const none = async () => ({ kind: 'failed', reason: 'network' }) as never;
  const outside = { resolver: { query: none } as never, trustAnchors: [ca.certificatePem] };
  const phone = deskPhone({ sms: () => sms, authorization: () => wish.authorization ?? null, outside, log }, undo);
  return {
    phone,
    posts,
    failures,
    bugs,
    server,
    posted: () => new Promise((resolve) => happened.once('posted', (post: Posted) => resolve(post))),
    failed: () => new Promise((resolve) => happened.once('failed', (why: string) => resolve(why))),
    configure: (change) => void (sms = { ...sms, ...change }),
    close: () => undo.disposeAsync(),
  };
}
