// What a TLS floor would find at a next hop, without sending mail: for `postern tls-check` and for a person who asks.
import type { NextHop } from '../mail/next-hop.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { TlsEvidence, TlsFloor } from '../mail/tls.ts';
import { openSession } from './handshake.ts';
import { Stops } from './stop.ts';
import type { Timeouts } from './timeouts.ts';
import { TlsContexts } from './tls-contexts.ts';
import { NIST_800_52R2 } from './tls-profile.ts';

export interface Probed {
  readonly address: string;
  /** Null: it would do. Else why not, or why nothing is known. */
  readonly code: MailErrorCode | null;
  readonly tls: TlsEvidence | null;
}

export interface ProbeOptions {
  readonly name: string;
  readonly trustAnchors: readonly string[];
  readonly timeouts: Timeouts;
}

const QUIT_WAIT_MS = 2_000;

/** Opens a session at one address of a next hop as a delivery with this floor would, and quits. */
export async function probe(hop: NextHop, address: string, floor: TlsFloor, options: ProbeOptions, signal: AbortSignal): Promise<Probed> {
  const stops = new Stops();
  const stop = stops.follow(signal);
  try {
    const opened = await openSession(
      address,
      { hop, applied: { floor, requireTls: false }, credentials: null, resume: null, onSession: () => undefined, stop },
      { name: options.name, timeouts: options.timeouts, contexts: new TlsContexts(NIST_800_52R2, options.trustAnchors) },
    );
    if (opened.kind === 'open') {
      await opened.session.connection.quit(QUIT_WAIT_MS);
      return { address, code: null, tls: opened.session.tls };
    }
    const { outcome } = opened;
    return outcome.kind === 'relayed' ? { address, code: null, tls: outcome.tls } : { address, code: outcome.code, tls: outcome.tls };
  } finally {
    stops.release(signal, stop);
  }
}
