// What the road tells operators as it goes: ids, codes and counts, never content or addresses. daemon/ maps it to the log and metrics.
import type { DeliveryState } from '../mail/delivery.ts';
import type { Level } from '../mail/finding.ts';
import type { BlindSpotKind } from '../mail/message.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { TlsLevel } from '../mail/tls.ts';
import type { Submitter } from '../store/journal.ts';

export interface RoadEvents {
  accepted(event: AcceptedEvent): void;
  /** The intake answered the content with a failure; the surface tells of no such reply itself. `address` is the client's, for sealed evidence. */
  refused(event: RefusedEvent): void;
  read(event: ReadMessageEvent): void;
  settled(event: SettledEvent): void;
  backedOff(event: { readonly destination: Uint8Array; readonly failures: number; readonly forMs: number }): void;
  reported(event: { readonly messageId: string; readonly about: string; readonly kind: string }): void;
  /** Something an administrator must look at. */
  alarm(event: Alarm): void;
  /** A fault of ours: logged with a correlation id, without its text. */
  bug(event: { readonly where: string; readonly error: unknown }): void;
}

export interface RefusedEvent {
  readonly messageId: string;
  readonly submitter: Submitter;
  readonly address: string;
  readonly code: MailErrorCode;
}

export interface AcceptedEvent {
  readonly messageId: string;
  readonly listener: string;
  readonly submitter: Submitter;
  readonly sizeBytes: number;
  readonly recipients: number;
  /** How many of them were recognised as repeats. */
  readonly repeated: number;
  readonly replyMs: number;
}

export interface ReadMessageEvent {
  readonly messageId: string;
  readonly parts: number;
  /** One for each place that could not be read. */
  readonly blindSpots: readonly BlindSpotKind[];
  readonly defects: number;
  readonly level: Level;
  readonly tookMs: number;
}

export interface SettledEvent {
  readonly deliveryId: string;
  readonly destination: Uint8Array;
  readonly state: DeliveryState;
  /** Code of the catalogue, or 'relayed'. */
  readonly code: string;
  readonly method: string;
  readonly attempts: number;
  readonly tls: TlsLevel | null;
  readonly sent: 'once' | 'maybe-twice';
  readonly tookMs: number;
  readonly ageMs: number;
}

export type Alarm =
  | { readonly what: 'content-damaged'; readonly messageId: string }
  | { readonly what: 'tls-downgraded'; readonly destination: Uint8Array; readonly level: TlsLevel }
  | {
      readonly what: 'limit-reached';
      readonly limit: string;
      readonly submitter: string;
      readonly then: 'refused' | 'held';
    }
  | { readonly what: 'disk-low'; readonly mark: 'refuse' | 'stop'; readonly freeBytes: number }
  | { readonly what: 'disk-recovered'; readonly freeBytes: number }
  | { readonly what: 'clock-stepped'; readonly byMs: number };
