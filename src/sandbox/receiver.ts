// One mail server of the sink: takes mail as its domain's role says, counts it, and throws the content away as it arrives; only what the gateway
// itself has written can be kept.
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { IssuedCertificate } from '../pki/issue.ts';
import { FULL_FOR_NOW } from './domains.ts';
import type { Behaves, SandboxDomain } from './domains.ts';
import type { Ledger } from './ledger.ts';
import { isOwnMail, type OwnMail } from './mailbox.ts';

export interface ReceiverOptions {
  readonly server: NonNullable<SandboxDomain['server']>;
  /** Null for the server without TLS. */
  readonly identity: IssuedCertificate | null;
  readonly ledger: Ledger;
  /** Gets what the gateway itself has written, or null where nobody reads it. */
  readonly keepOwn: ((mail: OwnMail) => void) | null;
  readonly now: () => number;
  /** How long the slow server thinks before each answer to RCPT and to the content. */
  readonly slowMs: number;
}

export interface Receiver {
  /** @throws where the address or port cannot be had (EADDRINUSE). Gives the port. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** Header octets looked through for a Message-ID. */
const HEADER_BYTES = 64 * 1024;
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
/** First attempts that the greylisting server remembers. */
const GREYLIST_ENTRIES = 10_000;
const CLOSE_TIMEOUT_MS = 250;

export function createReceiver(options: ReceiverOptions): Receiver {
  const { server: played, identity } = options;
  const stopping = new AbortController();
  const refuse = refusals(played.behaves);
  const pause = (): Promise<unknown> =>
    played.behaves === 'slowly' ? delay(options.slowMs, undefined, { signal: stopping.signal }).catch(() => undefined) : Promise.resolve();
  const server = new SMTPServer({
    name: played.host,
    banner: 'Postern sandbox: nothing is sent on',
    ...(identity === null ? {} : { key: identity.privateKey, cert: identity.certificate, minVersion: 'TLSv1.2' }),
    disabledCommands: identity === null ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    authOptional: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    hideREQUIRETLS: false,
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    noDelay: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onRcptTo(address, session, callback) {
      void pause().then(() => callback(refuse(reversePathOf(session), address.address)));
    },
    onData(stream, session, callback) {
      void take(stream, session, options)
        .then(pause)
        .then(
          () => callback(null, 'taken by the sandbox'),
          () => callback(reply(451, 'Content was cut off')),
        );
    },
  });
  // A client that goes away or fails its handshake (that is what some of these servers are for) is no event here.
  server.on('error', () => undefined);
  return {
    listen: (port) => listen(server, port, played.address),
    close() {
      stopping.abort();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Listens on the loopback address of the role. */
function listen(server: SMTPServer, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.server.once('error', failed);
    server.listen(port, address, () => {
      server.server.off('error', failed);
      const bound = server.server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

type Refuse = (reversePath: string, recipient: string) => Error | null;

function refusals(behaves: Behaves): Refuse {
  switch (behaves) {
    case 'full':
      return (_reversePath, recipient) =>
        recipient.toLowerCase().startsWith(`${FULL_FOR_NOW}@`)
          ? reply(452, 'Mailbox is full, try again later')
          : reply(552, 'Mailbox is full');
    case 'greylists':
      return greylist();
    case 'takes':
    case 'slowly':
      return () => null;
  }
}

/** Refuses a pair of reverse-path and recipient the first time only. */
function greylist(): Refuse {
  const seen = new Set<string>();
  return (reversePath, recipient) => {
    const pair = `${reversePath}\n${recipient}`.toLowerCase();
    if (seen.has(pair)) return null;
    seen.add(pair);
    if (seen.size > GREYLIST_ENTRIES) for (const oldest of [...seen].slice(0, GREYLIST_ENTRIES / 10)) seen.delete(oldest);
    return reply(451, 'Greylisted, try again later');
  };
}

async function take(stream: SMTPServerDataStream, session: SMTPServerSession, options: ReceiverOptions): Promise<void> {
  const start: Buffer[] = [];
  let kept = 0;
  let sizeBytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (kept >= HEADER_BYTES) continue;
    start.push(piece.subarray(0, HEADER_BYTES - kept));
    kept += piece.length;
  }
  const octets = Buffer.concat(start);
  const [header = ''] = octets.toString('latin1').split('\r\n\r\n', 1);
  const at = options.now();
  const recipients = session.envelope.rcptTo.map(({ address }) => address);
  if (isOwnMail(header)) options.keepOwn?.({ at, recipients, octets });
  options.ledger.add({
    at,
    host: options.server.host,
    recipients,
    header,
    sizeBytes,
    tls: session.tlsOptions === false ? null : session.tlsOptions.version,
  });
}

function reversePathOf(session: SMTPServerSession): string {
  const { mailFrom } = session.envelope;
  return mailFrom === false ? '' : mailFrom.address;
}

/** The enhanced status is smtp-server's own for the code: 5.2.2, 4.2.2, 4.3.0. */
function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
