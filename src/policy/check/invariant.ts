// The search for PHI that leaves with less than the floor: of every rule it is asked whether there are facts by which it lets a message with
// PHI at medium or above go weaker. What is found is decided by the policy itself before it is told.
import type { Decision, MethodName } from '../../mail/decision.ts';
import { type Protection, PROTECTIONS, stricter, type TlsFloor } from '../../mail/tls.ts';
import { LEVELS } from '../../mail/finding.ts';
import type { YamlPath } from '../../yaml/positions.ts';
import type { Condition } from '../condition.ts';
import { RELEASE_METHODS } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { Rule } from '../source.ts';
import { type Formula, not } from './formula.ts';
import { type Budget, type Found, solve } from './solve.ts';
import type { Ways } from './ways.ts';

export interface Leak {
  readonly rule: string;
  readonly path: YamlPath;
  readonly words: readonly string[];
  /** As the policy decides about exactly these facts. */
  readonly decision: Decision;
}

export interface Undecided {
  readonly rule: string;
  readonly why: string;
}

export interface Invariant {
  /** What PHI must not leave below. */
  readonly floor: TlsFloor;
  readonly leaks: readonly Leak[];
  /** What leaves weaker only where the recipient's consent `plain-mail` is on file (45 CFR 164.522(b), 164.524). */
  readonly byConsent: readonly Leak[];
  readonly undecided: readonly Undecided[];
}

/** Ways that seal the content with a key of the recipient's own: they need no floor. */
const OWN_KEY: ReadonlySet<MethodName> = new Set(['smime', 'openpgp']);

export function searchInvariant(policy: Policy, ways: Ways, budget: Budget): Invariant {
  const floor = floorOf(policy);
  const leaks: Leak[] = [];
  const byConsent: Leak[] = [];
  const undecided: Undecided[] = [];
  for (const [at, rule] of [...policy.source.rules, null].entries()) {
    const without = way(at, rule, 'no-consent');
    if (without !== null && 'decision' in without) leaks.push(without);
    if (without !== null && 'why' in without) undecided.push(without);
    if (without !== null) continue;
    const having = way(at, rule, 'consent');
    if (having !== null && 'decision' in having) byConsent.push(having);
    if (having !== null && 'why' in having) undecided.push(having);
  }
  return { floor, leaks, byConsent, undecided };

  function way(at: number, rule: Rule | null, consent: 'consent' | 'no-consent'): Leak | Undecided | null {
    const wanted = weaker(ways, at, rule, floor, consent);
    if (wanted === null) return null;
    const name = rule?.id ?? '<no-rule>';
    const answer = solve(ways.space, wanted, budget);
    switch (answer.kind) {
      case 'none':
        return null;
      case 'bound':
        return { rule: name, why: 'the bound of time or steps was reached' };
      case 'open':
        return { rule: name, why: `not every combination of patterns could be tried for: ${answer.dimensions.join(', ')}` };
      case 'found':
        return confirmed(policy, answer, floor, { rule: name, path: rule?.path ?? ['rules'] });
    }
  }
}

/** What must hold for a rule to let PHI out weaker; null where it never can. */
function weaker(ways: Ways, at: number, rule: Rule | null, floor: TlsFloor, consent: 'consent' | 'no-consent'): readonly Formula[] | null {
  if (rule?.action.do === 'return') return null;
  const methods = rule === null ? RELEASE_METHODS : rule.action.methods;
  if (methods.every((method) => OWN_KEY.has(method))) return null;
  const opportunistic = rule?.protection === 'opportunistic';
  if (rule?.protection != null && isAtLeast(rule.protection, floor)) return null;
  const waived = opportunistic && consent === 'consent';
  const when = ways.rules[at]?.when;
  return ways.reaching(at, [
    ...(when === undefined ? [] : [when]),
    ways.isPhi,
    consent === 'consent' ? ways.plainMail : not(ways.plainMail),
    ...(opportunistic ? [ways.mayBeOpportunistic] : [ways.settingBelow(floor)]),
    ...ways.floors
      .filter(({ requirement }) => isAtLeast(requirement.protection, floor) && !(waived && requirement.unlessConsent === 'yes'))
      .map((one) => not(one.when)),
  ]);
}

/** Verified TLS, or what the policy itself asks for all PHI from medium up where that is stricter. */
function floorOf({ source }: Policy): TlsFloor {
  return source.require
    .filter(({ when }) => coversPhi(when))
    .reduce<TlsFloor>((floor, { protection }) => (stricter(floor, protection) === floor ? floor : protection), 'tls-verified');
}

function coversPhi(when: Condition): boolean {
  if (when.node === 'all') return when.of.length === 0;
  if (when.node !== 'atom' || when.atom.key !== 'phi') return false;
  const { atLeast, atMost, found, labels, documents } = when.atom.value;
  return atLeast !== null && atLeast !== 'high' && atMost === null && found === null && labels === null && documents === null;
}

/** Nothing is told that the policy itself does not decide so. */
function confirmed(
  policy: Policy,
  { facts, words }: Found,
  floor: TlsFloor,
  { rule, path }: Pick<Leak, 'rule' | 'path'>,
): Leak | Undecided {
  const { decision, phi } = policy.explain(facts);
  const decided = policy.decide(facts);
  const same = decided.rule === rule || decided.rule === '<other-way>';
  const leaves = decided.action !== 'return' && decided.methods.some((method) => !OWN_KEY.has(method));
  if (same && leaves && decided.floor === decision.floor && !isAtLeast(decided.floor, floor) && LEVELS.indexOf(phi.counts) >= 2)
    return { rule, path, words, decision: decided };
  return { rule, why: 'an example was found, and the policy decides otherwise about it' };
}

function isAtLeast(protection: Protection, floor: Protection): boolean {
  return PROTECTIONS.indexOf(protection) >= PROTECTIONS.indexOf(floor);
}
