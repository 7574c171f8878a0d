// The client of the control socket: one connection per command. Every way to fail is a value.
import net from 'node:net';
import type { ControlAnswers, ControlCommand, ControlRequest, ControlResult } from './commands.ts';
import { CONTROL_PROTOCOL, LineReader, parseLine, RESPONSE_BYTES, responseLine } from './protocol.ts';

/** `no-service`: nobody listens there. `no-permission`: the folder is another user's. */
export type ControlCall<T> =
  | ControlResult<T>
  | { readonly kind: 'no-service' }
  | { readonly kind: 'no-permission' }
  | { readonly kind: 'broken'; readonly text: string };

export interface ControlClient {
  call<C extends ControlCommand>(command: C, request: ControlRequest<C>): Promise<ControlCall<ControlAnswers[C]>>;
}

/** Answers are those of a service that runs under our own user (file permissions), so their inner shape is taken as the version's. */
export function controlClient(socketPath: string, options: { readonly timeoutMs: number } = { timeoutMs: 150_000 }): ControlClient {
  return {
    async call<C extends ControlCommand>(command: C, request: ControlRequest<C>) {
      const line = `${JSON.stringify({ v: CONTROL_PROTOCOL, command, request })}\n`;
      const answer = await exchange(socketPath, line, options.timeoutMs);
      if (answer.kind !== 'line') return answer;
      const parsed = responseLine.safeParse(parseLine(answer.line));
      if (!parsed.success) return { kind: 'broken', text: 'the service answered in another version of the protocol' };
      if (!parsed.data.ok) return { kind: 'failed', code: parsed.data.code, text: parsed.data.text };
      return { kind: 'done', value: parsed.data.value as ControlAnswers[C] };
    },
  };
}

type Exchange =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'no-service' }
  | { readonly kind: 'no-permission' }
  | { readonly kind: 'broken'; readonly text: string };

function exchange(socketPath: string, request: string, timeoutMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const reader = new LineReader(RESPONSE_BYTES);
    const socket = net.connect(socketPath);
    const end = (result: Exchange): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => end({ kind: 'broken', text: 'the service did not answer in time' }));
    socket.once('connect', () => socket.write(request));
    socket.on('data', (piece) => {
      const lines = reader.push(piece);
      if (lines === 'too-long') end({ kind: 'broken', text: 'the answer of the service is too large' });
      else if (lines[0] !== undefined) end({ kind: 'line', line: lines[0] });
    });
    socket.once('error', (error: NodeJS.ErrnoException) => end(connectFailure(error.code)));
    socket.once('close', () => resolve({ kind: 'broken', text: 'the service closed the connection without an answer' }));
  });
}

function connectFailure(code: string | undefined): Exchange {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'no-service' };
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'no-permission' };
  return { kind: 'broken', text: 'the connection to the service was lost' };
}
