// The gateway's end of the wire against a portal that is not ours any more: whatever is sent, it stays up, bounded, and says nothing of the inside.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import t from 'tap';
import { MailError } from '../../src/mail/mail-error.ts';
import { startDeskServer } from '../../src/portal/desk-server.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { deskInMemory, memoryMessages } from '../support/desk-in-memory.ts';
import { deskOverWire } from '../support/desk-over-wire.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CLIENT = { address: '192.0.2.7', userAgent: 'Firefox' };
const SESSION = 'A'.repeat(43);
const memory = () => deskInMemory(memoryMessages(), () => 0);

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** One request as it is; null where the connection was cut. */
function send(socketPath: string, path: string, octets: string | Buffer, method = 'POST'): Promise<Reply | null> {
  return new Promise((resolve) => {
    const request = http.request({ socketPath, path, method, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => resolve(null));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
    });
    request.on('error', () => resolve(null));
    request.end(octets);
  });
}

await t.test('requests that are not of this version', async (t) => {
  const { socketPath, bugs, client } = await deskOverWire(t, memory());
  const look = JSON.stringify({ link: 'x', client: CLIENT });
  const cases: readonly (readonly [name: string, path: string, line: string, status: number, method?: string])[] = [
    ['GET', '/desk/1/look', `${look}\n`, 404, 'GET'],
    ['another path', '/', `${look}\n`, 404],
    ['another version', '/desk/2/look', `${look}\n`, 404],
    ['no call of the desk', '/desk/1/shred', `${look}\n`, 404],
    ['a name that every object has', '/desk/1/constructor', `${look}\n`, 404],
    ['a query', '/desk/1/look?x=1', `${look}\n`, 404],
    ['no line', '/desk/1/look', '', 400],
    ['a line without its end', '/desk/1/look', look, 400],
    ['no JSON', '/desk/1/look', 'look\n', 400],
    ['another shape', '/desk/1/look', '{"link":1}\n', 400],
    ['a field too many', '/desk/1/look', `${JSON.stringify({ link: 'x', client: CLIENT, admin: true })}\n`, 400],
    ['a prototype', '/desk/1/look', `{"__proto__":{},"link":"x","client":${JSON.stringify(CLIENT)}}\n`, 400],
    ['a link that is too long', '/desk/1/look', `${JSON.stringify({ link: 'x'.repeat(101), client: CLIENT })}\n`, 400],
    ['a token that is none', '/desk/1/leave', '{"session":"short"}\n', 400],
    ['content for no session', '/desk/1/sealed', '{"session":"x","deliveryId":"x"}\n', 400],
    ['right', '/desk/1/look', `${look}\n`, 200],
  ];
  for (const [name, path, line, status, method] of cases) {
    const reply = await send(socketPath, path, line, method);
    t.equal(reply?.status, status, name);
    t.equal(reply?.text, status === 200 ? 'null' : '', `${name}: not a word`);
  }
  t.same(bugs, []);
  t.equal(await client.look('x', CLIENT), null, 'it still serves');
});

await t.test('octets of every kind', async (t) => {
  const { socketPath, bugs, client } = await deskOverWire(t, memory());
  const sample = fc.sample(fc.uint8Array({ maxLength: 400 }), { seed: 11, numRuns: 60 });
  for (const octets of sample) {
    const reply = await send(socketPath, '/desk/1/enterCode', Buffer.from(octets));
    t.ok(reply === null || reply.status === 400, 'refused');
  }
  t.same(bugs, []);
  t.equal(await client.look('x', CLIENT), null);
});

await t.test('too much, too slow, too many', async (t) => {
  const { socketPath, client } = await deskOverWire(t, memory(), { lineBytes: 1_000, lineMs: 50, connections: 3, bodyBytes: 10_000 });
  t.equal((await send(socketPath, '/desk/1/look', 'x'.repeat(5_000)))?.status, 400, 'a line without an end');
  const slow = net.connect(socketPath);
  slow.write('POST /desk/1/look HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n');
  await new Promise((resolve) => slow.once('close', resolve));
  t.pass('a line that does not come is not waited for');
  const held = [1, 2, 3].map(() => net.connect(socketPath));
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  await t.rejects(client.look('x', CLIENT), { name: 'DeskUnavailable', code: 'cut-off' }, 'one connection too many is dropped');
  for (const socket of held) socket.destroy();
});

await t.test('what goes wrong inside stays inside', async (t) => {
  const desk = memory();
  const { socketPath, client, bugs } = await deskOverWire(t, desk);
  const ask = { link: desk.links[0] ?? '', code: '1', session: null };
  desk.nextSignIn(new Error('the key of pat@home.example'));
  await t.rejects(client.enterCode(ask, CLIENT), {
    name: 'DeskUnavailable',
    code: 'failed',
    message: 'the gateway cannot be asked: failed',
  });
  t.match(bugs, [['/desk/1/enterCode', { message: /pat@/ }]], 'the gateway knows');
  desk.nextSignIn(new Error('the key of pat@home.example'));
  t.same(await send(socketPath, '/desk/1/enterCode', `${JSON.stringify({ ...ask, client: CLIENT })}\n`), { status: 500, text: '' });
  for (const code of ['auth.busy', 'store.disk-full', 'store.unavailable', 'store.too-slow'] as const) {
    desk.nextSignIn(new MailError(code));
    await t.rejects(client.enterCode(ask, CLIENT), { code: 'busy' }, code);
  }
  t.equal(bugs.length, 2, 'busy is no bug');
});

await t.test('content that fails on its way is cut, never short', async (t) => {
  const desk = {
    ...memory(),
    async sealed() {
      return (async function* () {
        yield Buffer.alloc(100_000);
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('the disk');
      })();
    },
  };
  const { client, bugs } = await deskOverWire(t, desk);
  const sealed = await client.sealed({ session: SESSION, deliveryId: 'x' });
  const read = async (): Promise<void> => {
    for await (const piece of sealed ?? []) t.ok(piece.length > 0);
  };
  await t.rejects(read(), { code: 'cut-off' });
  t.equal(bugs.length, 1);
});

await t.test('content waits for whoever reads it', async (t) => {
  let given = 0;
  const desk = {
    ...memory(),
    async sealed() {
      return (async function* () {
        for (; given < 2_000; given++) yield Buffer.alloc(65_536);
      })();
    },
  };
  const { client } = await deskOverWire(t, desk);
  const sealed = (await client.sealed({ session: SESSION, deliveryId: 'x' })) ?? [];
  let read = 0;
  for await (const piece of sealed) {
    read += piece.length;
    if (read > 200_000) break;
  }
  t.ok(given < 1_000, `${given} pieces of 2000 were asked for`);
});

await t.test('a body that ends before its end, or never wanted', async (t) => {
  const desk = memory();
  const { client, bugs } = await deskOverWire(t, desk);
  const link = desk.links[0] ?? '';
  desk.clinicCode(link);
  const entered = await client.enterCode({ link, code: '87654321', session: null }, CLIENT);
  const session = entered.kind === 'signed-in' ? entered.session : '';
  const message = {
    to: 'desk@clinic.example',
    form: 'F'.repeat(22),
    subject: '',
    contentType: 'text/plain; charset=utf-8',
    transferEncoding: '7bit',
  } as const;
  const broken = async function* () {
    yield Buffer.alloc(50_000, 'x');
    throw new Error('the browser went away');
  };
  await t.rejects(client.begin({ session, message, body: broken() }, CLIENT), {
    code: 'body',
    message: 'the gateway cannot be asked: body',
  });
  t.same(desk.answers, [], 'half an answer is none');
  t.equal(await client.look('x', CLIENT), null);
  t.same(bugs, [], "and nobody's fault here");
  const endless = new PassThrough();
  endless.write('x'.repeat(1_000));
  t.same(
    await client.begin({ session: SESSION, message, body: endless }, CLIENT),
    { kind: 'signed-out' },
    'answered before the body has come',
  );
  endless.destroy();
});

await t.test('where the socket may lie', async (t) => {
  const folder = temporaryFolder(t);
  const at = deskSocketPath(join(folder, 'run'));
  t.equal(dirname(at), join(folder, 'run-portal'), 'beside the folder that only the service may enter');
  const text = async (path: string): Promise<string> => {
    const started = await startDeskServer(path, memory(), { bug: () => undefined });
    if (started.kind === 'refused') return started.text;
    await started.server.close();
    return 'listening';
  };
  t.equal(await text(at), 'listening', 'the folder is made');
  t.equal(await text(at), 'listening', 'and used again');
  chmodSync(dirname(at), 0o755);
  t.match(await text(at), /can be entered by others/);
  chmodSync(dirname(at), 0o750);
  writeFileSync(at, 'notes');
  t.match(await text(at), /no socket lies/);
  t.match(await text(join(folder, 'x'.repeat(120), 'desk.sock')), /too long/);
  mkdirSync(join(folder, 'other'), { mode: 0o700 });
  writeFileSync(join(folder, 'other', 'file'), '');
  await t.rejects(text(join(folder, 'other', 'file', 'desk.sock')), 'a file where the folder would be');
  const taken = await deskOverWire(t, memory());
  t.match(await text(taken.socketPath), /a running service answers/);
});
