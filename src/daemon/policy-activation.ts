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
  let known: { readonly of: PoliciesInEffect; readonly mark: string } | null = null;
  let seen: string | null = null;
  const look = async (): Promise<'done'> => {
    const now = inEffect();
    const mark = await markOf([...now.live.files, ...(now.draft?.files ?? [])]);
    if (known?.of !== now) known = { of: now, mark };
    else if (mark !== known.mark && mark === seen) {
      // Also where it is refused: it is not read again before it changes again.
      known = { of: now, mark };
      await reload();
    }
    seen = mark;
    return 'done';
  };
  const watching = round(LOOK_EVERY_MS, look, failed);
  watching.wake();
  return watching;
}
