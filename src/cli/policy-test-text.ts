// What a test of a policy tells people: cases that came out otherwise, with what was expected, what came and why; then what is covered.
import type { CaseTested, PolicyTested } from '../daemon/work.ts';
import { shownValue } from '../policy/run-cases.ts';
import { countOf } from './amounts.ts';
import { type Look, wrapped } from './part-text.ts';
import { plainText } from './terminal.ts';

const KINDS = {
  rule: 'rules',
  floor: 'floors, both ways',
  condition: 'conditions, both ways',
  declaration: 'declarations, both ways',
  wish: 'wishes',
  settings: 'settings',
} as const;

export function hasPassed({ recipients }: CaseTested): boolean {
  return recipients.every(({ mismatches }) => mismatches.length === 0);
}

export function policyTestText({ policy, files, coverage }: PolicyTested, look: Look): string {
  const { style } = look;
  const failed = files.flatMap(({ file, cases }) => cases.filter((one) => !hasPassed(one)).map((one) => failureText(file, one, look)));
  const cases = files.flatMap((one) => one.cases);
  const recipients = cases.reduce((sum, one) => sum + one.recipients.length, 0);
  const passed = cases.length - failed.length;
  const result =
    failed.length === 0
      ? style('good', `ok  ${countOf(passed, 'case', 'cases')} passed, ${countOf(recipients, 'decision', 'decisions')}`)
      : style('trouble', `FAILED  ${failed.length} of ${countOf(cases.length, 'case', 'cases')}`);
  return [
    `${style('bold', plainText(policy.file))}  version ${policy.version}`,
    ...failed.flatMap((text) => ['', text]),
    '',
    result,
    ...coverageLines(policy.file, coverage, look),
  ].join('\n');
}

function failureText(file: string, { id, line, column, recipients }: CaseTested, { columns, style }: Look): string {
  const lines = [style('trouble', `FAILED  ${id}  ${plainText(file)}:${line}:${column}`)];
  for (const { address, mismatches, why } of recipients) {
    if (mismatches.length === 0) continue;
    lines.push(`  to ${plainText(address)}`);
    const width = Math.max(...mismatches.map(({ name }) => name.length));
    for (const { name, wanted, found, line: at } of mismatches) {
      lines.push(`    ${name.padEnd(width)}  expected  ${plainText(shownValue(wanted))}  (line ${at})`);
      lines.push(`    ${' '.repeat(width)}  came      ${plainText(shownValue(found))}`);
    }
    lines.push(...why.flatMap((one, i) => wrapped(`${i === 0 ? 'why  ' : '     '}${plainText(one)}`, '    ', columns)));
  }
  return lines.join('\n');
}

function coverageLines(file: string, { counts, missing }: PolicyTested['coverage'], { columns, style }: Look): readonly string[] {
  const width = Math.max(...counts.map(({ kind }) => KINDS[kind].length));
  const digits = Math.max(...counts.map(({ of }) => String(of).length));
  const number = (one: number): string => String(one).padStart(digits);
  return [
    '',
    style('bold', 'Covered'),
    ...counts.map(
      ({ kind, covered, of }) =>
        `  ${KINDS[kind].padEnd(width)}  ${number(covered)} of ${number(of)}${covered < of ? style('attention', '  not all') : ''}`,
    ),
    ...(missing.length === 0 ? [] : ['', style('bold', 'Not covered')]),
    ...missing.flatMap(({ kind, name, line, column, missing: words }) =>
      wrapped(
        `${plainText(file)}:${line}:${column}: ${kind} ${kind === 'condition' ? `"${plainText(name)}"` : plainText(name)}: ${words.join('; ')}`,
        '  ',
        columns,
      ),
    ),
  ];
}
