// Records of a CSV file with the line that each begins in.

export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  readonly fault: string | null;
}

/** Records of RFC 4180: commas, quotes doubled inside quotes, line ends inside quotes. Empty lines are passed over. */
export function csvRecords(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let line = 1;
  let start = 1;
  let fields: string[] = [];
  while (field.lastIndex < text.length || fields.length > 0) {
    const found = field.exec(text);
    if (found === null) return [...records, { line, fields: [], fault: 'a quote is not closed or stands inside a field' }];
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    line += found[0].split('\n').length - 1;
    if (found[3] === ',') continue;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: start, fields, fault: null });
    fields = [];
    start = line;
  }
  return records;
}
