// Requests to the transport, with whatever the case wants different: a next hop on loopback, an envelope, content from text.
import { createTransport, type TransportOptions } from '../../src/transport/smtp-transport.ts';
import type { SendRequest, Transport, Wire } from '../../src/transport/transport.ts';
import type { NextHop } from '../../src/mail/next-hop.ts';
import type { Recipient } from '../../src/mail/envelope.ts';

export const PEER_NAME = 'mx.peer.test';

export const SHORT = 'From: a@clinic.test\r\nSubject: results\r\n\r\nHello.\r\n';

/** The peer as MX of a domain, found by plain DNS. */
export function nextHop(port: number, changes: Partial<NextHop> = {}): NextHop {
  return {
    host: PEER_NAME,
    addresses: ['127.0.0.1'],
    port,
    tls: 'starttls',
    referenceNames: [PEER_NAME],
    authenticity: 'unsigned',
    tlsa: null,
    published: null,
    reach: 'recipient-domain',
    credentials: null,
    ...changes,
  };
}

export function recipient(address: string, changes: Partial<Recipient> = {}): Recipient {
  return { address, notify: null, orcpt: null, ...changes };
}

/** Content in chunks of the given size; in one where none is given. */
export function wire(text: string | Buffer, changes: Partial<Wire> & { readonly chunk?: number } = {}): Wire {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const { chunk = bytes.length, ...rest } = changes;
  return {
    sizeBytes: bytes.length,
    body: '7bit',
    needs: 'nothing',
    async *read() {
      for (let from = 0; from < bytes.length; from += chunk) yield bytes.subarray(from, from + chunk);
    },
    ...rest,
  };
}

export type RequestChanges = Partial<Omit<SendRequest, 'envelope' | 'hop'>> & { readonly envelope?: Partial<SendRequest['envelope']> };

export function sendRequest(hop: NextHop, changes: RequestChanges = {}): SendRequest {
  const { envelope, ...rest } = changes;
  return {
    hop,
    floor: 'tls-verified',
    recipients: [recipient('patient@peer.test')],
    content: wire(SHORT),
    beforeFinalDot: async () => 'go',
    signal: new AbortController().signal,
    ...rest,
    envelope: { reversePath: 'doctor@clinic.test', smtpUtf8: false, requireTls: false, ret: null, envid: null, ...envelope },
  };
}

/** Time-outs that a fast machine never meets and a test can wait for. */
export const QUICK = { connectMs: 2_000, greetingMs: 2_000, commandMs: 2_000, dataStartMs: 2_000, dataBlockMs: 2_000, dataEndMs: 2_000 };

/** A transport that is closed when the test ends. */
export function startTransport(t: { teardown(handler: () => Promise<void>): void }, options: Partial<TransportOptions>): Transport {
  const transport = createTransport({
    name: 'gateway.clinic.test',
    trustAnchors: [],
    credentials: () => null,
    timeouts: QUICK,
    ...options,
  });
  t.teardown(() => transport.close());
  return transport;
}
