// What would have changed a decision: rules and floors that nearly matched, or matched by little, each with what would have to be otherwise
// and the decision that would follow. All else is taken to stay as it is.
import type { Decision } from '../mail/decision.ts';
import type { Engine } from './engine.ts';
import { byRule, type stoppedByLaw, type Weighed, withoutRule } from './outcome.ts';
import type { Requirement } from './source.ts';
import { type Flip, flipsOf, type Verdict } from './verdict.ts';

export interface Change {
  /** What would match, or not: an earlier rule, the rule that decided, a floor, or what law asks. */
  readonly of: 'earlier-rule' | 'deciding-rule' | 'floor-that-applies' | 'floor-that-does-not' | 'law';
  readonly id: string;
  /** All of these would have to be so. */
  readonly needs: readonly Flip[];
  readonly then: Decision;
}

export interface Outcome {
  readonly engine: Engine;
  readonly weighed: Weighed;
  readonly law: ReturnType<typeof stoppedByLaw>;
  readonly decision: Decision;
  /** Position of the rule that decided; -1 where none did. */
  readonly at: number;
  /** Verdicts of the rules that were tried. */
  readonly rules: readonly { readonly id: string; readonly verdict: Verdict }[];
  readonly floors: readonly { readonly requirement: Requirement; readonly verdict: Verdict }[];
}

/** More parts than these nobody calls "nearly". */
const MOST_FLIPS = 2;
const MOST_CHANGES = 12;

/** The nearest first, at most twelve. */
export function changesOf(outcome: Outcome): readonly Change[] {
  const all = outcome.law !== null ? withConsent(outcome, outcome.law) : [...earlier(outcome), ...deciding(outcome), ...ofFloors(outcome)];
  return all
    .filter(({ then }) => !isSame(then, outcome.decision))
    .sort((a, b) => a.needs.length - b.needs.length)
    .slice(0, MOST_CHANGES);
}

function withConsent({ engine, weighed }: Outcome, law: '<marketing>' | '<fundraising>'): readonly Change[] {
  const { situation } = weighed;
  const { recipient } = situation.facts;
  const words = law === '<marketing>' ? 'the consent marketing is on file' : 'the consent fundraising-opt-out is on file';
  const consents =
    law === '<marketing>'
      ? ([...recipient.consents, 'marketing'] as const)
      : recipient.consents.filter((one) => one !== 'fundraising-opt-out');
  const facts = { ...situation.facts, recipient: { ...recipient, consents } };
  const then = decided(engine, { ...weighed, situation: { ...situation, facts } }, 0);
  const must = law === '<marketing>' ? 'hold' : 'not hold';
  return then === null ? [] : [{ of: 'law', id: law, needs: [{ words, path: [], must }], then }];
}

function earlier({ engine, weighed, rules, at }: Outcome): readonly Change[] {
  return rules.flatMap(({ id, verdict }, i): readonly Change[] => {
    const ready = engine.rules[i];
    const needs = i === at || ready === undefined ? null : nearly(verdict);
    const then = needs === null || ready === undefined ? null : attempted(() => byRule(engine, weighed, ready));
    return needs === null || then === null ? [] : [{ of: 'earlier-rule', id, needs, then }];
  });
}

function deciding({ engine, weighed, rules, at }: Outcome): readonly Change[] {
  const decider = rules[at];
  const needs = decider === undefined ? null : nearly(decider.verdict);
  const then = needs === null ? null : decided(engine, weighed, at + 1);
  return decider === undefined || needs === null || then === null ? [] : [{ of: 'deciding-rule', id: decider.id, needs, then }];
}

function ofFloors({ engine, weighed, at, floors }: Outcome): readonly Change[] {
  return floors.flatMap(({ requirement, verdict }): readonly Change[] => {
    const needs = nearly(verdict);
    const changed = verdict.holds ? weighed.floors.filter((one) => one !== requirement) : [...weighed.floors, requirement];
    const then = needs === null ? null : decided(engine, { ...weighed, floors: changed }, Math.max(at, 0));
    const of = verdict.holds ? 'floor-that-applies' : 'floor-that-does-not';
    return needs === null || then === null ? [] : [{ of, id: requirement.id, needs, then }];
  });
}

function nearly(verdict: Verdict): readonly Flip[] | null {
  const flips = flipsOf(verdict);
  return flips !== null && flips.length > 0 && flips.length <= MOST_FLIPS ? flips : null;
}

/** The decision of the first rule from a position on that matches. */
function decided(engine: Engine, weighed: Weighed, from: number): Decision | null {
  const ready = engine.rules.slice(from).find(({ when }) => when.test(weighed.situation));
  return attempted(() => (ready === undefined ? withoutRule(engine, weighed, '<no-rule>') : byRule(engine, weighed, ready)));
}

function attempted(decide: () => Decision): Decision | null {
  try {
    return decide();
  } catch {
    return null;
  }
}

/** Nobody would notice the difference. */
function isSame(a: Decision, b: Decision): boolean {
  return a.action === b.action && a.floor === b.floor && a.methods.join() === b.methods.join() && a.reason === b.reason;
}
