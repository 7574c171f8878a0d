// Starts one listener of the submission surface and gives the handle to stop it and to renew what may change.
import type { AddressInfo } from 'node:net';
import { SubmissionServer } from './listener.ts';
import type { ListenerCertificate, SubmissionDeps, SubmissionOptions } from './options.ts';

export interface SubmissionListener {
  readonly name: string;
  readonly port: number;
  /** New connections get it. @throws Error where certificate and key do not fit: the old one stays. */
  renewCertificate(certificate: ListenerCertificate): void;
  /** After limits or trust changed. */
  refresh(): void;
  /** Open sessions. */
  readonly sessions: number;
  /**
   * Takes no more connections, says 421 to sessions that are idle, lets those in the middle of a message finish within the time.
   * Gives the number of messages that were cut off. Resolves when every socket is closed.
   */
  stop(graceMs: number): Promise<{ readonly unfinished: number }>;
}

/** @throws Error where the address cannot be listened on, or certificate and key do not fit: no certificate, no listener. */
export async function startSubmission(options: SubmissionOptions, deps: SubmissionDeps): Promise<SubmissionListener> {
  const server = new SubmissionServer(options, deps);
  const closed = new Promise<void>((resolve) => server.server.once('close', resolve));
  const { port } = await listen(server, options);
  return {
    name: options.name,
    port,
    renewCertificate: (certificate) => server.renew(certificate),
    refresh: () => server.refresh(),
    get sessions() {
      return server.sessions;
    },
    stop: (graceMs) => stop(server, closed, graceMs),
  };
}

function listen(server: SubmissionServer, { address, port }: SubmissionOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen({ port, ...(address === null ? {} : { host: address }), backlog: 512 }, () => {
      server.server.off('error', reject);
      const bound = server.server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('not a TCP listener'));
      else resolve(bound);
    });
  });
}

async function stop(server: SubmissionServer, closed: Promise<void>, graceMs: number): Promise<{ readonly unfinished: number }> {
  server.stopSessions();
  let unfinished = 0;
  const force = setTimeout(() => {
    unfinished = server.destroySessions();
  }, graceMs);
  await closed;
  await server.quiet();
  clearTimeout(force);
  return { unfinished };
}
