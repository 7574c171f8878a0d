// postern policy replay: a draft decides again over past mail, from the stored facts, and is compared with what was decided then.
import { loadConfig } from '../config/load.ts';
import { factsFor } from '../gateway/facts.ts';
import { type Comparison, compareDecisions } from '../policy/compare.ts';
import { baseSettings, bySetUp, methodsSetUp } from './methods-set-up.ts';
import { loadPolicy } from './policy.ts';
import type { ReplayedMessage, ReplayStart } from './work.ts';

export async function openReplay({ configPath, draft }: { readonly configPath: string; readonly draft: string }): Promise<ReplayStart> {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused') return loaded;
  const read = await loadPolicy(draft, baseSettings(loaded.config));
  if (read.kind === 'refused') return read;
  const { policy, warnings } = read;
  return {
    kind: 'open',
    version: policy.version,
    warnings,
    replay: ({ messageId, at, facts, decisions, onFile }) =>
      decisions.flatMap(({ n, decision }): readonly ReplayedMessage[] => {
        const asked = factsFor(n, facts, onFile);
        if (asked === null) return [];
        // The consents of today are asked, in both: what was revoked since is no difference that the draft makes.
        const drafted = bySetUp(policy.decide(asked), methodsSetUp(loaded.config));
        return [{ deliveryId: `${messageId}/${n}`, at, compared: comparedAs(decision, drafted), before: decision, after: drafted }];
      }),
  };
}

/** What a person released from a hold counts as held: the draft is compared with the rule, not with the person. */
function comparedAs(...[before, after]: Parameters<typeof compareDecisions>): Comparison {
  return compareDecisions(before.released ? { ...before, action: 'hold' } : before, after);
}
