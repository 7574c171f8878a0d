// Something wrong at a path of the configuration, before the path has been turned into a line and a column.
import type { YamlDocument, YamlPath } from '../yaml/positions.ts';
import type { Issue } from './issue.ts';

export interface Complaint {
  readonly path: YamlPath;
  /** Which place to point at. */
  readonly at: 'key' | 'value';
  readonly weight: 'error' | 'warning';
  readonly what: string;
  readonly right: string;
}

export function complain(path: YamlPath, what: string, right: string): Complaint {
  return { path, at: 'value', weight: 'error', what, right };
}

export function warn(path: YamlPath, what: string, right: string): Complaint {
  return { path, at: 'value', weight: 'warning', what, right };
}

/** A complaint as an issue with its place in the file. */
export function placed(complaint: Complaint, file: string, document: YamlDocument): Issue {
  const path = pathInFile(complaint.path, document.value);
  const { line, column } = complaint.at === 'key' ? document.keyPosition(path) : document.valuePosition(path);
  return { file, line, column, weight: complaint.weight, what: complaint.what, right: complaint.right };
}

/** A single section stands where a list of one is meant: its index is not in the file. */
function pathInFile(path: YamlPath, value: unknown): YamlPath {
  const real: (string | number)[] = [];
  let here = value;
  for (const step of path) {
    if (typeof step === 'number' && !Array.isArray(here)) continue;
    real.push(step);
    here =
      typeof here === 'object' && here !== null ? (Object.entries(here).find(([key]) => key === String(step))?.[1] as unknown) : undefined;
  }
  return real;
}
