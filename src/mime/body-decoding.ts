// Takes the transfer encoding off a body (RFC 2045 6), in each way that gives other octets: the usual one first.
import type { DefectCode } from '../mail/message.ts';
import { otherBase64Readings, readBase64 } from './base64-reading.ts';
import type { Coding } from './media-type.ts';
import { readQuotedPrintable } from './quoted-printable-reading.ts';
import { findUuencoded, findYenc, readUuencodedLines } from './uuencode-reading.ts';

export interface DecodedBody {
  readonly bytes: Buffer;
  /** File name that the encoding itself carries, or null. */
  readonly name: string | null;
  readonly defects: readonly DefectCode[];
  /** Other octets that some readers see; each is made when asked for. */
  others(): Iterable<Buffer>;
}

export interface BodyDecoding {
  /** `unpack` gzip within limits. */
  readonly unpack: (bytes: Buffer) => Buffer;
}

/** @throws what `unpack` throws */
export function decodeBody(body: Buffer, coding: Coding, { unpack }: BodyDecoding): DecodedBody {
  switch (coding) {
    case 'identity':
      return proper(body);
    case 'base64': {
      const { bytes, build } = readBase64(body);
      if (build === 'proper') return proper(bytes);
      return { bytes, name: null, defects: ['base64-malformed'], others: () => othersOfBase64(body, bytes) };
    }
    case 'gzip64':
      return proper(unpack(readBase64(body).bytes));
    case 'quoted-printable': {
      const { bytes, build } = readQuotedPrintable(body);
      if (build === 'proper') return proper(bytes);
      return {
        bytes,
        name: null,
        defects: ['quoted-printable-malformed'],
        others: () => [readQuotedPrintable(body, 'drop').bytes],
      };
    }
    case 'uuencode': {
      const file = findUuencoded(body, 0);
      if (file !== null) return { ...proper(file.bytes), name: file.name, others: () => around(body, file) };
      const { bytes } = readUuencodedLines(body, 0);
      return { bytes, name: null, defects: ['transfer-encoding-unknown'], others: () => [body] };
    }
    case 'yenc': {
      const file = findYenc(body, 0);
      return file === null ? unknown(body) : { ...proper(file.bytes), name: file.name, others: () => around(body, file) };
    }
    case 'unknown':
      return unknown(body);
  }
}

function* othersOfBase64(body: Buffer, first: Buffer): Generator<Buffer> {
  yield* otherBase64Readings(body, first);
  // What is not all base64 is perhaps not base64 at all: text that some readers show as it stands.
  if (/[^A-Za-z0-9+/=\s]/.test(body.toString('latin1'))) yield body;
}

function proper(bytes: Buffer): DecodedBody {
  return { bytes, name: null, defects: [], others: () => [] };
}

function unknown(body: Buffer): DecodedBody {
  return { bytes: body, name: null, defects: ['transfer-encoding-unknown'], others: () => guessedReadings(body) };
}

/** Text that stands before and behind an encoded file. */
function around(body: Buffer, { start, end }: { readonly start: number; readonly end: number }): readonly Buffer[] {
  return [body.subarray(0, start), body.subarray(end)].filter((one) => /[^\s]/.test(one.toString('latin1', 0, 10_000)));
}

/** Every encoding that a body may be in by its looks. */
export function* guessedReadings(body: Buffer): Generator<Buffer> {
  if (looksLikeBase64(body)) {
    const { bytes, build } = readBase64(body);
    yield bytes;
    if (build !== 'proper') yield* otherBase64Readings(body, bytes);
  }
  if (/=[0-9a-f]{2}|=\r?\n/i.test(body.toString('latin1', 0, 1 << 20))) yield readQuotedPrintable(body).bytes;
  const file = findUuencoded(body, 0) ?? findYenc(body, 0);
  if (file !== null) yield file.bytes;
}

/** Most of its octets are of the alphabet, and there are few spaces for so much text. */
export function looksLikeBase64(body: Buffer): boolean {
  const text = body.toString('latin1', 0, 4_096);
  const alphabet = text.replace(/[^A-Za-z0-9+/=]/g, '').length;
  const spaces = text.replace(/[^ ]/g, '').length;
  return alphabet >= 8 && alphabet > text.replace(/\s/g, '').length * 0.95 && spaces * 20 < text.length;
}

/** What no known encoding fits may be plain text under a name that nobody knows; or BinHex and the like, which is not read. */
export function looksLikeWords(body: Buffer): boolean {
  const text = body.toString('latin1', 0, 4_096).trim();
  const spaces = text.replace(/[^ \t\n]/g, '').length;
  return spaces * 25 >= text.length && !text.includes('BinHex 4.0');
}
