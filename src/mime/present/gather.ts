// The second pass over a message that is presented: the texts of its body, and of each attachment its beginning and its size. Bounded.
import { HEADER_LIMITS, parseHeaderBlock } from '../header-block.ts';
import { transferDecoder } from '../transfer-decoding.ts';
import type { BodyText } from './body-request.ts';
import type { Chosen } from './choose.ts';
import { ContentCursor } from './content-cursor.ts';
import { subjectOf } from './head.ts';
import type { OutlinePart } from './outline.ts';
import { nameOf } from './part-octets.ts';
import type { Presented, ShownAttachment } from './presented.ts';
import { cleanName } from './shown-name.ts';
import { HEAD_BYTES, toldType } from './told-type.ts';

/** Of one message. */
const BODY_LIMITS = { texts: 50, bytes: 4 * 1024 * 1024 } as const;
const MOST_ATTACHMENTS = 300;

export interface Gathered {
  readonly texts: readonly BodyText[];
  readonly attachments: readonly ShownAttachment[];
  /** Of each attachment. */
  readonly parts: readonly OutlinePart[];
  /** Places by Content-ID of what octets and name say is a picture. */
  readonly pictures: readonly (readonly [contentId: string, place: string])[];
  readonly end: Presented['end'];
}

/** Never rejects for what the message holds. @throws what `content` throws */
export async function gather(content: AsyncIterable<Uint8Array>, { pieces, attached }: Chosen): Promise<Gathered> {
  const shownAs = new Map(pieces.slice(0, BODY_LIMITS.texts).map((piece) => [piece.part, piece.shownAs]));
  const files = new Set(attached.slice(0, MOST_ATTACHMENTS));
  const texts: BodyText[] = [];
  const found: { readonly part: OutlinePart; readonly shown: ShownAttachment }[] = [];
  let left: number = BODY_LIMITS.bytes;
  let end: Presented['end'] = shownAs.size === pieces.length && files.size === attached.length ? 'complete' : 'over-limits';
  const cursor = new ContentCursor(content);
  try {
    for (const part of [...shownAs.keys(), ...files].sort((a, b) => a.start - b.start)) {
      const as = shownAs.get(part);
      const read = await readPart(cursor, part, as === undefined ? HEAD_BYTES : left);
      if (as === undefined) {
        found.push({ part, shown: attachmentOf(part, read) });
        continue;
      }
      left -= read.first.length;
      if (read.sizeBytes > read.first.length) end = 'over-limits';
      texts.push({ shownAs: as, charset: part.charset, flowed: part.flowed, octets: read.first });
    }
  } finally {
    await cursor.close();
  }
  const pictures = found.flatMap(({ part: { contentId, place }, shown: { preview } }) =>
    contentId !== null && preview === 'picture' ? [[contentId, place] as const] : [],
  );
  return { texts, attachments: found.map(({ shown }) => shown), parts: found.map(({ part }) => part), pictures, end };
}

interface Read {
  readonly first: Buffer;
  /** Decoded. */
  readonly sizeBytes: number;
}

async function readPart(cursor: ContentCursor, { start, end, coding }: OutlinePart, most: number): Promise<Read> {
  const decoder = transferDecoder(coding);
  const first: Buffer[] = [];
  let sizeBytes = 0;
  const take = (octets: Buffer): void => {
    if (sizeBytes < most) first.push(Buffer.from(octets.subarray(0, most - sizeBytes)));
    sizeBytes += octets.length;
  };
  for await (const piece of cursor.stretch(start, end)) {
    if (sizeBytes < most) take(decoder.push(piece));
    else sizeBytes += decoder.count(piece);
  }
  take(decoder.end());
  return { first: Buffer.concat(first), sizeBytes };
}

function attachmentOf(part: OutlinePart, { first, sizeBytes }: Read): ShownAttachment {
  const { mediaType, preview } = toldType(first, part.type, part.name);
  const name = part.name === null && mediaType === 'message/rfc822' ? nameOfMessage(first) : null;
  return { part: part.place, name: name ?? nameOf(part, mediaType), mediaType, sizeBytes, preview };
}

/** A message that is attached is called after its subject. */
function nameOfMessage(first: Buffer): string | null {
  const field = parseHeaderBlock(first.subarray(0, HEADER_LIMITS.sizeBytes)).fields.find(({ key }) => key === 'subject');
  const subject = field === undefined ? null : subjectOf(first.subarray(field.valueStart, field.end));
  const name = subject === null ? null : cleanName(subject);
  return name === null ? null : cleanName(`${name.slice(0, 100).trimEnd()}.eml`);
}
