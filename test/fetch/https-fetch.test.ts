// The outgoing HTTPS client against a real server: certificates, limits, redirects, addresses.
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { fetchHttps } from '../../src/fetch/https-fetch.ts';
import type { FetchOptions, FetchResult } from '../../src/fetch/https-fetch.ts';
import { startHttpsServer } from '../support/https-server.ts';
import { createTestCa, EXPIRED } from '../support/test-ca.ts';

const ca = createTestCa();
const otherCa = createTestCa('Other CA');
const good = ca.issue({ names: ['good.test', 'also.test'], addresses: ['127.0.0.1'] });

const OPTIONS: FetchOptions = {
  resolveHost: async (host) => (host.endsWith('.test') ? ['127.0.0.1'] : null),
  ca: [ca.certificatePem],
  addresses: 'any',
  timeoutMs: 5000,
  maxBytes: 1000,
  redirects: 0,
};
const failed = (reason: string): object => ({ kind: 'failed', reason });
const seen = (result: FetchResult): object =>
  result.kind === 'response'
    ? { status: result.status, contentType: result.contentType, body: Buffer.from(result.body).toString() }
    : result;

void t.test('responses', async (t) => {
  await using server = await startHttpsServer(good, (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'https://x');
    switch (pathname) {
      case '/text':
        return response.writeHead(200, { 'content-type': 'text/plain' }).end('hello');
      case '/bare':
        response.sendDate = false;
        return response.end('bare');
      case '/missing':
        return response.writeHead(404).end('no');
      case '/exact':
        return response.end('x'.repeat(1000));
      case '/large':
        return response.end('x'.repeat(1001));
      case '/announced':
        return response.writeHead(200, { 'content-length': '1001' }).write('x');
      case '/large-chunked':
        response.write('x'.repeat(600));
        return response.end('x'.repeat(600));
      case '/endless': {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(500)));
        };
        response.on('drain', more);
        return more();
      }
      case '/slow':
        return response.write('x');
      case '/mute':
        return undefined;
      case '/cut':
        response.writeHead(200, { 'content-length': '100' });
        return response.write('x', () => response.destroy());
      case '/cut-chunked':
        return response.write('x', () => response.destroy());
      case '/gzip':
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
      case '/long-header':
        return response.writeHead(200, { 'x-long': 'y'.repeat(20_000) }).end('x');
      case '/to-text':
        return response.writeHead(302, { location: '/text' }).end();
      case '/to-http':
        return response.writeHead(302, { location: 'http://good.test/' }).end();
      case '/to-itself':
        return response.writeHead(302, { location: '/to-itself' }).end();
      default:
        return response.writeHead(500).end();
    }
  });
  const text = { status: 200, contentType: 'text/plain', body: 'hello' };
  const CASES: readonly (readonly [title: string, path: string, changes: Partial<FetchOptions>, wanted: object])[] = [
    ['a text', '/text', {}, text],
    ['without content-type', '/bare', {}, { status: 200, contentType: null, body: 'bare' }],
    ['a status is a response', '/missing', {}, { status: 404, contentType: null, body: 'no' }],
    ['as large as allowed', '/exact', {}, { status: 200, contentType: null, body: 'x'.repeat(1000) }],
    ['larger', '/large', {}, failed('too-large')],
    ['larger, as announced: not waited for', '/announced', { timeoutMs: 3000 }, failed('too-large')],
    ['larger, in chunks', '/large-chunked', {}, failed('too-large')],
    ['without end', '/endless', {}, failed('too-large')],
    ['never finished', '/slow', { timeoutMs: 100 }, failed('timeout')],
    ['never answered', '/mute', { timeoutMs: 100 }, failed('timeout')],
    ['cut off', '/cut', {}, failed('bad-response')],
    ['cut off in chunks', '/cut-chunked', {}, failed('bad-response')],
    ['an encoding that was not asked for', '/gzip', {}, failed('bad-response')],
    ['a header over the limit', '/long-header', {}, failed('bad-response')],
    ['a redirect is not followed', '/to-text', {}, failed('redirect')],
    ['a redirect where asked for', '/to-text', { redirects: 1 }, text],
    ['a redirect to http', '/to-http', { redirects: 3 }, failed('bad-url')],
    ['a redirect loop', '/to-itself', { redirects: 3 }, failed('redirect')],
  ];
  for (const [title, path, changes, wanted] of CASES) {
    t.strictSame(seen(await fetchHttps(server.url('good.test', path), { ...OPTIONS, ...changes })), wanted, title);
  }
  const loop = server.requests.filter((request) => request.endsWith('/to-itself')).length;
  t.equal(loop, 4, 'three redirects are followed, no more');
});

void t.test('certificates', async (t) => {
  const CASES = [
    ['trusted', ca.issue({ names: ['good.test'] }), {}, 'good.test', 'response'],
    ['another name', ca.issue({ names: ['other.test'] }), {}, 'good.test', 'tls-failed'],
    ['expired', ca.issue({ names: ['good.test'], ...EXPIRED }), {}, 'good.test', 'tls-failed'],
    ['another authority', otherCa.issue({ names: ['good.test'] }), {}, 'good.test', 'tls-failed'],
    ['the authorities of the runtime', ca.issue({ names: ['good.test'] }), { ca: null }, 'good.test', 'tls-failed'],
    ['an IP address in the certificate', good, {}, '127.0.0.1', 'response'],
  ] as const;
  // Even where the environment says otherwise.
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  t.teardown(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
  for (const [title, certificate, changes, host, wanted] of CASES) {
    await using server = await startHttpsServer(certificate, (_request, response) => response.end('ok'));
    const result = await fetchHttps(server.url(host), { ...OPTIONS, ...changes });
    t.equal(result.kind === 'failed' ? result.reason : result.kind, wanted, title);
    t.equal(server.requests.length, wanted === 'response' ? 1 : 0, `${title}: requests seen`);
  }
});

void t.test('addresses', async (t) => {
  await using server = await startHttpsServer(good, (_request, response) => response.end('ok'));
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const CASES: readonly (readonly [title: string, url: string, changes: Partial<FetchOptions>, wanted: string])[] = [
    ['loopback by name', server.url('good.test'), { addresses: 'public' }, 'private-address'],
    ['loopback by number', server.url('127.0.0.1'), { addresses: 'public' }, 'private-address'],
    ['loopback by odd numbers', server.url('0x7f.1'), { addresses: 'public' }, 'private-address'],
    ['mapped loopback', server.url('[::ffff:127.0.0.1]'), { addresses: 'public' }, 'private-address'],
    ['metadata service', 'https://169.254.169.254/', { addresses: 'public' }, 'private-address'],
    [
      'several, none public',
      server.url('good.test'),
      { addresses: 'public', resolveHost: async () => ['10.0.0.1', '::1', 'fe80::1'] },
      'private-address',
    ],
    ['the second address answers', server.url('good.test'), { resolveHost: async () => ['127.0.0.2', '127.0.0.1'] }, 'response'],
    ['no address', server.url('good.test'), { resolveHost: async () => [] }, 'no-address'],
    ['look-up failed', server.url('good.test'), { resolveHost: async () => null }, 'dns-failed'],
    ['nobody there', `https://good.test:${port}/`, {}, 'connect-failed'],
    ['http', 'http://good.test/', {}, 'bad-url'],
    ['credentials in the URL', 'https://user:secret@good.test/', {}, 'bad-url'],
    ['no URL', 'good.test', {}, 'bad-url'],
  ];
  for (const [title, url, changes, wanted] of CASES) {
    const result = await fetchHttps(url, { ...OPTIONS, ...changes });
    t.equal(result.kind === 'failed' ? result.reason : result.kind, wanted, title);
  }
  t.strictSame(server.requests, [`good.test:${server.port} /`], 'one request came through');
});

void t.test('a name is looked up once, redirects are looked up and judged again', async (t) => {
  await using server = await startHttpsServer(good, (request, response) => {
    if (request.headers.host?.startsWith('good') === true) response.writeHead(302, { location: `https://also.test:${server.port}/` }).end();
    else response.end('ok');
  });
  const asked: string[] = [];
  const resolveHost = async (host: string): Promise<readonly string[]> => {
    asked.push(host);
    return ['127.0.0.1'];
  };
  t.match(await fetchHttps(server.url('good.test'), { ...OPTIONS, redirects: 1, resolveHost }), { kind: 'response' });
  t.strictSame(asked, ['good.test', 'also.test']);
});

void t.test('stopped', async (t) => {
  const stop = new AbortController();
  await using server = await startHttpsServer(good, () => stop.abort());
  t.match(await fetchHttps(server.url('good.test'), OPTIONS, stop.signal), failed('stopped'), 'while waiting');
  t.match(await fetchHttps(server.url('good.test'), OPTIONS, stop.signal), failed('stopped'), 'before');
  const never = async (_host: string, signal: AbortSignal): Promise<null> => {
    await once(signal, 'abort');
    return null;
  };
  t.match(
    await fetchHttps(server.url('good.test'), { ...OPTIONS, timeoutMs: 50, resolveHost: never }),
    failed('timeout'),
    'while looking up',
  );
});

void t.test('a server that speaks no TLS', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('220 hello\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  t.match(await fetchHttps(`https://good.test:${port}/`, OPTIONS), failed('tls-failed'));
});
