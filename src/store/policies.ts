// Contract: every policy that was ever in effect, so that a decision can be understood years later.
import type { Evidence } from '../mail/evidence.ts';

export interface KeptPolicy {
  readonly version: string;
  /** The policy file, and the list files it read, by name as it names them. */
  readonly source: { readonly policy: string; readonly lists: Readonly<Record<string, string>> };
  readonly firstAt: number;
  /** When it was last in effect; of the one in effect, when that was last written. */
  readonly lastAt: number;
}

export interface Policies {
  /** The policy is in effect from now on. */
  activate(policy: Pick<KeptPolicy, 'version' | 'source'>, at: number, evidence: Evidence): Promise<void>;
  read(version: string): Promise<KeptPolicy | null>;
  /** Removes those last in effect before that time. Gives how many. */
  forget(before: number): Promise<number>;
}
