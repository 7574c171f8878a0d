// All attachments of a message in one ZIP file, written while the message streams by. Memory: pieces, whatever the size.
import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { decodeTransfer } from '../transfer-decoding.ts';
import { ContentCursor } from './content-cursor.ts';
import type { Content, Presented } from './presented.ts';
import { uniqueNames } from './shown-name.ts';

/** Pictures and documents are compressed already; what is not shrinks well enough. */
const LEVEL = 1;

/**
 * @param shown as presented; an attachment that is not among the parts is left out
 * @param at time of the files, milliseconds since the epoch
 * @returns a stream; where `content` fails later it ends with that error
 * @throws what `content` throws at its beginning
 */
export async function zipOf(
  content: Content,
  { attachments, parts }: Pick<Presented, 'attachments' | 'parts'>,
  at: number,
): Promise<Readable> {
  const leaves = new Map(parts.map((leaf) => [leaf.place, leaf]));
  const found = attachments.flatMap(({ part, name }) => {
    const leaf = leaves.get(part);
    return leaf === undefined ? [] : [{ leaf, name }];
  });
  const inOrder = found.toSorted((a, b) => a.leaf.start - b.leaf.start);
  const names = uniqueNames(inOrder.map(({ name }) => name));
  const cursor = new ContentCursor(content());
  await cursor.begin();
  const zip = new ZipFile();
  const out = new PassThrough();
  // Whoever stops reading lets go of the message.
  out.on('close', () => void cursor.close().catch(() => undefined));
  const fail = (error: Error): void => void out.destroy(error);
  zip.on('error', fail);
  zip.outputStream.pipe(out);
  for (const [i, { leaf }] of inOrder.entries()) {
    const about = { mtime: new Date(at), mode: 0o100644, compressionLevel: LEVEL };
    zip.addReadStreamLazy(names[i] ?? leaf.place, about, (give) => {
      const octets = decodeTransfer(cursor.stretch(leaf.start, leaf.end), leaf.coding);
      give(null, Readable.from(octets, { objectMode: false }).on('error', fail));
    });
  }
  zip.end();
  return out;
}
