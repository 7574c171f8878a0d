// The account commands of the control socket. A password comes in over the socket, is hashed, and is never kept.
import { accountProblems, passwordProblem } from '../access/account-rules.ts';
import type { Passwords } from '../access/password.ts';
import type { Sessions } from '../access/sessions.ts';
import type { AccountReport, ControlHandlers, ControlResult, NewAccount } from '../control/commands.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import { MailError } from '../mail/mail-error.ts';
import type { Account, Accounts } from '../store/accounts.ts';

type AccountCommands = Pick<ControlHandlers, Extract<keyof ControlHandlers, `account.${string}`>>;

export interface AccountCommandDeps {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly clock: Clock;
}

export function accountCommands(deps: AccountCommandDeps): AccountCommands {
  const change = async (name: string, who: string, kind: EvidenceKind, fields: Parameters<Accounts['change']>[1]) => {
    const lower = name.toLowerCase();
    const changed = await deps.accounts.change(
      lower,
      { ...fields, changedAt: deps.clock.now() },
      evidence(kind, lower, who, deps.clock.now()),
    );
    return changed === 'changed';
  };
  return {
    'account.list': async () => done({ accounts: (await deps.accounts.list()).map(reportOf) }),
    'account.add': async ({ who, ...account }) => addAccount(account, who, deps),
    'account.import': async ({ accounts, who }) => {
      const results: { name: string; result: 'added' | 'exists' | 'refused'; text: string | null }[] = [];
      for (const account of accounts) {
        const added = await addAccount(account, who, deps);
        if (added.kind === 'done') results.push({ name: account.name, result: 'added', text: null });
        else results.push({ name: account.name, result: added.code === 'exists' ? 'exists' : 'refused', text: added.text });
      }
      return done({ results });
    },
    'account.disable': async ({ name, who }) => {
      if (!(await change(name, who, 'account.disabled', { state: 'disabled' }))) return unknown(name);
      return done({ sessionsClosed: deps.sessions.end(name.toLowerCase()) });
    },
    'account.enable': async ({ name, who }) =>
      (await change(name, who, 'account.enabled', { state: 'enabled' })) ? done({}) : unknown(name),
    'account.password': async ({ name, password, who }) => {
      const problem = passwordProblem(password, name.toLowerCase());
      if (problem !== null) return refused(problem.text);
      const hashed = await hashOf(password, deps);
      if (hashed === null) return busy();
      if (!(await change(name, who, 'account.password-changed', { passwordHash: hashed }))) return unknown(name);
      deps.sessions.end(name.toLowerCase());
      return done({});
    },
  };
}

async function addAccount(given: NewAccount, who: string, deps: AccountCommandDeps): Promise<ControlResult<AccountReport>> {
  const name = given.name.toLowerCase();
  const problem = accountProblems({ ...given, name })[0] ?? passwordProblem(given.password, name);
  if (problem !== null) return refused(problem.text);
  const passwordHash = await hashOf(given.password, deps);
  if (passwordHash === null) return busy();
  const at = deps.clock.now();
  const { mayUse, reports, likelyRepeats } = given;
  const account: Account = { name, passwordHash, state: 'enabled', mayUse, reports, likelyRepeats, createdAt: at, changedAt: at };
  const added = await deps.accounts.add(account, evidence('account.added', name, who, at));
  return added === 'added' ? done(reportOf(account)) : { kind: 'failed', code: 'exists', text: `There is an account ${name} already.` };
}

async function hashOf(password: string, { passwords }: AccountCommandDeps): Promise<string | null> {
  try {
    return await passwords.hash(password);
  } catch (error) {
    if (error instanceof MailError && error.code === 'auth.busy') return null;
    throw error;
  }
}

function reportOf({ name, state, mayUse, reports, likelyRepeats, createdAt, changedAt }: Account): AccountReport {
  return { name, state, mayUse, reports, likelyRepeats, createdAt, changedAt };
}

function evidence(kind: EvidenceKind, account: string, who: string, at: number): Evidence {
  return { kind, at, messageId: null, deliveryId: null, codes: { by: 'person' }, detail: { account, who } };
}

function done<T>(value: T): { readonly kind: 'done'; readonly value: T } {
  return { kind: 'done', value };
}

function refused(text: string): { readonly kind: 'failed'; readonly code: 'refused'; readonly text: string } {
  return { kind: 'failed', code: 'refused', text };
}

function unknown(name: string): { readonly kind: 'failed'; readonly code: 'not-found'; readonly text: string } {
  return { kind: 'failed', code: 'not-found', text: `There is no account ${name}.` };
}

function busy(): { readonly kind: 'failed'; readonly code: 'busy'; readonly text: string } {
  return { kind: 'failed', code: 'busy', text: 'Too many logins at once; try again.' };
}
