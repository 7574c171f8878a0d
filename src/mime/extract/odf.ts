// OpenDocument packages: text, spreadsheets, presentations, drawings (ODF 1.3, ISO/IEC 26300).
import type { Extractor, Output, Source } from './extractor.ts';
import { type OdfSettings, readOdf } from './odf-content.ts';
import { OdfStyles } from './odf-styles.ts';
import { readCharacterData, readLoosely } from './office-loose.ts';
import { OfficePackage } from './office-package.ts';
import { readableRuns } from './readable-runs.ts';
import { TextBlocks } from './text-blocks.ts';
import { WorkbookRows } from './xlsx-rows.ts';
import { readXml } from './xml.ts';

export const odfExtractor: Extractor = { kinds: ['odf'], extract: extractOdf };

/** Pictures of the document itself, what the program keeps for its own speed, and signatures. */
const NO_WORDS = /^(?:mimetype|layout-cache|thumbnails\/.*|meta-inf\/(?:documentsignatures|macrosignatures)\.xml)$/i;
/** Libraries that hold nothing stand in every document that once had a macro dialog open. */
const MACRO = /^(?:basic\/(?!.*\/?script-l[bc]\.xml$).+|scripts\/.+)$/i;
const SETTINGS = /^(?:settings\.xml|manifest\.rdf|.+\/settings\.xml)$/i;
const MACHINERY = /^(?:basic|dialogs|configurations2)\/.*\.xml$/i;
/** What LibreOffice draws in advance of tables and objects, in a format of its own. */
const PREVIEW = /^(?:pictures\/tablepreview\d*\.svm|objectreplacements\/.+)$/i;

async function extractOdf(source: Source, output: Output): Promise<void> {
  const pack = new OfficePackage(source, output);
  const blocks = new TextBlocks(output);
  await passEncrypted(pack, output);
  for (const name of pack.left(NO_WORDS)) pack.pass(name);
  const content = pack.left(/^content\.xml$/i);
  if (content.length === 0 && !pack.isRead('content.xml')) output.blind('broken');
  await readDocument(pack, '', blocks, output);
  for (const name of pack.left(/^.+\/content\.xml$/i)) await readDocument(pack, name.slice(0, name.lastIndexOf('/') + 1), blocks, output);
  if (pack.left(MACRO).length > 0) output.defect('macro');
  for (const name of pack.left(/^(?:.+\/)?meta\.xml$/i)) await readMeta(pack, name, blocks);
  for (const name of pack.left(MACHINERY)) {
    const bytes = await pack.take(name);
    if (bytes !== null) readLoosely(bytes, 'hidden', blocks);
  }
  for (const name of pack.left(SETTINGS)) {
    const bytes = await pack.take(name);
    if (bytes !== null) readCharacterData(bytes, 'hidden', blocks);
  }
  await readPreviews(pack, blocks);
  blocks.flush();
  await pack.readRest();
}

/** The document itself, or an object in a folder of its own. */
async function readDocument(pack: OfficePackage, folder: string, blocks: TextBlocks, output: Output): Promise<void> {
  const files: Buffer[] = [];
  const rows = new WorkbookRows(output);
  const settings: Omit<OdfSettings, 'area'> = {
    blocks,
    rows,
    styles: new OdfStyles(),
    file: (bytes) => files.push(bytes),
    macro: () => output.defect('macro'),
  };
  for (const [name, area] of [
    ['styles.xml', 'note'],
    ['content.xml', 'text'],
  ] as const) {
    const bytes = await pack.take(`${folder}${name}`);
    if (bytes !== null) readOdf(bytes, { ...settings, area });
  }
  rows.end();
  blocks.flush();
  for (const bytes of files) await output.inner({ bytes, declaredType: null, parameters: new Map(), name: null, role: 'member' });
}

/** The document shows them only where the table or the object itself is lost: their words do, as far as they stand there in clear. */
async function readPreviews(pack: OfficePackage, blocks: TextBlocks): Promise<void> {
  for (const name of pack.left(PREVIEW)) {
    const bytes = await pack.peek(name);
    if (bytes === null || bytes.toString('latin1', 0, 6) !== 'VCLMTF') continue;
    pack.pass(name);
    for (const run of readableRuns(bytes)) blocks.line({ area: 'hidden' }, run);
  }
}

/** Members that the manifest gives a key for (ODF 1.3 part 2, 4.4). */
async function passEncrypted(pack: OfficePackage, output: Output): Promise<void> {
  const bytes = await pack.take('META-INF/manifest.xml');
  if (bytes === null) return;
  let path = '';
  readXml(bytes, {
    open: (element) => {
      if (element.name === 'file-entry') path = element.attribute('full-path') ?? '';
      else if (element.name === 'encryption-data' && pack.has(path)) {
        pack.pass(path);
        output.blind('encrypted');
      }
    },
  });
}

const DULL: ReadonlySet<string> = new Set(['generator', 'editing-duration', 'editing-cycles', 'print-date', 'language']);

/** Properties (ODF 1.3 part 3, 4.3). */
async function readMeta(pack: OfficePackage, name: string, blocks: TextBlocks): Promise<void> {
  const bytes = await pack.take(name);
  if (bytes === null) return;
  let text = '';
  let label = '';
  readXml(bytes, {
    open: (element) => {
      text = '';
      label = element.name === 'user-defined' ? `${element.attribute('name') ?? ''}: ` : '';
      if (element.name === 'template') blocks.line({ area: 'link' }, element.attribute('href') ?? '');
    },
    text: (piece) => {
      text += piece;
    },
    close: (element) => {
      if (!DULL.has(element.name) && text.trim() !== '') blocks.line({ area: 'property' }, label + text.trim());
      text = label = '';
    },
    comment: (comment) => blocks.line({ area: 'comment' }, comment),
  });
}
