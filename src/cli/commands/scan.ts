// postern scan FILE...: whether a message or file holds PHI: level, score, findings by kind and place, why, and what cannot be read.
import { type Command, Option } from 'commander';
import type { InspectionReport } from '../../mail/finding.ts';
import type { FileScanned, NotReached, ScanAccess } from '../../daemon/work.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { inOrder } from '../in-order.ts';
import { scanText, totalText } from '../scan-text.ts';
import { plainText, type Terminal } from '../terminal.ts';

interface ScanOptions extends JsonOption {
  readonly from?: string;
  readonly to?: readonly string[];
  readonly ocr?: 'on' | 'off';
  readonly attached?: true;
}

/** Of file names on standard input. */
const NAMES_LIMIT_BYTES = 64 * 1024 * 1024;
/** How often progress is told: writing to a terminal costs more than a small file. */
const PROGRESS_EVERY = 20;

export function addScan(program: Command, act: Act): void {
  program
    .command('scan')
    .argument('<file...>', 'messages (.eml), or any other file, scanned as if attached;\n- reads names from standard input, one a line')
    .description(
      'Tell whether files hold PHI: level, score, what was found where, and why.\nNo value found is printed. Exit code 1: the level of a file is medium or high',
    )
    .option('--from <address>', 'who sends (default: as the header says)')
    .option('--to <address>', 'who receives; repeat for more (default: as the header says)', also)
    .addOption(new Option('--ocr <when>', 'read text in pictures and scans (default: as configured)').choices(['on', 'off']))
    .option('--attached', 'read also a message as an attached file')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example('postern scan --from ann@clinic.example --to jo@example.net note.eml', "find export -name '*.eml' | postern scan --json -"),
    )
    .action(act(scan));
}

function also(address: string, before: readonly string[] = []): readonly string[] {
  return [...before, address];
}

async function scan(context: CommandContext, given: readonly string[], options: ScanOptions): Promise<ExitCode> {
  const { terminal, work, configPath, configNamed } = context;
  const paths = await pathsOf(given, terminal);
  if (paths === null) return EXIT.usage;
  const opened = await work.openScan({
    configPath,
    unreadable: configNamed === 'yes' ? 'refused' : 'defaults',
    ocr: options.ocr ?? 'configured',
    from: options.from ?? null,
    to: options.to ?? null,
  });
  if (opened.kind === 'refused') {
    showIssues(terminal, opened.issues);
    return EXIT.config;
  }
  try {
    return await scanAll(opened, paths, options, terminal);
  } finally {
    terminal.progress(null);
    await opened.close();
  }
}

/** Null after the fault has been shown. */
async function pathsOf(given: readonly string[], terminal: Terminal): Promise<readonly string[] | null> {
  if (!given.includes('-')) return given;
  const listed = await terminal.readInput(NAMES_LIMIT_BYTES);
  if (listed === null) {
    terminal.err('postern: more file names on standard input than can be read at once (64 MB).');
    return null;
  }
  const names = listed.split(/\r?\n/).filter((line) => line !== '');
  return given.flatMap((path) => (path === '-' ? names : [path]));
}

async function scanAll(opened: ScanAccess, paths: readonly string[], options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const reports: Pick<InspectionReport, 'level' | 'blindSpots'>[] = [];
  let [done, notReached] = [0, 0];
  const scanned = inOrder(paths, opened.atOnce, async (path): Promise<Answer> => {
    const as = /\.eml$/i.test(path) && options.attached !== true ? 'message' : 'file';
    const result = await opened.scan({ path, as }, (part) => {
      if (paths.length === 1) terminal.progress(`${plainText(path)}: reading part ${part === '' ? '1' : part} ...`);
    });
    if (++done % PROGRESS_EVERY === 0 && paths.length > 1) terminal.progress(`${done} of ${paths.length} files ...`);
    return { path, result };
  });
  for await (const { path, result } of scanned) {
    if (result.kind === 'not-reached') {
      notReached++;
      terminal.progress(null);
      terminal.err(`postern: ${plainText(result.text)}`);
      continue;
    }
    if (terminal.columns !== null) terminal.progress(null);
    if (options.json) terminal.out(jsonOf(path, result));
    else terminal.out(`${reports.length === 0 ? '' : '\n'}${scanText(path, result, terminal)}`);
    reports.push({ level: result.report.level, blindSpots: result.report.blindSpots });
  }
  if (paths.length > 1 && options.json === undefined && reports.length > 0) terminal.out(`\n${totalText(reports)}`);
  if (notReached > 0) return EXIT.unreachable;
  return reports.some(({ level }) => level === 'medium' || level === 'high') ? EXIT.no : EXIT.done;
}

interface Answer {
  readonly path: string;
  readonly result: FileScanned | NotReached;
}

function jsonOf(file: string, { report, sizeBytes, tookMs }: FileScanned): string {
  const { level, score, reasons, labels, findings, documents, blindSpots } = report;
  return JSON.stringify({
    file,
    level,
    score,
    reasons,
    labels,
    findings,
    documents,
    blind: blindSpots,
    sizeBytes,
    ms: Math.round(tookMs * 10) / 10,
  });
}
