// The consent registry in words: a table of records, and one record with its history.
import type { ConsentReport } from '../control/commands.ts';
import type { Authorisation } from '../mail/consent.ts';
import { timeOf } from './amounts.ts';
import { facts, table } from './table.ts';
import type { TableOptions } from './table.ts';

/** What stands where the key of a record was destroyed. */
const GONE = '(no longer readable)';

export function consentsText(records: readonly ConsentReport[], options: TableOptions): string {
  const columns = [
    { title: 'Record', align: 'right', overflow: 'keep' },
    { title: 'State', align: 'left', overflow: 'keep' },
    { title: 'Kind', align: 'left', overflow: 'keep' },
    { title: 'Address', align: 'left', overflow: 'cut' },
    { title: 'For', align: 'left', overflow: 'cut' },
    { title: 'Given', align: 'left', overflow: 'keep' },
    { title: 'Until', align: 'left', overflow: 'keep' },
  ] as const;
  const rows = records.map(({ id, state, kind, said, givenAt, until }) => [
    String(id),
    state,
    kind,
    said?.consent.address ?? GONE,
    said?.consent.scope ?? '',
    dayOf(givenAt),
    until === null ? '' : dayOf(until - 1),
  ]);
  return table(columns, rows, options);
}

export function consentText(record: ConsentReport, { style }: TableOptions): string {
  const { id, kind, state, givenAt, until, said, revocation } = record;
  const { authorisation } = said?.consent ?? { authorisation: null };
  const all: readonly (readonly [name: string, value: string | null])[] = [
    ['record', String(id)],
    ['kind', kind],
    ['state', state],
    [kind === 'attestation' ? 'account' : 'address', said?.consent.address ?? GONE],
    ['for', said?.consent.scope ?? null],
    ['given', timeOf(givenAt)],
    ['until', until === null ? null : timeOf(until)],
    ['text', said?.consent.text ?? null],
    ['document', said?.consent.document ?? null],
    ['other way', said?.consent.otherWay ?? null],
    ['uses', said?.consent.uses ?? null],
    ...(authorisation === null ? [] : authorisationFacts(authorisation)),
    ['taken by', said?.consent.takenBy ?? null],
    ['note', said?.consent.note ?? null],
    ['recorded', said === null ? null : `${timeOf(said.recordedAt)} by ${said.who}`],
    ['revoked', revocation === null ? null : `${timeOf(revocation.at)} by ${revocation.said?.who ?? GONE}`],
    ['why', revocation?.said?.why ?? null],
  ];
  return facts(
    all.filter((fact): fact is [string, string] => fact[1] !== null),
    style,
  );
}

/** In the order of 45 CFR 164.508(c)(1). */
function authorisationFacts(given: Authorisation): readonly (readonly [name: string, value: string | null])[] {
  const signer = given.signedBy === null ? null : `${given.signedBy}${given.authority === null ? '' : ` (${given.authority})`}`;
  return [
    ['information', given.information],
    ['discloser', given.discloser],
    ['receiver', given.receiver],
    ['purpose', given.purpose],
    ['ends with', given.endsWith],
    ['signed', signer === null ? null : `${signer}${given.signedAt === null ? '' : `, ${dayOf(given.signedAt)}`}`],
    ['statements', given.statements],
    ['paid for by a third party', given.thirdPartyPayment],
  ];
}

function dayOf(at: number): string {
  return timeOf(at).slice(0, 10);
}
