// What a child is given to make a body that can be shown: the texts, decoded from their transfer encoding, and which pictures the message has.
import type { PartHeader } from './part-header.ts';

export interface BodyText extends Pick<PartHeader, 'charset' | 'flowed'> {
  readonly shownAs: 'text' | 'html';
  readonly octets: Buffer;
}

export interface BodyRequest {
  /** In the order in which they are shown. */
  readonly texts: readonly BodyText[];
  /** Places by Content-ID. */
  readonly pictures: readonly (readonly [contentId: string, place: string])[];
}

interface Front {
  readonly texts: readonly (Omit<BodyText, 'octets'> & { readonly sizeBytes: number })[];
  readonly pictures: BodyRequest['pictures'];
}

const LENGTH_BYTES = 4;

/** A length, what the texts are as JSON, and their octets. */
export function writeBodyRequest({ texts, pictures }: BodyRequest): Buffer {
  const front: Front = {
    texts: texts.map(({ shownAs, charset, flowed, octets }) => ({ shownAs, charset, flowed, sizeBytes: octets.length })),
    pictures,
  };
  const json = Buffer.from(JSON.stringify(front));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...texts.map(({ octets }) => octets)]);
}

/** The one who asks is believed. */
export function readBodyRequest(octets: Buffer): BodyRequest {
  const start = LENGTH_BYTES + octets.readUInt32BE();
  const { texts, pictures } = JSON.parse(octets.toString('utf8', LENGTH_BYTES, start)) as Front;
  let at = start;
  return {
    pictures,
    texts: texts.map(({ sizeBytes, ...about }) => {
      const own = octets.subarray(at, at + sizeBytes);
      at += sizeBytes;
      return { ...about, octets: own };
    }),
  };
}
