// What the road tells operators as it goes: ids, codes and counts, never content or addresses. daemon/ maps it to the log and metrics.
import type { DeliveryState } from '../mail/delivery.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { TlsLevel } from '../mail/tls.ts';

export interface RoadEvents {
  accepted(event: { readonly messageId: string; readonly recipients: number; readonly sizeBytes: number; readonly tookMs: number }): void;
  repeated(event: { readonly earlierMessageId: string }): void;
  refused(event: { readonly messageId: string; readonly code: MailErrorCode }): void;
  attempted(event: {
    readonly deliveryId: string;
    readonly code: string;
    readonly state: DeliveryState;
    readonly tls: TlsLevel | null;
    readonly tookMs: number;
  }): void;
  reported(event: { readonly messageId: string; readonly about: string; readonly kind: string }): void;
  /** Something an administrator must look at. */
  alarm(event: { readonly what: 'content-damaged' | 'tls-downgraded' | 'limit-reached' | 'disk-low' | 'clock-stepped' | 'report-failed'; readonly id: string | null }): void;
  /** A fault of ours: logged with a correlation id, without its text. */
  bug(event: { readonly where: string; readonly error: unknown }): void;
}
