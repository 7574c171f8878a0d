// Reads postern.yaml for the portal's process, whose user may read neither keys nor passwords: only what the page needs, and only files that it
// names for the page.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseYaml } from '../yaml/parse.ts';
import { absoluteFolders } from './build-config.ts';
import { buildPortal } from './build-portal.ts';
import { checkShape } from './check-shape.ts';
import { complain, placed } from './complaint.ts';
import type { Config } from './config.ts';
import { byPlace } from './issue.ts';
import type { Issue } from './issue.ts';
import { checkPortal } from './portal-check.ts';
import type { PortalConfig } from './portal.ts';
import { readReferenced, referencesIn } from './referenced-files.ts';
import { SHAPE } from './shape.ts';

export interface PortalView extends Pick<Config, 'mode' | 'hostname' | 'folders'> {
  readonly portal: PortalConfig;
}

export type PortalLoad =
  { readonly kind: 'loaded'; readonly view: PortalView } | { readonly kind: 'refused'; readonly issues: readonly Issue[] };

/** Errors of other sections are the gateway's to tell. Never throws for what a file holds. */
export async function loadPortal(configPath: string): Promise<PortalLoad> {
  const file = path.resolve(configPath);
  try {
    return await readPortal(await readFile(file), configPath, path.dirname(file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refused({
      file: configPath,
      line: 0,
      column: 0,
      weight: 'error',
      what: 'the file cannot be read',
      right: 'let this user read it',
    });
  }
}

async function readPortal(text: Uint8Array, file: string, base: string): Promise<PortalLoad> {
  const yaml = parseYaml(text);
  if (yaml.kind === 'faults') return refused(...yaml.faults.map((fault) => ({ file, weight: 'error' as const, ...fault })));
  const { document } = yaml;
  const { raw, complaints } = checkShape(document.value);
  const pictures = referencesIn({ portal: SHAPE.portal }, document.value, base).filter(({ kind }) => kind === 'picture');
  const { contents, complaints: unread } = await readReferenced(pictures);
  const { mode, hostname, folders, portal } = raw;
  const ours = complaints.filter((one) => ['mode', 'hostname', 'folders', 'portal'].includes(String(one.path[0] ?? '')));
  const missing = portal === null ? [complain([], 'there is no portal', 'write the section "portal"')] : [];
  const errors = [...ours, ...unread, ...missing, ...checkPortal({ mode, portal } as Partial<typeof raw>, base, contents)].filter(
    ({ weight }) => weight === 'error',
  );
  const built = buildPortal(portal ?? null, { base, contents });
  if (errors.length > 0 || mode === undefined || hostname === undefined || folders === undefined || built === null)
    return refused(...errors.map((one) => placed(one, file, document)).sort(byPlace));
  return { kind: 'loaded', view: { mode, hostname, folders: absoluteFolders(folders, base), portal: built } };
}

function refused(...issues: readonly Issue[]): PortalLoad {
  return { kind: 'refused', issues };
}
