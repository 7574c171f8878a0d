// Why a case came out otherwise than expected, in sentences, from the trace of its decision.
import type { Mismatch } from './run-cases.ts';
import type { PolicySource } from './source.ts';
import type { Trace } from './trace.ts';
import { flipsOf, type Verdict } from './verdict.ts';

const ABOUT_RULES: ReadonlySet<Mismatch['name']> = new Set([
  'rule',
  'action',
  'methods',
  'says',
  'add_header',
  'append_text',
  'notify',
  'expire',
]);
const ABOUT_FLOORS: ReadonlySet<Mismatch['name']> = new Set(['floor', 'floors', 'methods']);

/** Sentences without a full stop, what decided first. */
export function whyOf(mismatches: readonly Mismatch[], trace: Trace, source: PolicySource): readonly string[] {
  const has = (names: ReadonlySet<Mismatch['name']>): boolean => mismatches.some(({ name }) => names.has(name));
  return [
    decider(trace),
    ...mismatches.flatMap(({ name, wanted }) => (name === 'rule' && typeof wanted === 'string' ? wantedRule(wanted, trace, source) : [])),
    ...(has(ABOUT_FLOORS) ? floorsOf(mismatches, trace, source) : []),
    ...(has(new Set(['level'])) ? [levelOf(trace)] : []),
    ...(has(ABOUT_RULES) && trace.dropped.length > 0 ? [`the floor ${trace.decision.floor} rules out ${trace.dropped.join(', ')}`] : []),
  ];
}

function decider({ decision, law, rules }: Trace): string {
  if (law !== null) return `law stops it before any rule: ${law}`;
  if (decision.rule === '<no-rule>') return 'no rule matched';
  if (decision.rule === '<fault>') return 'deciding failed, so it is held';
  const last = rules.at(-1);
  const words = last === undefined || last.verdict.words === 'always' ? 'it matches everything that comes to it' : last.verdict.words;
  const held = decision.rule === '<other-way>' ? ', but the recipient asked to be reached otherwise and the rule does not name that' : '';
  return `rule ${last?.id ?? decision.rule} decided: ${words}${held}`;
}

function wantedRule(id: string, { rules, law }: Trace, source: PolicySource): readonly string[] {
  if (id.startsWith('<')) return [];
  const at = source.rules.findIndex((rule) => rule.id === id);
  if (at < 0) return [`the policy has no rule ${id}`];
  const tried = rules.find((rule) => rule.id === id);
  if (tried !== undefined) return tried.verdict.holds ? [] : [`rule ${id} did not match: ${needs(tried.verdict)}`];
  return law === null ? [`rule ${id} comes after the one that decided`] : [];
}

function floorsOf(mismatches: readonly Mismatch[], { floors, decision }: Trace, source: PolicySource): readonly string[] {
  const wanted = mismatches.flatMap(({ name, wanted: ids }) => (name === 'floors' && Array.isArray(ids) ? ids.map(String) : []));
  const unknown = wanted.filter((id) => !source.require.some((one) => one.id === id)).map((id) => `the policy has no floor ${id}`);
  const known = floors.flatMap(({ id, verdict, waived, protection }) => {
    if (waived) return [`floor ${id} yields to the recipient's consent`];
    if (verdict.holds) return [`floor ${id} (${protection}) applies: ${verdict.words}`];
    return wanted.includes(id) ? [`floor ${id} does not apply: ${needs(verdict)}`] : [];
  });
  return [
    ...unknown,
    ...(known.length === 0 && decision.floors.length === 0
      ? ['no floor applies; the floor is that of the settings or of the rule']
      : known),
  ];
}

function levelOf({ phi }: Trace): string {
  const blind =
    phi.blindSpots === 0
      ? ''
      : `; ${phi.blindSpots === 1 ? 'what' : `${phi.blindSpots} kinds of what`} could not be read count as ${phi.counts}`;
  return `PHI was found at ${phi.found}${blind}`;
}

/** What would have to be so for a condition to hold. */
function needs(verdict: Verdict): string {
  const flips = flipsOf(verdict) ?? [];
  const words = flips.map(({ words: part, must }) => (must === 'hold' ? `"${part}" is not so` : `"${part}" is so`));
  return words.length === 0 ? 'it cannot match' : words.join(', and ');
}
