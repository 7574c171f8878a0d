// Values of DICOM elements as text: which have any, in which charset (PS3.5 6.1, 6.2).
import { valueText } from './value-text.ts';

/** Defined terms of Specific Character Set (PS3.3 C.12.1.1.2). */
const CHARSETS: ReadonlyMap<string, string> = new Map([
  ['13', 'shift_jis'],
  ['58', 'gb18030'],
  ['87', 'iso-2022-jp'],
  ['100', 'iso-8859-1'],
  ['101', 'iso-8859-2'],
  ['109', 'iso-8859-3'],
  ['110', 'iso-8859-4'],
  ['126', 'iso-8859-7'],
  ['127', 'iso-8859-6'],
  ['138', 'iso-8859-8'],
  ['144', 'iso-8859-5'],
  ['148', 'iso-8859-9'],
  ['149', 'euc-kr'],
  ['159', 'iso-2022-jp'],
  ['166', 'windows-874'],
  ['192', 'utf-8'],
  ['203', 'iso-8859-15'],
]);

/** @param value of (0008,0005) @returns null for the default repertoire */
export function charsetOf(value: string): string | null {
  const labels = value.split('\\', 20).map((term) => {
    const name = term.trim().toUpperCase();
    if (name === 'GB18030' || name === 'GBK') return 'gb18030';
    return CHARSETS.get(/^ISO(?:_IR| 2022 IR) (\d+)$/.exec(name)?.[1] ?? '') ?? null;
  });
  // Escapes switch among several; the one with the widest repertoire reads them all, or nearly.
  return labels.find((label) => label === 'iso-2022-jp') ?? labels.findLast((label) => label !== null) ?? null;
}

const TEXT: ReadonlySet<string> = new Set([
  'AE',
  'AS',
  'CS',
  'DA',
  'DT',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UI',
  'UR',
  'UT',
  'DS',
  'IS',
]);
const WHOLE_TEXT: ReadonlySet<string> = new Set(['LT', 'ST', 'UT']);
/** Longer lists of numbers are measures of a picture. */
const LONGEST_NUMBERS = 64;
/** Values without a VR, or private ones that say they are octets: text where they look it. */
const LONGEST_GUESSED = 256 * 1024;
/** Escapes to sets that 8-bit charsets have as their upper half (ISO 2022). */
const ESCAPES = /\u001b(?:\$\)[AC]|[-.()][A-Z])/g;

/** Null where the value is no text. */
export function textOf(vr: string, value: Buffer, charset: string | null): string | null {
  if (value.length === 0) return null;
  if ((vr === 'DS' || vr === 'IS') && value.length > LONGEST_NUMBERS) return null;
  if (!TEXT.has(vr) && !looksLikeText(vr, value)) return null;
  const raw = decode(value.subarray(0, endOfText(value)), charset).trimStart();
  if (WHOLE_TEXT.has(vr)) return raw.replace(/\0/g, '');
  const spaced = vr === 'PN' || (vr === '' && raw.includes('^')) ? raw.replaceAll('^', ' ').replaceAll('=', '; ') : raw;
  return spaced.replaceAll('\\', '; ').replace(/\0/g, ' ').replace(/ {2,}/g, ' ').trim();
}

function decode(value: Buffer, charset: string | null): string {
  if (charset === 'iso-2022-jp') return valueText(value, value.includes(0x1b) ? charset : 'shift_jis');
  const text = valueText(value, charset);
  return text.includes('\u001b') ? text.replace(ESCAPES, '') : text;
}

/** Values are padded with a blank or null (PS3.5 6.2). */
function endOfText(value: Buffer): number {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0 || value[end - 1] === 0x20)) end--;
  return end;
}

function looksLikeText(vr: string, value: Buffer): boolean {
  if (vr !== '' && vr !== 'UN' && vr !== 'OB') return false;
  // Two or four octets are numbers more often than words.
  if (value.length > LONGEST_GUESSED || value.length < (vr === '' ? 3 : 6)) return false;
  const end = endOfText(value);
  if (end < 2) return false;
  for (let at = 0; at < end; at++) {
    const octet = value[at] ?? 0;
    if (octet < 0x20 && octet !== 9 && octet !== 10 && octet !== 12 && octet !== 13 && octet !== 0x1b) return false;
    if (octet === 0x7f) return false;
  }
  return true;
}
