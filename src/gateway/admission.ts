// What one accepted message becomes in the journal: its record, a delivery for each recipient, and their evidence. Pure but for keyed digests.
import { canonicalAddress } from '../mail/address.ts';
import type { Recipient } from '../mail/envelope.ts';
import { deliveryIdOf, type DeliveryKind } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import { MAIL_ERRORS, type MailErrorCode } from '../mail/mail-error.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Policy } from '../policy/configured-default.ts';
import type { ContentFacts, Hold, MessageRecord, NewDelivery } from '../store/journal.ts';
import type { Submission } from './intake.ts';

/** A recipient as it will be delivered; `report` where an expansion owes one. */
export interface Expanded {
  readonly recipient: Recipient;
  readonly expanded: 'no' | 'yes';
}

/** Facts of the content found on the way in. */
export interface ReadFacts {
  readonly headerMessageId: string | null;
  /** Whether the client itself gave the Message-ID: only then can it recognise a repeat. */
  readonly messageIdFrom: 'client' | 'gateway';
  readonly references: string | null;
  /** Keyed digest of the content but for what a client that builds it anew changes (Message-ID, Date, boundaries). */
  readonly likeness: Uint8Array;
}

export interface Admission {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly about: string | null;
  /** Machine time, and steady time. */
  readonly at: number;
  readonly now: number;
  readonly submission: Submission;
  readonly content: ContentFacts;
  readonly facts: ReadFacts;
  readonly reportTo: string | null;
  readonly policy: Policy;
  readonly expireAfterMs: number;
  readonly hold: (Hold & { readonly reason: MailErrorCode }) | null;
}

/** `RCPT TO:<postmaster>` (RFC 5321 4.5.1) and postmaster at our own name go to the configured postmaster; the same address twice is one. */
export function expandRecipients(recipients: readonly Recipient[], hostname: string, postmaster: readonly string[]): readonly Expanded[] {
  const seen = new Set<string>();
  const result: Expanded[] = [];
  const add = (recipient: Recipient, expanded: Expanded['expanded']): 'added' | 'there' => {
    const key = canonicalAddress(recipient.address);
    if (seen.has(key)) return 'there';
    seen.add(key);
    result.push({ recipient, expanded });
    return 'added';
  };
  for (const recipient of recipients) {
    if (!isOurPostmaster(recipient.address, hostname)) {
      add(recipient, 'no');
      continue;
    }
    // RFC 3461 5.2.7: to several addresses the list is "expanded", and success is no longer theirs to report.
    const several = postmaster.length > 1;
    const notify = several && recipient.notify !== null ? recipient.notify.filter((word) => word !== 'success') : recipient.notify;
    // One of them carries the report that it was expanded.
    let owed: Expanded['expanded'] = several && (recipient.notify?.includes('success') ?? false) ? 'yes' : 'no';
    for (const address of postmaster) {
      const one = { address, notify: notify?.length === 0 ? (['never'] as const) : notify, orcpt: recipient.orcpt ?? 'rfc822;postmaster' };
      if (add(one, owed) === 'added') owed = 'no';
    }
  }
  return result;
}

function isOurPostmaster(address: string, hostname: string): boolean {
  const lower = address.toLowerCase();
  return lower === 'postmaster' || lower === `postmaster@${hostname.toLowerCase()}`;
}

export function messageRecordOf(admission: Admission, recipients: readonly Recipient[]): MessageRecord {
  const { id, kind, now, submission, reportTo, facts, content, about } = admission;
  return {
    id,
    kind,
    acceptedAt: now,
    submitter: submission.submitter,
    reportTo,
    envelope: { ...submission.envelope, recipients },
    headerMessageId: facts.headerMessageId,
    references: facts.references,
    content,
    about,
  };
}

export function newDeliveryOf(
  admission: Admission,
  expanded: Expanded,
  n: number,
  destination: Uint8Array,
  state: NewDelivery['state'],
  keys: Pick<SealingKeys, 'digest'>,
): NewDelivery {
  const { submission, facts, content, policy, now, expireAfterMs, hold } = admission;
  const { recipient } = expanded;
  const parts = [
    submission.submitter.kind,
    submission.submitter.name,
    canonicalAddress(submission.envelope.reversePath),
    canonicalAddress(recipient.address),
  ];
  const own = admission.kind === 'message';
  const exact = own && facts.messageIdFrom === 'client' && facts.headerMessageId !== null;
  return {
    n,
    recipient: recipient.address,
    notify: recipient.notify,
    orcpt: recipient.orcpt,
    destination,
    decision: policy.decide(),
    state,
    hold,
    expiresAt: now + expireAfterMs,
    repeatDigest: exact ? keys.digest('repeat', ...parts, facts.headerMessageId ?? '', content.digest) : null,
    likelyDigest: own ? keys.digest('likely-repeat', ...parts, facts.likeness) : null,
    report: reportOwed(admission, expanded),
  };
}

/** What the originator is told from the start. A delivery owes one report: where one is expanded and held, the others tell of the hold. */
function reportOwed({ kind, at, hold }: Admission, { recipient, expanded }: Expanded): NewDelivery['report'] {
  const told = { at, diagnostic: null, remoteMta: null };
  if (expanded === 'yes') return { kind: 'expanded', status: { ...told, status: '2.0.0', code: 'expanded' } };
  if (hold === null || kind !== 'message') return null;
  // A hold is a delay (RFC 3461 4.1), as where a delivery is held later.
  if (recipient.notify !== null && !recipient.notify.includes('delay')) return null;
  return { kind: 'held', status: { ...told, status: MAIL_ERRORS[hold.reason].enhanced, code: hold.reason } };
}

/** Evidence of the acceptance and of each decision. */
export function admissionEvidence(admission: Admission, deliveries: readonly NewDelivery[]): readonly Evidence[] {
  const { id, at, submission, content, kind, about } = admission;
  const { client, submitter, envelope } = submission;
  const accepted: Evidence = {
    kind: kind === 'message' ? 'message.accepted' : 'report.accepted',
    at,
    messageId: id,
    deliveryId: null,
    codes: {
      recipients: deliveries.length,
      sizeBytes: content.sizeBytes,
      digest: Buffer.from(content.digest).toString('hex'),
      submitter: submitter.kind,
      listener: client.listener,
      ...(client.tls === null ? {} : { protocol: client.tls.protocol, cipher: client.tls.cipher }),
      ...(about === null ? {} : { about }),
    },
    detail: { reversePath: envelope.reversePath, submitter: submitter.name, client: client.address, helo: client.helo },
  };
  return [accepted, ...deliveries.flatMap((delivery) => decisionEvidence(admission, delivery))];
}

function decisionEvidence(admission: Admission, delivery: NewDelivery): readonly Evidence[] {
  const { id, at } = admission;
  const { rule, policyVersion, floor, methods, otherwise } = delivery.decision;
  const about = { at, messageId: id, deliveryId: deliveryIdOf(id, delivery.n) } as const;
  const decided: Evidence = {
    ...about,
    kind: 'delivery.decided',
    codes: { rule, policy: policyVersion, floor, methods: methods.join(' '), otherwise },
    detail: { recipient: delivery.recipient },
  };
  if (delivery.hold === null) return [decided];
  return [decided, { ...about, kind: 'delivery.held', codes: { code: delivery.hold.reason, owner: delivery.hold.owner }, detail: null }];
}
