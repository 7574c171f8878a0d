// The operational log: one function per event, safe fields only (safe.ts). What happened to a message is in the audit log;
// this is what an administrator watches while the service runs.
import type { EvidenceKind } from '../mail/evidence.ts';
import type { DeliveryState } from '../mail/delivery.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { TlsLevel } from '../mail/tls.ts';
import type { LogDigest } from './safe.ts';

/** Events carry ids of ours, codes of our catalogues, counts, durations and keyed digests. */
export interface Log {
  // the service
  started(event: { readonly version: string; readonly mode: 'live' | 'sandbox'; readonly startMs: number }): void;
  listening(event: { readonly listener: string; readonly port: number }): void;
  stopping(event: { readonly why: 'signal' | 'error' | 'request' }): void;
  stopped(event: { readonly stopMs: number; readonly unfinished: number }): void;
  configLoaded(event: { readonly fingerprint: string; readonly warnings: number }): void;
  configRefused(event: { readonly errors: number }): void;
  certificateLoaded(event: { readonly use: 'listeners' | 'next-hop'; readonly daysLeft: number }): void;
  recovered(event: { readonly lostAttempts: number; readonly orphans: number; readonly recoveryMs: number }): void;
  // coming in
  sessionEnded(event: SessionEnded): void;
  tlsFailed(event: { readonly session: string; readonly listener: string; readonly code: string }): void;
  loginAccepted(event: {
    readonly session: string;
    readonly account: LogDigest;
    readonly remembered: boolean;
    readonly tookMs: number;
  }): void;
  loginRefused(event: {
    readonly session: string;
    readonly account: LogDigest;
    readonly client: LogDigest;
    readonly code: MailErrorCode;
  }): void;
  messageAccepted(event: MessageAccepted): void;
  messageRefused(event: { readonly session: string | null; readonly submitter: LogDigest | null; readonly code: MailErrorCode }): void;
  /** An alarm where mail is held: the login looks taken over. */
  limitReached(event: {
    readonly limit: string;
    readonly submitter: LogDigest | null;
    readonly client: LogDigest | null;
    readonly then: 'refused' | 'held';
  }): void;
  /** Its parts and its text, as far as they can be. */
  messageRead(event: {
    readonly messageId: string;
    readonly parts: number;
    readonly blindSpots: number;
    readonly defects: number;
    readonly tookMs: number;
  }): void;
  // going out
  deliverySettled(event: DeliverySettled): void;
  destinationBackedOff(event: { readonly destination: LogDigest; readonly failures: number; readonly forMs: number }): void;
  tlsDowngraded(event: { readonly destination: LogDigest; readonly tlsLevel: TlsLevel }): void;
  reportAccepted(event: { readonly messageId: string; readonly about: string; readonly kind: string }): void;
  contentDamaged(event: { readonly messageId: string }): void;
  // by people
  controlRequest(event: { readonly command: string; readonly result: string; readonly tookMs: number }): void;
  personActed(event: { readonly kind: EvidenceKind; readonly deliveryId: string | null }): void;
  // the machine
  diskLow(event: { readonly mark: 'refuse' | 'stop'; readonly freeBytes: number }): void;
  diskRecovered(event: { readonly freeBytes: number }): void;
  clockStepped(event: { readonly byMs: number }): void;
  storageFailed(event: { readonly code: string }): void;
  /** A domain announces an MTA-STS policy that cannot be had. */
  stsUnavailable(event: { readonly destination: LogDigest; readonly reason: string; readonly applied: 'cached' | 'none' }): void;
  /** A code did not get to a telephone: 'refused', 'unreachable', or one of our own limits. */
  phoneCodeFailed(event: { readonly deliveryId: string; readonly way: string; readonly why: string }): void;
  slow(event: { readonly part: 'event-loop' | 'storage' | 'commit' | 'dns' | 'inspection'; readonly tookMs: number }): void;
  retentionRan(event: { readonly messages: number; readonly periods: number; readonly tookMs: number }): void;
  /** Anything unexpected. The exception's text is never written; gives the correlation id to answer with. */
  bug(where: string, error: unknown): string;
  /** Everything written so far is out. Call before the process ends. */
  close(): void;
}

export interface SessionEnded {
  readonly session: string;
  readonly listener: string;
  readonly client: LogDigest;
  readonly tls: string | null;
  readonly messages: number;
  readonly errors: number;
  readonly tookMs: number;
  /** How it ended: 'quit', 'lost', or a code. */
  readonly end: 'quit' | 'lost' | MailErrorCode;
}

export interface MessageAccepted {
  readonly messageId: string;
  readonly session: string | null;
  readonly listener: string | null;
  readonly submitterKind: 'account' | 'certificate' | 'network' | 'gateway';
  readonly submitter: LogDigest;
  readonly sizeBytes: number;
  readonly recipients: number;
  readonly repeated: number;
  readonly replyMs: number;
}

export interface DeliverySettled {
  readonly deliveryId: string;
  readonly destination: LogDigest;
  readonly state: DeliveryState;
  /** Code of the catalogue, or 'relayed', 'sandboxed'. */
  readonly code: string;
  readonly method: string;
  readonly attempts: number;
  readonly tlsLevel: TlsLevel | null;
  /** 'maybe-twice' where an earlier attempt ended without a known result. */
  readonly sent: 'once' | 'maybe-twice';
  readonly tookMs: number;
  readonly ageMs: number;
}
