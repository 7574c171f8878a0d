// The registry of consents: write side and look-up. An id is the registry's revision at its record, so none is ever used twice.
import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'better-sqlite3';
import type { Consent, RecordKind } from '../../mail/consent.ts';
import type { Evidence } from '../../mail/evidence.ts';
import type { ConsentInForce, ConsentRecord, NewConsent, Recorded, RevokeResult } from '../consents.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { Columns } from './columns.ts';
import { pageOf, sealedAnew } from './reseal.ts';
import type { Resealed, ResealPage } from './reseal.ts';
import { orNull } from './unreadable.ts';

export interface RecordConsents {
  readonly records: readonly NewConsent[];
  readonly who: string;
  readonly at: number;
}

export interface RevokeConsents {
  readonly ids: readonly number[];
  readonly at: number;
  readonly who: string;
  readonly why: string;
  readonly evidence: Evidence;
}

export interface InForceRequest {
  readonly subjects: readonly Uint8Array[];
  readonly at: number;
}

export interface InForceAnswer {
  readonly revision: number;
  readonly consents: readonly (readonly ConsentInForce[])[];
}

export interface ResealConsents extends ResealPage {
  readonly since: number;
}

export interface ConsentsEngine {
  record(request: RecordConsents): readonly Recorded[];
  revoke(request: RevokeConsents): readonly RevokeResult[];
  inForce(request: InForceRequest): InForceAnswer;
  revision(): number;
  reseal(request: ResealConsents): Resealed;
}

export interface ConsentRow {
  readonly id: number;
  readonly kind: RecordKind;
  readonly given_at: number;
  readonly until: number | null;
  readonly sealed: Uint8Array;
  readonly revoked_at: number | null;
  readonly sealed_revocation: Uint8Array | null;
}

export const CONSENT_COLUMNS = 'id, kind, given_at, until, sealed, revoked_at, sealed_revocation';

interface Said {
  readonly consent: Consent;
  readonly who: string;
  readonly recordedAt: number;
}

export function consentOf(row: ConsentRow, columns: Columns): ConsentRecord {
  const { id, kind, given_at: givenAt, until, sealed, revoked_at: revokedAt, sealed_revocation: why } = row;
  const said = why === null ? null : orNull(() => columns.open<{ who: string; why: string }>(why, revocationContext(id)));
  return {
    id,
    kind,
    givenAt,
    until,
    said: orNull(() => columns.open<Said>(sealed, consentContext(id))),
    revocation: revokedAt === null ? null : { at: revokedAt, said },
  };
}

function consentContext(id: number): string {
  return `consents:${id}`;
}

function revocationContext(id: number): string {
  return `consents:${id}/revocation`;
}

export function consentsEngine(db: Database, columns: Columns, evidence: EvidenceWriter): ConsentsEngine {
  const revision = db.prepare<[], number>("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'consents-revision'").pluck();
  const bump = db
    .prepare<[], number>(
      `INSERT INTO meta (name, value) VALUES ('consents-revision', '1')
       ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING CAST(value AS INTEGER)`,
    )
    .pluck();
  const insert = db.prepare<[number, string, Uint8Array, number, number | null, Uint8Array]>(
    'INSERT INTO consents (id, kind, subject, given_at, until, sealed) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const alike = db.prepare<[Uint8Array, string, number], ConsentRow>(
    `SELECT ${CONSENT_COLUMNS} FROM consents WHERE subject = ? AND kind = ? AND given_at = ? AND revoked_at IS NULL`,
  );
  const find = db.prepare<[number], ConsentRow>(`SELECT ${CONSENT_COLUMNS} FROM consents WHERE id = ?`);
  const revoke = db.prepare<[number, Uint8Array, number]>('UPDATE consents SET revoked_at = ?, sealed_revocation = ? WHERE id = ?');
  const inForce = db.prepare<{ subject: Uint8Array; at: number }, ConsentInForce>(
    `SELECT id, kind, until FROM consents
      WHERE subject = :subject AND revoked_at IS NULL AND given_at <= :at AND (until IS NULL OR until > :at) ORDER BY id`,
  );
  const outliving = db.prepare<ResealConsents, ConsentRow>(
    `SELECT ${CONSENT_COLUMNS} FROM consents
      WHERE id > :after AND (revoked_at IS NULL OR revoked_at >= :since) AND (until IS NULL OR until >= :since) ORDER BY id LIMIT :limit`,
  );
  const rewrite = db.prepare<[Uint8Array, Uint8Array | null, number]>('UPDATE consents SET sealed = ?, sealed_revocation = ? WHERE id = ?');
  const next = (): number => bump.get() ?? 1;
  const anew = (sealed: Uint8Array, context: string): Uint8Array => sealedAnew(sealed, context, columns);

  const recordOne = ({ consent, subject, evidence: written }: NewConsent, who: string, at: number): Recorded => {
    const before = alike
      .all(subject, consent.kind, consent.givenAt)
      .find((row) => isDeepStrictEqual(consentOf(row, columns).said?.consent, consent));
    if (before !== undefined) return { id: before.id, result: 'exists' };
    const id = next();
    const said: Said = { consent, who, recordedAt: at };
    insert.run(id, consent.kind, subject, consent.givenAt, consent.until, columns.seal(said, consentContext(id)));
    evidence.append({ ...written, codes: { ...written.codes, consent: id, consentKind: consent.kind } });
    return { id, result: 'recorded' };
  };
  const revokeOne = (id: number, { at, who, why, evidence: written }: RevokeConsents): RevokeResult => {
    const row = find.get(id);
    if (row === undefined) return 'not-found';
    if (row.revoked_at !== null) return 'revoked-before';
    next();
    revoke.run(at, columns.seal({ who, why }, revocationContext(id)), id);
    const { consent } = consentOf(row, columns).said ?? { consent: null };
    const detail = consent === null ? written.detail : { ...written.detail, address: consent.address, scope: consent.scope ?? '' };
    evidence.append({ ...written, codes: { ...written.codes, consent: id, consentKind: row.kind }, detail });
    return 'revoked';
  };
  return {
    record: ({ records, who, at }) => records.map((one) => recordOne(one, who, at)),
    revoke: (request) => request.ids.map((id) => revokeOne(id, request)),
    inForce: ({ subjects, at }) => ({
      revision: revision.get() ?? 0,
      consents: subjects.map((subject) => inForce.all({ subject, at })),
    }),
    revision: () => revision.get() ?? 0,
    reseal: (request) => {
      const rows = outliving.all(request);
      for (const { id, sealed, sealed_revocation: why } of rows)
        rewrite.run(anew(sealed, consentContext(id)), why === null ? null : anew(why, revocationContext(id)), id);
      return pageOf(rows, request.limit);
    },
  };
}
