// The consent commands of the control socket: records are checked again here, recorded all or none, and never changed.
import { setImmediate } from 'node:timers/promises';
import type { ConsentReport, ControlHandlers, ControlRequest, ControlResult } from '../control/commands.ts';
import type { Clock } from '../gateway/clock.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Consent } from '../mail/consent.ts';
import { consentSubject } from '../mail/consent.ts';
import { consentProblems } from '../mail/consent-check.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { Accounts } from '../store/accounts.ts';
import type { ConsentReader, ConsentRecord, Consents } from '../store/consents.ts';

type ConsentCommands = Pick<ControlHandlers, Extract<keyof ControlHandlers, `consent.${string}`>>;

export interface ConsentCommandDeps {
  readonly consents: Consents;
  readonly reader: ConsentReader;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly clock: Clock;
}

/** Records looked at between two turns of the event loop. */
const SLICE = 500;

export function consentCommands(deps: ConsentCommandDeps): ConsentCommands {
  const { consents, reader, clock } = deps;
  return {
    'consent.record': ({ consents: given, who }) => recordAll(given, who, deps),
    'consent.revoke': async ({ ids, who, why }) => {
      const at = clock.now();
      const evidence: Evidence = { kind: 'consent.revoked', at, ...BY_PERSON, detail: { who, why } };
      const results = await consents.revoke({ ids, at, who, why, evidence });
      const missing = ids.find((_, i) => results[i] === 'not-found');
      // ids beside it were revoked: the answer says each
      if (missing !== undefined && results.every((result) => result === 'not-found'))
        return failed('not-found', `There is no record ${missing}.`);
      return done({ results: ids.map((id, i) => ({ id, result: results[i] ?? 'not-found' })) });
    },
    'consent.list': async (request) => done(await listed(request, deps)),
    'consent.show': async ({ id }) => {
      const found = reader.find(id);
      return found === null ? failed('not-found', `There is no record ${id}.`) : done(reportOf(found, clock.now()));
    },
  };
}

const BY_PERSON = { messageId: null, deliveryId: null, codes: { by: 'person' } } as const;

async function recordAll(
  given: readonly Consent[],
  who: string,
  deps: ConsentCommandDeps,
): Promise<ControlResult<{ results: Awaited<ReturnType<Consents['record']>> }>> {
  const at = deps.clock.now();
  for (const [i, consent] of given.entries()) {
    const problem = consentProblems(consent, at)[0];
    const which = given.length === 1 ? '' : `Record ${i + 1} of ${given.length}: `;
    if (problem !== undefined)
      return failed('refused', `${which}${problem.text}${problem.paragraph === null ? '' : ` (45 CFR ${problem.paragraph})`}`);
    if (consent.kind === 'attestation' && (await deps.accounts.find(consent.address)) === null)
      return failed('refused', `${which}There is no account ${consent.address}.`);
  }
  const records = given.map((consent) => ({
    consent,
    subject: consentSubject((label, ...values) => deps.keys.digest(label, ...values), consent),
    evidence: { kind: 'consent.recorded', at, ...BY_PERSON, detail: detailOf(consent, who) } satisfies Evidence,
  }));
  return done({ results: await deps.consents.record({ records, who, at }) });
}

/** What proves the record later, should it be doubted: who, for whom, and which text. */
function detailOf({ address, scope, text, document, takenBy }: Consent, who: string): NonNullable<Evidence['detail']> {
  const more = { scope, text, document, takenBy };
  return { address, who, ...Object.fromEntries(Object.entries(more).filter((pair): pair is [string, string] => pair[1] !== null)) };
}

/** Looks on until enough match or all were looked at, and lets other work in between. */
async function listed(
  { kind, state, address, before, limit }: ControlRequest<'consent.list'>,
  { reader, clock }: ConsentCommandDeps,
): Promise<{ records: readonly ConsentReport[]; next: number | null }> {
  const at = clock.now();
  const wanted = { kind, state: state === null ? null : { in: state, at }, address };
  const found: ConsentRecord[] = [];
  let from = before;
  for (;;) {
    const slice = reader.list({ ...wanted, before: from, limit: address === null ? limit : SLICE });
    found.push(...slice.records);
    if (found.length >= limit || slice.next === null) {
      const records = found.slice(0, limit);
      const more = slice.next !== null || found.length > limit;
      return { records: records.map((record) => reportOf(record, at)), next: more ? (records.at(-1)?.id ?? null) : null };
    }
    from = slice.next;
    await setImmediate();
  }
}

function reportOf(record: ConsentRecord, at: number): ConsentReport {
  return { ...record, state: stateOf(record, at) };
}

function stateOf({ givenAt, until, revocation }: ConsentRecord, at: number): ConsentReport['state'] {
  if (revocation !== null) return 'revoked';
  if (until !== null && until <= at) return 'ended';
  return givenAt > at ? 'not-yet' : 'in-force';
}

function done<T>(value: T): { readonly kind: 'done'; readonly value: T } {
  return { kind: 'done', value };
}

function failed(
  code: 'not-found' | 'refused',
  text: string,
): { readonly kind: 'failed'; readonly code: 'not-found' | 'refused'; readonly text: string } {
  return { kind: 'failed', code, text };
}
