// Writers of the formats that are text: HTML, CSV, RTF, iCalendar, vCard, XML, JSON.
import type { Carried } from './sentence.ts';

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

export function makeText(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

export function makeCsv(lines: readonly string[]): Buffer {
  return Buffer.from(`No,Text\r\n${lines.map((line, i) => `${i + 1},"${line.replaceAll('"', '""')}"\r\n`).join('')}`);
}

export function makeHtml(lines: readonly string[]): Buffer {
  const body = lines.map((line) => `<p>${escapeXml(line)}</p>\r\n`).join('');
  return Buffer.from(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>Report</title></head><body>\r\n${body}</body></html>`);
}

/** The words cut by markup, soft line breaks, references and soft hyphens, as a reader would not see. */
export function makeCutHtml(lines: readonly string[]): Buffer {
  const cut = (line: string): string =>
    line
      .replace(/(\S{3})(\S{3})(\S)/g, '$1<b>$2</b><!-- x --><span>$3</span>')
      .replaceAll('a', '&#97;')
      .replace('Z', '&#x5A;');
  return Buffer.from(`<html><body>${lines.map((line) => `<div>${cut(line).replaceAll(' ', '&nbsp;\n ')}</div>`).join('')}</body></html>`);
}

/** HTML with a file in a data URL. */
export function makeHtmlAround({ bytes, type, name }: Carried): Buffer {
  return Buffer.from(`<html><body><a href="data:${type};base64,${bytes.toString('base64')}" download="${name}">file</a></body></html>`);
}

const rtfText = (text: string): string =>
  text.replace(/[\\{}]|[^\0-~]/gu, (one) => {
    if (one.length === 1 && one < '\u0080') return `\\${one}`;
    return Array.from({ length: one.length }, (_, i) => `\\u${(one.charCodeAt(i) << 16) >> 16}?`).join('');
  });

/** RTF 1.9, ANSI code page 1252. */
export function makeRtf(lines: readonly string[], inside = ''): Buffer {
  const body = lines.map((line) => `\\pard\\f0\\fs24 ${rtfText(line)}\\par\r\n`).join('');
  return Buffer.from(`{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\froman Times New Roman;}}\r\n${body}${inside}}`, 'latin1');
}

/** RTF with a file as an OLE 1.0 package ([MS-OLEDS] 2.2.5, and the Packager's own form). */
export function makeRtfAround({ bytes, name }: Carried): Buffer {
  const u32 = (n: number): Buffer => Buffer.from(Uint32Array.of(n).buffer);
  const z = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');
  const path = z(`C:\\${name}`);
  const native = Buffer.concat([
    Buffer.from([2, 0]),
    z(name),
    path,
    Buffer.from([0, 0, 3, 0]),
    u32(path.length),
    path,
    u32(bytes.length),
    bytes,
    Buffer.alloc(2),
  ]);
  const ole = Buffer.concat([u32(0x501), u32(2), u32(8), z('Package'), u32(0), u32(0), u32(native.length), native]);
  const hex = ole.toString('hex').replace(/.{128}/g, '$&\r\n');
  return makeRtf(['See the file'], `{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata ${hex}}{\\result{\\pard file\\par}}}`);
}

/** A line in pieces of at most 75 octets (RFC 5545 3.1, RFC 6350 3.2). */
function folded(line: string): string {
  const pieces: string[] = [];
  let [piece, room] = ['', 73];
  for (const one of line) {
    const size = Buffer.byteLength(one);
    if (size > room) {
      pieces.push(piece);
      [piece, room] = ['', 73];
    }
    piece += one;
    room -= size;
  }
  return [...pieces, piece].join('\r\n ');
}

const escapeValue = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');
const listing = (lines: readonly string[]): Buffer => Buffer.from(`${lines.map(folded).join('\r\n')}\r\n`);

export function makeCalendar(lines: readonly string[], more: readonly string[] = []): Buffer {
  const events = lines.map((line, i) => [
    'BEGIN:VEVENT',
    `UID:${i}@clinic.example`,
    'DTSTART:20261127T100000Z',
    `DESCRIPTION:${escapeValue(line)}`,
    ...more,
    'END:VEVENT',
  ]);
  return listing(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//clinic.example//EN', ...events.flat(), 'END:VCALENDAR']);
}

export function makeCalendarAround({ bytes, type, name }: Carried): Buffer {
  return makeCalendar(['Visit'], [`ATTACH;FMTTYPE=${type};ENCODING=BASE64;VALUE=BINARY;FILENAME=${name}:${bytes.toString('base64')}`]);
}

export function makeCard(lines: readonly string[]): Buffer {
  return listing(lines.flatMap((line) => ['BEGIN:VCARD', 'VERSION:4.0', 'FN:Ann', `NOTE:${escapeValue(line)}`, 'END:VCARD']));
}

export function makeXml(lines: readonly string[]): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<list>${lines.map((line) => `<one>${escapeXml(line)}</one>`).join('\n')}</list>`,
  );
}

export function makeJson(lines: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify({ list: lines }));
}
