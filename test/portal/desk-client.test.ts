// The portal's end of the wire against no gateway, another program, and replies that are not of this version: a DeskUnavailable, never their words.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { deskClient, type DeskFailure } from '../../src/portal/desk-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CLIENT = { address: '192.0.2.7', userAgent: 'Firefox' };
/** Only where no reply comes is it waited for. */
const LIMITS = { answerMs: 30_000, idleMs: 5_000, replyBytes: 1_000 };

type Answer = (response: http.ServerResponse) => void;

async function gateway(t: { teardown(handler: () => unknown): void }, answer: Answer): Promise<string> {
  const path = join(temporaryFolder(t), 'desk.sock');
  const server = http.createServer((request, response) => {
    request.resume();
    answer(response);
  });
  server.listen(path);
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return path;
}

const json =
  (value: unknown): Answer =>
  (response) =>
    void response.end(JSON.stringify(value));
const FACE = {
  deliveryId: 'x',
  brand: 'default',
  state: 'open',
  from: null,
  sentAt: 0,
  expiresAt: 0,
  language: 'en',
  wants: 'address',
  mailedCode: 'may-travel',
  phone: ['sms'],
  code: null,
};

await t.test('replies', async (t) => {
  const cases: readonly (readonly [name: string, answer: Answer, code: DeskFailure | null])[] = [
    ['right', json(FACE), null],
    ['another word', json({ ...FACE, state: '<script>' }), 'broken'],
    ['a field too many', json({ ...FACE, key: 'secret' }), 'broken'],
    ['a field too few', json({ deliveryId: 'x' }), 'broken'],
    ['no JSON', (response) => void response.end('secret'), 'broken'],
    ['nothing', (response) => void response.end(), 'broken'],
    ['too much', json({ ...FACE, from: 'x'.repeat(2_000) }), 'broken'],
    ['500 with words', (response) => void response.writeHead(500).end('secret'), 'failed'],
    ['503', (response) => void response.writeHead(503).end(), 'busy'],
    ['404: another version', (response) => void response.writeHead(404).end(), 'broken'],
    ['a redirect is not followed', (response) => void response.writeHead(302, { location: 'http://evil.example' }).end(), 'broken'],
    ['cut at once', (response) => void response.destroy(), 'cut-off'],
    ['cut within', (response) => void response.writeHead(200, { 'content-length': 500 }).write('{', () => response.destroy()), 'cut-off'],
    ['no reply', () => undefined, 'late'],
  ];
  for (const [name, answer, code] of cases) {
    const desk = deskClient(await gateway(t, answer), code === 'late' ? { ...LIMITS, answerMs: 100 } : LIMITS);
    if (code === null) t.same(await desk.look('x', CLIENT), FACE, name);
    else await t.rejects(desk.look('x', CLIENT), { name: 'DeskUnavailable', code, message: `the gateway cannot be asked: ${code}` }, name);
  }
});

await t.test('nobody there', async (t) => {
  const desk = deskClient(join(temporaryFolder(t), 'desk.sock'), LIMITS);
  await t.rejects(desk.session('A'.repeat(43), 'none'), { code: 'no-service' });
  await t.rejects(desk.sealed({ session: 'A'.repeat(43), deliveryId: 'x' }), { code: 'no-service' });
});

await t.test('what is asked: in bounds, whatever a browser says of itself', async (t) => {
  const path = join(temporaryFolder(t), 'desk.sock');
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    request.on('data', (piece: Buffer) => asked.push(piece.toString()));
    request.on('end', () => response.end('null'));
  });
  server.listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
  await deskClient(path, LIMITS).look('x', { address: '192.0.2.7', userAgent: 'x'.repeat(9_000) });
  const [line = '', rest] = asked.join('').split('\n');
  t.equal(rest, '');
  t.match(JSON.parse(line), { link: 'x', client: { address: '192.0.2.7', userAgent: 'x'.repeat(512) } });
});

await t.test('what has no body goes out whole: nothing is on its way when the gateway replies and closes', async (t) => {
  const path = join(temporaryFolder(t), 'desk.sock');
  const first: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (piece) => {
      first.push(piece.toString('latin1'));
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnull', () => socket.destroy());
    });
  });
  server.listen(path);
  await once(server, 'listening');
  t.teardown(() => void server.close());
  t.equal(await deskClient(path).look('x', CLIENT), null);
  const [header = '', line = ''] = first[0]?.split('\r\n\r\n') ?? [];
  t.match(header, new RegExp(`^Content-Length: ${line.length}$`, 'im'));
  t.match(line, /^\{.*\}\n$/, 'its line is all of it');
});
