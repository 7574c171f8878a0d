// What decisions are made from and by, joined: policy, facts, the registry of consents, whom the organisation writes to.
import type { Config } from '../config/config.ts';
import type { DecideAgainDeps, PolicyInEffect } from '../gateway/decide-again.ts';
import { ownMail } from '../gateway/decided.ts';
import type { Acquaintance, OnFile, SessionFacts } from '../gateway/facts.ts';
import { isInside } from '../mail/inside.ts';
import type { ProcessDeps } from '../gateway/process.ts';
import type { ReviewDeps } from '../gateway/review.ts';
import type { SealingKeys } from '../keys/keys.ts';
import { canonicalAddress } from '../mail/address.ts';
import { attestationSubject, consentSubjects } from '../mail/consent.ts';
import { type ConsentKind, CONSENT_KINDS } from '../mail/facts.ts';
import { recipientDigests } from '../mail/one-slip.ts';
import type { ConsentInForce, Consents } from '../store/consents.ts';
import type { Store } from '../store/store.ts';
import { methodsSetUp, policyBySetUp } from './methods-set-up.ts';

export interface DecidingParts {
  readonly config: () => Config;
  readonly policy: () => PolicyInEffect;
  /** Tried beside it, or null. */
  readonly draft: () => PolicyInEffect | null;
  readonly store: Pick<Store, 'readings' | 'consents' | 'correspondents'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  /** Steady time. */
  readonly now: () => number;
}

export interface Deciding extends DecideAgainDeps, Pick<ProcessDeps, 'acquaintance' | 'draft'>, Pick<ReviewDeps, 'methodsSetUp'> {
  /** The registry, through which every change of it must go: what was decided before is then made again. */
  readonly consents: Consents;
}

export async function decidingOf({ config, policy, draft, store, keys, now }: DecidingParts): Promise<Deciding> {
  const digest: SealingKeys['digest'] = (label, ...values) => keys.digest(label, ...values);
  // A portal comes and goes with a restart only.
  const setUp = methodsSetUp(config());
  const organisation = (): readonly string[] => config().inspection.organisation;
  // This process alone writes the registry.
  let revision = await store.consents.revision();
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    const result = await change;
    revision = await store.consents.revision();
    return result;
  };
  const consents: Consents = {
    ...store.consents,
    record: (request) => changing(store.consents.record(request)),
    revoke: (request) => changing(store.consents.revoke(request)),
  };
  const onFile = async ({ reversePath, submitter }: SessionFacts, recipients: readonly string[]): Promise<OnFile> => {
    const sender = canonicalAddress(reversePath);
    const subjects = recipients.flatMap((address) => consentSubjects(digest, sender, canonicalAddress(address)));
    const account = submitter.kind === 'account' ? [attestationSubject(digest, submitter.name)] : [];
    const found = await store.consents.inForce([...account, ...subjects], now());
    const records = found.consents.slice(account.length);
    return {
      attested: account.length > 0 && (found.consents[0]?.length ?? 0) > 0,
      consents: recipients.map((_, n) => kindsOf([...(records[2 * n] ?? []), ...(records[2 * n + 1] ?? [])])),
      revision: found.revision,
    };
  };
  const acquaintance = async (reversePath: string, recipients: readonly string[]): Promise<readonly Acquaintance[]> => {
    const looked = await store.correspondents.look(
      recipients.map((address) => recipientDigests(digest, canonicalAddress(address))),
      now(),
    );
    return recipients.map((address, n) => {
      const look = looked[n];
      if (look === undefined) throw new Error('a recipient was not looked up');
      const inside = isInside(address, reversePath, organisation());
      const standing = { address: canonicalAddress(address), inside, seen: look.seen, oneSlipFromKnown: look.oneSlip };
      return { standing, correspondent: look.correspondent };
    });
  };
  return {
    policy: () => policyBySetUp(policy(), setUp),
    draft: () => {
      const drafted = draft();
      return drafted === null ? null : policyBySetUp(drafted, setUp);
    },
    ownMail: () => ownMail(policy().version, config().delivery.floor, config().delivery.otherwise),
    readings: store.readings,
    organisation,
    consentsRevision: () => revision,
    onFile,
    acquaintance,
    consents,
    methodsSetUp: setUp,
  };
}

function kindsOf(records: readonly ConsentInForce[]): readonly ConsentKind[] {
  return CONSENT_KINDS.filter((kind) => records.some((record) => record.kind === kind));
}
