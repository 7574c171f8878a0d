// What a PDF holds beside its pages: properties, bookmarks, names of layers and pages, programs, fields, files.
import type { Output } from './extractor.ts';
import { attachedFile, type AttachedFile, fieldsOffPages, objectOf, scriptsOf, stringIn, textOf } from './pdf-annotations.ts';
import { orNull, type PdfDocument } from './pdf-open.ts';
import { readXmpText } from './picture-notes.ts';

const MOST_BOOKMARKS = 20_000;
const MOST_FILES = 1_000;
/** What pdf.js finds out itself, beside what the document says. */
const NOT_SAID = ['PDFFormatVersion', 'EncryptFilterName', 'Custom'];

/** The information dictionary and XMP (ISO 32000-1, 14.3). @returns whether an XFA form is all there is to see */
export async function readProperties(document: PdfDocument, output: Output): Promise<void> {
  const told = await orNull(document.getMetadata());
  if (told === null) return;
  const said = objectOf(told.info);
  const words = Object.entries({ ...said, ...objectOf(said['Custom']) }).filter(([name]) => !NOT_SAID.includes(name));
  const lines = words.flatMap(([, value]) => {
    const text = typeof value === 'object' ? stringIn(value, 'name') : textOf(value);
    return text === '' ? [] : [text];
  });
  output.text({ area: 'property' }, lines.join('\n'));
  const raw: unknown = told.metadata?.getRaw();
  if (typeof raw === 'string') readXmpText(raw, output);
}

/** Bookmarks (12.3.3) with where they lead, labels of pages (12.4.2), programs (12.6.4.16), and fields on no page. */
export async function readOutside(document: PdfDocument, output: Output): Promise<void> {
  const outline: unknown = await orNull(document.getOutline());
  output.text({ area: 'note' }, titlesOf(outline).join('\n'));
  const labels = (await orNull(document.getPageLabels())) ?? [];
  const named = labels.filter((label) => label !== null && /\p{L}{2}/u.test(label));
  output.text({ area: 'note' }, named.join('\n'));
  const scripts = [...scriptsOf(await orNull(document.getJSActions()))];
  if (scripts.length > 0) output.defect('macro');
  for (const script of scripts) output.text({ area: 'hidden' }, script);
  const fields: unknown = await orNull(document.getFieldObjects());
  output.text({ area: 'form-field' }, fieldsOffPages(fields).join('\n'));
}

function titlesOf(outline: unknown): readonly string[] {
  const titles: string[] = [];
  const open: unknown[] = Array.isArray(outline) ? [...(outline as readonly unknown[])].toReversed() : [];
  while (open.length > 0 && titles.length < MOST_BOOKMARKS) {
    const item = objectOf(open.pop());
    titles.push(...[stringIn(item, 'title'), textOf(item['unsafeUrl'])].filter((one) => one !== ''));
    if (Array.isArray(item['items'])) open.push(...(item['items'] as readonly unknown[]).toReversed());
  }
  return titles;
}

/** Optional content (8.11): its names come out, and whether a group shows can be asked. */
export async function readLayers(document: PdfDocument, output: Output): Promise<(group: unknown) => boolean> {
  const config = await orNull(document.getOptionalContentConfig({ intent: 'any' }));
  if (config === null) return () => true;
  const names = [...config].flatMap((entry: unknown) => (Array.isArray(entry) ? [stringIn(entry[1], 'name')] : []));
  output.text({ area: 'note' }, names.join('\n'));
  return (group) => {
    try {
      const shown: unknown = config.isVisible(group);
      return shown !== false;
    } catch {
      return true;
    }
  };
}

/** Embedded files (7.11.4), those of a portfolio too (12.3.5). */
export async function readFiles(document: PdfDocument, output: Output): Promise<void> {
  const files: unknown = await orNull(document.getAttachments());
  for (const [key, about] of Object.entries(objectOf(files)).slice(0, MOST_FILES)) {
    await readFile(document, { id: key, name: stringIn(about, 'rawFilename'), description: stringIn(about, 'description') }, output);
  }
}

export async function readAttached(document: PdfDocument, annotation: unknown, output: Output): Promise<void> {
  const file = attachedFile(annotation);
  if (file !== null) await readFile(document, file, output);
}

async function readFile(document: PdfDocument, { id, name, description }: AttachedFile, output: Output): Promise<void> {
  output.text({ area: 'note' }, description);
  output.unpacked(0);
  const content: unknown = await orNull(document.getAttachmentContent(id));
  if (!(content instanceof Uint8Array)) {
    output.blind('broken');
    return;
  }
  output.unpacked(content.length);
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  await output.inner({ bytes, declaredType: null, parameters: new Map(), name: name === '' ? null : name, role: 'member' });
}
