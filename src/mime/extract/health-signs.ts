// How health data look at their beginning: HL7 v2, X12, NCPDP, DICOM without preamble.
import type { PartKind } from '../../mail/message.ts';

/** @param head of the text, without byte order mark and leading white space */
export function healthTextKind(head: string): PartKind | null {
  if (isHl7(head)) return 'hl7v2';
  if (isX12(head)) return 'x12';
  return isTelecom(head) ? 'ncpdp' : null;
}

/** HL7 v2 2.5.4 and 2.10: the separators are where the standard has them, whatever they are. Mllp frames begin with 0x0B. */
function isHl7(head: string): boolean {
  const [, separator, encoding] = /^\x0b?\s*(?:MSH|FHS|BHS)([^A-Za-z0-9\s])([^A-Za-z0-9\s]{1,5}?)\1/.exec(head) ?? [];
  return separator !== undefined && encoding !== undefined && new Set(encoding + separator).size === encoding.length + 1;
}

/** ASC X12.5: ISA has 16 elements of fixed length; some programs do not pad them. */
function isX12(head: string): boolean {
  const separator = head[3];
  if (!head.startsWith('ISA') || separator === undefined || /[A-Za-z0-9 \r\n]/.test(separator)) return false;
  if ([6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103].every((at) => head[at] === separator)) return true;
  const elements = head.slice(0, 400).split(separator);
  return elements.length > 17 && /^\d\d$/.test(elements[1] ?? '') && /(?:^|[^A-Za-z0-9])GS$/.test(elements[16] ?? '');
}

/**
 * NCPDP Telecommunication: a header of fixed length with version and transaction code, then segments behind 0x1E, fields behind 0x1C. Batches
 * begin with 0x02. White space was taken from the beginning, and 0x1C to 0x1F count as such nowhere here.
 */
function isTelecom(head: string): boolean {
  const start = head.slice(0, 256);
  if (!/[\x1d\x1e]\x1c[A-Z][A-Z0-9]/.test(start)) return false;
  return /(?:D[0-9]|[3-9][0-9A-C])[A-Z][0-9A-Z]/.test(start.slice(0, start.search(/[\x1d\x1e]/))) || start.startsWith('\x02');
}

/**
 * DICOM PS3.5 without preamble (PS3.10 7.1): the file meta group, or data elements of group 0008, little or big endian, with or without a
 * value representation.
 */
export function isBareDicom(bytes: Buffer): boolean {
  if (bytes.length < 16) return false;
  const representation = bytes.toString('latin1', 4, 6);
  const explicit = /^(?:UL|UI|OB|CS|SH|LO|DA|TM|AE|DT|PN)$/.test(representation);
  const [group, element] = [bytes.readUInt16LE(0), bytes.readUInt16LE(2)];
  if (group === 2 && element <= 2) return explicit;
  if (group === 8 && [0, 1, 5, 8, 0x16, 0x18, 0x20].includes(element)) return explicit || isShortElement(bytes);
  return bytes.readUInt16BE(0) === 8 && [0, 1, 5, 8, 0x16].includes(bytes.readUInt16BE(2)) && explicit;
}

/** A second element of group 0008 stands right behind the first. */
function isShortElement(bytes: Buffer): boolean {
  const length = bytes.readUInt32LE(4);
  return length <= 128 && length % 2 === 0 && bytes.length >= 12 + length && [8, 16].includes(bytes.readUInt16LE(8 + length));
}
