// A real HTTPS server on loopback for tests, which counts requests and can be told what to answer.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestIdentity } from './test-ca.ts';

export class HttpsServer implements AsyncDisposable {
  readonly port: number;
  /** `host path` of each request. */
  readonly requests: string[] = [];
  readonly #server: Server;

  constructor(server: Server, answer: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request, response) => {
      this.requests.push(`${request.headers.host ?? ''} ${request.url ?? ''}`);
      answer(request, response);
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Where the server is asked for a host name. */
  url(host: string, path = '/'): string {
    return `https://${host}:${this.port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startHttpsServer(
  certificate: TestIdentity,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpsServer> {
  const server = createServer({ cert: certificate.certificatePem, key: certificate.keyPem });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new HttpsServer(server, answer);
}
