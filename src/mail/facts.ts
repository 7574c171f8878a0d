// What policy may look at: facts of a message and of one of its recipients. Kept sealed with the message, without its content, so that a
// decision can be made again, and a draft tried on past mail.
import type { BlindSpotKind, HealthDocument, PartKind } from './message.ts';
import type { HealthKind, Label, Level, Reason, WhoKind } from './finding.ts';

/** Purposes that 45 CFR 164.508(a)(3) and 164.514(f) bind: declared, never guessed. */
export const PURPOSES = ['marketing', 'fundraising'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Kinds of records of the consent registry that bear on mail to an address. */
export const CONSENT_KINDS = [
  'plain-mail', // the person was warned and wants mail without protection (45 CFR 164.522(b), 164.524)
  'marketing', // a complete authorisation (164.508(c))
  'fundraising-opt-out', // no fundraising to this address (164.514(f))
  'other-way', // the person asked to be reached otherwise (164.522(b))
] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];

/** What inspection found, as far as policy asks. */
export interface PhiFacts {
  readonly level: Level;
  /** From 0 to 1. */
  readonly score: number;
  /** Distinct values of each kind that was found. */
  readonly counts: Readonly<Partial<Record<WhoKind | HealthKind, number>>>;
  readonly labels: readonly Label[];
  readonly documents: readonly HealthDocument['standard'][];
  /** Reasons as codes, strongest first. */
  readonly reasons: readonly string[];
}

export interface AttachmentFacts {
  readonly kind: PartKind;
  readonly declaredType: string | null;
  /** In lower case, or null. Content: it lives as long as these facts, sealed, and nowhere else. */
  readonly name: string | null;
}

export interface MessageFacts {
  /** Canonical; '' is the null reverse-path. */
  readonly reversePath: string;
  /** Addresses of the From field (RFC 5322 3.6.2), canonical. */
  readonly from: readonly string[];
  readonly submitter: { readonly kind: 'account' | 'certificate' | 'network' | 'gateway'; readonly name: string };
  /** Address of the client, or null where the gateway itself made the message. */
  readonly client: string | null;
  /** Header fields in order, name in lower case, value unfolded and cut; without those that are content or trace (see HIDDEN_FIELDS). */
  readonly header: readonly (readonly [name: string, value: string])[];
  /** Tags at either end of the subject, in lower case: `[secure]`, `(secure)`, `{secure}`, `#secure`, `secure:`. The rest of it is not kept. */
  readonly subjectTags: readonly string[];
  readonly sizeBytes: number;
  readonly attachments: readonly AttachmentFacts[];
  readonly phi: PhiFacts;
  readonly blindSpots: readonly BlindSpotKind[];
  /** Addresses outside of the organisation in To and Cc, each once: all who get it see them. */
  readonly visibleOutside: number;
  /** Made by a machine (RFC 3834 2, RFC 5322 lists, a null reverse-path). */
  readonly automatic: boolean;
  readonly urgent: boolean;
  readonly encryptedBy: 'smime' | 'openpgp' | null;
  /** Machine time, milliseconds since the epoch. */
  readonly acceptedAt: number;
}

/** A recipient as it stood when the message came. */
export interface RecipientStanding {
  /** Canonical. */
  readonly address: string;
  /** One of the organisation's own domains. */
  readonly inside: boolean;
  /** Earlier mail of the organisation to this address, and to anyone at its domain. */
  readonly seen: { readonly address: boolean; readonly domain: boolean };
  /** An address that gets mail regularly is one slip of a finger away from this one, which never did. */
  readonly oneSlipFromKnown: boolean;
}

export interface RecipientFacts extends RecipientStanding {
  /** Consents in force now for this address and this sender's organisation. */
  readonly consents: readonly ConsentKind[];
}

/** What is on file of the sender. */
export interface SenderFacts {
  /** Revision of the consent registry that these facts are of. */
  readonly consentsRevision: number;
  /** The account has attested in writing what it uses the wish for less protection for. */
  readonly attested: boolean;
}

/** All that one decision is made from. */
export interface Facts {
  readonly message: MessageFacts;
  readonly recipient: RecipientFacts;
  readonly sender: SenderFacts;
}

/** What is kept of a message to decide again. */
export interface StoredFacts {
  readonly message: MessageFacts;
  /** By place in the envelope, as the deliveries. */
  readonly recipients: readonly RecipientStanding[];
  /** Why inspection found what it did, and where; the strongest few. */
  readonly reasons: readonly Reason[];
}

/** Header fields that are content, or say only the way: never kept, and no condition may name them. */
export const HIDDEN_FIELDS: ReadonlySet<string> = new Set([
  'subject',
  'comments',
  'keywords',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'date',
  'received',
  'return-path',
  'dkim-signature',
  'authentication-results',
  'content-description',
  'content-disposition',
  'content-type',
  'thread-topic',
  'thread-index',
]);
