// How much each kind of candidate says, by itself. From 0 (nothing) to 1; a candidate's confidence comes on top.
import type { HealthKind, Level, Role, WhoKind } from '../mail/finding.ts';

/** How far an identifier of this kind tells one person from all others. */
export const WHO_WEIGHTS: Readonly<Record<WhoKind, number>> = {
  name: 0.85,
  geography: 0.5,
  date: 0.55,
  'birth-date': 0.8,
  phone: 0.5,
  fax: 0.3,
  email: 0.5,
  ssn: 0.85,
  mrn: 0.9,
  'plan-number': 0.8,
  'medicare-number': 0.95,
  account: 0.5,
  licence: 0.5,
  vehicle: 0.4,
  device: 0.45,
  url: 0.25,
  ip: 0.2,
  biometric: 0.4,
  face: 0.5,
  'other-id': 0.5,
};

export const HEALTH_WEIGHTS: Readonly<Record<HealthKind, number>> = {
  condition: 0.85,
  drug: 0.85,
  test: 0.65,
  result: 0.88,
  procedure: 0.8,
  code: 0.8,
  care: 0.75,
  payment: 0.75,
  'clinical-prose': 0.8,
  document: 0.9,
};

/** Whose identifier it is. A recipient may be the patient: what is said to her decides (combine.ts). */
export const ROLE_WEIGHTS: Readonly<Record<Role, number>> = {
  patient: 1.3,
  relative: 0.8,
  unknown: 1,
  recipient: 0.85,
  provider: 0.2,
  sender: 0,
  staff: 0.05,
  public: 0,
};

/** At this score a level begins. */
export const LEVEL_FROM = { low: 0.2, medium: 0.5, high: 0.8 } as const;

export function levelOf(score: number): Level {
  if (score >= LEVEL_FROM.high) return 'high';
  if (score >= LEVEL_FROM.medium) return 'medium';
  return score >= LEVEL_FROM.low ? 'low' : 'none';
}
