// Windows code pages by number, as charset names that decoders know, and octets read by them.
import { decodeText } from '../charset.ts';
import type { Output } from './extractor.ts';
import { uptoZero } from './little-endian.ts';

const LABELS: ReadonlyMap<number, string> = new Map([
  [0, 'windows-1252'],
  [932, 'shift_jis'],
  [936, 'gbk'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [1200, 'utf-16le'],
  [1201, 'utf-16be'],
  [1361, 'johab'],
  [10000, 'macintosh'],
  [10001, 'shift_jis'],
  [10007, 'x-mac-cyrillic'],
  [20127, 'us-ascii'],
  [20866, 'koi8-r'],
  [20932, 'euc-jp'],
  [20936, 'gb2312'],
  [21866, 'koi8-u'],
  [32768, 'macintosh'],
  [32769, 'windows-1252'],
  [38598, 'iso-8859-8-i'],
  [50220, 'iso-2022-jp'],
  [50221, 'iso-2022-jp'],
  [50222, 'iso-2022-jp'],
  [50225, 'iso-2022-kr'],
  [51932, 'euc-jp'],
  [51936, 'gb2312'],
  [51949, 'euc-kr'],
  [52936, 'hz-gb-2312'],
  [54936, 'gb18030'],
  [65000, 'utf-7'],
  [65001, 'utf-8'],
]);

/** Charset name of a Windows code page (MS-UCODEREF 2.2.1). */
export function codePageLabel(codePage: number): string {
  const label = LABELS.get(codePage);
  if (label !== undefined) return label;
  if (codePage === 874 || (codePage >= 1250 && codePage <= 1258)) return `windows-${codePage}`;
  if (codePage > 28590 && codePage < 28606) return `iso-8859-${codePage - 28590}`;
  return `cp${codePage}`;
}

/** Text in a code page, without what stands behind a zero; a charset that is not known is a defect of the part. */
export function codePageText(bytes: Buffer, codePage: number, output: Pick<Output, 'defect'>): string {
  // Zeros would make octets look like UTF-16.
  const end = codePage === 1200 || codePage === 1201 ? -1 : bytes.indexOf(0);
  const decoded = decodeText(end < 0 ? bytes : bytes.subarray(0, end), codePageLabel(codePage));
  for (const defect of decoded.defects) output.defect(defect);
  return uptoZero(decoded.text);
}
