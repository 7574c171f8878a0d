// Pictures and embedded objects of an RTF document, from hexadecimal digits to files.
import type { Output } from './extractor.ts';

export class RtfFile {
  readonly what: 'picture' | 'object';
  /** A bitmap without the head that makes a file of it. */
  isBareBitmap = false;
  #bytes = Buffer.alloc(64);
  #length = 0;
  /** The first digit of an octet, or -1. */
  #high = -1;

  constructor(what: 'picture' | 'object') {
    this.what = what;
  }

  /** Octets as they are. */
  add(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Hexadecimal; whatever else stands there is left out, as Word does. */
  addDigits(digits: Buffer): void {
    this.#reserve((digits.length >> 1) + 1);
    for (const digit of digits) {
      const value = valueOf(digit);
      if (value < 0) continue;
      if (this.#high < 0) this.#high = value;
      else {
        this.#bytes[this.#length++] = (this.#high << 4) | value;
        this.#high = -1;
      }
    }
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], needed * 2);
  }
}

/** Gives each to whoever reads its kind. */
export async function readRtfFiles(files: readonly RtfFile[], output: Output): Promise<void> {
  for (const file of files) {
    const bytes = file.bytes();
    if (bytes.length === 0) continue;
    const found =
      file.what === 'object' ? unwrapped(bytes, output) : { name: null, bytes: file.isBareBitmap ? withBitmapHead(bytes) : bytes };
    await output.inner({ ...found, declaredType: null, parameters: new Map(), role: 'member' });
  }
}

function valueOf(digit: number): number {
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  const letter = digit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

interface Unwrapped {
  readonly name: string | null;
  readonly bytes: Buffer;
}

/** MS-OLEDS 2.2.5: version, format, three counted texts, then the octets of the object; a packager's own wrapping (2.3.6) inside them. */
function unwrapped(bytes: Buffer, output: Output): Unwrapped {
  const whole: Unwrapped = { name: null, bytes };
  if (bytes.length < 24 || bytes.readUInt32LE(4) !== 2) return whole;
  let at = 8;
  let className = '';
  for (let text = 0; text < 3; text++) {
    if (at + 4 > bytes.length) return whole;
    const length = bytes.readUInt32LE(at);
    if (length > bytes.length - at - 4) return whole;
    if (text === 0) className = bytes.toString('latin1', at + 4, at + 4 + Math.max(0, length - 1));
    at += 4 + length;
  }
  if (at + 4 > bytes.length) return whole;
  const size = bytes.readUInt32LE(at);
  const native = bytes.subarray(at + 4, at + 4 + size);
  if (native.length === 0) return whole;
  return className.toLowerCase() === 'package' ? unpackaged(native, output) : { name: null, bytes: native };
}

function unpackaged(native: Buffer, output: Output): Unwrapped {
  const whole: Unwrapped = { name: null, bytes: native };
  const labelEnd = native.indexOf(0, 2);
  const pathEnd = labelEnd < 0 ? -1 : native.indexOf(0, labelEnd + 1);
  if (pathEnd < 0 || pathEnd + 9 > native.length) return whole;
  const sizeAt = pathEnd + 9 + native.readUInt32LE(pathEnd + 5);
  if (sizeAt + 4 > native.length) return whole;
  const bytes = native.subarray(sizeAt + 4, sizeAt + 4 + native.readUInt32LE(sizeAt));
  output.text({ area: 'file-name' }, native.toString('latin1', labelEnd + 1, pathEnd));
  return bytes.length === 0 ? whole : { name: native.toString('latin1', 2, labelEnd), bytes };
}

/** BITMAPFILEHEADER before a BITMAPINFOHEADER (MS-WMF 2.2.2.9). */
function withBitmapHead(bytes: Buffer): Buffer {
  const head = Buffer.alloc(14);
  head.write('BM', 'latin1');
  head.writeUInt32LE(bytes.length + 14, 2);
  head.writeUInt32LE(14 + (bytes.length >= 4 ? Math.min(bytes.readUInt32LE(0), bytes.length) : 0), 10);
  return Buffer.concat([head, bytes]);
}
