// Annotations and form fields of a page (ISO 32000-1, 12.5 and 12.7), as pdf.js tells them.
import type { Area } from '../../mail/message.ts';

export interface AnnotationText {
  readonly area: Area;
  readonly text: string;
}

/** A file that an annotation carries; its content is asked for by this id. */
export interface AttachedFile {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

const MOST_OPTIONS = 2_000;

/** All words of one annotation, hidden or not. */
export function annotationTexts(value: unknown): readonly AnnotationText[] {
  const annotation = objectOf(value);
  if (annotation['subtype'] === 'Widget') return fieldTexts(annotation);
  const words = [
    stringIn(annotation['titleObj'], 'str'),
    stringIn(annotation['contentsObj'], 'str'),
    stringIn(annotation['richText'], 'str'),
    ...linesOf(annotation['textContent']),
  ];
  const texts: AnnotationText[] = distinct(words).map((text) => ({ area: 'annotation', text }));
  const address = textOf(annotation['unsafeUrl']) || textOf(annotation['url']);
  return [...texts, { area: 'link' as const, text: address }].filter(({ text }) => text !== '');
}

/** Name, description and value of a field (12.7.3); all that may be chosen (12.7.4.4). */
function fieldTexts(annotation: Readonly<Record<string, unknown>>): readonly AnnotationText[] {
  const label = textOf(annotation['alternativeText']) || textOf(annotation['fieldName']);
  const isButton = annotation['fieldType'] === 'Btn';
  const values = distinct([
    ...linesOf(annotation['fieldValue']),
    ...(isButton ? [] : linesOf(annotation['defaultFieldValue'])),
    ...linesOf(annotation['textContent']),
    stringIn(annotation['richText'], 'str'),
    stringIn(annotation['contentsObj'], 'str'),
  ]);
  const texts: AnnotationText[] = [{ area: 'form-field', text: [label, ...values].filter((one) => one !== '').join(': ') }];
  const options = optionsOf(annotation['options']);
  if (options !== '') texts.push({ area: 'form-field', text: options });
  return texts;
}

/** What may be chosen, shown and as sent. */
function optionsOf(value: unknown): string {
  if (!Array.isArray(value)) return '';
  const words = value
    .slice(0, MOST_OPTIONS)
    .flatMap((option: unknown) => [stringIn(option, 'displayValue'), stringIn(option, 'exportValue')]);
  return distinct(words).join('\n');
}

/** Values of fields that stand on no page, by name. */
export function fieldsOffPages(value: unknown): readonly string[] {
  return Object.entries(objectOf(value)).flatMap(([name, fields]) => {
    if (!Array.isArray(fields)) return [];
    const off = fields.map(objectOf).filter((field) => typeof field['page'] !== 'number' || field['page'] < 0);
    return off.flatMap((field) =>
      distinct([...linesOf(field['value']), ...linesOf(field['defaultValue'])]).map((one) => `${name}: ${one}`),
    );
  });
}

/** Programs of fields, pages and documents, by what starts them (12.6.4.16). */
export function scriptsOf(value: unknown): readonly string[] {
  return Object.values(objectOf(value)).flatMap(linesOf);
}

export function attachedFile(value: unknown): AttachedFile | null {
  const annotation = objectOf(value);
  const id = textOf(annotation['fileId']);
  if (id === '') return null;
  return { id, name: stringIn(annotation['file'], 'rawFilename'), description: stringIn(annotation['file'], 'description') };
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value instanceof Map) return Object.fromEntries(value.entries()) as Readonly<Record<string, unknown>>;
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

export function stringIn(value: unknown, key: string): string {
  return textOf(objectOf(value)[key]);
}

function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(textOf).filter((one) => one !== '');
  const text = textOf(value);
  return text === '' ? [] : [text];
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words.filter((word) => word !== ''))];
}
