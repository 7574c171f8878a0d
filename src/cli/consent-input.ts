// A record of the consent registry as a person writes it: one word for each element, the same in options and in columns of a file.
import { canonicalAddress, canonicalDomain, parseMailbox } from '../mail/address.ts';
import { consentShape, RECORD_KINDS } from '../mail/consent.ts';
import type { Authorisation, Consent, RecordKind } from '../mail/consent.ts';
import { consentProblems } from '../mail/consent-check.ts';
import type { ConsentField } from '../mail/consent-check.ts';

/** Columns of a file; as options with a hyphen for each underscore. */
export const CONSENT_COLUMNS = [
  'kind',
  'address',
  'for',
  'text',
  'document',
  'given',
  'until',
  'taken_by',
  'note',
  'other_way',
  'uses',
  'information',
  'discloser',
  'receiver',
  'purpose',
  'ends_with',
  'signed_by',
  'signed_on',
  'authority',
  'statements',
  'third_party_payment',
] as const;
export type ConsentColumn = (typeof CONSENT_COLUMNS)[number];

const COLUMN_OF: Readonly<Record<ConsentField, ConsentColumn>> = {
  kind: 'kind',
  address: 'address',
  scope: 'for',
  text: 'text',
  document: 'document',
  givenAt: 'given',
  until: 'until',
  takenBy: 'taken_by',
  note: 'note',
  otherWay: 'other_way',
  uses: 'uses',
  information: 'information',
  discloser: 'discloser',
  receiver: 'receiver',
  purpose: 'purpose',
  endsWith: 'ends_with',
  signedBy: 'signed_by',
  signedAt: 'signed_on',
  authority: 'authority',
  statements: 'statements',
  thirdPartyPayment: 'third_party_payment',
};

export type ConsentWords = Readonly<Partial<Record<ConsentColumn, string>>>;

/** What is wrong with one element, without its value: it is personal, and what is printed may be kept. */
export interface ConsentFault {
  readonly column: ConsentColumn;
  readonly text: string;
}

export interface ConsentDefaults {
  /** Domains of the organisation, for a record that names none. */
  readonly organisation: readonly string[];
  /** For a record without a day; null where it must have one. */
  readonly givenAt: number | null;
  readonly now: number;
}

export type ReadConsent =
  | { readonly kind: 'consents'; readonly consents: readonly Consent[] }
  | { readonly kind: 'faults'; readonly faults: readonly ConsentFault[] };

/** One record for each domain or sender that the words name. */
export function readConsent(words: ConsentWords, defaults: ConsentDefaults): ReadConsent {
  const faults: ConsentFault[] = [];
  const fault = (column: ConsentColumn, text: string): void => void faults.push({ column, text });
  const word = (column: ConsentColumn): string | null => words[column]?.trim() || null;
  const kind = RECORD_KINDS.find((one) => one === word('kind'));
  if (kind === undefined) return { kind: 'faults', faults: [{ column: 'kind', text: `Write one of ${RECORD_KINDS.join(', ')}.` }] };
  const day = (column: ConsentColumn, edge: 'start' | 'end'): number | null => {
    const given = word(column);
    const at = given === null ? null : timeFrom(given, edge);
    if (given !== null && at === null) fault(column, 'Write a day as 2026-11-30, or a time as 2026-11-30T14:05:00Z.');
    return at;
  };
  const signedAt = day('signed_on', 'start');
  const givenAt = day('given', 'start') ?? (kind === 'marketing' ? signedAt : null) ?? defaults.givenAt;
  if (givenAt === null && word('given') === null) fault('given', 'The day on which it was given is missing.');
  const base = {
    kind,
    address: addressOf(kind, word('address') ?? ''),
    text: word('text'),
    document: word('document'),
    givenAt: givenAt ?? defaults.now,
    until: day('until', 'end'),
    takenBy: word('taken_by'),
    note: word('note'),
    authorisation: authorisationOf(kind, word, signedAt, fault),
    otherWay: word('other_way'),
    uses: word('uses'),
  };
  const consents = scopesOf(kind, word('for'), defaults.organisation).map((scope): Consent => ({ ...base, scope }));
  for (const consent of consents) faults.push(...faultsOf(consent, defaults.now));
  return faults.length > 0 ? { kind: 'faults', faults: firstOfEach(faults) } : { kind: 'consents', consents };
}

/** Completeness says more than shape: a missing element is named by the paragraph that asks for it. */
function faultsOf(consent: Consent, now: number): readonly ConsentFault[] {
  const shape = consentShape.safeParse(consent);
  const misshapen = (shape.error?.issues ?? []).map(({ path }): ConsentFault => {
    const field = Object.entries(COLUMN_OF).find(([one]) => one === path.at(-1));
    return { column: field?.[1] ?? 'kind', text: 'This is empty, too long, or holds a line break or control character.' };
  });
  const wrong = consentProblems(consent, now).map(({ field, text, paragraph }): ConsentFault => ({
    column: COLUMN_OF[field],
    text: paragraph === null ? text : `${text} (45 CFR ${paragraph})`,
  }));
  return [...wrong, ...misshapen];
}

function firstOfEach(faults: readonly ConsentFault[]): readonly ConsentFault[] {
  return faults.filter(({ column }, i) => faults.findIndex((one) => one.column === column) === i);
}

function addressOf(kind: RecordKind, given: string): string {
  if (kind === 'attestation') return given.toLowerCase();
  return parseMailbox(given) === null ? given : canonicalAddress(given);
}

function scopesOf(kind: RecordKind, given: string | null, organisation: readonly string[]): readonly (string | null)[] {
  const named = (given ?? '').split(/[\s;,]+/).filter((one) => one !== '');
  if (named.length > 0) return [...new Set(named.map(canonicalScope))];
  return kind === 'attestation' || organisation.length === 0 ? [null] : organisation;
}

/** As the registry has it, or as it was written where it is neither a domain nor an address. */
export function canonicalScope(given: string): string {
  if (given.includes('@')) return parseMailbox(given) === null ? given : canonicalAddress(given);
  return canonicalDomain(given) ?? given;
}

type FaultOf = (column: ConsentColumn, text: string) => void;

function authorisationOf(
  kind: RecordKind,
  word: (column: ConsentColumn) => string | null,
  signedAt: number | null,
  fault: FaultOf,
): Authorisation | null {
  const pays = word('third_party_payment');
  const thirdPartyPayment = pays === 'yes' || pays === 'no' ? pays : null;
  if (pays !== null && thirdPartyPayment === null) fault('third_party_payment', 'Write yes or no.');
  const authorisation: Authorisation = {
    information: word('information'),
    discloser: word('discloser'),
    receiver: word('receiver'),
    purpose: word('purpose'),
    endsWith: word('ends_with'),
    signedBy: word('signed_by'),
    signedAt,
    authority: word('authority'),
    statements: word('statements'),
    thirdPartyPayment,
  };
  return kind !== 'marketing' && Object.values(authorisation).every((one) => one === null) ? null : authorisation;
}

/** RFC 3339, or a day where the reader is: its first moment, or the first after it. */
export function timeFrom(given: string, edge: 'start' | 'end'): number | null {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2})$/.test(given)) {
    const at = Date.parse(given);
    return Number.isNaN(at) ? null : at;
  }
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(given)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const start = new Date(year, month - 1, day);
  if (start.getFullYear() !== year || start.getMonth() !== month - 1 || start.getDate() !== day) return null;
  return edge === 'start' ? start.getTime() : new Date(year, month - 1, day + 1).getTime();
}
