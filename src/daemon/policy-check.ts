// postern policy check FILE: a policy file with its lists, read and searched, before anything is decided by it.
import { defaultConfig } from '../config/default-config.ts';
import { byPlace } from '../config/issue.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { CHECK_BOUNDS, checkPolicy } from '../policy/check/check.ts';
import { parseYaml } from '../yaml/parse.ts';
import { baseSettings } from './methods-set-up.ts';
import { DEFAULT_POLICY, issueOf, type LoadedPolicy, loadPolicy, type PolicyRefused } from './policy.ts';
import type { PolicyCheckReport, PolicyFileRequest } from './policy-work.ts';
import type { ConfigRefused } from './work.ts';

export async function checkPolicyFile(request: PolicyFileRequest): Promise<PolicyCheckReport | ConfigRefused> {
  const opened = await policyFor(request);
  if (opened.kind === 'refused') return opened;
  const { file, loaded } = opened;
  if (loaded.kind === 'refused') return { kind: 'faults', file, issues: loaded.issues };
  const yaml = parseYaml(loaded.source.policy);
  const startedAt = performance.now();
  const { remarks, ...checked } = checkPolicy(loaded.policy, { now: () => performance.now(), ...CHECK_BOUNDS });
  const tookMs = performance.now() - startedAt;
  const placed = yaml.kind === 'faults' ? [] : remarks.map((one) => issueOf(one, file, yaml.document));
  const { version, source } = loaded.policy;
  return {
    kind: 'checked',
    file,
    version,
    rules: source.rules.length,
    floors: source.require.length,
    issues: [...loaded.warnings, ...placed].sort(byPlace),
    checked,
    lineOf: (path) => (yaml.kind === 'faults' ? 0 : yaml.document.valuePosition(path).line),
    tookMs,
  };
}

export interface PolicyOpened {
  readonly kind: 'opened';
  readonly file: string;
  readonly config: Config;
  readonly loaded: LoadedPolicy | PolicyRefused;
}

/** The file that is asked for, or the one in effect by the configuration; over the configuration's settings, or those built in. */
export async function policyFor({ file, configPath, unreadable }: PolicyFileRequest): Promise<PolicyOpened | ConfigRefused> {
  const read = await loadConfig(configPath, Date.now());
  if (read.kind === 'refused' && unreadable === 'refused') return read;
  const config = read.kind === 'loaded' ? read.config : defaultConfig('.');
  const path = file ?? config.policy.file ?? DEFAULT_POLICY;
  return { kind: 'opened', file: path, config, loaded: await loadPolicy(path, baseSettings(config)) };
}
