// postern policy test: a policy read as the gateway reads it, its cases run, and what they cover. Reading and inspection are opened only
// where a case needs them.
import { defaultConfig } from '../config/default-config.ts';
import type { Issue } from '../config/issue.ts';
import { loadConfig } from '../config/load.ts';
import { countsOf, type Covered, coverageOf } from '../policy/coverage.ts';
import type { CaseRun } from '../policy/run-cases.ts';
import { whyOf } from '../policy/why.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { Position, YamlPath } from '../yaml/positions.ts';
import type { ExamineLetter } from './examiner.ts';
import { examinationOf } from './inspector.ts';
import { openInspection } from './open-inspection.ts';
import { baseSettings } from './methods-set-up.ts';
import { type CasesFile, loadCases, needExamining, runCasesFile } from './policy-cases.ts';
import { casesBeside, loadPolicy, type LoadedPolicy } from './policy.ts';
import type { CaseTested, ConfigRefused, PolicyTested, PolicyTestRequest } from './work.ts';

export async function testPolicy(request: PolicyTestRequest): Promise<PolicyTested | ConfigRefused> {
  const { configPath, unreadable, policy: file } = request;
  const loadedConfig = await loadConfig(configPath, Date.now());
  if (loadedConfig.kind === 'refused' && unreadable === 'refused') return loadedConfig;
  const config = loadedConfig.kind === 'loaded' ? loadedConfig.config : defaultConfig('.');
  const loaded = await loadPolicy(file, baseSettings(config));
  if (loaded.kind === 'refused') return loaded;
  const files: CasesFile[] = [];
  for (const name of request.cases.length === 0 ? [casesBeside(file)] : request.cases) {
    const cases = await loadCases(name);
    if (cases === null) return refused(name, 'there is no such file of cases', 'write one beside the policy, or name it');
    if (cases.kind === 'refused') return cases;
    files.push(cases);
  }
  const inspection = files.some(needExamining) ? await openInspection({ configPath, unreadable, ocr: 'configured' }) : null;
  if (inspection?.kind === 'refused') return inspection;
  const examine: ExamineLetter = async (octets, envelope) => {
    if (inspection === null) throw new Error('no case was said to need it');
    const message = await inspection.files.readOctets(octets);
    return message === 'stopped' ? 'stopped' : examinationOf(message, envelope, inspection.inspector);
  };
  try {
    return await tested(file, loaded, files, examine);
  } finally {
    await inspection?.files.close();
  }
}

async function tested(
  file: string,
  loaded: LoadedPolicy,
  files: readonly CasesFile[],
  examine: ExamineLetter,
): Promise<PolicyTested | ConfigRefused> {
  const { policy, source, warnings } = loaded;
  const all: { readonly file: string; readonly cases: readonly CaseTested[] }[] = [];
  const runs: CaseRun[] = [];
  for (const cases of files) {
    const ran = await runCasesFile(loaded, cases, examine);
    if (ran.kind === 'refused') return ran;
    runs.push(...ran.runs);
    all.push({ file: cases.file, cases: ran.runs.map((run) => caseTested(run, cases, loaded)) });
  }
  const yaml = parseYaml(source.policy);
  const place = (path: YamlPath): Position => (yaml.kind === 'faults' ? { line: 0, column: 0 } : yaml.document.keyPosition(path));
  const coverage = coverageOf(
    policy.source,
    runs.flatMap(({ recipients }) => recipients.map(({ trace }) => trace)),
  );
  return {
    kind: 'tested',
    policy: { file, version: policy.version },
    warnings,
    files: all,
    coverage: {
      counts: countsOf(coverage),
      missing: coverage.filter(({ missing }) => missing.length > 0).map((one) => ({ ...withoutPath(one), ...place(one.path) })),
    },
  };
}

function caseTested({ case: { id, path }, recipients }: CaseRun, { document }: CasesFile, { policy }: LoadedPolicy): CaseTested {
  return {
    id,
    ...document.valuePosition(path),
    recipients: recipients.map(({ recipient: { address }, mismatches, trace }) => ({
      address,
      decision: trace.decision,
      mismatches: mismatches.map(({ name, wanted, found, path: at }) => ({ name, wanted, found, ...document.valuePosition(at) })),
      why: mismatches.length === 0 ? [] : whyOf(mismatches, trace, policy.source),
    })),
  };
}

function withoutPath({ kind, name, missing }: Covered): Omit<Covered, 'path'> {
  return { kind, name, missing };
}

function refused(file: string, what: string, right: string): { readonly kind: 'refused'; readonly issues: readonly Issue[] } {
  return { kind: 'refused', issues: [{ file, line: 0, column: 0, weight: 'error', what, right }] };
}
