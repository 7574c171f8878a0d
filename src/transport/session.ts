// An open session with a next hop: connected, judged, greeted, logged in. Mail can go out, one message after another.
import type { TlsEvidence } from '../mail/tls.ts';
import type { Connection } from './connection.ts';
import type { Offer } from './offer.ts';

export interface Session {
  readonly connection: Connection;
  readonly offer: Offer;
  /** `reach` as the next hop has it by itself; a message with REQUIRETLS may say more. */
  readonly tls: TlsEvidence;
  /** Steady clock, milliseconds. */
  readonly openedAt: number;
}
