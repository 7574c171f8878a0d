// Writers of small Office Open XML (ECMA-376) and OpenDocument packages, with nothing in them that a reader could do without.
import { type Carried } from './sentence.ts';
import { makeZip } from './archive-files.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const escapeXml = (text: string): string => text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);

type Files = Readonly<Record<string, string | Buffer>>;

const relationships = (to: readonly (readonly [kind: string, target: string])[]): string =>
  `${XML}<Relationships xmlns="${RELS}">${to.map(([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`).join('')}</Relationships>`;

function packed(types: Readonly<Record<string, string>>, main: string, files: Files): Buffer {
  const overrides = Object.entries(types).map(
    ([part, type]) => `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`,
  );
  const defaults =
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>';
  return makeZip({
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults}${overrides.join('')}</Types>`,
    '_rels/.rels': relationships([['officeDocument', main]]),
    ...files,
  });
}

/** @param inside package parts to embed, by name in word/embeddings */
export function makeDocx(lines: readonly string[], inside: readonly Carried[] = []): Buffer {
  const paragraphs = lines.map((line) => `<w:p><w:r><w:t xml:space="preserve">${escapeXml(line)}</w:t></w:r></w:p>`).join('');
  return packed({ 'word/document.xml': 'wordprocessingml.document.main' }, 'word/document.xml', {
    'word/document.xml': `${XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs}</w:body></w:document>`,
    'word/_rels/document.xml.rels': relationships(inside.map(({ name }) => ['package', `embeddings/${name}`])),
    ...Object.fromEntries(inside.map(({ name, bytes }) => [`word/embeddings/${name}`, bytes])),
  });
}

export function makeXlsx(lines: readonly string[]): Buffer {
  const rows = lines
    .map((_, i) => `<row r="${i + 1}"><c r="A${i + 1}"><v>${i}</v></c><c r="B${i + 1}" t="s"><v>${i}</v></c></row>`)
    .join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const types = {
    'xl/workbook.xml': 'spreadsheetml.sheet.main',
    'xl/worksheets/sheet1.xml': 'spreadsheetml.worksheet',
    'xl/sharedStrings.xml': 'spreadsheetml.sharedStrings',
  };
  return packed(types, 'xl/workbook.xml', {
    'xl/workbook.xml': `${XML}<workbook xmlns="${main}" xmlns:r="${OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ]),
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
    'xl/sharedStrings.xml': `${XML}<sst xmlns="${main}" count="${lines.length}">${lines.map((line) => `<si><t xml:space="preserve">${escapeXml(line)}</t></si>`).join('')}</sst>`,
  });
}

export function makePptx(lines: readonly string[]): Buffer {
  const [p, a] = ['http://schemas.openxmlformats.org/presentationml/2006/main', 'http://schemas.openxmlformats.org/drawingml/2006/main'];
  const slide = (line: string): string =>
    `${XML}<p:sld xmlns:p="${p}" xmlns:a="${a}"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>${escapeXml(line)}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`;
  const names = lines.map((_, i) => `slides/slide${i + 1}.xml`);
  const types = Object.fromEntries(names.map((name) => [`ppt/${name}`, 'presentationml.slide']));
  return packed({ 'ppt/presentation.xml': 'presentationml.presentation.main', ...types }, 'ppt/presentation.xml', {
    'ppt/presentation.xml': `${XML}<p:presentation xmlns:p="${p}" xmlns:r="${OFFICE}"><p:sldIdLst>${names.map((_, i) => `<p:sldId id="${256 + i}" r:id="rId${i + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(names.map((name) => ['slide', name])),
    ...Object.fromEntries(lines.map((line, i) => [`ppt/slides/slide${i + 1}.xml`, slide(line)])),
  });
}

const NAMESPACES = ['office', 'text', 'table', 'drawing', 'presentation']
  .map((name) => `xmlns:${name === 'drawing' ? 'draw' : name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(' ');

/** OpenDocument 1.3: 'text', 'spreadsheet' or 'presentation'. */
export function makeOdf(kind: 'text' | 'spreadsheet' | 'presentation', lines: readonly string[]): Buffer {
  const type = `application/vnd.oasis.opendocument.${kind}`;
  const paragraphs = lines.map((line) => `<text:p>${escapeXml(line)}</text:p>`);
  const body = {
    text: (): string => paragraphs.join(''),
    spreadsheet: (): string =>
      `<table:table table:name="T">${paragraphs.map((one) => `<table:table-row><table:table-cell>${one}</table:table-cell></table:table-row>`).join('')}</table:table>`,
    presentation: (): string =>
      paragraphs.map((one) => `<draw:page><draw:frame><draw:text-box>${one}</draw:text-box></draw:frame></draw:page>`).join(''),
  }[kind]();
  const manifest = ['/', 'content.xml'].map(
    (path) => `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${path === '/' ? type : 'text/xml'}"/>`,
  );
  return makeZip({
    mimetype: type,
    'META-INF/manifest.xml': `${XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">${manifest.join('')}</manifest:manifest>`,
    'content.xml': `${XML}<office:document-content ${NAMESPACES} office:version="1.3"><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
  });
}
