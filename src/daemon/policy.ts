// The policy in effect, and the draft beside it: read whole from the files that the configuration names, or refused with all that is wrong.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { placed } from '../config/complaint.ts';
import type { Config } from '../config/config.ts';
import { byPlace, type Issue } from '../config/issue.ts';
import type { PolicyFault } from '../policy/fault.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import { listFilesOf } from '../policy/read-lists.ts';
import type { BaseSettings } from '../policy/source.ts';
import type { KeptPolicy } from '../store/policies.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { YamlDocument } from '../yaml/positions.ts';
import { baseSettings } from './methods-set-up.ts';

/** The policy that decides where none is named. */
export const DEFAULT_POLICY = join(import.meta.dirname, '../../policies/default.yaml');

export interface LoadedPolicy {
  readonly kind: 'policy';
  readonly policy: Policy;
  /** What it was made of: kept as long as decisions refer to it. */
  readonly source: KeptPolicy['source'];
  /** The policy file, its list files and its cases, absolute. */
  readonly files: readonly string[];
  /** Of the files, as `markOf` gives it, from before they were read. */
  readonly mark: string;
  readonly warnings: readonly Issue[];
}

export type PolicyRefused = { readonly kind: 'refused'; readonly issues: readonly Issue[] };

export interface PoliciesInEffect {
  readonly kind: 'policies';
  readonly live: LoadedPolicy;
  readonly draft: LoadedPolicy | null;
}

const LARGEST_BYTES = 16 * 1024 * 1024;

/** Both policies of a configuration. A draft that cannot be read refuses too: nobody should wait for figures that never come. */
export async function loadPolicies(config: Config): Promise<PoliciesInEffect | PolicyRefused> {
  const { policy } = config;
  const base = baseSettings(config);
  const live = await loadPolicy(policy.file ?? DEFAULT_POLICY, base);
  if (live.kind === 'refused') return live;
  const draft = policy.draft === null ? null : await loadPolicy(policy.draft, base);
  return draft?.kind === 'refused' ? draft : { kind: 'policies', live, draft };
}

/** One policy file with its lists. */
export async function loadPolicy(file: string, base: BaseSettings): Promise<LoadedPolicy | PolicyRefused> {
  const before = await markOf([file]);
  const text = await textOf(file);
  if (text === null) return refusedFor(file, 'the policy cannot be read', 'name a file of at most 16 MB that this service may read');
  const yaml = parseYaml(text);
  if (yaml.kind === 'faults') return { kind: 'refused', issues: yaml.faults.map((fault) => ({ file, weight: 'error', ...fault })) };
  const names = listFilesOf(yaml.document.value);
  const files = [file, ...names.map((name) => pathOf(file, name)), casesBeside(file)];
  const lists = new Map<string, string>();
  const mark = [before, await markOf(files.slice(1))].join('\n').trimEnd();
  for (const name of names) {
    const list = await textOf(pathOf(file, name));
    if (list !== null) lists.set(name, list);
  }
  const { policy, faults } = parsePolicy(yaml.document, lists, base);
  const issues = faults.map((fault) => issueOf(fault, file, yaml.document)).sort(byPlace);
  if (policy === null) return { kind: 'refused', issues };
  const source = { policy: text, lists: Object.fromEntries(lists) };
  return { kind: 'policy', policy, source, files, mark, warnings: issues };
}

/** The cases file beside a policy: `policy.yaml` has `policy.cases.yaml`. */
export function casesBeside(policyFile: string): string {
  return `${policyFile.replace(/\.ya?ml$/i, '')}.cases.yaml`;
}

/** A fault of the policy with its place in the file, or in the list file. */
export function issueOf({ path, at, weight, what, right, file: list }: PolicyFault, file: string, document: YamlDocument): Issue {
  if (list !== undefined) return { file: pathOf(file, list.name), line: list.line, column: 1, weight, what, right };
  return placed({ path, at, weight, what, right }, file, document);
}

/** A mark of the files that changes when one of them does. */
export async function markOf(files: readonly string[]): Promise<string> {
  const marks = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
        () => 'none',
      ),
    ),
  );
  return marks.join('\n');
}

function pathOf(policyFile: string, name: string): string {
  return resolve(dirname(policyFile), name);
}

async function textOf(file: string): Promise<string | null> {
  try {
    const { size } = await stat(file);
    return size > LARGEST_BYTES ? null : await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

function refusedFor(file: string, what: string, right: string): PolicyRefused {
  return { kind: 'refused', issues: [{ file, line: 0, column: 0, weight: 'error', what, right }] };
}
