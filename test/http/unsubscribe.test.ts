// The place to unsubscribe over real HTTP: what stops mail, what only shows a page, and what is tried against it.
import { once } from 'node:events';
import net from 'node:net';
import t from 'tap';
import { startUnsubscribeServer, UNSUBSCRIBE_LIMITS, type UnsubscribeLimits, type UnsubscribeSources } from '../../src/http/unsubscribe.ts';
import { ONE_CLICK_BYTES } from '../../src/http/one-click.ts';

const OWNER = { name: 'Riverside <Clinic> & Sons', mailto: 'privacy@clinic.example' };
const FORM = 'application/x-www-form-urlencoded';
const ONE_CLICK = 'List-Unsubscribe=One-Click';

interface Place {
  readonly url: string;
  readonly port: number;
  /** Tokens that were stopped, in order. */
  readonly stopped: readonly string[];
  readonly bugs: readonly string[];
  post(token: string, body: string | Buffer, type?: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Two tokens are right: `good-m` and `good-f`. Time stands still. */
async function place(
  t: { teardown(handler: () => void): void },
  sources: Partial<UnsubscribeSources> = {},
  limits: Partial<UnsubscribeLimits> = {},
): Promise<Place> {
  const stopped: string[] = [];
  const bugs: string[] = [];
  const purposeOf: UnsubscribeSources['purposeOf'] = async (token) =>
    token === 'good-m' ? 'marketing' : token === 'good-f' ? 'fundraising' : null;
  const server = await startUnsubscribeServer(
    { address: '127.0.0.1', port: 0 },
    OWNER,
    {
      purposeOf,
      async stop(token) {
        const purpose = await purposeOf(token);
        if (purpose !== null) stopped.push(token);
        return purpose;
      },
      clientOf: (_, forwardedFor) => forwardedFor ?? 'direct',
      now: () => 0,
      bug: (where) => void bugs.push(where),
      ...sources,
    },
    { ...UNSUBSCRIBE_LIMITS, ...limits },
  );
  t.teardown(() => void server.close());
  const url = `http://127.0.0.1:${server.port}/unsubscribe`;
  return {
    url,
    port: server.port,
    stopped,
    bugs,
    post: (token, body, type = FORM, headers = {}) =>
      fetch(`${url}/${token}`, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': type, ...headers } }),
  };
}

/** What comes back on a connection of its own, to its end. */
async function raw({ port }: Place, bytes: string, more: readonly string[] = []): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = once(socket, 'close');
  socket.write(bytes);
  for (const piece of more) socket.write(piece);
  await ended;
  return Buffer.concat(pieces).toString();
}

const boundary = '----mailprogram7';
const multipart = (value: string, name = 'List-Unsubscribe'): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--${boundary}--\r\n`;

await t.test('POST: what stops mail, and what does not', async (t) => {
  const cases: readonly (readonly [name: string, type: string, body: string, status: number])[] = [
    ['form-encoded', FORM, ONE_CLICK, 200],
    ['with a charset', `${FORM}; charset=UTF-8`, ONE_CLICK, 200],
    ['multipart', `multipart/form-data; boundary=${boundary}`, multipart('One-Click'), 200],
    ['with another field beside it', FORM, `a=b&${ONE_CLICK}`, 200],
    ['nothing', FORM, '', 400],
    ['another value', FORM, 'List-Unsubscribe=Maybe', 400],
    ['said twice', FORM, `${ONE_CLICK}&List-Unsubscribe=Maybe`, 400],
    ['another name', FORM, 'Unsubscribe=One-Click', 400],
    ['plain text', 'text/plain', ONE_CLICK, 400],
    ['no type', '', ONE_CLICK, 400],
    ['multipart with another value', `multipart/form-data; boundary=${boundary}`, multipart('No'), 400],
    ['multipart with a file', `multipart/form-data; boundary=${boundary}`, multipart('One-Click', 'List-Unsubscribe"; filename="x'), 400],
    ['multipart without boundary', 'multipart/form-data', multipart('One-Click'), 400],
    ['multipart that is cut off', `multipart/form-data; boundary=${boundary}`, multipart('One-Click').slice(0, 60), 400],
    ['too large', FORM, `${ONE_CLICK}&x=${'y'.repeat(ONE_CLICK_BYTES)}`, 413],
  ];
  for (const [name, type, body, status] of cases) {
    const here = await place(t);
    const response = await here.post('good-m', body, type);
    t.equal(response.status, status, name);
    t.same(here.stopped, status === 200 ? ['good-m'] : [], name);
    t.match(await response.text(), status === 200 ? 'You are unsubscribed' : 'Nothing was changed', name);
  }
});

await t.test('POST again: the same answer', async (t) => {
  const here = await place(t);
  const [one, two] = [await here.post('good-f', ONE_CLICK), await here.post('good-f', ONE_CLICK)];
  t.equal(one.status, 200);
  t.equal(two.status, 200);
  t.equal(await one.text(), await two.text());
});

await t.test('GET and HEAD show a page with one button and change nothing', async (t) => {
  const here = await place(t);
  for (const token of ['good-m', 'good-f']) {
    const response = await fetch(`${here.url}/${token}?${ONE_CLICK}`);
    t.equal(response.status, 200);
    const page = await response.text();
    t.equal(page.match(/<button/g)?.length, 1);
    t.match(page, '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">');
    t.match(page, /<html lang="en">[^]*<meta name="viewport"[^]*<h1>Stop /);
    t.match(page, 'Riverside &#60;Clinic&#62; &#38; Sons', 'escaped');
    t.notMatch(page, /<script|src=|https?:|<a href="(?!mailto:)/, 'nothing from elsewhere');
    const head = await fetch(`${here.url}/${token}`, { method: 'HEAD' });
    t.equal(head.status, 200);
    t.equal(await head.text(), '');
  }
  t.same(here.stopped, []);
});

await t.test('languages', async (t) => {
  const here = await place(t);
  for (const [wanted, lang, title] of [
    ['es-MX,es;q=0.9,en;q=0.8', 'es', '¿Quiere dejar de recibir publicidad?'],
    ['fr', 'en', 'Stop advertising by email?'],
  ] as const) {
    const response = await fetch(`${here.url}/good-m`, { headers: { 'accept-language': wanted } });
    t.equal(response.headers.get('content-language'), lang);
    t.match(await response.text(), `<h1>${title}</h1>`);
  }
});

await t.test('a wrong token: the same page whatever is wrong with it', async (t) => {
  const here = await place(t);
  const tokens = ['', 'good', 'good-m%00', 'good-x', 'x'.repeat(2_000), '%0d%0aset-cookie:a=b'];
  const pages = new Set<string>();
  for (const token of tokens) {
    for (const response of [await fetch(`${here.url}/${token}`), await here.post(token, ONE_CLICK)]) {
      t.equal(response.status, 404, token.slice(0, 20));
      t.equal(response.headers.get('set-cookie'), null);
      pages.add(await response.text());
    }
  }
  t.equal(pages.size, 1);
  t.match([...pages][0], 'This link does not work');
  t.same(here.stopped, []);
});

await t.test('every answer carries the same headers', async (t) => {
  const here = await place(t);
  const answers = [
    await fetch(`${here.url}/good-m`),
    await here.post('good-m', ONE_CLICK),
    await here.post('good-m', 'x'),
    await fetch(`${here.url}/bad`),
    await fetch(`${here.url}/good-m`, { method: 'PUT', body: ONE_CLICK }),
  ];
  for (const { headers, status } of answers) {
    t.match(
      headers.get('content-security-policy'),
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      `${status}`,
    );
    t.equal(headers.get('cache-control'), 'no-store', `${status}`);
    t.equal(headers.get('x-content-type-options'), 'nosniff', `${status}`);
    t.equal(headers.get('referrer-policy'), 'no-referrer', `${status}`);
    t.equal(headers.get('set-cookie'), null, `${status}`);
    t.equal(headers.get('location'), null, `${status}`);
  }
});

await t.test('other methods', async (t) => {
  const here = await place(t);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const response = await fetch(`${here.url}/good-m`, { method });
    t.equal(response.status, 405, method);
    t.equal(response.headers.get('allow'), 'GET, HEAD, POST', method);
  }
  t.same(here.stopped, []);
});

await t.test('a huge body is not read', async (t) => {
  const here = await place(t);
  const post = (framing: string): string => `POST /u/good-m HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM}\r\n${framing}\r\n\r\n`;
  t.match(await raw(here, post('content-length: 1000000000')), /^HTTP\/1\.1 413 [^]*connection: close/i, 'announced');
  const chunk = `2000\r\n${'x'.repeat(8_192)}\r\n`;
  t.match(await raw(here, post('transfer-encoding: chunked'), [chunk]), /^HTTP\/1\.1 413 /, 'in chunks without an end');
  t.match(await raw(here, post('content-length: 1000000000').replace('good-m', 'bad')), /^HTTP\/1\.1 404 /, 'nor for a wrong token');
  t.same([here.stopped, here.bugs], [[], []]);
});

await t.test('a slow client is cut off', async (t) => {
  const here = await place(t, {}, { requestMs: 300 });
  const slow = `POST /u/good-m HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM}\r\ncontent-length: 26\r\n\r\nList-`;
  t.match(await raw(here, slow), /^(?:HTTP\/1\.1 408 |$)/, 'in its body');
  t.match(await raw(here, 'POST /u/good-m HTTP/1.1\r\nhost:'), /^(?:HTTP\/1\.1 408 |$)/, 'in its header');
  t.same([here.stopped, here.bugs], [[], []]);
  t.equal((await here.post('good-m', ONE_CLICK)).status, 200, 'others are served');
});

await t.test('what is no HTTP, and headers that are none', async (t) => {
  const here = await place(t);
  const cases: readonly (readonly [name: string, bytes: string, answer: RegExp])[] = [
    ['SMTP', 'EHLO x\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a header too large', `GET /u/good-m HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    [
      'two lengths',
      `POST /u/good-m HTTP/1.1\r\nhost: x\r\ncontent-length: 26\r\ncontent-length: 3\r\n\r\n${ONE_CLICK}`,
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length and chunks',
      `POST /u/good-m HTTP/1.1\r\nhost: x\r\ncontent-length: 26\r\ntransfer-encoding: chunked\r\n\r\n${ONE_CLICK}`,
      /^HTTP\/1\.1 400 /,
    ],
    ['a bare line feed in a field', `GET /u/good-m HTTP/1.1\r\nhost: x\r\naccept-language: es\nset-cookie: a\r\n\r\n`, /^HTTP\/1\.1 400 /],
  ];
  for (const [name, bytes, answer] of cases) t.match(await raw(here, bytes), answer, name);
  t.same(here.stopped, []);
});

await t.test('who asks too much', async (t) => {
  let now = 0;
  const here = await place(t, { now: () => now }, { perClient: { most: 100, perSecond: 10, clients: 50 } });
  const from = (client: string, token: string): Promise<Response> => here.post(token, ONE_CLICK, FORM, { 'x-forwarded-for': client });
  const guesses: number[] = [];
  for (let i = 0; i < 6; i++) guesses.push((await from('198.51.100.1', `guess-${i}`)).status);
  t.same(guesses, [404, 404, 404, 404, 429, 429], 'guessing ends soon');
  t.equal((await from('198.51.100.1', 'good-m')).status, 200, 'a right token from there still counts');
  t.equal((await from('203.0.113.9, 198.51.100.1', 'guess')).status, 429, 'what stands before what the proxy wrote is not believed');
  t.equal((await from('198.51.100.2', 'guess')).status, 404, 'and others are not touched');
  now = 10_000;
  const again = await from('198.51.100.1', 'guess');
  t.equal(again.status, 404, 'it comes back with time');
  const many: number[] = [];
  for (let i = 0; i < 101; i++) many.push((await from('198.51.100.3', 'good-m')).status);
  t.equal(many.filter((status) => status === 200).length, 100);
  const over = await from('198.51.100.3', 'good-m');
  t.equal(over.status, 429);
  t.equal(over.headers.get('retry-after'), '60');
});

await t.test('a fault of ours is said as one, and nothing of it shows', async (t) => {
  for (const sources of [
    { stop: () => Promise.reject(new Error('patient Ann Smith')) },
    { purposeOf: () => Promise.reject(new Error('patient Ann Smith')) },
  ] satisfies Partial<UnsubscribeSources>[]) {
    const here = await place(t, sources);
    const response = await here.post('good-m', ONE_CLICK);
    t.equal(response.status, 500);
    const page = await response.text();
    t.match(page, 'That did not work');
    t.notMatch(page, 'Ann');
    t.same(here.bugs, ['http.unsubscribe']);
  }
});

await t.test('a token that is gone by the time it is used', async (t) => {
  const here = await place(t, { stop: async () => null });
  t.equal((await here.post('good-m', ONE_CLICK)).status, 404);
});
