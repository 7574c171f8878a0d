// Decisions are few and long: each is stored once, and a delivery holds its number.
import type { Database } from 'better-sqlite3';
import type { Decision } from '../../mail/decision.ts';
import type { UnitMemory } from './unit-memory.ts';

export interface Decisions {
  idOf(decision: Decision): number;
  read(id: number): Decision;
}

/** More than this many different decisions are looked up again. */
const REMEMBERED = 1_000;

/** @param memory null on a read-only connection */
export function decisionsOf(db: Database, memory: UnitMemory | null): Decisions {
  const find = db.prepare<[string], number>('SELECT id FROM decisions WHERE value = ?').pluck();
  const byId = db.prepare<[number], string>('SELECT value FROM decisions WHERE id = ?').pluck();
  const insert = memory === null ? null : db.prepare<[string, string]>('INSERT INTO decisions (policy_version, value) VALUES (?, ?)');
  const ids = new Map<string, number>();
  const decisions = new Map<number, Decision>();

  const remember = (value: string, id: number): number => {
    if (ids.size >= REMEMBERED) ids.clear();
    ids.set(value, id);
    return id;
  };
  return {
    idOf: (decision) => {
      const value = valueOf(decision);
      const known = ids.get(value) ?? find.get(value);
      if (known !== undefined) return remember(value, known);
      if (insert === null || memory === null) throw new Error('a read-only connection stores no decision');
      const id = Number(insert.run(decision.policyVersion, value).lastInsertRowid);
      memory.onUndo(() => {
        ids.delete(value);
        decisions.delete(id);
      });
      return remember(value, id);
    },
    read: (id) => {
      const known = decisions.get(id);
      if (known !== undefined) return known;
      const value = byId.get(id);
      if (value === undefined) throw new Error('a delivery names a decision that is not there');
      const decision = JSON.parse(value) as Decision;
      if (decisions.size >= REMEMBERED) decisions.clear();
      decisions.set(id, decision);
      return decision;
    },
  };
}

/** Equal decisions have equal text, in whatever order their keys were written. */
function valueOf(decision: Decision): string {
  const { rule, policyVersion, consents, action, released, floor, floors, methods, otherwise, reason, modifiers } = decision;
  const { stripTags, addFields, appendText, notify, expireAfterMs, unsubscribe } = modifiers;
  return JSON.stringify({
    rule,
    policyVersion,
    consents,
    action,
    released,
    floor,
    floors,
    methods,
    otherwise,
    reason,
    modifiers: {
      stripTags,
      addFields: addFields.map(({ name, value }) => ({ name, value })),
      appendText,
      notify,
      expireAfterMs,
      unsubscribe,
    },
  });
}
