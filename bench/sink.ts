// The sink: a program of its own that takes mail over STARTTLS, throws it away and remembers when each message arrived.
// Started by the bench with a channel; listens on a loopback port chosen by the system.
import net from 'node:net';
import tls from 'node:tls';
import { cpuMs, monotonicMs } from './protocol.ts';
import type { Arrival, SinkAnswer, SinkOrder } from './protocol.ts';
import { SinkSession } from './sink-session.ts';

let arrivals: Arrival[] = [];

function serve(socket: net.Socket, secureContext: tls.SecureContext): void {
  socket.on('error', () => socket.destroy());
  let upgrade = false;
  const session = new SinkSession('clear', {
    write(text) {
      socket.write(text);
      if (upgrade) secure(socket, secureContext);
    },
    startTls() {
      upgrade = true;
    },
    end: () => setImmediate(() => socket.end()),
    arrived: (id, bodyBytes) => arrivals.push({ id, at: monotonicMs(), bodyBytes, tls: 'no' }),
  });
  socket.on('data', (piece) => session.feed(piece));
  socket.write('220 sink.bench.test ESMTP\r\n');
}

function secure(socket: net.Socket, secureContext: tls.SecureContext): void {
  socket.removeAllListeners('data');
  const secured = new tls.TLSSocket(socket, { isServer: true, secureContext });
  secured.on('error', () => secured.destroy());
  const session = new SinkSession('tls', {
    write: (text) => secured.write(text),
    startTls: () => undefined,
    end: () => setImmediate(() => secured.end()),
    arrived: (id, bodyBytes) => arrivals.push({ id, at: monotonicMs(), bodyBytes, tls: 'yes' }),
  });
  secured.on('data', (piece: Buffer) => session.feed(piece));
}

const answer = (message: SinkAnswer): unknown => process.send?.(message);

process.on('message', (order: SinkOrder) => {
  switch (order.kind) {
    case 'listen': {
      const secureContext = tls.createSecureContext({ key: order.key, cert: order.cert, minVersion: 'TLSv1.2' });
      const server = net.createServer({ noDelay: true }, (socket) => serve(socket, secureContext));
      server.listen(0, '127.0.0.1', () => {
        const bound = server.address();
        answer({ kind: 'listening', port: typeof bound === 'object' && bound !== null ? bound.port : 0 });
      });
      break;
    }
    case 'count':
      answer({ kind: 'counted', count: arrivals.length });
      break;
    case 'take':
      answer({ kind: 'taken', arrivals, cpuMs: cpuMs() });
      arrivals = [];
      break;
  }
});
process.on('disconnect', () => process.exit(0));
