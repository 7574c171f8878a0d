// What every command is handed: the terminal, the work to be done, and the configuration it is about.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { loadConfig } from '../config/load.ts';
import { formatIssue } from '../config/issue.ts';
import type { Issue } from '../config/issue.ts';
import type { Loaded, LoadResult } from '../config/load.ts';
import type { Terminal } from './terminal.ts';
import type { Work } from '../daemon/work.ts';

export interface CommandContext {
  readonly terminal: Terminal;
  readonly work: Work;
  readonly now: () => number;
  /** The file that --config names, or the first of the usual places. */
  readonly configPath: string;
  /** Did a person name it, by --config or $POSTERN_CONFIG? */
  readonly configNamed: 'yes' | 'no';
  /** Operating system user, for evidence. */
  readonly who: string;
  readConfig(): Promise<LoadResult>;
  /** Null after its errors have been shown. */
  loadConfig(): Promise<Loaded | null>;
}

export interface Surroundings {
  readonly terminal: Terminal;
  readonly work: Work;
  readonly now: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder `npm start` keeps its things in. */
  readonly sandboxFolder: string;
}

const SYSTEM_CONFIG = '/etc/postern/postern.yaml';

export function createContext(surroundings: Surroundings, named: string | null): CommandContext {
  const { terminal, work, now } = surroundings;
  const configPath = named ?? usualPlace(surroundings);
  return {
    terminal,
    work,
    now,
    configPath,
    configNamed: (named ?? surroundings.environment['POSTERN_CONFIG'] ?? '') === '' ? 'no' : 'yes',
    who: whoIs(surroundings.environment),
    readConfig: () => loadConfig(configPath, now()),
    async loadConfig() {
      const loaded = await loadConfig(configPath, now());
      if (loaded.kind === 'loaded') return loaded;
      showIssues(terminal, loaded.issues);
      return null;
    },
  };
}

/** POSTERN_CONFIG, the system's file, then that of a sandbox started in this checkout. */
function usualPlace({ environment, sandboxFolder }: Surroundings): string {
  const fromEnvironment = environment['POSTERN_CONFIG'] ?? '';
  if (fromEnvironment !== '') return fromEnvironment;
  const sandbox = `${sandboxFolder}/postern.yaml`;
  return !existsSync(SYSTEM_CONFIG) && existsSync(sandbox) ? sandbox : SYSTEM_CONFIG;
}

/** The user of the process, and who became it by sudo. */
function whoIs(environment: Surroundings['environment']): string {
  const { username } = userInfo();
  const before = environment['SUDO_USER'] ?? '';
  return (/^[A-Za-z0-9._-]{1,64}$/.test(before) ? `${before} as ${username}` : username).slice(0, 128);
}

export function showIssues(terminal: Terminal, issues: readonly Issue[]): void {
  for (const issue of issues) terminal.err(terminal.style(issue.weight === 'error' ? 'trouble' : 'attention', formatIssue(issue)));
}
