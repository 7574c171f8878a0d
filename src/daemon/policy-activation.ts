// A policy comes into effect: it is kept with its files, and evidence says so. Its files are watched: who edits them need call nobody.
import type { Clock } from '../gateway/clock.ts';
import type { Policies } from '../store/policies.ts';
import { markOf, type PoliciesInEffect } from './policy.ts';
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

const LOOK_EVERY_MS = 2_000;

/** Calls `reload` where a file of the policies has changed and has stayed so for one look: a half-written file is not read. */
export function policyWatch(inEffect: () => PoliciesInEffect, reload: () => Promise<unknown>, failed: (error: unknown) => void): Round {
  let seen = '';
  /** What was refused is not read again before it changes again. */
  let tried = '';
  const look = async (): Promise<'done'> => {
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
  return round(LOOK_EVERY_MS, look, failed);
}
