// What one attempt came to, per recipient. Expected outcomes are values (DESIGN.md section 9).
import type { MailErrorCode } from './mail-error.ts';
import type { Reply } from './reply.ts';
import type { TlsEvidence } from './tls.ts';

export type Outcome =
  /** The next hop said 2xx after the final dot. `dsn` says whether it took over NOTIFY (RFC 3461 5.2). */
  | { readonly kind: 'relayed'; readonly reply: Reply; readonly tls: TlsEvidence; readonly dsn: 'passed-on' | 'not-offered' }
  /** Try again later. `scope` says what failed: this recipient, this message here, or the next hop as a whole. */
  | {
      readonly kind: 'deferred';
      readonly code: MailErrorCode;
      readonly scope: 'recipient' | 'message' | 'next-hop';
      /** 'yes': the final dot had gone out, so the next hop may have it all the same. */
      readonly afterDot: 'yes' | 'no';
      readonly reply: Reply | null;
      readonly tls: TlsEvidence | null;
    }
  /** Never try this method again. */
  | { readonly kind: 'failed'; readonly code: MailErrorCode; readonly reply: Reply | null; readonly tls: TlsEvidence | null }
  /**
   * Every next hop that answered misses the floor (or lacks REQUIRETLS, or takes no message this large), or the method lacks what the
   * decision asks of it: the next method at once.
   */
  | {
      readonly kind: 'not-reached';
      readonly code:
        | 'delivery.below-floor'
        | 'delivery.requiretls-missing'
        | 'delivery.too-large'
        | 'delivery.no-unsubscribe'
        | 'delivery.no-way-to-open';
      readonly tls: TlsEvidence | null;
    };
