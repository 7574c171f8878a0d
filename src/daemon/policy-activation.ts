// A policy comes into effect: it is kept with its files, and evidence says so. Its files are watched: who edits them need call nobody.
import type { Config } from '../config/config.ts';
import type { Issue } from '../config/issue.ts';
import type { Loaded } from '../config/load.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Policies } from '../store/policies.ts';
import type { Examiner } from './examiner.ts';
import { loadPolicies, markOf, type PoliciesInEffect, type PolicyRefused } from './policy.ts';
import { casesPass } from './policy-cases.ts';
import { type Round, round } from './rounds.ts';

export interface ActivationDeps {
  readonly policies: Pick<Policies, 'activate'>;
  readonly clock: Clock;
}

/** Gives `activate`: the live policy is in effect from now on. */
export function activation({ policies, clock }: ActivationDeps): (next: PoliciesInEffect) => Promise<void> {
  return async ({ live, draft }) => {
    const { version, source } = live.policy;
    const codes = {
      policy: version,
      rules: source.rules.length,
      floors: source.require.length,
      ...(draft === null ? {} : { draft: draft.policy.version }),
    };
    const at = clock.now();
    await policies.activate({ version, source: live.source }, at, {
      kind: 'policy.activated',
      at,
      messageId: null,
      deliveryId: null,
      codes,
      detail: null,
    });
  };
}

/** What is wrong with the live policy by its own cases: then it does not come into effect. The built-in one is tested where it is made. */
export async function failingCases(
  { live }: PoliciesInEffect,
  { policy }: Config,
  examiner: Pick<Examiner, 'examineLetter'>,
): Promise<readonly Issue[]> {
  return policy.file === null ? [] : casesPass(live, policy.file, examiner.examineLetter);
}

/**
 * Gives `prepare`: policies, own rules and patients of a configuration are read, and the policy's cases run. What is wrong refuses all of
 * it; inspection then goes on by the configuration before.
 */
export function preparing(
  examiner: Pick<Examiner, 'examineLetter' | 'take'>,
  before: () => Config,
): (next: Pick<Loaded, 'config'>) => Promise<PoliciesInEffect | PolicyRefused> {
  return async ({ config }) => {
    const ready = await loadPolicies(config);
    if (ready.kind === 'refused') return ready;
    const unusable = await examiner.take(config);
    if (unusable.length > 0) return { kind: 'refused', issues: unusable };
    const failing = await failingCases(ready, config, examiner);
    if (failing.length === 0) return ready;
    await examiner.take(before());
    return { kind: 'refused', issues: failing };
  };
}

const LOOK_EVERY_MS = 2_000;

/** One look a time; gives `reload` a call where a file of the policies has changed and has stayed so for one look: half-written, it is not read. */
export function policyLook(inEffect: () => PoliciesInEffect, reload: () => Promise<unknown>): () => Promise<'done'> {
  let seen = '';
  /** What was refused is not read again before it changes again. */
  let tried = '';
  return async () => {
    const { live, draft } = inEffect();
    const read = [live, draft].flatMap((one) => (one === null ? [] : [one.mark])).join('\n');
    const mark = await markOf([...live.files, ...(draft?.files ?? [])]);
    const settled = mark === seen;
    seen = mark;
    if (mark === read || mark === tried || !settled) return 'done';
    tried = mark;
    await reload();
    return 'done';
  };
}

/** Looks by itself. */
export function policyWatch(inEffect: () => PoliciesInEffect, reload: () => Promise<unknown>, failed: (error: unknown) => void): Round {
  return round(LOOK_EVERY_MS, policyLook(inEffect, reload), failed);
}
