// Who reviews, and whether a message is their own: nobody lets their own message out unless policy says so. Pure.
import { canonicalAddress } from '../mail/address.ts';
import type { Submitter } from '../store/journal.ts';

/** The names that a person goes by, compared as addresses are: the system user (both, after sudo), and who they say they are. */
export function namesOf(who: string, as: string | null): readonly string[] {
  const names = [...who.split(' as '), ...(as === null ? [] : [as])];
  return [...new Set(names.map((name) => canonicalAddress(name.trim())).filter((name) => name !== ''))];
}

/** A message by all that says whose it is. */
export interface SentBy {
  readonly submitter: Submitter;
  readonly reversePath: string;
  /** Addresses of the From field; empty where nobody knows. */
  readonly from: readonly string[];
  /** Patterns of the account that submitted it. */
  readonly mayUse: readonly string[];
}

/**
 * Whether a message counts as the reviewer's own: submitted by their account or by one that may use their address, or written from an
 * address that is theirs: named so, with their name before the "@", or one that their own account may use.
 * @param reviewerMayUse patterns of the accounts that bear one of the names; only whole addresses count, a pattern is nobody's own
 */
export function isTheirOwn(names: readonly string[], mail: SentBy, reviewerMayUse: readonly string[]): boolean {
  const { submitter, reversePath, from, mayUse } = mail;
  if (submitter.kind === 'account' && names.includes(canonicalAddress(submitter.name))) return true;
  if (mayUse.some((pattern) => pattern.includes('@') && names.includes(canonicalAddress(pattern)))) return true;
  const theirs = new Set([...names, ...reviewerMayUse.filter((pattern) => !pattern.includes('*')).map(canonicalAddress)]);
  return [reversePath, ...from]
    .map(canonicalAddress)
    .some((address) => address !== '' && (theirs.has(address) || names.includes(address.slice(0, address.lastIndexOf('@')))));
}
