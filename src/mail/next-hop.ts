// A next hop: one mail server that a delivery may be handed to, with everything that is known about how far it may be trusted.
import type { MailErrorCode } from './mail-error.ts';
import type { NextHopAuthenticity, TlsEvidence, Protection } from './tls.ts';

/** A TLSA record (RFC 6698 2.1). Only usages 2 and 3 are usable for SMTP (RFC 7672 3.1). */
export interface Tlsa {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly data: Uint8Array;
}

export interface NextHop {
  /** Host name, A-labels, lower case: sent as SNI. */
  readonly host: string;
  /** In the order to try. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly tls: 'starttls' | 'implicit';
  /** Names of which one must be in the certificate. */
  readonly referenceNames: readonly string[];
  readonly authenticity: NextHopAuthenticity;
  /**
   * Usable TLSA records, authenticated by DNSSEC: DANE is in force. Empty: records exist, none can be used, so that encryption is
   * mandatory and authenticates nothing (RFC 7672 2.2). Null: none, or not checked.
   */
  readonly tlsa: readonly Tlsa[] | null;
  /** What the domain itself publishes must be met, whatever the floor (DANE, MTA-STS enforce). */
  readonly published: 'dane' | 'mta-sts' | null;
  readonly reach: TlsEvidence['reach'];
  /** Name of the credentials or client certificate to use, of the configuration; null for none. */
  readonly credentials: string | null;
}

/** Where mail for a destination goes now. */
export type Routing =
  | { readonly kind: 'hops'; readonly hops: readonly NextHop[] }
  | { readonly kind: 'deferred'; readonly code: MailErrorCode }
  | { readonly kind: 'failed'; readonly code: MailErrorCode };

/** The floor that really applies at a next hop: the decision's, and what the domain publishes. */
export interface AppliedFloor {
  readonly floor: Protection;
  readonly requireTls: boolean;
}
