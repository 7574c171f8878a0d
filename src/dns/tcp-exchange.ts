// One question to one name server over TCP (RFC 7766): for replies that UDP cannot carry.
// Guarantee: one reply of at most 65,535 octets, within the time limit.
import { connect } from 'node:net';
import { readReply } from './message.ts';
import type { Query } from './message.ts';
import type { Exchanged, NameServer } from './udp-exchange.ts';

export function exchangeTcp(server: NameServer, query: Query, timeoutMs: number, signal: AbortSignal): Promise<Exchanged> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true });
    const end = (result: Exchanged): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(result);
    };
    const stop = (): void => end({ kind: 'silent' });
    const timer = setTimeout(stop, timeoutMs);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop);
    const pieces: Buffer[] = [];
    let received = 0;
    socket.on('connect', () => socket.write(framed(query.bytes)));
    socket.on('data', (piece) => {
      pieces.push(piece);
      received += piece.length;
      if (received < 2) return;
      const all = Buffer.concat(pieces);
      pieces.splice(0, pieces.length, all);
      const length = all.readUInt16BE(0);
      if (received < 2 + length) return;
      const reply = readReply(all.subarray(2, 2 + length), query);
      end(typeof reply === 'string' ? { kind: 'malformed' } : { kind: 'reply', reply });
    });
    socket.on('end', () => end({ kind: 'malformed' }));
    socket.on('error', () => end({ kind: 'unreachable' }));
  });
}

/** A message behind its length (RFC 1035 4.2.2), in one piece. */
function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
