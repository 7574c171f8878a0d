// What a record of the consent registry says: a consent, an authorisation, a refusal or a wish of a person outside, or what an account attests.
// Records are kept six years from when they were last in effect (45 CFR 164.530(j)(2)).
import { z } from 'zod';
import { domainOf } from './address.ts';
import { CONSENT_KINDS } from './facts.ts';

/** All kinds of records: an attestation is of an account, the others are of an address outside. */
export const RECORD_KINDS = [
  ...CONSENT_KINDS,
  'attestation', // what an account uses the wish for less protection for, in its own words
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

const words = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
const moment = z.int().min(0).max(8_640_000_000_000_000);

/** Elements of an authorisation (45 CFR 164.508). Null where one is missing: then it is not valid, and not recorded. */
export const authorisationShape = z.strictObject({
  /** (c)(1)(i): the information that is used or disclosed. */
  information: words.nullable(),
  /** (c)(1)(ii): who may use or disclose it. */
  discloser: words.nullable(),
  /** (c)(1)(iii): to whom. */
  receiver: words.nullable(),
  /** (c)(1)(iv): each purpose. */
  purpose: words.nullable(),
  /** (c)(1)(v): the event with which it ends, where `until` gives no date. A person revokes it when that has come. */
  endsWith: words.nullable(),
  /** (c)(1)(vi): who signed, when, and the authority of one who signed for the person. */
  signedBy: words.nullable(),
  signedAt: moment.nullable(),
  authority: words.nullable(),
  /** (c)(2): version of the text with the required statements: right to revoke, no conditioning, redisclosure. */
  statements: words.nullable(),
  /** (a)(3)(ii): a third party pays for the marketing; the text that was signed says so. */
  thirdPartyPayment: z.enum(['yes', 'no']).nullable(),
});
export type Authorisation = z.output<typeof authorisationShape>;

export const consentShape = z.strictObject({
  kind: z.enum(RECORD_KINDS),
  /** The person's address, canonical; of an attestation the account. */
  address: z.string().min(1).max(320),
  /** For whose mail it holds: a domain of the organisation, or one sender's address. Null for an attestation. */
  scope: z.string().min(1).max(320).nullable(),
  /** Version of the text that was shown or signed. */
  text: words.nullable(),
  /** Reference of the signed document, where it is filed. */
  document: words.nullable(),
  givenAt: moment,
  until: moment.nullable(),
  /** Who took it down, where that is not the one who typed it in. */
  takenBy: words.nullable(),
  note: words.nullable(),
  /** Of `marketing` only. */
  authorisation: authorisationShape.nullable(),
  /** Of `other-way` only: the address or way to use instead. */
  otherWay: words.nullable(),
  /** Of `attestation` only: what less protection is used for. */
  uses: words.nullable(),
});
export type Consent = z.output<typeof consentShape>;

/** A keyed digest: keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

/** What a record is found by. */
export function consentSubject(digest: Digest, { kind, address, scope }: Pick<Consent, 'kind' | 'address' | 'scope'>): Uint8Array {
  return kind === 'attestation' ? attestationSubject(digest, address) : digest('consent', scope ?? '', address);
}

/** What the attestation of an account is found by. */
export function attestationSubject(digest: Digest, account: string): Uint8Array {
  return digest('attestation', account);
}

/**
 * What consents for a sender's mail to a recipient are found by: those given to the sender's domain, those given to the sender alone.
 * Both addresses canonical.
 */
export function consentSubjects(digest: Digest, sender: string, recipient: string): readonly [Uint8Array, Uint8Array] {
  return [digest('consent', domainOf(sender), recipient), digest('consent', sender, recipient)];
}
