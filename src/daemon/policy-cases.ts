// Runs the cases of a policy: those with a text or a file are read and inspected as mail is, by whoever is given for that.
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { complain, placed } from '../config/complaint.ts';
import { byPlace, type Issue } from '../config/issue.ts';
import { messageFactsOf } from '../gateway/facts.ts';
import type { MessageFacts } from '../mail/facts.ts';
import { caseLetter } from '../policy/case-facts.ts';
import type { PolicyCase } from '../policy/case.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import { type CasesRead, readCases } from '../policy/read-cases.ts';
import { type CaseRun, runCases, shownValue } from '../policy/run-cases.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { YamlDocument } from '../yaml/positions.ts';
import type { ExamineLetter } from './examiner.ts';
import { casesBeside, type LoadedPolicy, type PolicyRefused } from './policy.ts';

/** A cases file that can be read. */
export interface CasesFile extends CasesRead {
  readonly kind: 'cases';
  readonly file: string;
  readonly document: YamlDocument;
}

const LARGEST_BYTES = 16 * 1024 * 1024;

/** Null where there is no such file. */
export async function loadCases(file: string): Promise<CasesFile | PolicyRefused | null> {
  let octets: Uint8Array;
  try {
    octets = await octetsOf(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    return {
      kind: 'refused',
      issues: [{ file, line: 0, column: 0, weight: 'error', what: 'the cases cannot be read', right: 'name a file that may be read' }],
    };
  }
  const yaml = parseYaml(octets);
  if (yaml.kind === 'faults') return { kind: 'refused', issues: yaml.faults.map((fault) => ({ file, weight: 'error', ...fault })) };
  const { document } = yaml;
  const read = readCases(document.value);
  if (read.faults.length === 0) return { kind: 'cases', file, document, ...read };
  return { kind: 'refused', issues: read.faults.map((fault) => placed(fault, file, document)).sort(byPlace) };
}

/** Must anything be read and inspected for these? */
export function needExamining({ cases }: CasesFile): boolean {
  return cases.some(({ content }) => content !== null);
}

/**
 * Runs every case of a file.
 * @returns runs, or what is wrong with messages that the cases name
 */
export async function runCasesFile(
  loaded: Pick<LoadedPolicy, 'policy' | 'source'>,
  { cases, base, file, document }: CasesFile,
  examine: ExamineLetter,
): Promise<{ readonly kind: 'ran'; readonly policy: Policy; readonly runs: readonly CaseRun[] } | PolicyRefused> {
  const examined = new Map<string, MessageFacts>();
  const issues: Issue[] = [];
  await Promise.all(
    cases.map(async (one) => {
      const found = one.content === null ? null : await examinedCase(one, file, examine);
      if (typeof found !== 'string') {
        if (found !== null) examined.set(one.id, found);
        return;
      }
      issues.push(
        placed(
          complain([...one.path, 'message', 'eml'], found, 'name a message of at most 16 MB, relative to the cases file'),
          file,
          document,
        ),
      );
    }),
  );
  if (issues.length > 0) return { kind: 'refused', issues: issues.sort(byPlace) };
  const policy = base === null ? loaded.policy : policyOver(loaded, base);
  return { kind: 'ran', policy, runs: runCases(policy, cases, examined) };
}

/**
 * What is wrong with a policy by its own cases, the file beside it; nothing where it has none.
 * @param examine by which messages of cases are read and inspected; not called where facts are given straight
 */
export async function casesPass(loaded: LoadedPolicy, policyFile: string, examine: ExamineLetter): Promise<readonly Issue[]> {
  const cases = await loadCases(casesBeside(policyFile));
  if (cases === null) return [];
  if (cases.kind === 'refused') return cases.issues;
  const ran = await runCasesFile(loaded, cases, examine);
  return ran.kind === 'refused' ? ran.issues : ran.runs.flatMap((run) => failuresOf(run, cases));
}

/** Each mismatch, at the place of what is expected. */
export function failuresOf({ case: { id }, recipients }: CaseRun, { file, document }: CasesFile): readonly Issue[] {
  return recipients.flatMap(({ recipient, mismatches }) =>
    mismatches.map(({ name, wanted, found, path }) =>
      placed(
        complain(
          path,
          `case ${id}, to ${recipient.address}: ${name} is ${shownValue(found)}`,
          `expected ${shownValue(wanted)}; correct the policy or the case`,
        ),
        file,
        document,
      ),
    ),
  );
}

/** What is wrong with its file where it is a text. */
async function examinedCase(one: PolicyCase, file: string, examine: ExamineLetter): Promise<MessageFacts | string> {
  const { content, sender, submitter, client, organisation, recipients } = one;
  let octets: Uint8Array;
  try {
    octets = content?.kind === 'eml' ? await octetsOf(resolve(dirname(file), content.file)) : Buffer.from(caseLetter(one));
  } catch {
    return 'the message cannot be read';
  }
  const examination = await examine(octets, { from: sender, to: recipients.map(({ address }) => address) });
  if (examination === 'stopped') return 'the message was not read: reading was stopped';
  const session = { reversePath: sender, submitter, client, sizeBytes: octets.byteLength, acceptedAt: 0 };
  return messageFactsOf(session, { ...examination, tookMs: 0 }, organisation);
}

/** The same policy over the settings of a configuration that the cases are made for. */
function policyOver({ policy, source }: Pick<LoadedPolicy, 'policy' | 'source'>, delivery: NonNullable<CasesRead['base']>): Policy {
  const base = { ...policy.source.base, ...delivery };
  const yaml = parseYaml(source.policy);
  const again = yaml.kind === 'faults' ? null : parsePolicy(yaml.document, new Map(Object.entries(source.lists)), base).policy;
  return again ?? policy;
}

async function octetsOf(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > LARGEST_BYTES) throw new Error('too large');
  return readFile(file);
}
