// SpreadsheetML workbooks: XLSX, XLSM and their templates (ECMA-376, transitional and strict).
import type { Extractor, Output, Source } from './extractor.ts';
import { readDrawing } from './drawing-text.ts';
import { readDrawings } from './office-drawings.ts';
import { OfficePackage } from './office-package.ts';
import { readOtherParts, Relationships } from './office-parts.ts';
import { TextBlocks } from './text-blocks.ts';
import { CellFormats } from './xlsx-formats.ts';
import { WorkbookRows } from './xlsx-rows.ts';
import { readSheet, type SheetSettings } from './xlsx-sheet.ts';
import { SharedStrings, withoutEscapes } from './xlsx-strings.ts';
import { readXml } from './xml.ts';

export const xlsxExtractor: Extractor = { kinds: ['xlsx'], extract: extractXlsx };

async function extractXlsx(source: Source, output: Output): Promise<void> {
  const pack = new OfficePackage(source, output);
  const relations = new Relationships(pack, output);
  const blocks = new TextBlocks(output);
  const main = (await relations.targets('', 'officedocument'))[0] ?? 'xl/workbook.xml';
  await readWorkbook(main, pack, relations, blocks, output);
  await readDrawings(pack, blocks, {});
  blocks.flush();
  await readOtherParts(pack, relations, output);
}

/** Sheets that no workbook leads to any more. */
const LOST_SHEET = /^xl\/(?:worksheets|chartsheets|dialogsheets|macrosheets)\/[^/]+\.xml$/i;

async function readWorkbook(
  main: string,
  pack: OfficePackage,
  relations: Relationships,
  blocks: TextBlocks,
  output: Output,
): Promise<void> {
  const bytes = await pack.take(main);
  if (bytes === null) output.blind('broken');
  const { sheets, dates } = bytes === null ? { sheets: [], dates: 'from 1900' as const } : readSheetList(bytes, blocks);
  const target = async (type: string, usual: string): Promise<Buffer | null> =>
    await pack.take((await relations.targets(main, type))[0] ?? usual);
  const common = {
    strings: new SharedStrings(await target('sharedstrings', 'xl/sharedStrings.xml'), blocks),
    formats: CellFormats.read(await target('styles', 'xl/styles.xml'), dates),
    rows: new WorkbookRows(output),
    blocks,
  };
  const byId = await relations.of(main);
  let number = 0;
  for (const { id, hidden } of sheets) {
    const found = byId.get(id);
    number++;
    if (found?.type === 'xlmacrosheet' || found?.type === 'xlintlmacrosheet') output.defect('macro');
    await readSheetParts(found?.target ?? '', pack, relations, { ...common, sheet: number, area: hidden ? 'hidden' : 'text' });
  }
  for (const name of pack.left(LOST_SHEET)) {
    if (/macrosheets/i.test(name)) output.defect('macro');
    number++;
    await readSheetParts(name, pack, relations, { ...common, sheet: number, area: 'hidden' });
  }
  common.rows.end();
  common.strings.tellUnused(blocks);
}

interface SheetEntry {
  readonly id: string;
  readonly hidden: boolean;
}

/** The workbook itself (18.2): names of sheets, defined names, the system of dates. */
function readSheetList(
  bytes: Buffer,
  blocks: TextBlocks,
): { readonly sheets: readonly SheetEntry[]; readonly dates: 'from 1900' | 'from 1904' } {
  const sheets: SheetEntry[] = [];
  let dates: 'from 1900' | 'from 1904' = 'from 1900';
  let definedName: string | null = null;
  let text = '';
  readXml(bytes, {
    open: (element) => {
      text = '';
      if (element.name === 'workbookPr' && /^(?:1|true)$/.test(element.attribute('date1904') ?? '')) dates = 'from 1904';
      else if (element.name === 'definedName') {
        definedName = element.attribute('name') ?? '';
        blocks.line({ area: 'hidden' }, element.attribute('comment') ?? '');
      } else if (element.name === 'fileSharing') blocks.line({ area: 'property' }, element.attribute('userName') ?? '');
      else if (element.name === 'sheet') {
        const id = element.attributes.find(({ name, prefix }) => name === 'id' && prefix !== '')?.value ?? '';
        sheets.push({ id, hidden: /hidden/i.test(element.attribute('state') ?? '') });
        blocks.line({ area: 'property', sheet: sheets.length }, element.attribute('name') ?? '');
      }
    },
    text: (piece) => {
      text += piece;
    },
    close: ({ name }) => {
      if (name !== 'definedName' || definedName === null) return;
      blocks.line({ area: 'hidden' }, `${definedName}: ${text}`);
      definedName = null;
    },
    comment: (comment) => blocks.line({ area: 'comment' }, comment),
  });
  return { sheets, dates };
}

/** A sheet and what lies beside it: comments, shapes, charts. */
async function readSheetParts(name: string, pack: OfficePackage, relations: Relationships, settings: SheetSettings): Promise<void> {
  const { sheet, area, blocks } = settings;
  const bytes = await pack.take(name);
  if (bytes === null) return;
  readSheet(bytes, settings);
  for (const type of ['comments', 'threadedcomment']) {
    for (const target of await relations.targets(name, type)) {
      const comments = await pack.take(target);
      if (comments !== null) readComments(comments, sheet, blocks);
    }
  }
  for (const drawing of await relations.targets(name, 'drawing')) {
    const charts = await relations.targets(drawing, 'chart');
    for (const part of [drawing, ...charts]) {
      const shapes = await pack.take(part);
      if (shapes !== null) readDrawing(shapes, { area, sheet }, blocks);
    }
  }
}

/** Comments (18.7) and threaded comments (MS-XLSX 2.1.18), each marked with its cell. */
function readComments(bytes: Buffer, sheet: number, blocks: TextBlocks): void {
  let text = '';
  let cell = '';
  let inside = '';
  readXml(bytes, {
    open: (element) => {
      inside = element.name;
      if (inside === 'author' || inside === 'comment' || inside === 'threadedComment') text = '';
      cell = element.attribute('ref') ?? cell;
    },
    text: (piece) => {
      if (inside === 't' || inside === 'text' || inside === 'author') text += piece;
    },
    close: ({ name }) => {
      inside = '';
      if (name === 'author') blocks.line({ area: 'property' }, text);
      else if (name === 'comment' || name === 'threadedComment') blocks.line({ area: 'annotation', sheet }, withoutEscapes(text), cell);
    },
  });
}
