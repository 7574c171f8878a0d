// Gzip files (RFC 1952): one stream of as many members as there are, their names and comments, and what stands behind the last.
import { crc32 } from 'node:zlib';
import { decodeText } from '../charset.ts';
import { type Extractor, LimitReached, type Output } from './extractor.ts';
import { readLoose } from './loose-octets.ts';
import { inflateFrom } from './unpack-damaged.ts';

export const gzipExtractor: Extractor = {
  kinds: ['gzip'],
  async extract({ bytes, name }, output) {
    const pieces: Buffer[] = [];
    const names: string[] = [];
    let size = 0;
    let at = 0;
    for (let header = headerAt(bytes, at); header !== null; header = headerAt(bytes, at)) {
      output.text({ area: 'comment' }, header.comment);
      if (header.name !== '') names.push(header.name);
      const member = await readMember(bytes, header.dataAt, output);
      pieces.push(member.plain);
      size += member.plain.length;
      // All members together are one file.
      if (size > output.unpacked(0)) throw new LimitReached('too-large');
      at = member.end;
    }
    const [first = nameWithin(name), ...others] = names;
    for (const other of new Set(others)) output.text({ area: 'file-name' }, other);
    await output.inner({ bytes: Buffer.concat(pieces), declaredType: null, parameters: new Map(), name: first, role: 'member' });
    await readLoose(bytes.subarray(at), output);
  },
};

interface GzipHeader {
  readonly name: string;
  readonly comment: string;
  readonly dataAt: number;
}

const CHECKSUM_OF_HEADER = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;

/** RFC 1952 2.3; null where no member begins there. */
function headerAt(bytes: Buffer, from: number): GzipHeader | null {
  if (from + 10 > bytes.length || bytes.readUIntBE(from, 3) !== 0x1f8b08) return null;
  const flags = bytes[from + 3] ?? 0;
  let at = from + 10;
  if ((flags & EXTRA) !== 0 && at + 2 <= bytes.length) at += 2 + bytes.readUInt16LE(at);
  const string = (flag: number): string => {
    if ((flags & flag) === 0) return '';
    const zero = bytes.indexOf(0, at);
    const end = zero < 0 ? bytes.length : zero;
    const { text } = decodeText(bytes.subarray(at, end), null);
    at = end + 1;
    return text;
  };
  const name = string(NAME);
  const comment = string(COMMENT);
  return { name, comment, dataAt: (flags & CHECKSUM_OF_HEADER) !== 0 ? at + 2 : at };
}

async function readMember(bytes: Buffer, dataAt: number, output: Output): Promise<{ readonly plain: Buffer; readonly end: number }> {
  const { plain, packedBytes, end } = await inflateFrom(bytes.subarray(dataAt), output);
  const trailer = dataAt + packedBytes;
  if (end === 'broken' || trailer + 8 > bytes.length) {
    output.blind('broken');
    return { plain, end: bytes.length };
  }
  const isRight = bytes.readUInt32LE(trailer) === crc32(plain) && bytes.readUInt32LE(trailer + 4) === plain.length % 2 ** 32;
  if (!isRight) output.defect('container-malformed');
  return { plain, end: trailer + 8 };
}

/** `list.csv.gz` holds `list.csv`, `all.tgz` a tar file. */
function nameWithin(name: string | null): string | null {
  if (name === null) return null;
  if (/\.tgz$/i.test(name)) return `${name.slice(0, -4)}.tar`;
  if (/\.(?:svg|emf|wmf)z$/i.test(name)) return name.slice(0, -1);
  return /\.gz$/i.test(name) ? name.slice(0, -3) : null;
}
