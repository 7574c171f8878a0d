// Compressed streams, unpacked within the limits of the message being read: a bomb ends as LimitReached, not as memory.
import { constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { LimitReached, type Output } from './extractor.ts';

const DECODERS = {
  deflate: inflateRawSync,
  zlib: inflateSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
  /** What is there of a stream that some programs write without its end. */
  'zlib, cut': (bytes: Uint8Array, { maxOutputLength }: { maxOutputLength: number }) =>
    inflateSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
} as const;

/**
 * @throws LimitReached where it would grow beyond what may still be unpacked
 * @throws of zlib where the stream is broken or cut
 */
export function unpack(bytes: Uint8Array, coding: keyof typeof DECODERS, output: Pick<Output, 'unpacked'>): Buffer {
  try {
    const plain = DECODERS[coding](bytes, { maxOutputLength: output.unpacked(0) });
    output.unpacked(plain.length);
    return plain;
  } catch (error) {
    throw isTooLarge(error) ? new LimitReached('too-large') : error;
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
