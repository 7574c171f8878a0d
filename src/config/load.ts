// Reads postern.yaml: file -> raw -> Config, and the secrets apart. All errors at once, each with file, line and column; or the whole thing.
import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseYaml } from '../yaml/parse.ts';
import { YAML_LIMITS } from '../yaml/limits.ts';
import { absoluteFolders, buildConfig } from './build-config.ts';
import { checkShape } from './check-shape.ts';
import { placed } from './complaint.ts';
import type { Config, Folders } from './config.ts';
import { crossCheck } from './cross-check.ts';
import { gatherSecrets } from './gather-secrets.ts';
import { checkPortal } from './portal-check.ts';
import { byPlace } from './issue.ts';
import type { Issue } from './issue.ts';
import { readReferenced, referencesIn } from './referenced-files.ts';
import type { Secrets } from './secrets.ts';
import { SHAPE } from './shape.ts';
import type { RawConfig } from './shape.ts';

export interface Loaded {
  readonly kind: 'loaded';
  readonly config: Config;
  readonly secrets: Secrets;
  readonly warnings: readonly Issue[];
  /** Of the file's bytes: says in evidence which configuration was in effect. */
  readonly fingerprint: string;
}

export interface Refused {
  readonly kind: 'refused';
  readonly issues: readonly Issue[];
  /** Null where this section has an error too. A service that still runs on an earlier configuration is found by it. */
  readonly folders: Folders | null;
}

export type LoadResult = Loaded | Refused;

/** Reads and checks a configuration file. Never throws for what a file holds. `now` is for the dates of certificates. */
export async function loadConfig(configPath: string, now: number): Promise<LoadResult> {
  const file = path.resolve(configPath);
  const bytes = await readConfigFile(file, configPath);
  return 'what' in bytes
    ? { kind: 'refused', issues: [bytes], folders: null }
    : loadText(bytes, { file: configPath, base: path.dirname(file), now });
}

/** The same for a text that is already in memory. Relative paths start from `base`. */
export async function loadText(
  text: string | Uint8Array,
  source: { readonly file: string; readonly base: string; readonly now: number },
): Promise<LoadResult> {
  const yaml = parseYaml(text);
  if (yaml.kind === 'faults')
    return { kind: 'refused', issues: yaml.faults.map((fault) => ({ file: source.file, weight: 'error', ...fault })), folders: null };
  const { document } = yaml;
  const { raw, complaints } = checkShape(document.value);
  const { contents, complaints: unread } = await readReferenced(referencesIn(SHAPE, document.value, source.base));
  const gathered = gatherSecrets(raw, { base: source.base, contents, now: source.now });
  const issues = [
    ...complaints,
    ...crossCheck(raw, source.base),
    ...checkPortal(raw, source.base, contents),
    ...unread,
    ...gathered.complaints,
  ]
    .map((one) => placed(one, source.file, document))
    .sort(byPlace);
  if (issues.some((issue) => issue.weight === 'error') || !isComplete(raw)) {
    return { kind: 'refused', issues, folders: raw.folders === undefined ? null : absoluteFolders(raw.folders, source.base) };
  }
  const config = buildConfig(raw, { base: source.base, contents });
  return {
    kind: 'loaded',
    config,
    secrets: gathered.secrets,
    warnings: issues,
    fingerprint: hash('sha256', Buffer.from(text)).slice(0, 16),
  };
}

/** Without complaints every section has been read. */
function isComplete(raw: Partial<RawConfig>): raw is RawConfig {
  return Object.keys(SHAPE).every((name) => Object.hasOwn(raw, name));
}

async function readConfigFile(file: string, shown: string): Promise<Uint8Array | Issue> {
  const refuse = (what: string, right: string): Issue => ({ file: shown, line: 0, column: 0, weight: 'error', what, right });
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return refuse('this is not a file', 'name a postern.yaml');
    if (facts.size > YAML_LIMITS.sizeBytes) return refuse('the file is too large', `keep it under ${YAML_LIMITS.sizeBytes} bytes`);
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return refuse('the file does not exist', 'name a postern.yaml with --config, or copy config/postern.yaml');
    return refuse('the file cannot be read', 'let this user read it');
  }
}
