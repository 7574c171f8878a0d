// What is written to the audit log. Kinds are `noun.past-verb`; a kind is never renamed or reused (DESIGN.md section 7).

export const EVIDENCE_KINDS = [
  'gateway.started',
  'gateway.stopped',
  'config.loaded',
  'policy.activated',
  'key.created',
  'period-key.destroyed',
  'account.added',
  'account.password-changed',
  'account.disabled',
  'account.enabled',
  'consent.recorded',
  'consent.revoked',
  'login.refused', // counted per address and minute
  'message.accepted',
  'message.read', // its parts and its text, as far as they can be
  'message.refused', // counted per address and minute
  'message.declined', // policy returned it for every recipient: it was not taken in
  'delivery.decided',
  'delivery.shadowed', // a draft beside the policy would have decided otherwise
  'delivery.repeated',
  'delivery.held',
  'delivery.released',
  'delivery.rerouted', // released to one method only
  'delivery.cancelled',
  'delivery.retried', // by a person
  'attempt.started',
  'attempt.lost', // found without a result after a crash: outcome unknown
  'delivery.deferred',
  'delivery.relayed',
  'delivery.sandboxed',
  'delivery.returned',
  'delivery.expired',
  'delivery.waiting',
  'delivery.picked-up',
  'pickup.noticed', // a notice about what waits was handed to the road
  'pickup.looked', // the page behind its link, without content
  'pickup.code-sent',
  'pickup.code-failed', // it did not get to a telephone
  'pickup.code-made', // by the organisation, to be told by another way
  'pickup.sign-in-failed',
  'pickup.signed-in',
  'pickup.opened',
  'pickup.downloaded',
  'pickup.answered',
  'pickup.recalled',
  'pickup.restored',
  'pickup.resent',
  'pickup.bounced', // a notice came back
  'pickup.away', // an automatic answer to a notice
  'pickup.noted', // something came back about it that changes nothing: a delay, a receipt, a bounce of what is over
  'pickup.replied', // a reply to a notice by ordinary mail was passed on
  'pickup.started', // a person began a conversation from the page
  'pickup.alarmed', // the originator was told that it stands unopened
  'pickup.closed', // what was opened can be opened no longer
  'person.added',
  'person.changed',
  'person.ended',
  'factor.enrolled',
  'factor.removed',
  'report.accepted', // a DSN was made and accepted, or a notice to reviewers
  'report.withheld', // NOTIFY or a null reverse-path says there is none
  'review.told', // the owner of a hold, by a notice
  'review.reminded',
  'content.revealed', // shown to a person
  'review.judged', // a reviewer said whether it holds PHI
  'tls.downgraded',
  'sts-policy.missed', // a domain announces an MTA-STS policy that cannot be had
  'limit.reached',
  'content.removed',
  'content.damaged',
  'clock.stepped',
  'disk.low',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Values that may stand in the chained bytes: ids, codes, counts, names of our configuration. Never an address, a name or text from outside. */
export type Codes = Readonly<Record<string, string | number | boolean>>;

/** One record before the log gives it a number. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** Milliseconds since the epoch, UTC. */
  readonly at: number;
  readonly messageId: string | null;
  /** `messageId/n`, n from 0. */
  readonly deliveryId: string | null;
  readonly codes: Codes;
  /** Personal detail (addresses, remote reply text, client address): sealed beside the record, chained only as a salted digest. */
  readonly detail: Readonly<Record<string, string | number | boolean>> | null;
}
