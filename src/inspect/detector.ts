// The seam of detectors: a passage in, candidates out. Siblings, one file each, with samples of their own that always run.
import type { HealthKind, Label, Role, WhoKind } from '../mail/finding.ts';
import type { Passage } from './passage.ts';

/** Something recognised, before it is weighed with what stands around it. */
export interface Candidate {
  readonly axis: 'who' | 'health';
  readonly kind: WhoKind | HealthKind;
  /** In the passage's text, in UTF-16 code units. */
  readonly at: number;
  readonly length: number;
  /** From 0 to 1: how sure it is that this is what it seems, by itself and its label. */
  readonly confidence: number;
  /** On the axis of who; null on that of health. */
  readonly role: Role | null;
  /** Why, as a code: 'labelled', 'check-digit', 'in-list', 'in-prose'. */
  readonly reason: string;
  /** Normalised, for the digest: it never leaves inspection. */
  readonly value: string;
  readonly labels: readonly Label[];
}

/** What is known of the message besides its text. */
export interface Surroundings {
  /** Lower-case addresses of recipients outside the organisation, and who sends. */
  readonly recipients: readonly string[];
  readonly sender: string;
  /** Lower-case addresses of who writes: the sender's, and those in From and Sender. */
  readonly writers: readonly string[];
  /** Display names as they stand in From, To and Cc, lower case. */
  readonly senderNames: readonly string[];
  readonly recipientNames: readonly string[];
  /** What kind of sender this is: it counts as evidence. */
  readonly sends: 'clinic' | 'special-clinic' | 'laboratory' | 'payer' | 'office' | 'unknown';
  /** The day of the message, as days since the epoch, for ages and dates to come. */
  readonly today: number;
}

export interface Detector {
  readonly name: string;
  /** Texts in which it must find something, and in which it must not. */
  readonly samples: { readonly hits: readonly string[]; readonly misses: readonly string[] };
  detect(passage: Passage, surroundings: Surroundings, add: (candidate: Candidate) => void): void;
}
