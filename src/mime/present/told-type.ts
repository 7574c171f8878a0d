// What a file is, told from its first octets. Only what a browser cannot run gets a type of its own; of files of files the name chooses among
// types that fit the octets.
import { endingOf } from '../extract/declared-kinds.ts';
import { textHead, textness } from '../extract/text-octets.ts';
import { pictureSize } from '../extract/picture-size.ts';
import type { Preview } from './presented.ts';

export interface ToldType {
  readonly mediaType: string;
  readonly preview: Preview;
}

/** So much of the beginning is looked at. */
export const HEAD_BYTES = 4_096;
const UNSURE: ToldType = { mediaType: 'application/octet-stream', preview: 'none' };

/** PNG, JPEG, GIF or WebP by their signatures: what every browser shows and nothing runs in. */
export function pictureTypeOf(head: Buffer): string | null {
  const { format } = pictureSize(head);
  if (format === 'jpeg') return head[2] === 0xff ? 'image/jpeg' : null;
  if (format === 'png') return head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n' ? 'image/png' : null;
  return format === 'gif' || format === 'webp' ? `image/${format}` : null;
}

/** Begins as markup begins, or holds what browsers that guess take for it. */
const MARKUP = /^<(?:!|\?|[a-z])|<(?:html|script|svg|body|iframe|head|title|style|table|img|a\s)/i;

/** @param head the first HEAD_BYTES of the file, or all of it */
export function toldType(head: Buffer, declaredType: string, name: string | null): ToldType {
  const picture = pictureTypeOf(head);
  if (picture !== null) return { mediaType: picture, preview: 'picture' };
  const start = head.toString('latin1', 0, 8);
  const ending = name === null ? '' : endingOf(name);
  if (start.startsWith('%PDF-')) return { mediaType: 'application/pdf', preview: 'pdf' };
  if (start.startsWith('PK\x03\x04')) return { mediaType: IN_ZIP[ending] ?? 'application/zip', preview: 'none' };
  if (start === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') return { mediaType: IN_COMPOUND[ending] ?? UNSURE.mediaType, preview: 'none' };
  if (/^message\/(?:rfc822|global)$/.test(declaredType)) return { mediaType: 'message/rfc822', preview: 'none' };
  if (head.length === 0 || textness(head) !== 'text') return UNSURE;
  const text = textHead(head, HEAD_BYTES);
  if (MARKUP.test(text)) return UNSURE;
  if (/^BEGIN:VCALENDAR/i.test(text)) return { mediaType: 'text/calendar', preview: 'text' };
  if (/^BEGIN:VCARD/i.test(text)) return { mediaType: 'text/vcard', preview: 'text' };
  if (text.startsWith('{\\rtf')) return { mediaType: 'application/rtf', preview: 'none' };
  return { mediaType: ending === 'csv' ? 'text/csv' : 'text/plain', preview: 'text' };
}

const OPEN_XML = 'application/vnd.openxmlformats-officedocument';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';

const IN_ZIP: Readonly<Record<string, string>> = {
  docx: `${OPEN_XML}.wordprocessingml.document`,
  xlsx: `${OPEN_XML}.spreadsheetml.sheet`,
  pptx: `${OPEN_XML}.presentationml.presentation`,
  odt: `${OPEN_DOCUMENT}.text`,
  ods: `${OPEN_DOCUMENT}.spreadsheet`,
  odp: `${OPEN_DOCUMENT}.presentation`,
};

const IN_COMPOUND: Readonly<Record<string, string>> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  msg: 'application/vnd.ms-outlook',
};
