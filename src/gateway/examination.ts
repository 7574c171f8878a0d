// parse and inspect, as the road asks for them: sealed content goes in, what was found comes out, without a word of the content's text.
import type { ContentFacts } from '../mail/content-facts.ts';
import type { InspectionReport } from '../mail/finding.ts';
import type { Message } from '../mail/message.ts';
import type { SealedContent } from '../spool/spool.ts';

export interface Examination {
  /** As it was read, its spans left out. */
  readonly message: Message;
  readonly report: InspectionReport;
  readonly content: ContentFacts;
  readonly tookMs: number;
}

/** What goes wrong in a message is a blind spot in it. 'stopped': not now. @throws MailError content.unreadable */
export type Examine = (
  content: SealedContent,
  envelope: { readonly from: string; readonly to: readonly string[] },
) => Promise<Examination | 'stopped'>;

/** Of a message of which nothing can be known: it counts as whatever policy makes of a blind spot. */
export function unexaminable(): Examination {
  const blindSpots = [{ part: '', kind: 'broken' }] as const;
  return {
    message: { parts: [], spans: [], defects: [], blindSpots, documents: [] },
    report: { level: 'none', score: 0, reasons: [], findings: [], labels: [], documents: [], blindSpots },
    content: { from: [], visible: [], header: [], subjectTags: [], attachments: [], automatic: false, urgent: false, encryptedBy: null },
    tookMs: 0,
  };
}
