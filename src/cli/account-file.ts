// Accounts from a file: CSV (RFC 4180, with a header line) or JSON lines. All errors at once, each with its line; nothing is done while one is left.
import { z } from 'zod';
import { accountProblems, passwordProblem } from '../access/account-rules.ts';
import { generatePassword } from '../access/password.ts';
import type { NewAccount } from '../control/commands.ts';
import { csvRecords } from './csv-records.ts';

export interface ImportedAccount {
  readonly account: NewAccount;
  readonly passwordOrigin: 'given' | 'generated';
}

export type ImportResult =
  | { readonly kind: 'accounts'; readonly accounts: readonly ImportedAccount[] }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

const COLUMNS = ['name', 'may_use', 'reports', 'likely_repeats', 'password'] as const;
type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string>>>;
const MAX_ACCOUNTS = 100_000;

/** `file` stands in front of each fault. */
export function readAccounts(text: string, file: string): ImportResult {
  const rows = text.trimStart().startsWith('{') ? jsonRows(text) : csvRows(text);
  const faults: string[] = [];
  const accounts: ImportedAccount[] = [];
  const names = new Map<string, number>();
  for (const { line, row } of rows) {
    const fault = (what: string, right: string): void => void faults.push(`${file}:${line}: ${what}; ${right}`);
    if (typeof row === 'string') {
      fault(row, `write ${COLUMNS.join(', ')}`);
      continue;
    }
    const account = accountOf(row, fault);
    const before = names.get(account.account.name);
    if (before !== undefined) fault(`${account.account.name} stands in line ${before} already`, 'keep one of them');
    names.set(account.account.name, line);
    accounts.push(account);
  }
  if (rows.length === 0)
    faults.push(`${file}: there are no accounts; write a header line "${COLUMNS.join(',')}" and a line for each, or JSON lines`);
  if (rows.length > MAX_ACCOUNTS) faults.push(`${file}: there are ${rows.length} accounts; import at most ${MAX_ACCOUNTS} at once`);
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'accounts', accounts };
}

function accountOf(row: Row, fault: (what: string, right: string) => void): ImportedAccount {
  const name = row.name ?? '';
  const mayUse = (row.may_use ?? '').split(/[\s;]+/).filter((pattern) => pattern !== '');
  const reports = row.reports === undefined || row.reports === '' ? null : row.reports;
  const repeats = row.likely_repeats ?? '';
  for (const { text } of accountProblems({ name, mayUse, reports })) fault(text.replace(/\.$/, ''), 'correct the line');
  if (!['', 'report', 'suppress'].includes(repeats)) fault(`likely_repeats is "${repeats}"`, 'write report or suppress');
  const given = row.password ?? '';
  const weak = given === '' ? null : passwordProblem(given, name);
  if (weak !== null) fault(weak.text.replace(/\.$/, ''), 'choose another, or leave it empty to have one made');
  const password = given === '' ? generatePassword() : given;
  return {
    account: { name, password, mayUse, reports, likelyRepeats: repeats === 'suppress' ? 'suppress' : 'report' },
    passwordOrigin: given === '' ? 'generated' : 'given',
  };
}

interface NumberedRow {
  readonly line: number;
  /** What is wrong, where it is no row. */
  readonly row: Row | string;
}

const jsonRow = z.strictObject({
  name: z.string(),
  may_use: z.union([z.string(), z.array(z.string())]).optional(),
  reports: z.string().nullish(),
  likely_repeats: z.string().optional(),
  password: z.string().optional(),
});

function jsonRows(text: string): NumberedRow[] {
  return text
    .split(/\r?\n/)
    .map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => content.trim() !== '')
    .map(({ content, line }) => ({ line, row: jsonRowOf(content) }));
}

function jsonRowOf(content: string): Row | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return 'this line is not JSON';
  }
  const read = jsonRow.safeParse(value);
  if (!read.success)
    return `this line has wrong fields${read.error.issues.map((issue) => ` ${issue.code === 'unrecognized_keys' ? issue.keys.join(' ') : issue.path.join('.')}`).join(',')}`;
  const { name, may_use, reports, likely_repeats, password } = read.data;
  return {
    name,
    may_use: Array.isArray(may_use) ? may_use.join(' ') : (may_use ?? ''),
    reports: reports ?? '',
    likely_repeats: likely_repeats ?? '',
    password: password ?? '',
  };
}

function csvRows(text: string): NumberedRow[] {
  const [head, ...records] = csvRecords(text.replace(/^\uFEFF/, ''));
  if (head === undefined) return [];
  const columns = head.fields.map((field) => field.trim().toLowerCase());
  const unknown = columns.filter((column) => !COLUMNS.some((known) => known === column));
  if (unknown.length > 0 || !columns.includes('name'))
    return [{ line: head.line, row: `the header line is not right${unknown.length > 0 ? `: ${unknown.join(', ')}` : ''}` }];
  return records.map(({ line, fields, fault }) => {
    if (fault !== null) return { line, row: fault };
    if (fields.length !== columns.length) return { line, row: `this line has ${fields.length} fields, the header ${columns.length}` };
    return { line, row: Object.fromEntries(columns.map((column, i) => [column, (fields[i] ?? '').trim()])) };
  });
}
