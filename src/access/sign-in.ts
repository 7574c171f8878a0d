// Who logs in: name and password against the accounts. EHRs open a connection for every message, so a login verified in the last
// minutes costs no second hash; what is remembered is a keyed digest that changes with the password.
// Guarantees: unknown, disabled and wrong take the same way and get the same answer; throttled names are not told apart from unknown ones.
import { createHmac, randomBytes } from 'node:crypto';
import { MailError } from '../mail/mail-error.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { Account, Accounts } from '../store/accounts.ts';
import { isAccountName } from './account-rules.ts';
import type { Passwords } from './password.ts';
import type { Throttle } from './throttle.ts';

export interface Login {
  readonly name: string;
  readonly password: string;
  /** Address of the client. */
  readonly address: string;
}

export type SignInResult =
  | { readonly kind: 'accepted'; readonly account: Account; readonly verified: 'by-hash' | 'remembered' }
  | { readonly kind: 'refused'; readonly code: MailErrorCode };

export interface SignIn {
  (login: Login): Promise<SignInResult>;
}

export interface SignInDeps {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  /** Milliseconds on a clock that nobody sets. */
  readonly now: () => number;
  readonly rememberForMs: number;
}

const MAX_REMEMBERED = 10_000;
/** Longer ones are not hashed: nobody types them (the command that sets one takes no more). */
const MAX_PASSWORD_BYTES = 1024;

export function signIn(deps: SignInDeps): SignIn {
  const secret = randomBytes(32);
  const remembered = new Map<string, number>();
  const underWay = new Map<string, Promise<SignInResult>>();

  const remember = (proof: string): void => {
    remembered.delete(proof);
    remembered.set(proof, deps.now() + deps.rememberForMs);
    const oldest = remembered.keys().next();
    if (remembered.size > MAX_REMEMBERED && oldest.done !== true) remembered.delete(oldest.value);
  };

  const verify = async (login: Login, account: Account | null, proof: string): Promise<SignInResult> => {
    // What cannot be a name is one name: nobody fills the memory of the throttle with long ones.
    const name = isAccountName(login.name) ? login.name : '';
    const gate = deps.throttle.begin(name, login.address, deps.now());
    if (gate !== 'open') return { kind: 'refused', code: gate === 'busy' ? 'auth.busy' : 'auth.throttled' };
    let outcome: 'failed' | 'succeeded' | 'abandoned' = 'abandoned';
    try {
      const match = await deps.passwords.verify(login.password, account?.passwordHash ?? null);
      // Hashing takes a while: what counts is the account as it is now.
      const current = account === null ? null : await deps.accounts.find(login.name);
      const good = match === 'match' && current?.state === 'enabled' && current.passwordHash === account?.passwordHash;
      outcome = good ? 'succeeded' : 'failed';
      if (!good) return { kind: 'refused', code: 'auth.failed' };
      remember(proof);
      return { kind: 'accepted', account: current, verified: 'by-hash' };
    } finally {
      deps.throttle[outcome](name, login.address, deps.now());
    }
  };

  /** The same login tried at the same moment from many connections is hashed once. */
  const verifyOnce = (login: Login, account: Account | null, proof: string): Promise<SignInResult> => {
    const running = underWay.get(proof);
    if (running !== undefined) return running;
    const started = verify(login, account, proof).finally(() => underWay.delete(proof));
    underWay.set(proof, started);
    return started;
  };

  const attempt = async (given: Login): Promise<SignInResult> => {
    const login = { ...given, name: given.name.toLowerCase() };
    if (Buffer.byteLength(login.password) > MAX_PASSWORD_BYTES) return { kind: 'refused', code: 'auth.failed' };
    const account = isAccountName(login.name) ? await deps.accounts.find(login.name) : null;
    const proof = createHmac('sha256', secret)
      .update(JSON.stringify([login.name, login.password, account?.passwordHash ?? null]))
      .digest('base64');
    const isRemembered = (remembered.get(proof) ?? 0) > deps.now();
    // Even where failures from this address are being throttled: whoever knows the password is not guessing.
    if (isRemembered && account?.state === 'enabled') return { kind: 'accepted', account, verified: 'remembered' };
    return verifyOnce(login, account, proof);
  };

  return async (login) => {
    try {
      return await attempt(login);
    } catch (error) {
      if (error instanceof MailError) return { kind: 'refused', code: error.code };
      throw error;
    }
  };
}
