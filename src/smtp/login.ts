// One AUTH attempt (RFC 4954, RFC 4616): checked, counted, and told. Gives who it is, with a place among the sessions of the account.
import type { SessionPlace } from '../access/sessions.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { identityOfAccount } from './identity.ts';
import type { Identity } from './identity.ts';
import type { SubmissionDeps } from './options.ts';
import type { SessionFacts } from './smtp-events.ts';
import { within } from './within.ts';

export interface Attempt {
  readonly username: string;
  readonly password: string;
  /** On whose behalf: '' or the same name. Acting for somebody else is not offered. */
  readonly authzid: string;
}

export type LoginResult =
  | { readonly kind: 'in'; readonly identity: Identity; readonly place: SessionPlace }
  | { readonly kind: 'refused'; readonly code: MailErrorCode };

/** What a client may have typed in the place of a name, kept for evidence. */
const MAX_NAME = 128;

/** A session that wants to log in. */
export interface LoginSession {
  readonly facts: SessionFacts;
  readonly deps: SubmissionDeps;
  /** The answer takes no longer. */
  readonly limitMs: number;
  /** Closes the session: the account was disabled. */
  readonly end: () => void;
}

/** Never rejects. */
export async function logIn(attempt: Attempt, session: LoginSession): Promise<LoginResult> {
  try {
    return await check(attempt, session);
  } catch (error) {
    session.deps.events.bug({ where: 'smtp.login', error });
    return { kind: 'refused', code: 'session.internal' };
  }
}

async function check({ username, password, authzid }: Attempt, { facts, deps, limitMs, end }: LoginSession): Promise<LoginResult> {
  const startedAt = performance.now();
  const refuse = (code: MailErrorCode): LoginResult => {
    deps.events.loginFailed({ ...facts, account: username.slice(0, MAX_NAME), code });
    return { kind: 'refused', code };
  };
  if (authzid !== '' && authzid !== username) return refuse('auth.failed');
  const since = deps.sessions.moment();
  const signingIn = deps.signIn({ name: username, password, address: facts.address });
  const result = await within(limitMs, signingIn, (error) => deps.events.bug({ where: 'smtp.login', error }));
  if (result === 'late') return refuse('auth.busy');
  if (result.kind === 'refused') return refuse(result.code);
  const { account, verified } = result;
  const place = deps.sessions.enter({ account: account.name, atMost: deps.limits().connectionsPerAccount, since, end });
  if (typeof place === 'string') return refuse(place === 'full' ? 'session.too-many-connections' : 'session.login-ended');
  deps.events.loginOk({ ...facts, account: account.name, verified, tookMs: performance.now() - startedAt });
  return { kind: 'in', identity: identityOfAccount(account), place };
}
