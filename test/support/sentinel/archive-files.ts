// Writers of files of files: ZIP, TAR, GZIP.
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { Carried } from './sentence.ts';

/** Files by name; 'mimetype' is stored, as OpenDocument wants it. */
export function makeZip(files: Readonly<Record<string, string | Buffer>>, level: 0 | 6 = 6): Buffer {
  const members = Object.entries(files).map(
    ([name, data]) => [name, [new Uint8Array(Buffer.from(data)), { level: name === 'mimetype' ? 0 : level }]] as const,
  );
  return Buffer.from(
    zipSync(Object.fromEntries(members.map(([name, [bytes, options]]) => [name, [bytes, options]])), { mtime: new Date(2026, 10, 27) }),
  );
}

/** POSIX ustar (IEEE 1003.1). */
export function makeTar(files: readonly Carried[]): Buffer {
  const blocks = files.flatMap(({ name, bytes }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(`0000644\0${'0000000\x00'.repeat(2)}`, 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        0`, 124);
    header.write('ustar\u{0}00', 257);
    const sum = header.reduce((total, octet) => total + octet, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1_024)]);
}

export function makeGzip(bytes: Buffer): Buffer {
  return gzipSync(bytes);
}
