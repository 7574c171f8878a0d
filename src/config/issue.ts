// One thing wrong in the configuration, said so that a person can put it right at once.

export interface Issue {
  readonly file: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly column: number;
  /** An error refuses the configuration; a warning does not. */
  readonly weight: 'error' | 'warning';
  /** What is wrong. */
  readonly what: string;
  /** What would be right. */
  readonly right: string;
}

/** `file:line:column: what is wrong; what would be right`. */
export function formatIssue(issue: Issue): string {
  const place = issue.line === 0 ? issue.file : `${issue.file}:${issue.line}:${issue.column}`;
  const weight = issue.weight === 'warning' ? 'warning: ' : '';
  return `${place}: ${weight}${issue.what}; ${issue.right}`;
}

/** By place in the file, errors and warnings together. */
export function byPlace(a: Issue, b: Issue): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}
