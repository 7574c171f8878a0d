// Submission accounts.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import type { Account } from '../accounts.ts';
import type { EvidenceWriter } from './audit-log.ts';

export type AccountChange = Partial<Omit<Account, 'name' | 'createdAt'>>;

export interface AccountsEngine {
  add(account: Account, evidence: Evidence): 'added' | 'exists';
  find(name: string): Account | null;
  list(): readonly Account[];
  change(name: string, change: AccountChange, evidence: Evidence): 'changed' | 'not-found';
}

interface Row {
  readonly name: string;
  readonly password_hash: string;
  readonly state: Account['state'];
  readonly may_use: string;
  readonly reports: string | null;
  readonly likely_repeats: Account['likelyRepeats'];
  readonly created_at: number;
  readonly changed_at: number;
}

export function accountsEngine(db: Database, evidence: EvidenceWriter): AccountsEngine {
  const find = db.prepare<[string], Row>('SELECT * FROM accounts WHERE name = ?');
  const list = db.prepare<[], Row>('SELECT * FROM accounts ORDER BY name');
  const write = db.prepare<[string, string, string, string, string | null, string, number, number]>(
    `REPLACE INTO accounts (name, password_hash, state, may_use, reports, likely_repeats, created_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const put = (account: Account, written: Evidence): void => {
    const { name, passwordHash, state, mayUse, reports, likelyRepeats, createdAt, changedAt } = account;
    write.run(name, passwordHash, state, JSON.stringify(mayUse), reports, likelyRepeats, createdAt, changedAt);
    evidence.append(written);
  };
  return {
    add: (account, written) => {
      if (find.get(account.name) !== undefined) return 'exists';
      put(account, written);
      return 'added';
    },
    find: (name) => {
      const row = find.get(name);
      return row === undefined ? null : accountOf(row);
    },
    list: () => list.all().map(accountOf),
    change: (name, change, written) => {
      const row = find.get(name);
      if (row === undefined) return 'not-found';
      put({ ...accountOf(row), ...change }, written);
      return 'changed';
    },
  };
}

function accountOf(row: Row): Account {
  return {
    name: row.name,
    passwordHash: row.password_hash,
    state: row.state,
    mayUse: JSON.parse(row.may_use) as readonly string[],
    reports: row.reports,
    likelyRepeats: row.likely_repeats,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}
