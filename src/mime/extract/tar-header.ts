// A header of a tar file: POSIX.1-2024 ustar and pax, GNU's additions, and the form before them.
import { decodeText } from '../charset.ts';

export const BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly sizeBytes: number;
  /** `0` a file, `5` a folder, `x` and `g` pax records, `L` and `K` long names, `S` a sparse file. */
  readonly type: string;
  readonly checksum: 'right' | 'wrong';
  /** GNU: a block of more holes follows. */
  readonly isContinued: boolean;
}

/** Null where the block can be no header. */
export function tarHeaderAt(bytes: Buffer, at: number): TarHeader | null {
  if (at + BLOCK > bytes.length) return null;
  const block = bytes.subarray(at, at + BLOCK);
  const isUstar = block.toString('latin1', 257, 262) === 'ustar';
  const checksum = isChecksumRight(block) ? 'right' : 'wrong';
  const sizeBytes = sizeOf(block.subarray(124, 136));
  if (sizeBytes === null || (checksum === 'wrong' && !isUstar)) return null;
  const isPosix = isUstar && block[262] === 0;
  const prefix = isPosix ? stringOf(block.subarray(345, 500)) : '';
  const name = stringOf(block.subarray(0, 100));
  const type = block.toString('latin1', 156, 157);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: stringOf(block.subarray(157, 257)),
    sizeBytes,
    type: type === '\0' ? '0' : type,
    checksum,
    isContinued: type === 'S' && block[482] !== 0,
  };
}

/** The sum of all octets with its own field as blanks; some old programs added them as signed. */
export function isChecksumRight(block: Buffer): boolean {
  const said = Number.parseInt(block.toString('latin1', 148, 156).replace(/[\0 ]/g, ''), 8);
  let [unsigned, signed] = [0, 0];
  for (let i = 0; i < BLOCK; i++) {
    const octet = i >= 148 && i < 156 ? 32 : (block[i] ?? 0);
    unsigned += octet;
    signed += octet < 128 ? octet : octet - 256;
  }
  return said === unsigned || said === signed;
}

/** Octal digits, or GNU's binary form of large numbers. */
function sizeOf(field: Buffer): number | null {
  if ((field[0] ?? 0) === 0x80) return Number(field.readBigUInt64BE(4));
  const digits = field.toString('latin1').replace(/[\0 ]/g, '');
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : null;
}

/** Up to the first NUL. */
export function stringOf(field: Buffer): string {
  const end = field.indexOf(0);
  return decodeText(end < 0 ? field : field.subarray(0, end), null).text;
}

/** pax records: `length keyword=value` and a newline, each. What is malformed ends them. */
export function paxRecords(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const length = Number(/^(\d{1,9}) /.exec(bytes.toString('latin1', at, at + 10))?.[1] ?? 0);
    const record = bytes.subarray(at, at + length);
    const equals = record.indexOf('=');
    if (length < 5 || equals < 0 || record.length < length) break;
    const key = record.toString('utf8', record.indexOf(' ') + 1, equals);
    records.set(key, record.toString('utf8', equals + 1, record.length - 1));
    at += length;
  }
  return records;
}
