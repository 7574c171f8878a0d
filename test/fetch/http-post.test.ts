// Posting, against real servers: what is sent, that it is sent once, and that plain HTTP never leaves this machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { type FetchResult, type Post, type PostOptions, postHttp } from '../../src/fetch/https-fetch.ts';
import { startHttpsServer } from '../support/https-server.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const good = ca.issue({ names: ['good.test'] });
const POST: Post = { contentType: 'text/plain; charset=utf-8', body: Buffer.from('Größe'), authorization: null };
const OPTIONS: PostOptions = {
  resolveHost: async (host) => (host === 'far.test' ? ['192.0.2.1'] : host === 'mixed.test' ? ['127.0.0.1', '192.0.2.1'] : ['127.0.0.1']),
  ca: [ca.certificatePem],
  addresses: 'any',
  timeoutMs: 5_000,
  maxBytes: 1_000,
};
const seen = (result: FetchResult): string => (result.kind === 'response' ? String(result.status) : result.reason);

interface Seen {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Keeps what came, then answers. */
function keeping(into: Seen[], answer: (response: ServerResponse) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      into.push({ method: request.method ?? '', headers: request.headers, body: Buffer.concat(pieces).toString() });
      answer(response);
    });
  };
}

async function plainServer(t: Test, into: Seen[]): Promise<number> {
  const server = createServer(keeping(into, (response) => response.end('ok')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

void t.test('what is posted, and whatever is answered: once', async (t) => {
  const posts: Seen[] = [];
  let answer: (response: ServerResponse) => void = () => undefined;
  await using server = await startHttpsServer(
    good,
    keeping(posts, (response) => answer(response)),
  );
  const CASES: readonly (readonly [name: string, answer: (response: ServerResponse) => void, wanted: string])[] = [
    ['yes', (response) => response.writeHead(201).end('made'), '201'],
    ['no content', (response) => response.writeHead(204).end(), '204'],
    ['a fault', (response) => response.writeHead(503).end(), '503'],
    ['a redirect that keeps the method', (response) => response.writeHead(308, { location: '/else' }).end(), 'redirect'],
    ['a redirect to plain HTTP', (response) => response.writeHead(307, { location: 'http://good.test/' }).end(), 'redirect'],
    ['too much', (response) => response.end('x'.repeat(1_001)), 'too-large'],
    ['cut off', (response) => response.destroy(), 'bad-response'],
  ];
  for (const [name, next, wanted] of CASES) {
    answer = next;
    t.equal(seen(await postHttp(server.url('good.test', '/send'), POST, OPTIONS)), wanted, name);
  }
  t.equal(posts.length, CASES.length, 'none twice');
  const { host, 'content-length': length, 'content-type': type, authorization, cookie } = posts[0]?.headers ?? {};
  t.same([posts[0]?.method, posts[0]?.body], ['POST', 'Größe']);
  t.same([host, length, type, authorization, cookie], [`good.test:${server.port}`, '7', POST.contentType, undefined, undefined]);
  answer = (response) => response.end();
  await postHttp(server.url('good.test'), { ...POST, authorization: 'Bearer abc' }, OPTIONS);
  t.equal(posts.at(-1)?.headers.authorization, 'Bearer abc');
  answer = () => undefined;
  t.equal(seen(await postHttp(server.url('good.test'), POST, { ...OPTIONS, timeoutMs: 100 })), 'timeout');
  const stop = new AbortController();
  answer = () => stop.abort();
  t.equal(seen(await postHttp(server.url('good.test'), POST, OPTIONS, stop.signal)), 'stopped');
  t.equal(seen(await postHttp(server.url('other.test'), POST, OPTIONS)), 'tls-failed', 'another name than that of the certificate');
});

void t.test('plain HTTP, to this machine only', async (t) => {
  const posts: Seen[] = [];
  const port = await plainServer(t, posts);
  const CASES: readonly (readonly [name: string, url: string, wanted: string])[] = [
    ['an address of loopback', `http://127.0.0.1:${port}/send`, '200'],
    ['a name that leads there', `http://localhost:${port}/send`, '200'],
    ['a name that leads elsewhere', `http://far.test:${port}/send`, 'bad-url'],
    ['a name that leads both ways', `http://mixed.test:${port}/send`, 'bad-url'],
    ['an address of another', `http://192.0.2.1:${port}/send`, 'bad-url'],
    ['TLS where there is none', `https://localhost:${port}/send`, 'tls-failed'],
    ['another scheme', `ftp://127.0.0.1:${port}/send`, 'bad-url'],
    ['a user in the URL', `http://ann:secret@127.0.0.1:${port}/send`, 'bad-url'],
    ['nobody there', 'http://127.0.0.1:1/send', 'connect-failed'],
  ];
  for (const [name, url, wanted] of CASES) t.equal(seen(await postHttp(url, POST, OPTIONS)), wanted, name);
  t.equal(posts.length, 2);
  t.match(posts[0], { method: 'POST', body: 'Größe', headers: { host: `127.0.0.1:${port}` } });
});
