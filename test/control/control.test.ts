// The control socket over a real Unix socket: what is answered, what is refused, and what a client cannot do to the service.
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import { statSync } from 'node:fs';
import t from 'tap';
import { controlClient } from '../../src/control/client.ts';
import type { ControlHandlers } from '../../src/control/commands.ts';
import { CONTROL_LIMITS, startControlServer } from '../../src/control/server.ts';
import type { ControlOptions, ControlServer } from '../../src/control/server.ts';
import { controlHandlers } from '../support/control-handlers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Running {
  readonly path: string;
  readonly server: ControlServer;
  readonly answered: string[];
  readonly bugs: unknown[];
}

async function running(
  t: Parameters<typeof temporaryFolder>[0],
  handlers: Partial<ControlHandlers>,
  limits: Partial<ControlOptions> = {},
): Promise<Running> {
  const path = join(temporaryFolder(t), 'run', 'control.sock');
  const answered: string[] = [];
  const bugs: unknown[] = [];
  const started = await startControlServer(path, controlHandlers(handlers), {
    ...CONTROL_LIMITS,
    answered: (command, result) => void answered.push(`${command} ${result}`),
    bug: (_where, error) => `bug-${bugs.push(error)}`,
    ...limits,
  });
  if (started.kind === 'refused') throw new Error(started.text);
  t.teardown(() => void started.server.close());
  return { path, server: started.server, answered, bugs };
}

/** Sends bytes as they are; gives the lines that came back until the server closed or `lines` have come. */
async function raw(path: string, bytes: string | Buffer, lines = Infinity): Promise<readonly Record<string, unknown>[]> {
  const socket = net.connect(path);
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece) => {
    text += piece.toString();
    if (text.split('\n').length > lines) socket.destroy();
  });
  socket.write(bytes);
  await once(socket, 'close');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const request = (command: string, asked: unknown = {}): string => `${JSON.stringify({ v: 1, command, request: asked })}\n`;

await t.test('a command and its answer', async (t) => {
  const { path, answered } = await running(t, {
    'account.disable': async ({ name, who }) => ({ kind: 'done', value: { sessionsClosed: name === 'lab' && who === 'root' ? 2 : 0 } }),
    'account.enable': async () => ({ kind: 'failed', code: 'not-found', text: 'there is no account of this name' }),
  });
  const client = controlClient(path);
  t.same(await client.call('account.disable', { name: 'lab', who: 'root' }), { kind: 'done', value: { sessionsClosed: 2 } });
  t.same(await client.call('account.enable', { name: 'x', who: 'root' }), {
    kind: 'failed',
    code: 'not-found',
    text: 'there is no account of this name',
  });
  t.same(answered, ['account.disable done', 'account.enable not-found']);
});

await t.test('the socket and its folder are for one user only', async (t) => {
  const { path } = await running(t, {});
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
});

await t.test('requests that are not right', async (t) => {
  const { path } = await running(t, { 'queue.show': async () => ({ kind: 'failed', code: 'not-found', text: 'asked' }) });
  const hold = { target: '01JDB2V3X8QK4T6M9W0YHZ5RCE', who: 'root', why: 'a reason' };
  const cases: readonly (readonly [name: string, line: string, code: string])[] = [
    ['no JSON', 'hello\n', 'bad-request'],
    ['an empty line', '\n', 'bad-request'],
    ['another version', `${JSON.stringify({ v: 2, command: 'status', request: {} })}\n`, 'bad-request'],
    ['a field too many', `${JSON.stringify({ v: 1, command: 'status', request: {}, x: 1 })}\n`, 'bad-request'],
    ['an unknown command', request('shutdown'), 'bad-request'],
    ['a command of the language', request('constructor'), 'bad-request'],
    ['a request with a field too many', request('status', { x: 1 }), 'bad-request'],
    ['an id that is none', request('queue.show', { messageId: '../../etc/passwd' }), 'bad-request'],
    ['holding without a reason', request('queue.hold', { ...hold, why: '' }), 'bad-request'],
    ['holding with a reason of spaces', request('queue.hold', { ...hold, why: '   ' }), 'bad-request'],
    ['holding by nobody', request('queue.hold', { ...hold, who: '' }), 'bad-request'],
    ['a list without bound', request('queue.list', { states: null, after: null, limit: 1e6 }), 'bad-request'],
    ['a state that is none', request('queue.list', { states: ['lost'], after: null, limit: 10 }), 'bad-request'],
    ['a good one after all', request('queue.show', { messageId: '01JDB2V3X8QK4T6M9W0YHZ5RCE' }), 'not-found'],
  ];
  for (const [name, line, code] of cases) {
    const [answer] = await raw(path, line, 1);
    t.match(answer, { v: 1, ok: false, code }, name);
    t.notMatch(JSON.stringify(answer), /passwd|hello/, `${name}: nothing is repeated`);
  }
});

await t.test('several requests on one connection are answered in turn', async (t) => {
  const order: string[] = [];
  const { path } = await running(t, {
    'account.disable': async ({ name }) => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      return { kind: 'done', value: { sessionsClosed: 0 } };
    },
  });
  const answers = await raw(
    path,
    request('account.disable', { name: 'a', who: 'w' }) + request('account.disable', { name: 'b', who: 'w' }),
    2,
  );
  t.equal(answers.length, 2);
  t.same(order, ['a begins', 'a ends', 'b begins', 'b ends']);
});

await t.test('a request in pieces, and one that never ends', async (t) => {
  const { path } = await running(t, { status: async () => ({ kind: 'failed', code: 'unavailable', text: 'whole' }) });
  const socket = net.connect(path);
  for (const piece of request('status').match(/.{1,5}|\n/gs) ?? []) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [answer] = (await once(socket, 'data')) as [Buffer];
  t.match(answer.toString(), /whole/);
  socket.destroy();
  t.match(await raw(path, Buffer.alloc(2 * 1024 * 1024, 0x61)), [{ ok: false, code: 'bad-request', text: 'the request is too large' }]);
});

await t.test('a handler that throws: a correlation id, not its text', async (t) => {
  const { path, bugs } = await running(t, {
    status: () => Promise.reject(new Error('patient Ann Smith')),
    reload: () => {
      throw new Error('patient Ann Smith');
    },
  });
  const client = controlClient(path);
  t.match(await client.call('status', {}), { kind: 'failed', code: 'internal', text: /bug-1/ });
  const second = await client.call('reload', { who: 'root' });
  t.match(second, { kind: 'failed', code: 'internal', text: /bug-2/ });
  t.notMatch(JSON.stringify(second), /Ann/);
  t.equal(bugs.length, 2);
});

await t.test('a handler that takes too long', async (t) => {
  let finish: (() => void) | null = null;
  const { path } = await running(
    t,
    { status: () => new Promise((resolve) => (finish = () => resolve({ kind: 'failed', code: 'unavailable', text: '' }))) },
    { handlerMs: 20 },
  );
  t.match(await controlClient(path).call('status', {}), { kind: 'failed', code: 'too-long' });
  t.type(finish, 'function', 'it was asked');
});

await t.test('a client that says nothing is let go, and too many are told so', async (t) => {
  const { path } = await running(t, {}, { idleMs: 30, connections: 2 });
  const silent = [net.connect(path), net.connect(path)];
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  t.match(await controlClient(path).call('status', {}), { kind: 'failed', code: 'busy' });
  await Promise.all(silent.map((socket) => once(socket.resume(), 'close')));
  t.match(await controlClient(path).call('status', {}), { kind: 'failed', code: 'unavailable' }, 'places are free again');
});

await t.test('closing lets the running command end, and removes the socket', async (t) => {
  let finish = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    t.context = resolve;
  });
  const { path, server } = await running(t, {
    status: () =>
      new Promise((resolve) => {
        finish = () => resolve({ kind: 'failed', code: 'unavailable', text: 'ended in order' });
        (t.context as () => void)();
      }),
  });
  const idle = net.connect(path);
  await once(idle, 'connect');
  const call = controlClient(path).call('status', {});
  await asked;
  const closed = server.close();
  finish();
  t.match(await call, { kind: 'failed', text: 'ended in order' });
  await closed;
  t.same(await controlClient(path).call('status', {}), { kind: 'no-service' });
  idle.destroy();
});
