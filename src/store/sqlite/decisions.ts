// Decisions are few and long: each is stored once, and a delivery holds its number.
import type { Database } from 'better-sqlite3';
import type { Decision, MethodName } from '../../mail/decision.ts';
import type { TlsFloor } from '../../mail/tls.ts';
import type { UnitMemory } from './unit-memory.ts';

export interface Decisions {
  idOf(decision: Decision): number;
  read(id: number): Decision;
}

interface Row {
  readonly rule: string;
  readonly policy_version: string;
  readonly floor: TlsFloor;
  readonly methods: string;
  readonly otherwise: Decision['otherwise'];
}

/** More than this many different decisions are looked up again. */
const REMEMBERED = 1_000;

/** @param memory null on a read-only connection */
export function decisionsOf(db: Database, memory: UnitMemory | null): Decisions {
  const find = db.prepare<[string, string, string, string, string], { id: number }>(
    'SELECT id FROM decisions WHERE rule = ? AND policy_version = ? AND floor = ? AND methods = ? AND otherwise = ?',
  );
  const byId = db.prepare<[number], Row>('SELECT rule, policy_version, floor, methods, otherwise FROM decisions WHERE id = ?');
  const insert =
    memory === null
      ? null
      : db.prepare<[string, string, string, string, string]>(
          'INSERT INTO decisions (rule, policy_version, floor, methods, otherwise) VALUES (?, ?, ?, ?, ?)',
        );
  const ids = new Map<string, number>();
  const decisions = new Map<number, Decision>();

  const remember = (key: string, id: number): number => {
    if (ids.size >= REMEMBERED) ids.clear();
    ids.set(key, id);
    return id;
  };
  return {
    idOf: (decision) => {
      const { rule, policyVersion, floor, otherwise } = decision;
      const methods = decision.methods.join(',');
      const key = JSON.stringify([rule, policyVersion, floor, methods, otherwise]);
      const known = ids.get(key) ?? find.get(rule, policyVersion, floor, methods, otherwise)?.id;
      if (known !== undefined) return remember(key, known);
      if (insert === null || memory === null) throw new Error('a read-only connection stores no decision');
      const id = Number(insert.run(rule, policyVersion, floor, methods, otherwise).lastInsertRowid);
      memory.onUndo(() => {
        ids.delete(key);
        decisions.delete(id);
      });
      return remember(key, id);
    },
    read: (id) => {
      const known = decisions.get(id);
      if (known !== undefined) return known;
      const row = byId.get(id);
      if (row === undefined) throw new Error('a delivery names a decision that is not there');
      const { rule, policy_version: policyVersion, floor, otherwise } = row;
      const decision: Decision = { rule, policyVersion, floor, methods: methodsOf(row.methods), otherwise };
      if (decisions.size >= REMEMBERED) decisions.clear();
      decisions.set(id, decision);
      return decision;
    },
  };
}

function methodsOf(text: string): readonly MethodName[] {
  return text === '' ? [] : (text.split(',') as MethodName[]);
}
