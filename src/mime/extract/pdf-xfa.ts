// XFA forms (ISO 32000-1, 12.7.8): documents whose pages are made by a form engine and else only say "please wait".
import type { Output } from './extractor.ts';
import { objectOf, textOf } from './pdf-annotations.ts';
import { type OpenPdf, openPdf, orNull } from './pdf-open.ts';

const MOST_NODES = 500_000;

/** Opens the document a second time, as a form, where it says that it holds one. */
export async function readXfa(bytes: Buffer, pdf: OpenPdf, output: Output): Promise<void> {
  const told = await orNull(pdf.document.getMetadata());
  if (objectOf(told?.info)['IsXFAPresent'] !== true) return;
  const form = await openPdf(bytes, 'xfa');
  if (typeof form === 'string') {
    output.blind('broken');
    return;
  }
  try {
    const shown: unknown = form.document.allXfaHtml;
    output.text({ area: 'form-field' }, wordsIn(shown).join('\n'));
  } finally {
    await form.close();
  }
}

/** Text of elements and values of fields. */
function wordsIn(tree: unknown): readonly string[] {
  const words: string[] = [];
  const open: unknown[] = [tree];
  for (let nodes = 0; open.length > 0 && nodes < MOST_NODES; nodes++) {
    const node = objectOf(open.pop());
    const attributes = objectOf(node['attributes']);
    for (const value of [node['value'], attributes['value'], attributes['textContent'], attributes['title']]) {
      const text = textOf(value);
      if (text !== '') words.push(text);
    }
    if (Array.isArray(node['children'])) open.push(...(node['children'] as readonly unknown[]).toReversed());
  }
  return words;
}
