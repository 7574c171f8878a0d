// What inspection found in a file, for people: what `postern scan` prints. Kinds, places and reasons, never a value.
import { type Finding, type InspectionReport, type Level, LEVELS, type Reason } from '../mail/finding.ts';
import type { PartKind, Place } from '../mail/message.ts';
import type { FileScanned } from '../daemon/work.ts';
import { REASONS } from '../mail/reasons.ts';
import { LEVEL_FROM } from '../inspect/weights.ts';
import { countOf, sizeOf } from './amounts.ts';
import { blindSpotLine, documentLine, type Look, partName, section, wrapped } from './part-text.ts';
import { table } from './table.ts';
import { plainText, type StyleName } from './terminal.ts';

export const LOOK_OF: Readonly<Record<Level, StyleName>> = { none: 'good', low: 'good', medium: 'attention', high: 'trouble' };

export function scanText(file: string, { report, parts, sizeBytes, tookMs }: FileScanned, look: Look): string {
  const { style } = look;
  const heading = (text: string): string => style('bold', text);
  const { level, score, reasons, findings, labels, documents, blindSpots } = report;
  return [
    `${heading(plainText(file))}  ${sizeOf(sizeBytes)}, scanned in ${Math.max(1, Math.round(tookMs))} ms`,
    `${style(LOOK_OF[level], `PHI: ${level}`)}  score ${score.toFixed(2)}`,
    ...section(
      'Why',
      telling(reasons).flatMap((reason) => reasonLines(reason, parts, look)),
      heading,
    ),
    ...section('Special categories', labels.length === 0 ? [] : [labels.join(', ')], heading),
    ...section('Found', findings.length === 0 ? [] : foundText(findings, parts, look).split('\n'), heading),
    ...section(
      'Health documents',
      documents.flatMap((one) => wrapped(documentLine(one), '', widthOf(look))),
      heading,
    ),
    ...section(
      'Cannot be read',
      blindSpots.map((spot) => blindSpotLine(spot, look)),
      heading,
    ),
    ...(blindSpots.length === 0
      ? []
      : ['', style('trouble', `${countOf(blindSpots.length, 'place', 'places')} could not be read. To a policy that counts as PHI.`)]),
  ].join('\n');
}

/** Of what stands two columns in. */
function widthOf({ columns }: Look): number | null {
  return columns === null ? null : columns - 2;
}

/** A weak reason tells nothing beside one that makes the level. */
export function telling(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ weight }, i) => i === 0 || weight >= LEVEL_FROM.low);
}

function reasonLines({ code, weight, part, place, kinds }: Reason, parts: FileScanned['parts'], look: Look): readonly string[] {
  const where = whereOf(part, place, parts);
  const what = kinds.length === 0 ? '' : `: ${kinds.join(', ')}`;
  return [
    ...wrapped(`${weight.toFixed(2)}  ${sentenceOf(code)}`, '', widthOf(look)),
    ...wrapped(`${where}${what}`, '      ', widthOf(look)),
  ];
}

export function sentenceOf(code: string): string {
  const sentences: Readonly<Record<string, string>> = REASONS;
  return sentences[code] ?? code;
}

/** `part 2 (pdf), page 3`: fields and rows only where they tell more than the area. */
export function whereOf(part: string, { area, page, sheet, row, field }: Place, parts: ReadonlyMap<string, PartKind>): string {
  const kind = parts.get(part);
  return [
    kind === undefined || kind === 'message' ? partName(part) : `${part === '' ? 'file' : partName(part)} (${kind})`,
    page === undefined ? null : `page ${page}`,
    sheet === undefined ? null : `sheet ${sheet}`,
    row === undefined ? null : `row ${row}`,
    area === 'text' ? null : area,
    field === undefined ? null : plainText(field),
  ]
    .filter((one) => one !== null)
    .join(', ');
}

const COLUMNS = [
  { title: 'Kind', align: 'left', overflow: 'keep' },
  { title: 'Whose', align: 'left', overflow: 'keep' },
  { title: 'Times', align: 'right', overflow: 'keep' },
  { title: 'Values', align: 'right', overflow: 'keep' },
  { title: 'Sure', align: 'right', overflow: 'keep' },
  { title: 'How', align: 'left', overflow: 'cut' },
  { title: 'Where', align: 'left', overflow: 'cut' },
] as const;

/** A row for each kind, whose it is and place: rows of a table or fields are one place here. */
function foundText(findings: readonly Finding[], parts: FileScanned['parts'], look: Look): string {
  const groups = Map.groupBy(findings, ({ kind, role, part, place: { area, page, sheet } }) =>
    JSON.stringify([kind, role, part, area, page, sheet]),
  );
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [rowOf(first, group, parts)];
  });
  return table(COLUMNS, rows, { ...look, columns: widthOf(look) });
}

function rowOf({ kind, role, part, place }: Finding, group: readonly Finding[], parts: FileScanned['parts']): readonly string[] {
  const { area, page, sheet } = place;
  const place_: Place = { area, ...(page === undefined ? {} : { page }), ...(sheet === undefined ? {} : { sheet }) };
  return [
    kind,
    role ?? '',
    String(group.length),
    String(new Set(group.map(({ digest }) => digest)).size),
    Math.max(...group.map(({ confidence }) => confidence)).toFixed(2),
    [...new Set(group.map(({ reason }) => reason))].join(', '),
    whereOf(part, place_, parts),
  ];
}

/** `12 files: 3 high, 1 medium, 8 none; 2 with places that cannot be read`. */
export function totalText(reports: readonly Pick<InspectionReport, 'level' | 'blindSpots'>[]): string {
  const counts = LEVELS.toReversed().flatMap((level) => {
    const count = reports.filter((report) => report.level === level).length;
    return count === 0 ? [] : [`${count} ${level}`];
  });
  const blind = reports.filter(({ blindSpots }) => blindSpots.length > 0).length;
  return `${countOf(reports.length, 'file', 'files')}: ${counts.join(', ')}${blind === 0 ? '' : `; ${blind} with places that cannot be read`}`;
}
