// The facts of a message as policy sees them: what the session knows, what reading and inspection found, who the recipients are.
import { canonicalAddress } from '../mail/address.ts';
import { phiFacts } from '../mail/content-facts.ts';
import type { ConsentKind, Facts, MessageFacts, RecipientStanding, StoredFacts } from '../mail/facts.ts';
import { isInside } from '../mail/inside.ts';
import type { BlindSpotKind } from '../mail/message.ts';
import type { Correspondent } from '../store/correspondents.ts';
import type { MessageRecord, Submitter } from '../store/journal.ts';
import type { Examination } from './examination.ts';

/** How a recipient stands with the organisation, and what it is remembered by from now on. */
export interface Acquaintance {
  readonly standing: RecipientStanding;
  readonly correspondent: Correspondent;
}

/** What is on file of the recipients and the sender, now. */
export interface OnFile {
  /** In the order of the recipients. */
  readonly consents: readonly (readonly ConsentKind[])[];
  readonly attested: boolean;
  readonly revision: number;
}

export interface SessionFacts {
  readonly reversePath: string;
  readonly submitter: Submitter;
  readonly client: string | null;
  readonly sizeBytes: number;
  /** Machine time. */
  readonly acceptedAt: number;
}

/** As the journal keeps them. */
export function sessionFactsOf({ envelope, submitter, client, content, acceptedAt }: MessageRecord): SessionFacts {
  return { reversePath: envelope.reversePath, submitter, client, sizeBytes: content.sizeBytes, acceptedAt };
}

export function messageFactsOf(session: SessionFacts, examination: Examination, organisation: readonly string[]): MessageFacts {
  const { content, report, message } = examination;
  const { visible, ...read } = content;
  const reversePath = canonicalAddress(session.reversePath);
  return {
    ...read,
    reversePath,
    submitter: session.submitter,
    client: session.client,
    sizeBytes: session.sizeBytes,
    phi: phiFacts(report),
    blindSpots: [...new Set(message.blindSpots.map(({ kind }): BlindSpotKind => kind))],
    visibleOutside: visible.filter((address) => !isInside(address, reversePath, organisation)).length,
    automatic: read.automatic || reversePath === '',
    acceptedAt: session.acceptedAt,
  };
}

/** What one decision is made from; null where the recipient is not among those of the facts. */
export function factsFor(n: number, { message, recipients }: StoredFacts, { consents, attested, revision }: OnFile): Facts | null {
  const standing: RecipientStanding | undefined = recipients[n];
  if (standing === undefined) return null;
  return { message, recipient: { ...standing, consents: consents[n] ?? [] }, sender: { attested, consentsRevision: revision } };
}
