// One question to one name server over UDP, from a random port (the system's choice for a socket of its own).
// Guarantee: ends at the time limit; replies that are not ours are passed over, but not without end.
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { readReply } from './message.ts';
import type { Query, Reply } from './message.ts';

export interface NameServer {
  readonly address: string;
  readonly port: number;
}

export type Exchanged =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** To be asked again over TCP: too large, or so many strange replies that somebody seems to guess our id. */
  | { readonly kind: 'use-tcp' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unreachable' };

const MAX_STRANGE_REPLIES = 8;

/** An error and a time-out may come together; the second finds the socket closed. */
function close(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // Closed already.
  }
}

export function exchangeUdp(server: NameServer, query: Query, timeoutMs: number, signal: AbortSignal): Promise<Exchanged> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    const end = (result: Exchanged): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      // Only our own listeners: the socket needs the others to close while it still binds.
      socket.removeAllListeners('message');
      socket.removeAllListeners('connect');
      close(socket);
      resolve(result);
    };
    const stop = (): void => end({ kind: 'silent' });
    const timer = setTimeout(stop, timeoutMs);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop);
    let strange = 0;
    socket.on('message', (bytes) => {
      const reply = readReply(bytes, query);
      if (reply === 'not-ours') {
        if (++strange >= MAX_STRANGE_REPLIES) end({ kind: 'use-tcp' });
      } else if (reply === 'truncated') end({ kind: 'use-tcp' });
      else end(reply === 'malformed' ? { kind: 'malformed' } : { kind: 'reply', reply });
    });
    socket.on('error', () => end({ kind: 'unreachable' }));
    // Connected, so that the system drops datagrams of other senders and tells of a closed port.
    socket.on('connect', () => socket.send(query.bytes));
    socket.connect(server.port, server.address);
  });
}
