// What administrators add to inspection, as the configuration names it: the rules file, checked with file, line and column, and the table
// of patients. What cannot be used is refused: inspecting with less would say "none" where it should not.
import { readFile } from 'node:fs/promises';
import { complain, placed } from '../config/complaint.ts';
import type { Config } from '../config/config.ts';
import type { Issue } from '../config/issue.ts';
import type { Detector } from '../inspect/detector.ts';
import { ownRulesDetector } from '../inspect/own-detector.ts';
import { type OwnRule, readOwnRules } from '../inspect/own-rules.ts';
import type { PatientTable } from '../inspect/patient-table.ts';
import { parseYaml } from '../yaml/parse.ts';
import { patientTableOf } from './patient-table.ts';
import type { ConfigRefused } from './work.ts';

export interface OwnInspection {
  readonly kind: 'own';
  readonly detectors: readonly Detector[];
  readonly patients: PatientTable | null;
}

export async function openOwn(config: Config | null): Promise<OwnInspection | ConfigRefused> {
  if (config === null) return { kind: 'own', detectors: [], patients: null };
  const { rulesFile, patientsFile } = config.inspection;
  const rules = rulesFile === null ? { rules: [], issues: [] } : await readRulesFile(rulesFile);
  const patients = await patientTableOf(config);
  const unusable = patients !== null && 'text' in patients ? [wholeFile(patientsFile, patients.text.replace(/\.$/, ''))] : [];
  if (rules.issues.length > 0 || (patients !== null && 'text' in patients))
    return { kind: 'refused', issues: [...rules.issues, ...unusable] };
  return { kind: 'own', detectors: rules.rules.length === 0 ? [] : [ownRulesDetector(rules.rules)], patients };
}

export async function readRulesFile(file: string): Promise<{ readonly rules: readonly OwnRule[]; readonly issues: readonly Issue[] }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch {
    return { rules: [], issues: [wholeFile(file, 'the file of own rules cannot be read')] };
  }
  const yaml = parseYaml(bytes);
  if (yaml.kind === 'faults') return { rules: [], issues: yaml.faults.map((fault) => ({ file, weight: 'error', ...fault })) };
  const { document } = yaml;
  const { rules, faults } = readOwnRules(document.value);
  return { rules, issues: faults.map(({ path, what, right }) => placed(complain(path, what, right), file, document)) };
}

function wholeFile(file: string, what: string): Issue {
  return { file, line: 0, column: 0, weight: 'error', what, right: 'see inspection in the configuration' };
}
