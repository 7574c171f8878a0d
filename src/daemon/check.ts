// postern check: everything that serve does up to listening, step by step, changing nothing that is there.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { type Loaded, loadConfig } from '../config/load.ts';
import { controlSocketPath, SOCKET_PATH_BYTES } from '../control/socket-path.ts';
import { sealerFrom } from '../keys/column-sealer.ts';
import { openKeyFolder } from '../keys/key-folder.ts';
import { readKeyCheck } from '../keys/key-check.ts';
import { freeBytes } from '../spool/free-space.ts';
import type { ChainHead } from '../store/audit-log.ts';
import { schemaOf } from '../store/sqlite/migrate.ts';
import { DATABASE } from '../store/sqlite/open.ts';
import { openReader } from '../store/sqlite/reader.ts';
import { migrations } from '../store/sqlite/schema.ts';
import { modeFault } from './folders.ts';
import { headFault } from './head-fault.ts';
import { openOwn } from './own-inspection.ts';
import { loadPolicies, type PoliciesInEffect, type PolicyRefused } from './policy.ts';
import { realOutside } from './outgoing.ts';
import { refusalText } from './storage.ts';
import type { CheckReport } from './work.ts';

type Step = CheckReport['steps'][number];

export async function check({ configPath }: { readonly configPath: string }): Promise<CheckReport> {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused')
    return { issues: loaded.issues, steps: [{ name: 'configuration', result: 'failed', text: 'has errors; nothing else was checked' }] };
  const own = await openOwn(loaded.config);
  const policies = await loadPolicies(loaded.config);
  const steps: Step[] = [
    {
      name: 'configuration',
      result: loaded.warnings.length === 0 ? 'ok' : 'warning',
      text: `reads well (fingerprint ${loaded.fingerprint})`,
    },
    keysStep(loaded),
    inspectionStep(own),
    policyStep(policies, loaded.config),
    databaseStep(loaded),
    await evidenceStep(loaded),
    runFolderStep(loaded),
    await diskStep(loaded),
    await dnsStep(loaded),
  ];
  const issues = [
    ...loaded.warnings,
    ...(own.kind === 'refused' ? own.issues : []),
    ...(policies.kind === 'refused' ? policies.issues : [...policies.live.warnings, ...(policies.draft?.warnings ?? [])]),
  ];
  return { issues, steps };
}

function inspectionStep(own: Awaited<ReturnType<typeof openOwn>>): Step {
  const name = 'inspection';
  if (own.kind === 'refused') return { name, result: 'failed', text: 'own rules or the patient table have errors' };
  const table = own.patients === null ? 'no patient table' : `${own.patients.patients} patients in the table`;
  return { name, result: 'ok', text: `${own.detectors.length === 0 ? 'no own rules' : 'own rules read well'}; ${table}` };
}

function policyStep(policies: PoliciesInEffect | PolicyRefused, { policy }: Config): Step {
  const name = 'policy';
  if (policies.kind === 'refused') return { name, result: 'failed', text: 'the policy or its draft has errors' };
  const { version, source } = policies.live.policy;
  const which = policy.file === null ? 'the built-in one' : policy.file;
  const warned = policies.live.warnings.length > 0;
  const draft = policies.draft === null ? '' : `; a draft (${policies.draft.policy.version}) beside it`;
  return { name, result: warned ? 'warning' : 'ok', text: `${which}, version ${version}, ${source.rules.length} rules${draft}` };
}

function keysStep({ config }: Loaded): Step {
  const { data, keys: keyFolder } = config.folders;
  const fault = modeFault(config);
  if (fault !== null) return { name: 'data', result: 'failed', text: fault };
  const sealedData = existsSync(join(data, DATABASE)) ? 'present' : 'absent';
  if (sealedData === 'absent' && !existsSync(keyFolder))
    return { name: 'keys', result: 'not-done', text: `${keyFolder} is not there yet; the first start makes it` };
  const opened = openKeyFolder({ keyFolder, dataFolder: data, sealedData, keyCheck: readKeyCheck(data) });
  if (opened.kind === 'refused') return { name: 'keys', result: 'failed', text: opened.failure.text };
  return { name: 'keys', result: 'ok', text: `master key ${opened.keys.keyId} fits the data` };
}

const AS_SERVICE = 'belongs to another user; run this as the user of the service';

/** Reading a database leaves files of the reader beside it, which its owner could not open. */
function isOurs(path: string): boolean {
  return statSync(path).uid === process.geteuid?.();
}

function databaseStep({ config }: Loaded): Step {
  const name = 'database';
  const path = join(config.folders.data, DATABASE);
  if (!existsSync(path)) return { name, result: 'not-done', text: `${path} is not there yet; the first start makes it` };
  if (!isOurs(path)) return { name, result: 'not-done', text: AS_SERVICE };
  const [found, known] = [schemaOf(path), migrations().length];
  if (found === 'not-ours') return { name, result: 'failed', text: refusalText({ kind: 'not-ours' }, config) };
  if (found > known) return { name, result: 'failed', text: refusalText({ kind: 'newer-schema', found, known }, config) };
  if (found === 0) return { name, result: 'warning', text: `${path} holds nothing yet, or this user may not read it` };
  if (found < known) return { name, result: 'ok', text: `schema ${found}; the next start copies it and brings it to ${known}` };
  return { name, result: 'ok', text: `schema ${found}` };
}

/** Does the log still meet its signed head? Every record is for `postern audit verify`. */
async function evidenceStep({ config }: Loaded): Promise<Step> {
  const name = 'evidence';
  const { data, keys: keyFolder } = config.folders;
  const path = join(data, DATABASE);
  if (existsSync(path) && !isOurs(path)) return { name, result: 'not-done', text: AS_SERVICE };
  if (!existsSync(path) || schemaOf(path) !== migrations().length)
    return { name, result: 'not-done', text: 'there is no database that this program can read' };
  const opened = openKeyFolder({ keyFolder, dataFolder: data, sealedData: 'present', keyCheck: readKeyCheck(data) });
  if (opened.kind === 'refused') return { name, result: 'not-done', text: 'its signature cannot be checked without the keys' };
  const reader = openReader({ dataFolder: data, sealer: sealerFrom(opened.keys.sealerMaterial(), Date.now) });
  const { audit } = reader;
  try {
    const chainNow = (): ChainHead => {
      const [last] = audit.latest({ messageId: null, beforeSeq: null, limit: 1 });
      return { logId: audit.logId(), seq: last?.seq ?? 0, hash: last?.hash ?? new Uint8Array(32) };
    };
    const fault = await headFault(opened.keys, chainNow, audit);
    return fault === null
      ? { name, result: 'ok', text: `${chainNow().seq} records; the log meets its signed head` }
      : { name, result: 'failed', text: fault };
  } finally {
    await reader.close();
  }
}

function runFolderStep({ config }: Loaded): Step {
  const name = 'run folder';
  const { run } = config.folders;
  const failed = (text: string): Step => ({ name, result: 'failed', text });
  const length = Buffer.byteLength(controlSocketPath(run));
  if (length > SOCKET_PATH_BYTES)
    return failed(
      `the path of the control socket has ${length} bytes, the system allows ${SOCKET_PATH_BYTES}: choose a shorter folders.run`,
    );
  let at = run;
  while (!existsSync(at)) at = dirname(at);
  if (!statSync(at).isDirectory()) return failed(`${at} is not a folder`);
  try {
    accessSync(at, constants.W_OK | constants.X_OK);
  } catch {
    return failed(`this user may not write to ${at}`);
  }
  return at === run ? { name, result: 'ok', text: run } : { name, result: 'ok', text: `${run} is not there yet; the start makes it` };
}

async function diskStep({ config }: Loaded): Promise<Step> {
  const { data } = config.folders;
  if (!existsSync(data)) return { name: 'disk', result: 'not-done', text: `${data} is not there yet; the first start makes it` };
  const free = await freeBytes(data);
  const text = `${Math.floor(free / 1_000_000)} MB free; new mail is refused below ${Math.floor(config.disk.refuseBelowBytes / 1_000_000)} MB`;
  return { name: 'disk', result: free < config.disk.refuseBelowBytes ? 'failed' : 'ok', text };
}

/** The root zone's name servers are asked for: any recursive resolver knows them. */
async function dnsStep({ config }: Loaded): Promise<Step> {
  if (config.mode === 'sandbox') return { name: 'dns', result: 'ok', text: "the sandbox's own; DANE is played by dane.test" };
  const { resolver } = realOutside(config);
  const answer = await resolver.query('localhost', 'A');
  if (answer.kind === 'failed') return { name: 'dns', result: 'warning', text: 'no name server answers: mail by MX would wait' };
  if (resolver.validating === 'no')
    return {
      name: 'dns',
      result: 'warning',
      text: 'answers; DANE is not checked, because no validating resolver is named (dns.validating)',
    };
  return { name: 'dns', result: 'ok', text: 'answers; DANE is checked' };
}
