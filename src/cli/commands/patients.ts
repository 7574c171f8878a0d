// postern patients import|status: the table of patients for exact match, from a CSV export of the EHR, kept only as keyed hashes.
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { PATIENT_COLUMNS } from '../../config/config.ts';
import type { PatientsAccess } from '../../daemon/work.ts';
import { countOf, sizeOf, timeOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { plainText } from '../terminal.ts';

const EXPORT_BYTES = 400 * 1024 * 1024;
const MOST_SHOWN = 100;

type Titles = Parameters<PatientsAccess['import']>[1];

export function addPatients(program: Command, act: Act): void {
  const patients = program.command('patients').description('The patients of the EHR, as keyed hashes: exact match in inspection');
  patients
    .command('import')
    .argument('<file>', 'CSV with a header line; "-" for standard input')
    .description(
      'Replace the table: names, birth dates, record numbers, mail addresses.\nOnly keyed hashes are kept; rows that are not right are told and left out',
    )
    .option('--columns <titles>', `titles of columns: name=Patient,birth_date=BIRTH_DT\n(${PATIENT_COLUMNS.join(', ')})`)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example('postern patients import export.csv', 'postern patients import --columns mrn=PAT_ID,email=MAIL export.csv'),
    )
    .action(act(importFile));
  patients
    .command('status')
    .description('How many patients are in the table, and since when')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern patients status'))
    .action(act(status));
}

async function importFile(context: CommandContext, file: string, options: JsonOption & { readonly columns?: string }): Promise<ExitCode> {
  const { terminal } = context;
  const access = await opened(context);
  if (typeof access === 'number') return access;
  const titles = titlesOf(options.columns ?? '', access.titles);
  const text = typeof titles === 'string' ? null : file === '-' ? await terminal.readInput(EXPORT_BYTES) : await readExport(file);
  if (typeof titles === 'string' || text === null) {
    terminal.err(
      `postern: ${typeof titles === 'string' ? titles : `${plainText(file)} cannot be read, or is larger than ${EXPORT_BYTES} bytes`}`,
    );
    return EXIT.usage;
  }
  const imported = await access.import(text, titles);
  if (imported.kind === 'not-reached') return notReached(context, imported.text);
  const { patients, faults, kind } = imported;
  const shown = file === '-' ? 'standard input' : plainText(file);
  for (const { line, column, what, right } of faults.slice(0, MOST_SHOWN)) terminal.err(`${shown}:${line}:${column}: ${what}; ${right}`);
  if (faults.length > MOST_SHOWN) terminal.err(`${shown}: ${faults.length - MOST_SHOWN} more`);
  if (options.json) terminal.out(JSON.stringify({ result: kind, patients, faults: faults.length }));
  else if (kind === 'nobody') terminal.out('No patient could be read; the table is as it was.');
  else terminal.out(`${countOf(patients, 'patient', 'patients')} in the table; ${countOf(faults.length, 'fault', 'faults')} in the file.`);
  return faults.length === 0 && kind === 'imported' ? EXIT.done : EXIT.no;
}

async function status(context: CommandContext, { json }: JsonOption): Promise<ExitCode> {
  const access = await opened(context);
  if (typeof access === 'number') return access;
  const found = await access.status();
  if (found?.kind === 'not-reached') return notReached(context, found.text);
  const { terminal } = context;
  if (found === null) {
    terminal.out(json ? JSON.stringify({ patients: null }) : 'No patients have been imported.');
    return EXIT.no;
  }
  const { file, patients, importedAt, sizeBytes } = found;
  if (json) terminal.out(JSON.stringify({ file, patients, importedAt: new Date(importedAt).toISOString(), sizeBytes }));
  else
    terminal.out(`${countOf(patients, 'patient', 'patients')}, imported ${timeOf(importedAt)}, ${sizeOf(sizeBytes)}: ${plainText(file)}`);
  return EXIT.done;
}

/** Or the exit code, after the fault has been shown. */
async function opened(context: CommandContext): Promise<(PatientsAccess & { readonly titles: Titles }) | ExitCode> {
  const loaded = await context.loadConfig();
  if (loaded === null) return EXIT.config;
  const access = await context.work.openPatients(loaded);
  return access.kind === 'open' ? { ...access, titles: loaded.config.inspection.patientColumns } : notReached(context, access.text);
}

function notReached({ terminal }: CommandContext, text: string): ExitCode {
  terminal.err(`postern: ${plainText(text)}`);
  return EXIT.unreachable;
}

/** `name=Patient,mrn=ID` over what is configured; or what is wrong with it. */
function titlesOf(given: string, configured: Titles): Titles | string {
  const titles = new Map<string, string>();
  for (const pair of given.split(',').filter((one) => one.trim() !== '')) {
    const [column = '', title = ''] = pair.split('=').map((one) => one.trim());
    if (!PATIENT_COLUMNS.some((known) => known === column) || title === '')
      return `--columns takes ${PATIENT_COLUMNS.join(', ')}, each with "=" and a title`;
    titles.set(column, title);
  }
  const of = (column: keyof Titles): string | null => titles.get(column) ?? configured[column];
  return {
    name: of('name'),
    first_name: of('first_name'),
    last_name: of('last_name'),
    birth_date: of('birth_date'),
    mrn: of('mrn'),
    email: of('email'),
  };
}

async function readExport(file: string): Promise<string | null> {
  try {
    return (await stat(file)).size > EXPORT_BYTES ? null : await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
