// Office packages made by hand, for what no program at hand writes, and where in a message as read a text was found.
import { strToU8, zipSync } from 'fflate';
import type { Message, Place } from '../../src/mail/message.ts';

export type Members = Readonly<Record<string, string | Uint8Array>>;

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';
const NAMESPACES =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ' +
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" ' +
  'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ' +
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" ' +
  'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** An element with all the prefixes that these tests use. */
export function root(name: string, inside: string, attributes = ''): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><${name} ${NAMESPACES} ${attributes}>${inside}</${name}>`;
}

/** Relationships by id; an address outside begins with a scheme. */
export function relations(targets: Readonly<Record<string, readonly [type: string, target: string]>>): string {
  const all = Object.entries(targets).map(([id, [type, target]]) => {
    const mode = /^[a-z]+:/.test(target) ? ' TargetMode="External"' : '';
    return `<Relationship Id="${id}" Type="${RELATIONS}${type}" Target="${target}"${mode}/>`;
  });
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
}

export function zipped(members: Members): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(members).map(([name, text]) => [name, typeof text === 'string' ? strToU8(text) : text])),
  );
}

/** A DOCX with this body and further parts, each with the type of its relationship. */
export function docx(
  body: string,
  parts: Readonly<Record<string, readonly [type: string, xml: string]>> = {},
  more: Members = {},
): Uint8Array {
  const targets = Object.fromEntries(Object.entries(parts).map(([name, [type]], index) => [`p${index}`, [type, name]] as const));
  return zipped({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relations({ d: ['officeDocument', 'word/document.xml'] }),
    'word/document.xml': root('w:document', `<w:body>${body}</w:body>`),
    'word/_rels/document.xml.rels': relations({ ...targets, link: ['hyperlink', 'https://host.example/outside-pecan'] }),
    ...Object.fromEntries(Object.entries(parts).map(([name, [, xml]]) => [`word/${name}`, xml])),
    ...more,
  });
}

/** An XLSX whose first sheet holds these rows; `sheets` are more of them, as attributes of their entry and as content. */
export function xlsx(
  first: string,
  settings: {
    readonly workbook?: string;
    readonly properties?: string;
    readonly strings?: string;
    readonly styles?: string;
    readonly sheets?: readonly (readonly [attributes: string, xml: string])[];
  } = {},
  more: Members = {},
): Uint8Array {
  const sheets = [['', first] as const, ...(settings.sheets ?? [])];
  const entries = sheets.map(
    ([attributes], index) => `<sheet name="Sheet-${index + 1}" sheetId="${index + 7}" r:id="s${index}" ${attributes}/>`,
  );
  return zipped({
    '_rels/.rels': relations({ d: ['officeDocument', '/xl/workbook.xml'] }),
    'xl/workbook.xml': root('workbook', `${settings.properties ?? ''}<sheets>${entries.join('')}</sheets>${settings.workbook ?? ''}`),
    'xl/_rels/workbook.xml.rels': relations(
      Object.fromEntries(sheets.map((_, index) => [`s${index}`, ['worksheet', `worksheets/sheet${index + 1}.xml`] as const])),
    ),
    'xl/sharedStrings.xml': root('sst', settings.strings ?? ''),
    'xl/styles.xml': root('styleSheet', settings.styles ?? ''),
    ...Object.fromEntries(sheets.map(([, xml], index) => [`xl/worksheets/sheet${index + 1}.xml`, root('worksheet', xml)])),
    ...more,
  });
}

/** Where a text stands: area, then page, sheet and row where told, then the field it is marked with: `text p1 s2 r3 B3`. */
export function placesOf(message: Message, text: string): readonly string[] {
  return message.spans.flatMap((span) => {
    const at = span.text.indexOf(text);
    if (at < 0) return [];
    const mark = span.marks.findLast((one) => one.at <= at);
    return [[...placeWords(span.place), ...(mark === undefined ? [] : [mark.field])].join(' ')];
  });
}

function placeWords({ area, page, sheet, row }: Place): readonly string[] {
  const numbers = [page === undefined ? '' : `p${page}`, sheet === undefined ? '' : `s${sheet}`, row === undefined ? '' : `r${row}`];
  return [area, ...numbers.filter((one) => one !== '')];
}
