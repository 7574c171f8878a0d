// The patients in an export of an EHR: CSV (RFC 4180) with a header line. A row that is not right is told with line and column, and loses
// nothing else; no value of it is repeated.
import type { PATIENT_COLUMNS } from '../config/config.ts';
import type { Patient } from '../inspect/patient-table.ts';
import { plainAddress, plainDay, plainName, plainRecordNumber } from '../inspect/patient-values.ts';

type Column = (typeof PATIENT_COLUMNS)[number];
export type ColumnTitles = Readonly<Record<Column, string | null>>;

export interface ExportFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly right: string;
}

export interface ExportRead {
  readonly patients: readonly Patient[];
  readonly faults: readonly ExportFault[];
}

/** Titles that need no configuration; letters only, in lower case. */
const USUAL: Readonly<Record<Column, RegExp>> = {
  name: /^(?:patient|pat|full|member|whole)?names?$|^patient$/,
  first_name: /^(?:patient|pat)?(?:first|given)(?:names?)?$|^(?:fname|forename)$/,
  last_name: /^(?:patient|pat)?(?:last|family|sur)(?:names?)?$|^lname$/,
  birth_date: /^(?:patient|pat)?(?:dob|birthdate|dateofbirth|birthday|birthdt)$/,
  mrn: /^(?:patient|pat)?(?:mrn|mrnid|medicalrecordnumber|medicalrecordno|recordnumber|chartnumber|chartno|id)$/,
  email: /^(?:patient|pat)?e?mail(?:address|addr)?$/,
};
const LONGEST_FIELD = 4_096;

interface Cell {
  readonly text: string;
  readonly column: number;
}

interface Row {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** Linear in the text. */
export function patientsOfExport(text: string, titles: ColumnTitles): ExportRead {
  const faults: ExportFault[] = [];
  const rows = rowsOf(text.replace(/^\uFEFF/, ''), faults);
  const head = rows.next();
  if (head.done === true)
    return { patients: [], faults: [{ line: 1, column: 1, what: 'the file is empty', right: 'begin with a header line' }] };
  const places = placesOf(head.value, titles, faults);
  if (places === null) return { patients: [], faults };
  const patients: Patient[] = [];
  for (const row of rows) {
    if (row.cells.length !== head.value.cells.length) {
      const what = `this row has ${row.cells.length} fields, the header ${head.value.cells.length}`;
      faults.push({ line: row.line, column: 1, what, right: 'put fields with a comma in quotes' });
      continue;
    }
    const patient = patientOf(row, places, faults);
    if (patient !== null) patients.push(patient);
  }
  return { patients, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

type Places = ReadonlyMap<Column, number>;

function placesOf({ line, cells }: Row, titles: ColumnTitles, faults: ExportFault[]): Places | null {
  const places = new Map<Column, number>();
  const fault = (what: string, right: string): null => {
    faults.push({ line, column: 1, what, right });
    return null;
  };
  for (const column of ['name', 'first_name', 'last_name', 'birth_date', 'mrn', 'email'] as const) {
    const title = titles[column];
    const found = cells.findIndex(({ text }) =>
      title === null ? USUAL[column].test(text.toLowerCase().replace(/[^a-z]+/g, '')) : text.trim() === title,
    );
    if (found >= 0) places.set(column, found);
    else if (title !== null) return fault(`there is no column for ${column} of the title that was given`, 'write it as in the header line');
  }
  const named = places.has('name') || (places.has('first_name') && places.has('last_name'));
  if (places.has('mrn') || places.has('email') || (named && places.has('birth_date'))) return places;
  return fault('no column tells a patient', 'name the columns: --columns name=TITLE,birth_date=TITLE,mrn=TITLE,email=TITLE');
}

function patientOf({ line, cells }: Row, places: Places, faults: ExportFault[]): Patient | null {
  const before = faults.length;
  const given = (column: Column): string => cells[places.get(column) ?? -1]?.text.trim() ?? '';
  const read = (column: Column, of: (text: string) => string | null, what: string, right: string): string | null => {
    const text = given(column);
    const value = text === '' ? null : of(text);
    if (text !== '' && value === null) faults.push({ line, column: cells[places.get(column) ?? -1]?.column ?? 1, what, right });
    return value;
  };
  const name = given('name') === '' ? plainName(`${given('last_name')}, ${given('first_name')}`) : plainName(given('name'));
  const birthDate = read('birth_date', plainDay, 'this is no day', 'write it as 1970-12-31 or 12/31/1970');
  const recordNumber = read('mrn', plainRecordNumber, 'this is no record number', 'write 4 to 32 letters and digits, not all letters');
  const address = read('email', plainAddress, 'this is no mail address', 'write one address');
  if (recordNumber !== null || address !== null || (name !== null && birthDate !== null)) return { name, birthDate, recordNumber, address };
  if (faults.length === before) {
    const what = 'nothing here tells a patient';
    faults.push({ line, column: 1, what, right: 'give a record number, an address, or first and last name with the birth date' });
  }
  return null;
}

/** Rows with the place of each field; empty lines are passed over. What a quote breaks ends with its line. */
function* rowsOf(text: string, faults: ExportFault[]): Generator<Row> {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const start = at;
    const startLine = line;
    const cells: Cell[] = [];
    let broken = false;
    for (;;) {
      const column = at - start + 1;
      const cell = text[at] === '"' ? quoted(text, at) : plain(text, at);
      if (cell === null) {
        faults.push({
          line: startLine,
          column,
          what: 'a quote is not closed or stands inside a field',
          right: 'double quotes inside quotes',
        });
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end;
        broken = true;
        break;
      }
      cells.push({ text: cell.text, column });
      if (text[at] === '"') line += cell.text.split('\n').length - 1;
      at = cell.end;
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (!broken && (cells.length > 1 || cells[0]?.text !== '')) yield { line: startLine, cells };
  }
}

function plain(text: string, at: number): { readonly text: string; readonly end: number } | null {
  let end = at;
  for (; end < text.length; end++) {
    const sign = text[end];
    if (sign === ',' || sign === '\n' || (sign === '\r' && text[end + 1] === '\n')) break;
    if (sign === '"') return null;
  }
  return { text: text.slice(at, end), end };
}

function quoted(text: string, at: number): { readonly text: string; readonly end: number } | null {
  for (let end = text.indexOf('"', at + 1); end >= 0 && end - at < LONGEST_FIELD; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] === '"') continue;
    const next = text[end + 1];
    if (next !== undefined && next !== ',' && next !== '\n' && next !== '\r') return null;
    return { text: text.slice(at + 1, end).replaceAll('""', '"'), end: end + 1 };
  }
  return null;
}
