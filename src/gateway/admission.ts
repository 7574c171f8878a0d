// What one accepted message becomes in the journal: its record, a delivery for each recipient, and their evidence. Pure but for keyed digests.
import { canonicalAddress } from '../mail/address.ts';
import type { Recipient } from '../mail/envelope.ts';
import { type Decision, notDecided } from '../mail/decision.ts';
import type { DeliveryKind } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import { MAIL_ERRORS, type MailErrorCode } from '../mail/mail-error.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { ContentFacts, Hold, MessageRecord, NewDelivery, Reading } from '../store/journal.ts';
import { becomes, decidedEvidence, heldEvidence, type HoldSettings } from './decided.ts';
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
  /** Its recipients as they will be delivered to. */
  readonly expanded: readonly Expanded[];
  readonly content: ContentFacts;
  readonly facts: ReadFacts;
  readonly reportTo: string | null;
  /** What policy decided for each recipient, by place in the envelope; null where that is still to come. */
  readonly decided: readonly DecidedBefore[] | null;
  /** Null where the message is ours, or is still to be read. */
  readonly reading: Reading | null;
  /** That it has been read. */
  readonly evidence: readonly Evidence[];
  readonly expireAfterMs: number;
  readonly holdFor: HoldTerm;
  /** What a message of ours is known by where it is sent twice. */
  readonly repeatOf?: Uint8Array | null;
  /** A hold of all recipients, whatever policy says. */
  readonly hold: (Hold & { readonly reason: MailErrorCode }) | null;
}

export interface DecidedBefore {
  readonly decision: Decision;
  readonly settings: HoldSettings;
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
    client: kind === 'message' ? submission.client.address : null,
    reportTo,
    envelope: { ...submission.envelope, recipients },
    headerMessageId: facts.headerMessageId,
    references: facts.references,
    content,
    about,
  };
}

/** What becomes of a recipient: as policy decided, undecided, or held with all others. */
export function standsAs(admission: Admission, { recipient, expanded }: Expanded, n: number): Standing {
  const { kind, at, now, holdFor, hold } = admission;
  const one = admission.decided?.[n];
  const told = { at, diagnostic: null, remoteMta: null };
  const expansion = { kind: 'expanded', status: { ...told, status: '2.0.0', code: 'expanded' } } as const;
  const owed = expanded === 'yes' ? expansion : null;
  const standing: Standing =
    one === undefined
      ? { decision: notDecided('<undecided>', ''), state: 'undecided', hold: null, report: null }
      : {
          decision: one.decision,
          ...becomes(one.decision, { kind, notify: recipient.notify, at, now, settings: one.settings, holdFor }),
        };
  // A delivery owes one report: where one is expanded and held, the others tell of the hold.
  if (hold === null || standing.state === 'returned') return { ...standing, report: owed ?? standing.report };
  const wantsDelay = kind === 'message' && (recipient.notify === null || recipient.notify.includes('delay'));
  const ofHold = { kind: 'held', status: { ...told, status: MAIL_ERRORS[hold.reason].enhanced, code: hold.reason } } as const;
  return { ...standing, state: 'held', hold, report: owed ?? (wantsDelay ? ofHold : null) };
}

type Standing = Pick<NewDelivery, 'decision' | 'hold' | 'report'> & { readonly state: Exclude<NewDelivery['state'], 'active'> };

export function newDeliveryOf(
  admission: Admission,
  { recipient }: Expanded,
  n: number,
  destination: Uint8Array,
  standing: Pick<NewDelivery, 'decision' | 'state' | 'hold' | 'report'>,
  keys: Pick<SealingKeys, 'digest'>,
): NewDelivery {
  const { submission, facts, content, now, expireAfterMs } = admission;
  const parts = [
    submission.submitter.kind,
    submission.submitter.name,
    canonicalAddress(submission.envelope.reversePath),
    canonicalAddress(recipient.address),
  ];
  const own = admission.kind === 'message';
  const exact = own && facts.messageIdFrom === 'client' && facts.headerMessageId !== null;
  const form = admission.repeatOf ?? null;
  return {
    n,
    recipient: recipient.address,
    notify: recipient.notify,
    orcpt: recipient.orcpt,
    destination,
    ...standing,
    expiresAt: now + expireAfterMs,
    repeatDigest: exact
      ? keys.digest('repeat', ...parts, facts.headerMessageId ?? '', content.digest)
      : form && keys.digest('repeat-form', form, canonicalAddress(recipient.address)),
    likelyDigest: own ? keys.digest('likely-repeat', ...parts, facts.likeness) : null,
  };
}

/** Evidence of the acceptance and of each decision. */
export function admissionEvidence(admission: Admission, deliveries: readonly NewDelivery[]): readonly Evidence[] {
  const { id, at, submission, content, kind, about } = admission;
  const { client, submitter, envelope } = submission;
  const accepted: Evidence = {
    kind: kind === 'message' || kind === 'answer' ? 'message.accepted' : 'report.accepted',
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
  return [accepted, ...admission.evidence, ...deliveries.flatMap((delivery) => decisionEvidence(admission, delivery))];
}

function decisionEvidence({ id, at, expanded }: Admission, delivery: NewDelivery): readonly Evidence[] {
  const { n, state, decision, hold, report } = delivery;
  const recipient = expanded[n]?.recipient ?? { address: delivery.recipient };
  if (state === 'undecided') return [];
  // Held by a limit before it was read: what policy says comes later, if ever.
  if (decision.rule === '<undecided>' && hold !== null) return [heldEvidence(id, n, at, hold)];
  return decidedEvidence(id, n, at, { decision, hold, report, state: state === 'active' ? 'queued' : state }, recipient);
}
