// What an account may look like: its name, the addresses it may use, its password. Pure.
// Problems are said in words, because a person or an import file put them there.
import { canonicalDomain, parseMailbox } from '../mail/address.ts';

export interface AccountFields {
  readonly name: string;
  readonly mayUse: readonly string[];
  readonly reports: string | null;
}

export interface AccountProblem {
  readonly field: 'name' | 'mayUse' | 'reports' | 'password';
  /** One plain sentence. Never repeats a password. */
  readonly text: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9._@+-]{0,126}[a-z0-9])?$/;
/** SP 800-63B-4: a password that stands alone has at least 15 characters; no composition rules, no forced change. */
const MIN_PASSWORD_CHARACTERS = 15;
const MAX_PASSWORD_BYTES = 1024;
const COMMON =
  /pass(?:word|wort)?|passwd|qwert[yz]|asdfgh|letmein|welcome|admin|changeme|secret|hospital|clinic|postern|1234567890|123456|abcdef/gi;

/** Lower case, so that one account has one name; an address serves well. */
export function isAccountName(name: string): boolean {
  return NAME.test(name);
}

/** A pattern of `matchesAddress`: `user@domain`, `*@domain`, `*@*.domain`, `*`, or `<>`, which every account may use anyway. */
export function isAddressPattern(pattern: string): boolean {
  if (pattern === '*' || pattern === '<>') return true;
  const at = pattern.lastIndexOf('@');
  const local = pattern.slice(0, at);
  const domain = pattern.slice(at + 1);
  if (at <= 0 || (local.includes('*') && local !== '*')) return false;
  if (domain === '*') return local !== '*' && parseMailbox(`${local}@any.example`) !== null;
  const plain = domain.startsWith('*.') ? domain.slice(2) : domain;
  return canonicalDomain(plain) !== null && parseMailbox(`${local === '*' ? 'any' : local}@${plain}`) !== null;
}

export function accountProblems(account: AccountFields): readonly AccountProblem[] {
  const problems: AccountProblem[] = [];
  if (!isAccountName(account.name)) {
    problems.push({ field: 'name', text: 'A name has 1 to 128 lower-case letters, digits, or . _ @ + - inside.' });
  }
  if (account.mayUse.length === 0)
    problems.push({ field: 'mayUse', text: 'At least one address or pattern that it may send from is needed.' });
  for (const pattern of account.mayUse.filter((one) => !isAddressPattern(one))) {
    problems.push({ field: 'mayUse', text: `"${pattern}" is not user@domain, *@domain, *@*.domain or *.` });
  }
  if (account.reports !== null && parseMailbox(account.reports) === null) {
    problems.push({ field: 'reports', text: 'The address for reports is not a mailbox.' });
  }
  return problems;
}

/** Null where the password will do. A generated one always does. */
export function passwordProblem(password: string, name: string): AccountProblem | null {
  const problem = (text: string): AccountProblem => ({ field: 'password', text });
  const characters = [...password.normalize('NFC')];
  if (characters.length < MIN_PASSWORD_CHARACTERS) return problem(`A password has at least ${MIN_PASSWORD_CHARACTERS} characters.`);
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return problem(`A password has at most ${MAX_PASSWORD_BYTES} octets.`);
  if (/\p{Cc}/u.test(password)) return problem('A password holds no control characters.');
  const words = name.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  const own = words.reduce((left, word) => left.replaceAll(word, ''), password.toLowerCase().replace(COMMON, ''));
  if (new Set(own).size < 6)
    return problem('The password is easy to guess: common words, the name of the account or few different characters.');
  return null;
}
