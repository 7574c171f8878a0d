// The control server: a Unix socket in a folder that only the service's user can enter. Requests are checked, bounded and answered in turn.
import { chmod } from 'node:fs/promises';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CONTROL_REQUESTS } from './commands.ts';
import type { ControlCommand, ControlHandlers, ControlResult } from './commands.ts';
import { CONTROL_PROTOCOL, LineReader, parseLine, REQUEST_BYTES, requestLine } from './protocol.ts';
import { prepareSocket } from './socket-path.ts';

export interface ControlServer {
  /** Takes no new requests, lets the running ones end, removes the socket. */
  close(): Promise<void>;
}

export interface ControlOptions {
  /** A connection without a complete request is closed after this. */
  readonly idleMs: number;
  /** A command that takes longer is answered 'too-long'; it goes on in the service. */
  readonly handlerMs: number;
  readonly connections: number;
  /** One answered command: its name or 'unknown', 'done' or the failure's code. */
  readonly answered: (command: string, result: string, tookMs: number) => void;
  /** An exception of a handler; gives the correlation id for the answer. */
  readonly bug: (command: string, error: unknown) => string;
}

export const CONTROL_LIMITS = { idleMs: 10_000, handlerMs: 120_000, connections: 16 } as const;

export type ControlStart =
  { readonly kind: 'listening'; readonly server: ControlServer } | { readonly kind: 'refused'; readonly text: string };

/** Listens at `socketPath`. A stale socket file is replaced only when nobody answers there. */
export async function startControlServer(socketPath: string, handlers: ControlHandlers, options: ControlOptions): Promise<ControlStart> {
  const place = await prepareSocket(socketPath);
  if (place.kind === 'refused') return place;
  const open = new Set<Connection>();
  const server = net.createServer((socket) => {
    if (open.size >= options.connections) {
      socket.on('error', () => socket.destroy());
      socket.end(failureLine('busy', 'too many commands at once'));
      return;
    }
    const connection: Connection = { socket, waiting: 0, closing: false };
    open.add(connection);
    socket.once('close', () => open.delete(connection));
    serveConnection(connection, handlers, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath }, resolve);
  });
  await chmod(socketPath, 0o600);
  return { kind: 'listening', server: { close: () => closeServer(server, open) } };
}

interface Connection {
  readonly socket: net.Socket;
  /** Requests that have come and have no answer yet. */
  waiting: number;
  /** No more requests are taken. */
  closing: boolean;
}

function serveConnection(connection: Connection, handlers: ControlHandlers, options: ControlOptions): void {
  const { socket } = connection;
  const reader = new LineReader(REQUEST_BYTES);
  let turn = Promise.resolve();
  socket.setTimeout(options.idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece) => {
    if (connection.closing) return;
    const lines = reader.push(piece);
    if (lines === 'too-long') {
      connection.closing = true;
      socket.end(failureLine('bad-request', 'the request is too large'));
      return;
    }
    for (const line of lines) {
      connection.waiting += 1;
      turn = turn.then(() => answerLine(connection, line, handlers, options));
    }
    // What is not read yet waits in the kernel, not here.
    if (connection.waiting > 0) socket.pause();
  });
}

/** One request, one line back. The idle clock stands still while the command works. */
async function answerLine(connection: Connection, line: string, handlers: ControlHandlers, options: ControlOptions): Promise<void> {
  const { socket } = connection;
  if (socket.destroyed) return;
  socket.setTimeout(0);
  const startedAt = performance.now();
  const { command, result } = await perform(line, handlers, options);
  options.answered(command, result.kind === 'done' ? 'done' : result.code, Math.round(performance.now() - startedAt));
  connection.waiting -= 1;
  if (socket.destroyed) return;
  socket.write(
    result.kind === 'done'
      ? `${JSON.stringify({ v: CONTROL_PROTOCOL, ok: true, value: result.value })}\n`
      : failureLine(result.code, result.text),
  );
  if (connection.waiting > 0) return;
  if (connection.closing) socket.destroySoon();
  socket.setTimeout(options.idleMs);
  socket.resume();
}

async function perform(
  line: string,
  handlers: ControlHandlers,
  options: ControlOptions,
): Promise<{ command: string; result: ControlResult<unknown> }> {
  const parsed = requestLine.safeParse(parseLine(line));
  if (!parsed.success)
    return {
      command: 'unknown',
      result: failed('bad-request', 'the request is not of this version of the protocol: use the postern command of the running version'),
    };
  const { command, request } = parsed.data;
  if (!isCommand(command)) return { command: 'unknown', result: failed('bad-request', 'the running service does not know this command') };
  try {
    return { command, result: await bounded(callHandler(command, request, handlers), options.handlerMs) };
  } catch (error) {
    return {
      command,
      result: failed('internal', `unexpected error ${options.bug(`control.${command}`, error)}: the service's log has more`),
    };
  }
}

function isCommand(command: string): command is ControlCommand {
  return Object.hasOwn(CONTROL_REQUESTS, command);
}

async function callHandler<C extends ControlCommand>(
  command: C,
  request: unknown,
  handlers: ControlHandlers,
): Promise<ControlResult<unknown>> {
  const checked = CONTROL_REQUESTS[command].safeParse(request);
  if (!checked.success)
    return failed(
      'bad-request',
      `a value of the request is not right: ${checked.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
    );
  const handler: (request: never) => Promise<ControlResult<unknown>> = handlers[command];
  return handler(checked.data as never);
}

async function bounded(work: Promise<ControlResult<unknown>>, limitMs: number): Promise<ControlResult<unknown>> {
  const clock = new AbortController();
  const late = delay(limitMs, failed('too-long', 'the command takes too long; it may still be done'), { signal: clock.signal }).catch(() =>
    failed('internal', ''),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clock.abort();
  }
}

function failed(code: Extract<ControlResult<unknown>, { kind: 'failed' }>['code'], text: string): ControlResult<never> {
  return { kind: 'failed', code, text };
}

function failureLine(code: string, text: string): string {
  return `${JSON.stringify({ v: CONTROL_PROTOCOL, ok: false, code, text })}\n`;
}

function closeServer(server: net.Server, open: ReadonlySet<Connection>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const connection of open) {
      connection.closing = true;
      if (connection.waiting === 0) connection.socket.destroySoon();
    }
  });
}
