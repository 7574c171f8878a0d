// The source of macros (MS-OVBA): text that nobody sees in the document, but that travels with it.
import { type CompoundEntry, CompoundFile, isCompoundFile } from './compound-file.ts';
import { LimitReached, type Output } from './extractor.ts';
import { readableRuns } from './readable-runs.ts';
import type { TextBlocks } from './text-blocks.ts';

/** Caches of other streams, in formats of their own. */
const CACHE = /^(?:_VBA_PROJECT|__SRP_.*|dir|\u0001CompObj|\u0003VBFrame)$/i;
/** Runs that are shorter say nothing in what is not text. */
const SHORTEST = 8;

/**
 * Tells the source of each module, and what can be read of compiled code, forms and project beside it.
 * @returns 'broken' where it is no project, or not a whole one
 */
export function readVbaProject(bytes: Buffer, blocks: TextBlocks, output: Output): 'whole' | 'broken' {
  const file = opened(bytes, output);
  if (file === null) return 'broken';
  const open: CompoundEntry[] = [...file.children(file.root)];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    if (entry.type === 'storage') open.push(...file.children(entry));
    else if (!CACHE.test(entry.name)) tellModule(file.read(entry), blocks, output);
  }
  return file.whole ? 'whole' : 'broken';
}

function opened(bytes: Buffer, output: Output): CompoundFile | null {
  if (!isCompoundFile(bytes)) return null;
  try {
    return new CompoundFile(bytes, output);
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    return null;
  }
}

/** Compiled code comes first; the source begins where `Attribute` does, behind the heads of container, chunk and tokens. */
function tellModule(stream: Buffer, blocks: TextBlocks, output: Output): void {
  const found = stream.indexOf('\0Attribut', 0, 'latin1');
  const at = found >= 3 && stream[found - 3] === 1 ? found - 3 : stream.length;
  for (const run of readableRuns(stream.subarray(0, at), SHORTEST)) blocks.line({ area: 'hidden' }, run);
  for (const line of decompressVba(stream.subarray(at), output).split(/\r?\n|\r/)) blocks.line({ area: 'hidden' }, line);
}

const CHUNK_BYTES = 4096;

/** A compressed container (MS-OVBA 2.4.1), as far as it goes. @throws LimitReached */
export function decompressVba(container: Buffer, output: Pick<Output, 'unpacked'>): string {
  const chunks: string[] = [];
  if (container[0] !== 1) return '';
  for (let at = 1; at + 2 <= container.length;) {
    const head = container.readUInt16LE(at);
    const end = Math.min(at + (head & 0x0fff) + 3, container.length);
    output.unpacked(CHUNK_BYTES);
    const data = container.subarray(at + 2, end);
    chunks.push(((head & 0x8000) === 0 ? data : decompressChunk(data)).toString('latin1'));
    at = end;
  }
  return chunks.join('');
}

/** 2.4.1.3.2: eight tokens behind each octet of flags, a character or a copy of what came before. */
function decompressChunk(data: Buffer): Buffer {
  const plain = Buffer.alloc(CHUNK_BYTES);
  let length = 0;
  for (let at = 0; at < data.length;) {
    const flags = data[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < data.length && length < CHUNK_BYTES; bit++) {
      if (((flags >> bit) & 1) === 0) {
        plain[length++] = data[at++] ?? 0;
        continue;
      }
      if (at + 2 > data.length || length === 0) return plain.subarray(0, length);
      const token = data.readUInt16LE(at);
      at += 2;
      const offsetBits = Math.max(Math.ceil(Math.log2(length)), 4);
      const from = length - (token >> (16 - offsetBits)) - 1;
      if (from < 0) return plain.subarray(0, length);
      const copied = (token & (0xffff >> offsetBits)) + 3;
      for (let i = 0; i < copied && length < CHUNK_BYTES; i++) plain[length++] = plain[from + i] ?? 0;
    }
  }
  return plain.subarray(0, length);
}
