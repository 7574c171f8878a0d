// The seam of the outgoing SMTP dialogue: one message to one next hop under a TLS floor, one outcome per recipient.
import type { Envelope, Recipient } from '../mail/envelope.ts';
import type { NextHop } from '../mail/next-hop.ts';
import type { Outcome } from '../mail/outcome.ts';
import type { Protection } from '../mail/tls.ts';

/** Content for the wire, before dot-stuffing: CRLF lines. Every `read` starts anew; chunks are verified before they are given. */
export interface Wire {
  readonly sizeBytes: number;
  readonly body: '7bit' | '8bitmime';
  /** What the next hop must offer because the content can no longer be changed. */
  readonly needs: 'nothing' | '8bitmime' | 'smtputf8';
  read(): AsyncIterable<Uint8Array>;
}

export interface SendRequest {
  readonly hop: NextHop;
  readonly floor: Protection;
  readonly envelope: Pick<Envelope, 'reversePath' | 'smtpUtf8' | 'requireTls' | 'ret' | 'envid'>;
  /** All of one message and one destination. */
  readonly recipients: readonly Recipient[];
  readonly content: Wire;
  /**
   * Called once, when at least one recipient has been taken and the dialogue goes on to content. The final dot is sent only after it
   * resolved to 'go'; on 'stop' (lease lost, not durable) the connection is cut before the dot.
   */
  readonly beforeFinalDot: () => Promise<'go' | 'stop'>;
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Outcomes in the order of `recipients`. Never throws for what a peer does; a fault of ours throws. */
  send(request: SendRequest): Promise<readonly Outcome[]>;
  /** Kept connections are closed with QUIT. */
  close(): Promise<void>;
}
