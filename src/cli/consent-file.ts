// Records of the consent registry from a CSV file (RFC 4180, with a header line). All faults at once, each with line and column; no value
// of a record is repeated in one.
import type { Consent } from '../mail/consent.ts';
import { CONSENT_COLUMNS, readConsent } from './consent-input.ts';
import type { ConsentColumn, ConsentDefaults, ConsentWords } from './consent-input.ts';
import { csvRecords } from './csv-records.ts';

/** Records with the line that each stands in. */
export type ConsentFile =
  | { readonly kind: 'consents'; readonly consents: readonly { readonly line: number; readonly consent: Consent }[] }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

const MAX_RECORDS = 100_000;

/** `file` stands in front of each fault. */
export function readConsentFile(text: string, file: string, defaults: Omit<ConsentDefaults, 'givenAt'>): ConsentFile {
  const [head, ...lines] = csvRecords(text.replace(/^\uFEFF/, ''));
  const columns = head?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const wrong = headFaults(head === undefined ? null : columns);
  if (wrong.length > 0) return { kind: 'faults', faults: wrong.map((fault) => `${file}:${head?.line ?? 1}: ${fault}`) };
  if (lines.length === 0) return { kind: 'faults', faults: [`${file}: there are no records below the header line`] };
  if (lines.length > MAX_RECORDS)
    return { kind: 'faults', faults: [`${file}: there are ${lines.length} records; import at most ${MAX_RECORDS} at once`] };
  const faults: string[] = [];
  const consents: { line: number; consent: Consent }[] = [];
  for (const { line, fields, fault } of lines) {
    if (fault !== null) faults.push(`${file}:${line}: ${fault}`);
    else if (fields.length !== columns.length)
      faults.push(`${file}:${line}: this line has ${fields.length} fields, the header ${columns.length}`);
    else {
      const read = readConsent(wordsOf(columns, fields), { ...defaults, givenAt: null });
      if (read.kind === 'faults') faults.push(...read.faults.map(({ column, text: said }) => `${file}:${line}:${column}: ${said}`));
      else consents.push(...read.consents.map((consent) => ({ line, consent })));
    }
  }
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'consents', consents };
}

function wordsOf(columns: readonly string[], fields: readonly string[]): ConsentWords {
  return Object.fromEntries(columns.map((column, i) => [column, fields[i] ?? '']));
}

/** Null: there is no header line. */
function headFaults(columns: readonly string[] | null): readonly string[] {
  const known = CONSENT_COLUMNS.join(',');
  if (columns === null) return [`the file is empty; write a header line with columns of ${known}`];
  const faults: string[] = [];
  const unknown = columns.filter((column) => !CONSENT_COLUMNS.some((one) => one === column));
  if (unknown.length > 0) faults.push(`the header line has unknown columns (${unknown.join(', ')}); known are ${known}`);
  const twice = columns.filter((column, i) => columns.indexOf(column) < i);
  if (twice.length > 0) faults.push(`the header line has columns twice: ${twice.join(', ')}`);
  const missing = (['kind', 'address'] satisfies ConsentColumn[]).filter((column) => !columns.includes(column));
  if (missing.length > 0) faults.push(`the header line lacks ${missing.join(' and ')}`);
  return faults;
}
