// Plain text in any charset, JSON and XML of no known vocabulary: the whole part is one span. Escapes are resolved, so that a word shows
// however it is written.
import { decodeText, otherLines } from '../charset.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { splitFiles } from './files-in-text.ts';
import { unflow } from './flowed-text.ts';

export const textExtractor: Extractor = {
  kinds: ['text', 'json', 'xml'],
  async extract(source, output) {
    if (source.kind !== 'text') {
      putText(source.bytes, source, output);
      return;
    }
    const { texts, files } = splitFiles(source.bytes);
    if (files.length > 0) output.defect('file-in-text');
    for (const bytes of texts) putText(bytes, source, output);
    for (const file of files) await output.inner(file);
  },
};

function putText(bytes: Buffer, source: Source, output: Output): void {
  const decoded = decodeText(bytes, charsetOf(bytes, source));
  for (const code of decoded.defects) output.defect(code);
  const shown = readerOf(source);
  const text = shown(decoded.text);
  if (text.trim() !== '') output.text({ area: 'text' }, text);
  for (const other of otherLines(decoded)) if (other.trim() !== '') output.text({ area: 'hidden' }, shown(other));
}

function charsetOf(bytes: Buffer, { kind, parameters }: Source): string | null {
  return parameters.get('charset') ?? (kind === 'xml' ? xmlEncoding(bytes) : null);
}

/** As the declaration says (XML 1.0, 4.3.3). */
function xmlEncoding(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 600).replaceAll('\0', '');
  const declared = /<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']/.exec(head)?.[1] ?? null;
  // Who could read this in octets did not need the wide form that it names.
  return declared !== null && /^(?:utf-?16|ucs|utf-?32)/i.test(declared) ? null : declared;
}

function readerOf({ kind, parameters }: Source): (text: string) => string {
  if (kind === 'json') return withoutJsonEscapes;
  if (kind === 'xml') return withoutReferences;
  if (parameters.get('format')?.trim().toLowerCase() !== 'flowed') return (text) => text;
  return (text) => unflow(text, parameters.get('delsp')?.trim().toLowerCase() === 'yes' ? 'nothing' : 'space');
}

const JSON_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: ' ', f: ' ' };

/** RFC 8259 section 7. */
function withoutJsonEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|([^\n]))/g, (_, hex: string | undefined, letter: string | undefined) =>
    hex === undefined ? (JSON_ESCAPES[letter ?? ''] ?? letter ?? '') : String.fromCharCode(parseInt(hex, 16)),
  );
}

const XML_ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** References to characters and the five entities of XML 1.0 (4.1, 4.6). */
function withoutReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#0*(\d{1,7})|#x0*([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return XML_ENTITIES[name] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
}
