// The operations about people, factors and codes, as the engine has them.
import type { Database } from 'better-sqlite3';
import type { EvidenceWriter } from './audit-log.ts';
import { codesEngine } from './codes.ts';
import type { Columns } from './columns.ts';
import type { Perform } from './operations.ts';
import { peopleEngine } from './people.ts';
import type { PickupRows } from './pickup-rows.ts';

export interface PeopleParts {
  readonly db: Database;
  readonly columns: Columns;
  readonly evidence: EvidenceWriter;
  readonly pickups: PickupRows;
}

export interface PeopleOperations {
  readonly units: Perform<
    | 'addPerson'
    | 'changePerson'
    | 'endPerson'
    | 'enrolFactor'
    | 'useFactor'
    | 'endFactors'
    | 'addCode'
    | 'tryCode'
    | 'endCodes'
    | 'forgetCodes'
    | 'resealPeople'
  >;
  readonly reads: Perform<'peopleOf' | 'findPerson' | 'personByPasskey' | 'openCodes'>;
}

export function peopleOperations({ db, columns, evidence, pickups }: PeopleParts): PeopleOperations {
  const people = peopleEngine(db, columns, evidence);
  const codes = codesEngine(db, evidence, pickups);
  return {
    units: {
      addPerson: (person) => people.add(person),
      changePerson: (change) => {
        people.change(change);
        return null;
      },
      endPerson: (end) => people.end(end),
      enrolFactor: (factor) => people.enrol(factor),
      useFactor: (use) => people.used(use),
      endFactors: (end) => people.endFactors(end),
      addCode: (code) => {
        codes.add(code);
        return null;
      },
      tryCode: (result) => codes.tried(result),
      endCodes: (end) => codes.endAll(end),
      forgetCodes: (before) => codes.forget(before),
      resealPeople: (request) => people.reseal(request),
    },
    reads: {
      peopleOf: (address) => people.ofAddress(address),
      findPerson: (personId) => people.find(personId),
      personByPasskey: (name) => people.byPasskey(name),
      openCodes: (request) => codes.open(request),
    },
  };
}
