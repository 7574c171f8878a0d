// Rules and floors that never come to anything: nothing reaches them, their condition contradicts itself, or a floor takes away what they say.
import { type MethodName, SEALING_METHODS } from '../../mail/decision.ts';
import { type Protection, PROTECTIONS } from '../../mail/tls.ts';
import type { YamlPath } from '../../yaml/positions.ts';
import type { Condition } from '../condition.ts';
import type { PolicyFault } from '../fault.ts';
import type { Rule } from '../source.ts';
import { type Formula, not } from './formula.ts';
import { type Budget, solve } from './solve.ts';
import type { Ways } from './ways.ts';

export interface RulesChecked {
  readonly remarks: readonly PolicyFault[];
  /** Rules about which the bound, or patterns that could not be tried, left something open. */
  readonly undecided: readonly string[];
}

export function remark(path: YamlPath, what: string, right: string): PolicyFault {
  return { path, at: 'value', weight: 'warning', what, right };
}

/** Asks for every rule and floor whether there are facts by which it does what it says. */
export function checkRules(ways: Ways, budget: Budget): RulesChecked {
  const undecided = new Set<string>();
  const never = (id: string, wanted: readonly Formula[]): boolean => {
    const { kind } = solve(ways.space, wanted, budget);
    if (kind === 'bound' || kind === 'open') undecided.add(id);
    return kind === 'none';
  };
  const remarks = ways.rules.flatMap(({ rule }, at): readonly PolicyFault[] => ofRule(ways, rule, at, (wanted) => never(rule.id, wanted)));
  for (const {
    requirement: { id, path, when },
    when: formula,
  } of ways.floors) {
    if (never(id, ways.reaching(0, [formula])))
      remarks.push(
        remark(
          whereOf(path, when),
          `the floor "${id}" never applies: its condition contradicts itself`,
          'correct the condition, or remove the floor',
        ),
      );
    else remarks.push(...deadParts(ways, when, (wanted) => never(id, wanted)));
  }
  return { remarks, undecided: [...undecided] };
}

type Never = (wanted: readonly Formula[]) => boolean;

function ofRule(ways: Ways, rule: Rule, at: number, never: Never): readonly PolicyFault[] {
  const when = ways.rules[at]?.when;
  if (when === undefined) return [];
  if (never(ways.reaching(0, [when])))
    return [
      remark(
        whereOf(rule.path, rule.when),
        `the rule "${rule.id}" never matches: its condition contradicts itself`,
        'correct the condition, or remove the rule',
      ),
    ];
  if (never(ways.reaching(at, [when]))) {
    const earlier = ways.rules.slice(0, at).find((one) => never(ways.reaching(0, [when, not(one.when)])))?.rule.id;
    const what = earlier === undefined ? 'the rules before it together match' : `the rule "${earlier}" before it matches`;
    return [remark(rule.path, `the rule "${rule.id}" is never reached: ${what} all that it would match`, 'move it up, or remove it')];
  }
  return [...deadParts(ways, rule.when, never), ...overridden(ways, rule, at, when, never)];
}

/** Parts of an `any` that never hold: the rest of the condition works without them. */
function deadParts(ways: Ways, condition: Condition, never: Never): readonly PolicyFault[] {
  if (condition.node === 'atom') return [];
  if (condition.node === 'not') return deadParts(ways, condition.of, never);
  return condition.of.flatMap((one) => {
    if (condition.node === 'any' && never(ways.reaching(0, [ways.formulaOf(one)])))
      return [remark(one.path, 'this part never holds', 'correct it, or remove it')];
    return deadParts(ways, one, never);
  });
}

/** What a rule says of methods and protection, and a floor never lets come about. */
function overridden(ways: Ways, rule: Rule, at: number, when: Formula, never: Never): readonly PolicyFault[] {
  if (rule.action.do === 'return') return [];
  const found: PolicyFault[] = [];
  const below = rule.action.methods.filter((method: MethodName) => !SEALING_METHODS.has(method));
  const key = rule.action.do === 'deliver' ? 'deliver' : 'then';
  if (below.length > 0 && (rule.protection === 'sealed' || never(ways.reaching(at, [when, ...under('sealed', rule, ways)]))))
    found.push(
      remark(
        [...rule.path, key],
        `"${below.join(', ')}" is never used: a floor always asks for what seals the content itself`,
        'remove it, or correct the floor',
      ),
    );
  const { protection } = rule;
  const above = protection === null ? undefined : PROTECTIONS[PROTECTIONS.indexOf(protection) + 1];
  if (protection !== null && above !== undefined && never(ways.reaching(at, [when, ...under(above, rule, ways)])))
    found.push(
      remark(
        [...rule.path, 'protection'],
        `"protection: ${protection}" has no effect: a floor that applies is always stricter`,
        'remove it, or correct the floor',
      ),
    );
  return found;
}

/** The floor of the rule is weaker than this, but for its own protection. */
function under(floor: Protection, { protection }: Rule, ways: Ways): readonly Formula[] {
  const strict = ways.floors.filter(({ requirement }) => PROTECTIONS.indexOf(requirement.protection) >= PROTECTIONS.indexOf(floor));
  if (protection !== 'opportunistic') return [ways.settingBelow(floor), ...strict.map(({ when }) => not(when))];
  return [ways.mayBeOpportunistic, ...strict.filter(({ requirement }) => requirement.unlessConsent === 'no').map(({ when }) => not(when))];
}

function whereOf(path: YamlPath, when: Condition): YamlPath {
  return when.path.length > 0 ? when.path : path;
}
