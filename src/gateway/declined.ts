// A message that policy returns for every recipient is not taken in: the client hears why at once (DESIGN.md section 2). Pure.
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import { replyOf } from '../mail/mail-error.ts';
import { printable, type Reply } from '../mail/reply.ts';
import { decisionCodes } from './decided.ts';
import type { Submission } from './intake.ts';
import type { Processed } from './process.ts';

/** RFC 5321 4.5.3.1.5: a reply line takes 512 octets. */
const LONGEST_REASON = 400;

/** The reply where all recipients are to be returned, with the words of the rule where there are any; null where one is not. */
export function declinedBy({ decisions }: Pick<Processed, 'decisions'>): Reply | null {
  const first = decisions[0];
  if (first === undefined || decisions.some(({ decision }) => decision.action !== 'return')) return null;
  const reply = replyOf('policy.returned');
  const { reason } = first.decision;
  return reason === null ? reply : { ...reply, text: printable(reason).slice(0, LONGEST_REASON) };
}

export interface Declined {
  readonly messageId: string;
  readonly at: number;
  readonly submission: Pick<Submission, 'submitter' | 'client' | 'envelope'>;
  readonly recipients: readonly string[];
  readonly processed: Processed;
}

export function declinedEvidence({ messageId, at, submission, recipients, processed }: Declined): readonly Evidence[] {
  const { submitter, client, envelope } = submission;
  const message: Evidence = {
    kind: 'message.declined',
    at,
    messageId,
    deliveryId: null,
    codes: { recipients: recipients.length, submitter: submitter.kind, listener: client.listener, code: 'policy.returned' },
    detail: { reversePath: envelope.reversePath, submitter: submitter.name, client: client.address },
  };
  const decided = processed.decisions.map(({ decision }, n): Evidence => ({
    kind: 'delivery.decided',
    at,
    messageId,
    deliveryId: deliveryIdOf(messageId, n),
    codes: decisionCodes(decision),
    detail: { recipient: recipients[n] ?? '' },
  }));
  return [message, ...processed.evidence, ...decided];
}
