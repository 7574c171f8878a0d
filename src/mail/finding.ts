// What inspection finds in a message: kinds, places and reasons, never the value that was found. Whose name it is or what illness, nobody
// can tell from a report; how often and where, and why it counts, everybody can.
import type { BlindSpotKind, HealthDocument, Place } from './message.ts';

/** Identifiers of a person: the 18 of 45 CFR 164.514(b)(2)(i), fax apart from phone, plan numbers apart by kind. */
export const WHO_KINDS = [
  'name',
  'geography',
  'date',
  'birth-date',
  'phone',
  'fax',
  'email',
  'ssn',
  'mrn',
  'plan-number',
  'medicare-number',
  'account',
  'licence',
  'vehicle',
  'device',
  'url',
  'ip',
  'biometric',
  'face',
  'other-id',
] as const;
export type WhoKind = (typeof WHO_KINDS)[number];

/** Something about health, care or payment for it (45 CFR 160.103). */
export const HEALTH_KINDS = [
  'condition',
  'drug',
  'test',
  'result',
  'procedure',
  'code',
  'care',
  'payment',
  'clinical-prose',
  'document',
] as const;
export type HealthKind = (typeof HEALTH_KINDS)[number];

/** Who a person found in the text is. Only 'patient' and 'unknown' count as whom the health is about. */
export const ROLES = ['patient', 'relative', 'recipient', 'provider', 'sender', 'staff', 'public', 'unknown'] as const;
export type Role = (typeof ROLES)[number];

export const LABELS = ['substance-use', 'mental-health', 'hiv', 'reproductive-health', 'genetics'] as const;
export type Label = (typeof LABELS)[number];

export const LEVELS = ['none', 'low', 'medium', 'high'] as const;
export type Level = (typeof LEVELS)[number];

export interface Finding {
  readonly axis: 'who' | 'health';
  readonly kind: WhoKind | HealthKind;
  readonly part: string;
  readonly place: Place;
  /** Offset in the span's text, and length, in UTF-16 code units. */
  readonly at: number;
  readonly length: number;
  /** From 0 to 1: how sure it is that this is what it seems. */
  readonly confidence: number;
  /** Of a person or of what belongs to one; null on the axis of health. */
  readonly role: Role | null;
  /** Why, as a code: 'labelled', 'check-digit', 'in-list'. */
  readonly reason: string;
  /** Keyed digest of the normalised value: equal values are counted once, and an allow-list can be matched. */
  readonly digest: string;
  readonly labels: readonly Label[];
}

export interface Reason {
  /** Of the catalogue in mail/reasons.ts; a sentence for people is made from it. */
  readonly code: string;
  readonly weight: number;
  readonly part: string;
  readonly place: Place;
  readonly kinds: readonly (WhoKind | HealthKind)[];
}

export interface InspectionReport {
  readonly level: Level;
  /** From 0 to 1. */
  readonly score: number;
  readonly reasons: readonly Reason[];
  /** Bounded; the strongest are kept. */
  readonly findings: readonly Finding[];
  readonly labels: readonly Label[];
  readonly documents: readonly HealthDocument[];
  readonly blindSpots: readonly { readonly part: string; readonly kind: BlindSpotKind }[];
}
