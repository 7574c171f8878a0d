// Contract: submission accounts, one named person or system each.
import type { Evidence } from '../mail/evidence.ts';

export interface Account {
  /** Login name, lower case. */
  readonly name: string;
  /** Encoded hash with its parameters (`$argon2id$...` or `$scrypt$...`). */
  readonly passwordHash: string;
  readonly state: 'enabled' | 'disabled';
  /** Reverse-paths and From addresses it may use: patterns of mail/address.ts `matchesAddress`. */
  readonly mayUse: readonly string[];
  /** Where its DSNs go instead of the reverse-path, or null. */
  readonly reports: string | null;
  /** What to do with a likely repeat under another Message-ID. */
  readonly likelyRepeats: 'report' | 'suppress';
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface Accounts {
  /** 'exists' where the name is taken. */
  add(account: Account, evidence: Evidence): Promise<'added' | 'exists'>;
  find(name: string): Promise<Account | null>;
  list(): Promise<readonly Account[]>;
  change(name: string, change: Partial<Omit<Account, 'name' | 'createdAt'>>, evidence: Evidence): Promise<'changed' | 'not-found'>;
}
