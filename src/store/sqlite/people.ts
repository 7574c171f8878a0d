// Who reads at an address, and by what they prove it. Names and secrets are sealed; an ended factor has no secret any more.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import type { Assurance, EnrolledKind } from '../../mail/pickup.ts';
import type { Factor, FactorSecret, People, Person } from '../people.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { Columns } from './columns.ts';
import { resealerOf } from './reseal.ts';
import type { Resealed } from './reseal.ts';
import { orNull } from './unreadable.ts';

export type NewPerson = Parameters<People['add']>[0];
export type PersonChange = Parameters<People['change']>[0];
export type NewFactor = Parameters<People['enrol']>[0];
export type FactorUse = Parameters<People['used']>[0];
export type FactorsEnd = Parameters<People['endFactors']>[0];
export type PersonEnd = Parameters<People['end']>[0];
export type ResealPeople = Parameters<People['reseal']>[0];
export type FoundPasskey = Awaited<ReturnType<People['byPasskey']>>;

export interface PeopleEngine {
  ofAddress(address: Uint8Array): readonly Person[];
  find(personId: number): Person | null;
  byPasskey(name: Uint8Array): FoundPasskey;
  add(person: NewPerson): Person;
  change(change: PersonChange): void;
  enrol(factor: NewFactor): Factor | 'ended';
  used(use: FactorUse): 'counted' | 'used-before';
  endFactors(end: FactorsEnd): number;
  end(end: PersonEnd): boolean;
  reseal(request: ResealPeople): Resealed;
}

interface PersonRow {
  readonly id: number;
  readonly address: Uint8Array;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly sealed: Uint8Array;
}

interface FactorRow {
  readonly id: number;
  readonly person: number;
  readonly kind: EnrolledKind;
  readonly assurance: Assurance;
  readonly created_at: number;
  readonly last_used_at: number | null;
  readonly sealed: Uint8Array;
}

type Said = Pick<Person, 'name' | 'language'>;

const personContext = (id: number): string => `people:${id}`;
const factorContext = (id: number): string => `factors:${id}`;

/** Of one person; more tell nobody more. */
const FACTORS = 50;
/** At one address: a practice with a front desk has fewer. */
const PEOPLE = 100;

export function peopleEngine(db: Database, columns: Columns, evidence: EvidenceWriter): PeopleEngine {
  const people = 'SELECT id, address, created_at, last_seen_at, sealed FROM people WHERE ended_at IS NULL AND';
  const factors = 'SELECT id, person, kind, assurance, created_at, last_used_at, sealed FROM factors WHERE ended_at IS NULL AND';
  const byAddress = db.prepare<[Uint8Array], PersonRow>(`${people} address = ? ORDER BY id LIMIT ${PEOPLE}`);
  const byId = db.prepare<[number], PersonRow>(`${people} id = ?`);
  const ofPerson = db.prepare<[number], FactorRow>(`${factors} person = ? ORDER BY id LIMIT ${FACTORS}`);
  const byName = db.prepare<[Uint8Array], FactorRow>(`${factors} name = ?`);
  const factorById = db.prepare<[number], FactorRow>(`${factors} id = ?`);
  const personOf = (row: PersonRow): Person => {
    const said = orNull(() => columns.open<Said>(row.sealed, personContext(row.id)));
    return {
      id: row.id,
      address: row.address,
      name: said?.name ?? null,
      language: said?.language ?? null,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      // A factor whose secret cannot be opened proves nothing.
      factors: ofPerson.all(row.id).flatMap((factor) => factorOf(factor, columns) ?? []),
    };
  };
  const find = (personId: number): Person | null => {
    const row = byId.get(personId);
    return row === undefined ? null : personOf(row);
  };
  const byPasskey = (name: Uint8Array): FoundPasskey => {
    const row = byName.get(name);
    const person = row === undefined ? null : find(row.person);
    const factor = person?.factors.find(({ id }) => id === row?.id);
    return person === null || factor === undefined ? null : { person, factor };
  };
  const reads = { find, byPasskey, ofAddress: (address: Uint8Array) => byAddress.all(address).map(personOf) };
  const factorNow = (id: number): Factor | null => {
    const row = factorById.get(id);
    return row === undefined ? null : factorOf(row, columns);
  };
  const parts = { db, columns, evidence, find, factorNow };
  const reseal = {
    people: resealerOf(db, columns, { name: 'people', which: 'ended_at IS NULL', context: personContext }),
    factors: resealerOf(db, columns, { name: 'factors', which: 'ended_at IS NULL', context: factorContext }),
  };
  return {
    ...reads,
    ...personChanges(parts),
    ...factorChanges(parts),
    reseal: ({ of, after, limit }) => reseal[of]({ after, limit }),
  };
}

function factorOf(row: FactorRow, columns: Columns): Factor | null {
  const secret = orNull(() => columns.open<FactorSecret>(row.sealed, factorContext(row.id)));
  if (secret === null) return null;
  const { id, person: personId, kind, assurance, created_at: createdAt, last_used_at: lastUsedAt } = row;
  return { id, personId, kind, assurance, createdAt, lastUsedAt, secret };
}

interface Parts {
  readonly db: Database;
  readonly columns: Columns;
  readonly evidence: EvidenceWriter;
  readonly find: (personId: number) => Person | null;
  readonly factorNow: (id: number) => Factor | null;
}

function personChanges({ db, columns, evidence, find }: Parts): Pick<PeopleEngine, 'add' | 'change' | 'end'> {
  const insert = db
    .prepare<[Uint8Array, number, number], number>(
      'INSERT INTO people (address, created_at, last_seen_at, sealed) VALUES (?, ?, ?, zeroblob(0)) RETURNING id',
    )
    .pluck();
  const write = db.prepare<[Uint8Array, number, number]>('UPDATE people SET sealed = ?, last_seen_at = ? WHERE id = ?');
  const endPerson = db.prepare<[number, number]>('UPDATE people SET ended_at = ? WHERE id = ? AND ended_at IS NULL');
  const endAll = endOf(db, 'person = :id');
  const say = (id: number, said: Said, at: number): void => void write.run(columns.seal(said, personContext(id)), at, id);
  return {
    add: ({ address, name, language, at, evidence: written }) => {
      const id = insert.get(address, at, at) ?? 0;
      say(id, { name, language }, at);
      evidence.appendAll(written.map((one) => withCode(one, 'person', id)));
      return { id, address, name, language, createdAt: at, lastSeenAt: at, factors: [] };
    },
    change: ({ personId, name, language, at, evidence: written }) => {
      const person = find(personId);
      if (person === null) return;
      say(personId, { name: name ?? person.name, language: language ?? person.language }, at);
      evidence.appendAll(written);
    },
    end: ({ personId, at, evidence: written }) => {
      if (endPerson.run(at, personId).changes === 0) return false;
      endAll(personId, at);
      evidence.appendAll(written);
      return true;
    },
  };
}

function factorChanges({ db, columns, evidence, find, factorNow }: Parts): Pick<PeopleEngine, 'enrol' | 'used' | 'endFactors'> {
  const insert = db
    .prepare<[number, string, string, number, Uint8Array | null], number>(
      'INSERT INTO factors (person, kind, assurance, created_at, name, sealed) VALUES (?, ?, ?, ?, ?, zeroblob(0)) RETURNING id',
    )
    .pluck();
  const seal = db.prepare<[Uint8Array, number]>('UPDATE factors SET sealed = ? WHERE id = ?');
  const touch = db.prepare<[Uint8Array, number, number]>('UPDATE factors SET sealed = ?, last_used_at = ? WHERE id = ?');
  const seen = db.prepare<[number, number]>('UPDATE people SET last_seen_at = ? WHERE id = ?');
  const endAll = endOf(db, 'person = :id');
  const endOne = endOf(db, 'id = :id');
  return {
    enrol: ({ personId, assurance, secret, name, at, evidence: written }) => {
      const person = find(personId);
      if (person === null) return 'ended';
      const { kind } = secret;
      if (kind !== 'passkey') for (const before of person.factors.filter((one) => one.kind === kind)) endOne(before.id, at);
      const id = insert.get(personId, kind, assurance, at, name) ?? 0;
      seal.run(columns.seal(secret, factorContext(id)), id);
      evidence.appendAll(written.map((one) => withCode(one, 'factor', id)));
      return { id, personId, kind, assurance, createdAt: at, lastUsedAt: null, secret };
    },
    used: ({ factorId, secret, at }) => {
      const before = factorNow(factorId);
      if (before === null || !goesOn(before.secret, secret)) return 'used-before';
      touch.run(columns.seal(secret, factorContext(factorId)), at, factorId);
      seen.run(at, before.personId);
      return 'counted';
    },
    endFactors: ({ personId, factorId, at, evidence: written }) => {
      if (factorId !== null && factorNow(factorId)?.personId !== personId) return 0;
      const ended = factorId === null ? endAll(personId, at) : endOne(factorId, at);
      if (ended > 0) evidence.appendAll(written);
      return ended;
    },
  };
}

/** RFC 6238 5.2: no step is good twice. WebAuthn 3 section 7.2: a counter that is kept must grow. */
function goesOn(before: FactorSecret, after: FactorSecret): boolean {
  if (before.kind === 'totp') return after.kind === 'totp' && after.lastStep > before.lastStep;
  if (before.kind === 'phone') return after.kind === 'phone' && after.number === before.number;
  if (before.kind === 'password') return after.kind === 'password' && after.hash === before.hash;
  return after.kind === 'passkey' && ((before.counter === 0 && after.counter === 0) || after.counter > before.counter);
}

function endOf(db: Database, which: string): (id: number, at: number) => number {
  const end = db.prepare<{ id: number; at: number }>(
    `UPDATE factors SET ended_at = :at, name = NULL, sealed = zeroblob(0) WHERE ${which} AND ended_at IS NULL`,
  );
  return (id, at) => end.run({ id, at }).changes;
}

function withCode(written: Evidence, name: 'person' | 'factor', id: number): Evidence {
  return { ...written, codes: { ...written.codes, [name]: id } };
}
