// What the check of a policy found, for people: can PHI leave weaker, how that is known, and examples in words.
import type { PolicyCheckReport } from '../daemon/policy-work.ts';
import type { Leak } from '../policy/check/invariant.ts';
import { countOf } from './amounts.ts';
import { type Look, section, wrapped } from './part-text.ts';
import { plainText } from './terminal.ts';

type Checked = Extract<PolicyCheckReport, { kind: 'checked' }>;

/** More examples than these nobody reads; the rules of the others are named. */
const MOST_EXAMPLES = 5;

export function checkedText(report: Checked, look: Look): string {
  const { file, version, rules, floors, issues, checked, tookMs } = report;
  const { invariant, noRule, undecided } = checked;
  const bold = (text: string): string => look.style('bold', text);
  const lines = (text: string): readonly string[] => wrapped(text, '', look.columns === null ? null : look.columns - 2);
  return [
    `${bold(plainText(file))}  ${countOf(rules, 'rule', 'rules')}, ${countOf(floors, 'floor', 'floors')}, version ${version}`,
    issues.length === 0 ? 'No faults found.' : `${countOf(issues.length, 'remark', 'remarks')}, above.`,
    '',
    verdictOf(report, look),
    ...lines(howKnown(checked.searched, tookMs, invariant)).map((line) => `  ${line}`),
    ...section(
      'Not proved',
      invariant.undecided.flatMap(({ rule, why }) => lines(`rule ${rule}: could not be decided: ${why}`)),
      bold,
    ),
    ...examples('By these rules', invariant.leaks, report, look),
    ...examples("Only with the recipient's recorded consent plain-mail", invariant.byConsent, report, look),
    ...section(
      'No rule matches, so it is held',
      noRule === null ? [] : ['An ordinary message', ...noRule.flatMap((one) => wrapped(plainText(one), '    ', widthOf(look)))],
      bold,
    ),
    ...section('Could not be told whether they ever do what they say', undecided.flatMap(lines), bold),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function verdictOf({ checked: { invariant } }: Checked, { style }: Look): string {
  const { floor, leaks, undecided } = invariant;
  if (leaks.length > 0) return style('trouble', `PHI CAN LEAVE WITH LESS THAN ${floor}.`);
  if (undecided.length > 0) return style('attention', `Not proved: can PHI leave with less than ${floor}?`);
  return style('good', `PHI never leaves with less than ${floor}.`);
}

function howKnown(
  { situationsLog10, steps }: Checked['checked']['searched'],
  tookMs: number,
  { leaks, undecided }: Checked['checked']['invariant'],
): string {
  const effort = `${countOf(steps, 'step', 'steps')}, ${Math.max(1, Math.round(tookMs))} ms in all`;
  const all = `${numberOf(situationsLog10)} situations that its conditions tell apart`;
  if (leaks.length > 0) return `Each example was decided by the policy itself. Searched among ${all}: ${effort}.`;
  if (undecided.length > 0) return `Searched among ${all}: ${effort}.`;
  return `Proved for PHI at medium or above, by splitting cases over all ${all}: ${effort}. What cannot be read counts as blind_spot_level says.`;
}

/** `1,024`, or `about 10^14`. */
function numberOf(log10: number): string {
  return log10 < 9 ? Math.round(10 ** log10).toLocaleString('en-US') : `about 10^${Math.round(log10)}`;
}

function examples(title: string, leaks: readonly Leak[], { lineOf }: Checked, look: Look): readonly string[] {
  const shown = leaks.slice(0, MOST_EXAMPLES).flatMap(({ rule, path, words, decision: { action, methods, floor } }, i) => {
    const how = action === 'hold' ? 'holds, and a release may use' : 'delivers by';
    const where = rule === '<no-rule>' ? 'mail that no rule matches' : `rule ${rule}, line ${lineOf(path)}`;
    return [
      ...(i === 0 ? [] : ['']),
      ...wrapped(`${where}: ${how} ${methods.join(', ')} at ${floor}; an ordinary message, but`, '', widthOf(look)),
      ...words.flatMap((one) => wrapped(plainText(one), '    ', widthOf(look))),
    ];
  });
  const rest = leaks.slice(MOST_EXAMPLES).map(({ rule }) => rule);
  const more = rest.length === 0 ? [] : ['', ...wrapped(`and by ${rest.join(', ')}`, '', widthOf(look))];
  return section(title, [...shown, ...more], (text) => look.style('bold', text));
}

function widthOf({ columns }: Look): number | null {
  return columns === null ? null : columns - 2;
}
