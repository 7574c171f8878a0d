// The health endpoint over real HTTP: what it says, and what it does not let anybody do.
import { once } from 'node:events';
import net from 'node:net';
import t from 'tap';
import { HEALTH_LIMITS, startHealthServer } from '../../src/http/health.ts';
import type { HealthSources, HealthState } from '../../src/http/health.ts';

async function running(
  t: { teardown(handler: () => void): void },
  sources: Partial<HealthSources> = {},
): Promise<{ readonly url: string; readonly port: number; readonly bugs: readonly string[] }> {
  const bugs: string[] = [];
  const server = await startHealthServer(
    { address: '127.0.0.1', port: 0 },
    {
      state: async () => 'ok',
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'postern_up 1\n' }),
      bug: (where) => void bugs.push(where),
      ...sources,
    },
    { ...HEALTH_LIMITS, answerMs: 200 },
  );
  t.teardown(() => void server.close());
  return { url: `http://127.0.0.1:${server.port}`, port: server.port, bugs };
}

await t.test('health', async (t) => {
  const cases: readonly (readonly [state: HealthState, status: number])[] = [
    ['ok', 200],
    ['starting', 503],
    ['stopping', 503],
    ['storage-failing', 503],
    ['disk-full', 503],
  ];
  for (const [state, status] of cases) {
    const { url } = await running(t, { state: async () => state });
    const response = await fetch(`${url}/health`);
    t.equal(response.status, status, state);
    t.same(await response.json(), { status: state });
    t.equal(response.headers.get('cache-control'), 'no-store');
  }
});

await t.test('metrics', async (t) => {
  const { url } = await running(t);
  const response = await fetch(`${url}/metrics`);
  t.equal(response.status, 200);
  t.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4');
  t.equal(await response.text(), 'postern_up 1\n');
});

await t.test('everything else', async (t) => {
  const { url } = await running(t);
  t.equal((await fetch(`${url}/`)).status, 404);
  t.equal((await fetch(`${url}/health/../etc/passwd`)).status, 404);
  t.equal((await fetch(`${url}/health?x=1`)).status, 404);
  t.equal((await fetch(`${url}/health`, { method: 'POST', body: 'x' })).status, 405);
  const head = await fetch(`${url}/health`, { method: 'HEAD' });
  t.equal(head.status, 200);
  t.equal(await head.text(), '');
});

await t.test('a storage thread that does not answer is a fault', async (t) => {
  const { url } = await running(t, { state: () => new Promise(() => undefined) });
  const response = await fetch(`${url}/health`);
  t.equal(response.status, 503);
  t.same(await response.json(), { status: 'storage-failing' });
});

await t.test('an exception is a bug, and says nothing outside', async (t) => {
  const { url, bugs } = await running(t, { state: () => Promise.reject(new Error('patient Ann Smith')) });
  const response = await fetch(`${url}/health`);
  t.equal(response.status, 500);
  t.equal(await response.text(), 'internal\n');
  t.same(bugs, ['http.health']);
});

await t.test('large headers and requests that are none', async (t) => {
  const { port } = await running(t);
  for (const [name, bytes, answer] of [
    ['large headers', `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['no HTTP', 'EHLO x\r\n\r\n', /^HTTP\/1\.1 400 /],
  ] as const) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    const [piece] = (await once(socket, 'data')) as [Buffer];
    t.match(piece.toString(), answer, name);
    socket.destroy();
  }
});

await t.test('a port that is taken is said', async (t) => {
  const { port } = await running(t);
  await t.rejects(
    startHealthServer(
      { address: '127.0.0.1', port },
      { state: async () => 'ok', metrics: async () => ({ contentType: '', body: '' }), bug: () => undefined },
    ),
    { code: 'EADDRINUSE' },
  );
});
