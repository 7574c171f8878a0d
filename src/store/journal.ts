// Contract: taking in a message. One unit of work; it is on stable storage, evidence included, when the promise resolves.
import type { ContentPlace } from '../mail/content.ts';
import type { Decision } from '../mail/decision.ts';
import type { DeliveryKind } from '../mail/delivery.ts';
import type { Envelope, Notify } from '../mail/envelope.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { StoredFacts } from '../mail/facts.ts';
import type { Correspondent } from './correspondents.ts';
import type { OwedNotice } from './pickups.ts';
import type { ActiveDelivery, DeliveryStatus, OwedReference, ReportKind } from './queue.ts';

/** Facts of the content that delivery needs without opening it. */
export interface ContentFacts {
  /** A spool file is already fsynced. */
  readonly place: ContentPlace;
  /** Octets of the content as it will be opened (after the fix-ups of accept). */
  readonly sizeBytes: number;
  readonly wrappedKey: Uint8Array;
  readonly periodId: number;
  /** HMAC-SHA-256 of the content as the client sent it. */
  readonly digest: Uint8Array;
  /** Holds octets above 127, or a line of more than 998 octets: pack must re-encode. */
  readonly needs: 'nothing' | 're-encoding';
}

/** Who handed the message in. `name` is ours (an account, a rule of the configuration), not a person outside. */
export interface Submitter {
  readonly kind: 'account' | 'certificate' | 'network' | 'gateway';
  readonly name: string;
}

export interface MessageRecord {
  /** Ours: 26 characters, sortable by time. */
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly acceptedAt: number;
  readonly submitter: Submitter;
  /** Address of the client, or null where the gateway made the message, or it was kept by an earlier schema. */
  readonly client: string | null;
  /** Where DSNs go: the reverse-path, the account's reports address, or null for none. */
  readonly reportTo: string | null;
  readonly envelope: Envelope;
  /** Message-ID and References of the header, for DSNs that file beside the sent mail; null where absent. */
  readonly headerMessageId: string | null;
  readonly references: string | null;
  readonly content: ContentFacts;
  /** The message that this DSN or notice is about; of an answer the delivery that it answers. */
  readonly about: string | null;
}

export interface NewDelivery {
  /** Position in the envelope, from 0. Its id is `messageId/n`. */
  readonly n: number;
  readonly recipient: string;
  readonly notify: readonly Notify[] | null;
  readonly orcpt: string | null;
  /** Keyed digest of the routing destination: what the queue groups and backs off by. */
  readonly destination: Uint8Array;
  readonly decision: Decision;
  /**
   * `active` where the delivery loop has a place free at once: the unit then claims it under `lease`. `undecided` waits for `decide`;
   * `returned` has ended already.
   */
  readonly state: 'undecided' | 'queued' | 'active' | 'held' | 'returned';
  /** For `held`: why (a code), and until when. */
  readonly hold: Hold | null;
  readonly expiresAt: number;
  /** Keyed digest that recognises a repeat (submitter, reverse-path, Message-ID, content, recipient), or null where it cannot be one. */
  readonly repeatDigest: Uint8Array | null;
  /** Keyed digest that recognises a likely repeat under another Message-ID, or null. Kept until repeatUntil as the other. */
  readonly likelyDigest: Uint8Array | null;
  /** A report owed from the start (`expanded`), or null. */
  readonly report: { readonly kind: ReportKind; readonly status: DeliveryStatus } | null;
}

/** A hold has an owner, a reason (code) and a deadline. */
export interface Hold {
  readonly reason: string;
  readonly owner: string;
  readonly deadline: number;
}

/** What is kept of a message once it has been read. */
export interface Reading {
  readonly facts: StoredFacts;
  /** Keyed digests of account and picture, of those that could be known ones. */
  readonly pictures: readonly Uint8Array[];
  /** Whom the organisation has now written to. */
  readonly correspondents: readonly Correspondent[];
}

/** Policy has decided for a message that was accepted before. Deliveries that are no longer undecided are left as they are. */
export interface DecideUnit {
  readonly messageId: string;
  /** Steady time. */
  readonly at: number;
  readonly deliveries: readonly Decided[];
  readonly reading: Reading;
  /** Of a delivery only where it was undecided still. */
  readonly evidence: readonly Evidence[];
}

export interface Decided {
  readonly n: number;
  readonly decision: Decision;
  readonly state: 'queued' | 'held' | 'returned';
  readonly hold: Hold | null;
  readonly report: { readonly kind: ReportKind; readonly status: DeliveryStatus } | null;
}

export interface AcceptUnit {
  readonly message: MessageRecord;
  /** Sealed bytes where content.place is 'row', else null. */
  readonly sealed: Uint8Array | null;
  readonly deliveries: readonly NewDelivery[];
  readonly lease: { readonly owner: string; readonly until: number };
  /** A repeat digest is recognised until then. */
  readonly repeatUntil: number;
  /** A likely repeat is delivered and said so in evidence (`delivery.repeated` with likely: true), or treated as a repeat. */
  readonly likelyRepeats: 'report' | 'suppress';
  /** Written only for what is really taken in; those of a delivery found to be a repeat are left out and `delivery.repeated` is written instead. */
  readonly evidence: readonly Evidence[];
  /** What was read of it, where that was done before; null where it is still to be read, or is ours. */
  readonly reading: Reading | null;
  /** Reports that this message is; cleared in the same commit where they are still of that kind (a later one stays owed). */
  readonly settlesReports: readonly OwedReference[];
  /** Held deliveries whose owners this message tells of; marked so in the same commit. */
  readonly tellsOf: readonly string[];
  /** Notices about pickups that this message is; marked as sent in the same commit. */
  readonly noticesOf: readonly OwedNotice[];
  /** Place in the withdrawal board (withdrawal.ts), or null where the caller waits without limit. */
  readonly ticket: number | null;
}

export type AcceptResult =
  /** `active` are those claimed for the caller, in the order of `n`. */
  | { readonly kind: 'accepted'; readonly active: readonly ActiveDelivery[]; readonly repeated: readonly number[] }
  /** Every recipient was a repeat: nothing was stored but evidence. The caller removes a spool file it wrote. */
  | { readonly kind: 'repeated'; readonly earlierMessageId: string }
  /** The caller had withdrawn it before a commit took it. Nothing was stored. */
  | { readonly kind: 'withdrawn' };

export interface Journal {
  /**
   * @throws MailError store.disk-full: nothing of this unit was stored. store.unavailable: the storage failed, and whether the unit is
   * stored is known only after the next start; then it is there whole or not at all.
   */
  accept(unit: AcceptUnit): Promise<AcceptResult>;
  /** Nothing happens where the message has been decided already. */
  decide(unit: DecideUnit): Promise<void>;
  /** The sealed bytes of a message whose content.place is 'row'; null where they have been removed. */
  readSealed(messageId: string): Promise<Uint8Array | null>;
  /** One message with its deliveries, or null. */
  readMessage(messageId: string): Promise<MessageRecord | null>;
}
