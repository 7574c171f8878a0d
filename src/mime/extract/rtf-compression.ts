// Compressed RTF as Outlook keeps it (MS-OXRTFCP): a window of 4,096 octets that begins with common RTF words.
import { crc32 } from 'node:zlib';
import type { Output } from './extractor.ts';
import { u16, u32 } from './little-endian.ts';

/** What the window holds at first (MS-OXRTFCP 2.1.2.1). */
const FIRST_WINDOW =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier' +
  '{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const WINDOW = 4096;
/** One reference of two octets, and an eighth of its control octet, stands for at most 17. */
const MOST_GROWTH = 8;

/**
 * The RTF, as far as it can be read: a wrong length or checksum is a defect (MS-OXRTFCP 3.1.3).
 * @returns null where it is of neither kind
 * @throws LimitReached
 */
export function decompressRtf(bytes: Buffer, output: Pick<Output, 'unpacked' | 'defect'>): Buffer | null {
  const [compressedBytes, rawBytes, kind, crc] = [u32(bytes, 0), u32(bytes, 4), u32(bytes, 8), u32(bytes, 12)];
  // The first length does not count itself.
  const body = bytes.subarray(16, Math.max(16, compressedBytes + 4));
  if (compressedBytes + 4 > bytes.length) output.defect('container-malformed');
  if (kind === UNCOMPRESSED) return bytes.subarray(16);
  if (kind !== COMPRESSED) return null;
  if (crc !== rtfCrc(body)) output.defect('container-malformed');
  const most = Math.min(output.unpacked(0), body.length * MOST_GROWTH + 1);
  const rtf = expand(body, most);
  output.unpacked(rtf.length);
  if (rtf.length !== rawBytes) output.defect('container-malformed');
  return rtf;
}

/** The CRC of MS-OXRTFCP 2.1.3.2 starts from zero and is not inverted, else it is the usual one. */
function rtfCrc(body: Buffer): number {
  return (crc32(body, 0xffffffff) ^ 0xffffffff) >>> 0;
}

function expand(body: Buffer, most: number): Buffer {
  const window = Buffer.alloc(WINDOW, 0x20);
  let write = window.write(FIRST_WINDOW, 'latin1');
  const rtf = Buffer.allocUnsafe(most);
  let length = 0;
  const put = (octet: number): void => {
    if (length < most) rtf[length++] = octet;
    window[write] = octet;
    write = (write + 1) % WINDOW;
  };
  for (let at = 0; at < body.length && length < most;) {
    const control = body[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < body.length; bit++) {
      if (((control >> bit) & 1) === 0) {
        put(body[at++] ?? 0);
        continue;
      }
      const reference = (u16(body, at) >> 8) | ((u16(body, at) & 0xff) << 8);
      at += 2;
      const offset = reference >> 4;
      if (offset === write || at > body.length) return rtf.subarray(0, length);
      for (let i = 0, left = (reference & 15) + 2; i < left; i++) put(window[(offset + i) % WINDOW] ?? 0);
    }
  }
  return rtf.subarray(0, length);
}
