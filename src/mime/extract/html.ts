// HTML: what a reader sees in one stream, what it hides, comments and links to apart. A file in a link is read as one.
import { decodeText, isSameCharset } from '../charset.ts';
import type { Extractor, Output } from './extractor.ts';
import { dataUri } from './html-attributes.ts';
import { HtmlPage, type PageFinds } from './html-page.ts';
import { HtmlStyleSheet } from './html-style-sheet.ts';

export const htmlExtractor: Extractor = {
  kinds: ['html'],
  async extract({ bytes, parameters }, output) {
    const charset = parameters.get('charset') ?? null;
    const within = charsetWithin(bytes);
    const decoded = decodeText(bytes, charset ?? within);
    for (const code of decoded.defects) output.defect(code);
    const readings = [decoded.text, ...decoded.others];
    if (charset !== null && within !== null && !isSameCharset(charset, within)) {
      const second = decodeText(bytes, within);
      const more = [second.text, ...second.others].filter((other) => !readings.includes(other));
      if (more.length > 0) output.defect('charset-wrong');
      readings.push(...more);
    }
    const [first = '', ...others] = readings;
    const known = new Set<string>();
    const finds = readPage(first, others.length === 0 ? output : remembering(output, known));
    for (const other of others) readPage(other, onlyNew(output, known));
    await readFinds(finds, output);
  },
};

type TextOutput = Pick<Output, 'text'>;

function readPage(html: string, output: TextOutput): PageFinds {
  const sheet = HtmlStyleSheet.of(html);
  const finds: PageFinds = { files: new Set(), documents: [], asides: [] };
  const page = new HtmlPage('text', sheet, finds, output);
  page.read(html);
  page.end();
  const asides = { text: new HtmlPage('text', sheet, finds, output), hidden: new HtmlPage('hidden', sheet, finds, output) };
  // What was read once is read once more at most: asides of asides have to fit in what is left.
  let left = html.length;
  for (let at = 0; at < finds.asides.length; at++) {
    const aside = finds.asides[at];
    if (aside === undefined || aside.html.length > left) continue;
    left -= aside.html.length;
    if (aside.html.trim() !== '') asides[aside.area].read(aside.html);
  }
  asides.text.end();
  asides.hidden.end();
  return finds;
}

async function readFinds({ files, documents }: PageFinds, output: Output): Promise<void> {
  for (const uri of files) {
    const file = dataUri(uri);
    if (file === null || file.bytes.length === 0) continue;
    const parameters = new Map(file.charset === null ? [] : [['charset', file.charset] as const]);
    await output.inner({ bytes: file.bytes, declaredType: file.declaredType, parameters, name: null, role: 'inline' });
  }
  for (const html of documents) {
    const parameters = new Map([['charset', 'utf-8']]);
    await output.inner({ bytes: Buffer.from(html), declaredType: 'text/html', parameters, name: null, role: 'inline' });
  }
}

/** As a `meta` element says within the first part of the document (HTML 13.2.3.2), or null. */
export function charsetWithin(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, HEAD).replaceAll('\0', '');
  const declared =
    /<meta[^>]{0,300}?[\s"'/]charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)/i.exec(head)?.[1] ??
    /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)/.exec(head)?.[1];
  if (declared === undefined) return null;
  // Who could read this in octets did not need the wide form that it names.
  return /^(?:utf-?16|ucs|utf-?32)/i.test(declared) ? 'utf-8' : declared;
}

const HEAD = 4_096;

function remembering(output: TextOutput, known: Set<string>): TextOutput {
  return {
    text(place, text, marks) {
      for (const line of text.split('\n')) known.add(line);
      output.text(place, text, marks);
    },
  };
}

/** Of other readings only lines that the first one does not have. */
function onlyNew(output: TextOutput, known: Set<string>): TextOutput {
  return {
    text(_, text) {
      const lines = text.split('\n').filter((line) => !known.has(line));
      for (const line of lines) known.add(line);
      if (lines.length > 0) output.text({ area: 'hidden' }, lines.join('\n'));
    },
  };
}
