// One page of a PDF: its text by layers, annotations, alternate texts, and what of it is only a picture.
import type { BlindSpotKind } from '../../mail/message.ts';
import type { Output } from './extractor.ts';
import { annotationTexts, objectOf, scriptsOf, textOf } from './pdf-annotations.ts';
import { readAttached } from './pdf-document.ts';
import { fontsOf, readCodes } from './pdf-fonts.ts';
import { layOut } from './pdf-layout.ts';
import { followOperators, type PageContent } from './pdf-operators.ts';
import { type OpenPdf, orNull, type PdfPage } from './pdf-open.ts';
import { withPatterns } from './pdf-patterns.ts';
import { onlyPictured, type PictureReader } from './pdf-pictures.ts';

export interface PageReading {
  readonly pdf: OpenPdf;
  readonly output: Output;
  readonly isShown: (group: unknown) => boolean;
  /** Null where OCR is off. */
  readonly pictures: PictureReader | null;
}

const WITH_APPEARANCES = 1;
/** A page with fewer glyphs of unknown meaning, or where they are fewer than one in five, has bullets and logos set as letters. */
const UNREADABLE = 10;
const UNREADABLE_SHARE = 0.2;
const MOST_ELEMENTS = 50_000;

export async function readPage(page: PdfPage, reading: PageReading): Promise<void> {
  const { pdf, output, isShown } = reading;
  const list = await page.getOperatorList({ annotationMode: WITH_APPEARANCES });
  const { codes, args } = withPatterns({ codes: list.fnArray, args: list.argsArray }, pdf.operators);
  const font = await fontsOf(page, codes, args, pdf.operators);
  const content = followOperators(codes, args, { operators: pdf.operators, view: page.view, font, isShown });
  const appearances = emitLayers(page.pageNumber, content, output);
  await readAnnotations(page, appearances, reading);
  readStructure(await orNull(page.getStructTree()), page.pageNumber, output);
  const blind = await readPictures(page, content, reading);
  if (blind !== null) output.blind(blind);
}

/** @returns what annotations show, by their ids */
function emitLayers(page: number, { segments, glyphs, unreadable, lost }: PageContent, output: Output): ReadonlyMap<string, string> {
  const layers = Map.groupBy(segments, ({ layer }) => (layer.area === 'annotation' ? `annotation ${layer.id}` : layer.area));
  const text = (name: string): string => layOut(layers.get(name) ?? []);
  output.text({ area: 'text', page }, text('text'));
  output.text({ area: 'hidden', page }, text('hidden'));
  const raw = text('codes');
  const meant = raw === '' ? '' : readCodes(raw);
  if (meant !== null) output.text({ area: 'text', page }, meant);
  // There are letters to see that we cannot tell: only a look at the page could.
  const unknown = lost > 0 || (unreadable >= UNREADABLE && unreadable > UNREADABLE_SHARE * glyphs);
  if (unknown || (raw !== '' && meant !== raw)) output.blind('picture-not-read');
  const annotations = [...layers.keys()].filter((name) => name.startsWith('annotation '));
  return new Map(annotations.map((name) => [name.slice(11), text(name)]));
}

async function readAnnotations(page: PdfPage, appearances: ReadonlyMap<string, string>, { pdf, output }: PageReading): Promise<void> {
  const annotations: readonly unknown[] = (await orNull(page.getAnnotations({ intent: 'any' }))) ?? [];
  for (const annotation of annotations) {
    const texts = annotationTexts(annotation);
    for (const { area, text } of texts) output.text({ area, page: page.pageNumber }, text);
    const shown = appearances.get(textOf(objectOf(annotation)['id'])) ?? '';
    const told = texts.map(({ text }) => text).join('\n');
    // Its appearance may say something else than its data.
    if (!told.includes(shown)) output.text({ area: 'annotation', page: page.pageNumber }, shown);
    for (const script of scriptsOf(objectOf(annotation)['actions'])) emitScript(script, page.pageNumber, output);
    await readAttached(pdf.document, annotation, output);
  }
  for (const script of scriptsOf(await orNull(page.getJSActions()))) emitScript(script, page.pageNumber, output);
}

function emitScript(script: string, page: number, output: Output): void {
  output.defect('macro');
  output.text({ area: 'hidden', page }, script);
}

/** Alternate descriptions and replacement text of tagged content (ISO 32000-1, 14.9.3 and 14.9.4). */
function readStructure(tree: unknown, page: number, output: Output): void {
  const open: unknown[] = [tree];
  const words: string[] = [];
  for (let elements = 0; open.length > 0 && elements < MOST_ELEMENTS; elements++) {
    const { alt, children } = objectOf(open.pop());
    if (textOf(alt) !== '') words.push(textOf(alt));
    if (Array.isArray(children)) open.push(...(children as readonly unknown[]).toReversed());
  }
  output.text({ area: 'alternative', page }, words.join('\n'));
}

async function readPictures(page: PdfPage, content: PageContent, { pictures, output }: PageReading): Promise<BlindSpotKind | null> {
  const pictured = onlyPictured(content, page.view);
  if (pictured === 'nothing') return null;
  if (pictured === 'shapes' || pictures === null) return 'picture-not-read';
  return pictures.read(page, content, output);
}
