// Is a record of the consent registry complete? What is missing is named by the paragraph that asks for it. Pure.
import { canonicalAddress, canonicalDomain, parseMailbox } from './address.ts';
import type { Authorisation, Consent } from './consent.ts';

/** Fields of a record and of its authorisation: one word each, so that a person can be told which one is wrong. */
export type ConsentField = Exclude<keyof Consent, 'authorisation'> | keyof Authorisation;

export interface ConsentProblem {
  readonly field: ConsentField;
  /** One plain sentence without the value, ending in a full stop. */
  readonly text: string;
  /** The paragraph of 45 CFR that asks for it, or null where our own order does. */
  readonly paragraph: string | null;
}

/** What an authorisation for marketing must have (45 CFR 164.508(a)(3), (c)), beside what the record itself has. */
const ELEMENTS: readonly (readonly [field: keyof Authorisation, paragraph: string, text: string])[] = [
  ['information', '164.508(c)(1)(i)', 'A description of the information that is used or disclosed is missing.'],
  ['discloser', '164.508(c)(1)(ii)', 'Who may use or disclose it is missing.'],
  ['receiver', '164.508(c)(1)(iii)', 'To whom it may be disclosed is missing.'],
  ['purpose', '164.508(c)(1)(iv)', 'The purpose is missing.'],
  ['statements', '164.508(c)(2)', 'The version of the text with the statements on revoking, conditions and redisclosure is missing.'],
  ['thirdPartyPayment', '164.508(a)(3)(ii)', 'Whether a third party pays for the marketing is missing.'],
];

const OWN_FIELD: readonly (readonly [field: 'otherWay' | 'uses', kind: Consent['kind'], paragraph: string | null, text: string])[] = [
  ['otherWay', 'other-way', '164.522(b)(2)(ii)(B)', 'The other address or way to reach the person is missing.'],
  ['uses', 'attestation', null, 'What less protection is used for is missing.'],
];

/** A signature may be dated by a clock or a day that runs before ours. */
const AHEAD_MS = 86_400_000;

/** Everything that is wrong with a record, in the order of its fields; none where it may be recorded. `now` in milliseconds since the epoch. */
export function consentProblems(consent: Consent, now: number): readonly ConsentProblem[] {
  const problems = [...whoProblems(consent), ...timeProblems(consent, now)];
  const need = (field: ConsentField, paragraph: string | null, text: string): void => void problems.push({ field, paragraph, text });
  if (consent.kind === 'plain-mail' && consent.text === null && consent.document === null)
    need('text', '164.524(c)', 'Which warning the person was given is missing: the version of its text, or the document.');
  if (consent.kind === 'attestation' && consent.text === null && consent.document === null)
    need('text', null, 'Which text was signed is missing: its version, or the document.');
  for (const [field, kind, paragraph, text] of OWN_FIELD) {
    if (consent.kind === kind && consent[field] === null) need(field, paragraph, text);
    if (consent.kind !== kind && consent[field] !== null) need(field, null, `This belongs to the kind ${kind} only.`);
  }
  if (consent.kind === 'marketing') problems.push(...authorisationProblems(consent, now));
  else if (consent.authorisation !== null) need('information', null, 'The elements of an authorisation belong to the kind marketing only.');
  return problems;
}

function whoProblems({ kind, address, scope }: Consent): ConsentProblem[] {
  const problems: ConsentProblem[] = [];
  const wrong = (field: ConsentField, text: string): void => void problems.push({ field, paragraph: null, text });
  if (kind === 'attestation') {
    if (address !== address.toLowerCase()) wrong('address', 'The name of an account is in lower case.');
    if (scope !== null) wrong('scope', 'An attestation is of an account and holds for that account only.');
    return problems;
  }
  if (parseMailbox(address) === null || canonicalAddress(address) !== address) wrong('address', 'This is not an address as user@domain.');
  if (scope === null) wrong('scope', 'For whose mail it holds is missing: a domain of the organisation, or one sender.');
  else if (!isScope(scope)) wrong('scope', 'This is neither a domain nor an address.');
  return problems;
}

function isScope(scope: string): boolean {
  if (scope.includes('@')) return parseMailbox(scope) !== null && canonicalAddress(scope) === scope;
  return canonicalDomain(scope) === scope;
}

function timeProblems({ kind, givenAt, until }: Consent, now: number): ConsentProblem[] {
  const problems: ConsentProblem[] = [];
  if (givenAt > now + AHEAD_MS) problems.push({ field: 'givenAt', paragraph: null, text: 'It was given at a time that has not come yet.' });
  if (until === null) return problems;
  if (until <= givenAt) problems.push({ field: 'until', paragraph: null, text: 'It ends before it begins.' });
  else if (kind === 'marketing' && until <= now)
    problems.push({ field: 'until', paragraph: '164.508(b)(2)(i)', text: 'The day on which it expires has passed.' });
  return problems;
}

function authorisationProblems({ authorisation, document, until }: Consent, now: number): readonly ConsentProblem[] {
  const given = (field: keyof Authorisation): string | number | null => authorisation?.[field] ?? null;
  const problems: ConsentProblem[] = ELEMENTS.filter(([field]) => given(field) === null).map(([field, paragraph, text]) => ({
    field,
    paragraph,
    text,
  }));
  const need = (field: ConsentField, paragraph: string, text: string): void => void problems.push({ field, paragraph, text });
  if (until === null && given('endsWith') === null)
    need('until', '164.508(c)(1)(v)', 'The day or the event on which it expires is missing.');
  const signedAt = authorisation?.signedAt ?? null;
  if (document === null && given('signedBy') === null)
    need('signedBy', '164.508(c)(1)(vi)', 'The signature is missing: who signed, or the document.');
  if (document === null && signedAt === null) need('signedAt', '164.508(c)(1)(vi)', 'The day of the signature is missing.');
  if (signedAt !== null && signedAt > now + AHEAD_MS)
    need('signedAt', '164.508(c)(1)(vi)', 'It was signed at a time that has not come yet.');
  if (given('authority') !== null && given('signedBy') === null)
    need('signedBy', '164.508(c)(1)(vi)', 'An authority to sign for the person is given, but not who signed.');
  return problems;
}
