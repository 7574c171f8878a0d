// Deflated streams that are cut, broken or of unknown length: what comes out before the fault, and how many octets they took.
import { createInflateRaw, type InflateRaw } from 'node:zlib';
import { LimitReached, type Output } from './extractor.ts';
import { unpack } from './unpack.ts';

export interface Unpacked {
  readonly plain: Buffer;
  readonly end: 'whole' | 'broken';
}

/** The whole ones go the short way. @throws LimitReached where it would grow beyond what may still be unpacked */
export async function inflateWhatIsThere(bytes: Buffer, output: Pick<Output, 'unpacked'>): Promise<Unpacked> {
  try {
    return { plain: unpack(bytes, 'deflate', output), end: 'whole' };
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    return inflateFrom(bytes, output);
  }
}

/** A raw deflate stream (RFC 1951) with anything behind it. @throws LimitReached */
export async function inflateFrom(bytes: Buffer, output: Pick<Output, 'unpacked'>): Promise<Unpacked & { readonly packedBytes: number }> {
  const decoder = createInflateRaw();
  const pieces: Buffer[] = [];
  const end = await inflateInto(pieces, decoder, bytes, output.unpacked(0));
  if (end === 'too-large') throw new LimitReached('too-large');
  const plain = Buffer.concat(pieces);
  output.unpacked(plain.length);
  return { plain, end, packedBytes: decoder.bytesWritten };
}

/** By events: a fault would cost an iterator the pieces that wait before it. */
function inflateInto(pieces: Buffer[], decoder: InflateRaw, bytes: Buffer, limit: number): Promise<Unpacked['end'] | 'too-large'> {
  return new Promise((resolve) => {
    let size = 0;
    decoder.on('data', (piece: Buffer) => {
      size += piece.length;
      pieces.push(piece);
      if (size <= limit) return;
      resolve('too-large');
      decoder.destroy();
    });
    decoder.on('error', () => resolve('broken'));
    decoder.on('end', () => resolve('whole'));
    decoder.end(bytes);
  });
}
