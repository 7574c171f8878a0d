// Why a decision came out as it did, in order, and what would have changed it. The same steps as decide.ts, without its shortcuts.
import type { Decision, MethodName } from '../mail/decision.ts';
import type { Facts, Purpose } from '../mail/facts.ts';
import { type Level, LEVELS } from '../mail/finding.ts';
import type { TlsFloor } from '../mail/tls.ts';
import type { YamlPath } from '../yaml/positions.ts';
import { type Change, changesOf } from './changes.ts';
import { situated, tagsOf } from './decide.ts';
import type { Engine } from './engine.ts';
import { byRule, faulty, stoppedByLaw, type Weighed, withoutRule } from './outcome.ts';
import type { SettingOrigin } from './settings.ts';
import { countedBlindSpots } from './situation.ts';
import { areSound } from './sound-facts.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { type WishHeard, wishesHeard } from './wishes.ts';

interface Named {
  readonly id: string;
  readonly path: YamlPath;
  readonly verdict: Verdict;
}

export interface Trace {
  readonly policyVersion: string;
  readonly settings: readonly SettingOrigin[];
  readonly wishes: readonly WishHeard[];
  /** Level of PHI as found, and as it counts with what could not be read. */
  readonly phi: { readonly found: Level; readonly counts: Level; readonly blindSpots: number };
  readonly purposes: readonly (Named & { readonly as: Purpose })[];
  /** What law stops, before any rule; else null. */
  readonly law: '<marketing>' | '<fundraising>' | null;
  /** Every floor. One whose condition holds may still be waived by the recipient's consent. */
  readonly floors: readonly (Named & { readonly protection: TlsFloor; readonly waived: boolean })[];
  /** Every rule that was tried, the last of them being the one that decided where one did. */
  readonly rules: readonly Named[];
  /** Methods that the rule names and the floor rules out. */
  readonly dropped: readonly MethodName[];
  readonly decision: Decision;
  readonly changes: readonly Change[];
}

/** Never throws: where deciding would fail, the trace has what came before, and the decision is to hold. */
export function explain(engine: Engine, facts: Facts): Trace {
  const nothing: Trace = {
    policyVersion: engine.version,
    settings: [],
    wishes: [],
    phi: { found: 'none', counts: 'none', blindSpots: 0 },
    purposes: [],
    law: null,
    floors: [],
    rules: [],
    dropped: [],
    decision: faulty(engine.version),
    changes: [],
  };
  try {
    return areSound(facts) ? traced(engine, facts, nothing) : nothing;
  } catch {
    return nothing;
  }
}

function traced(engine: Engine, facts: Facts, nothing: Trace): Trace {
  const [sender, recipient] = [facts.message.reversePath, facts.recipient.address];
  const settings = engine.settings.of(sender, recipient);
  const heard = wishesHeard(engine.wishes, facts);
  const situation = situated(engine, facts, settings, heard);
  const undeclared = { ...situation, purposes: [] };
  const purposes = engine.declare.map(({ declaration: { id, path, as }, when }) => ({
    id,
    path,
    as,
    verdict: verdictOf(when, undeclared),
  }));
  const floors = engine.require.map(({ requirement, when }) => ({ requirement, verdict: verdictOf(when, situation) }));
  const applying = floors.flatMap(({ requirement, verdict }) => (verdict.holds ? [requirement] : []));
  const weighed: Weighed = { situation, settings, floors: applying, wishTags: tagsOf(heard) };
  const law = stoppedByLaw(situation);
  const at = law === null ? engine.rules.findIndex(({ when }) => when.test(situation)) : -1;
  const tried = law === null ? engine.rules.slice(0, at < 0 ? undefined : at + 1) : [];
  const decider = at < 0 ? null : (engine.rules[at] ?? null);
  const decision =
    decider === null ? withoutRule(engine, weighed, law ?? '<no-rule>') : decisionOf(() => byRule(engine, weighed, decider), engine);
  const named = decider === null || decider.rule.action.do === 'return' ? [] : decider.rule.action.methods;
  const rules = tried.map(({ rule: { id, path }, when }) => ({ id, path, verdict: verdictOf(when, situation) }));
  return {
    ...nothing,
    settings: engine.settings.origins(sender, recipient),
    wishes: heard,
    phi: { found: facts.message.phi.level, counts: LEVELS[situation.level] ?? 'high', blindSpots: countedBlindSpots(facts) },
    purposes,
    law,
    floors: floors.map(({ requirement: { id, path, protection }, verdict }) => ({
      id,
      path,
      protection,
      verdict,
      waived: verdict.holds && decision.rule !== '<fault>' && !decision.floors.includes(id),
    })),
    rules,
    dropped: named.filter((method) => !decision.methods.includes(method)),
    decision,
    changes: decision.rule === '<fault>' ? [] : changesOf({ engine, weighed, law, decision, at, rules, floors }),
  };
}

function decisionOf(decide: () => Decision, engine: Engine): Decision {
  try {
    return decide();
  } catch {
    return faulty(engine.version);
  }
}
