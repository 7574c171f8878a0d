// What the gateway and a reading child say to each other: frames of a length and JSON, over two pipes. Nothing else passes: the child has
// no key, no database and no network address. The gateway believes no frame before it has looked at its shape.
import { z } from 'zod';
import {
  BLIND_SPOT_KINDS,
  DEFECT_CODES,
  HEALTH_CONTENTS,
  HEALTH_STANDARDS,
  IDENTIFIER_KINDS,
  PART_KINDS,
  type BlindSpotKind,
} from '../mail/message.ts';
import type { ReadEvent } from '../mail/read-event.ts';
import type { ReadLimits } from '../mail/read-limits.ts';

/** A message, a file as if attached, or texts to be shown (mime/present/body-request.ts). `sizeBytes` octets of it follow the frame. */
export interface ReadRequest {
  readonly what: 'message' | 'file' | 'body';
  readonly name: string | null;
  readonly sizeBytes: number;
  /** 'dropped': text is read and counted, but not told. */
  readonly spans: 'kept' | 'dropped';
  readonly limits: ReadLimits;
  readonly skip: readonly (readonly [path: string, kind: BlindSpotKind])[];
  /** Time for OCR in this message; null: pictures are not read. */
  readonly ocrMs: number | null;
}

export type FromChild = ReadEvent | { readonly event: 'ready' } | { readonly event: 'read' };

/** The longest frame that is taken from a child. */
export const FRAME_BYTES = 64 * 1024 * 1024;
export const LENGTH_BYTES = 4;

export function frameOf(value: unknown): Buffer {
  const text = JSON.stringify(value);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
  frame.writeUInt32BE(frame.length - LENGTH_BYTES);
  frame.write(text, LENGTH_BYTES);
  return frame;
}

const path = z
  .string()
  .regex(/^(?:\d{1,7}(?:\.\d{1,7})*)?$/)
  .max(500);
const field = z.string().max(200);
const number = z.int().min(0);
const place = z.strictObject({
  area: z.enum([
    'header',
    'text',
    'hidden',
    'comment',
    'alternative',
    'link',
    'property',
    'form-field',
    'annotation',
    'note',
    'file-name',
    'picture',
  ]),
  page: number.optional(),
  sheet: number.optional(),
  row: number.optional(),
  field: field.optional(),
});
const span = z.strictObject({ part: path, place, text: z.string(), marks: z.array(z.strictObject({ at: number, field })) });
const part = z.strictObject({
  path,
  kind: z.enum(PART_KINDS),
  declaredType: z.string().max(1_000).nullable(),
  name: z.string().max(100_000).nullable(),
  role: z.enum(['body', 'inline', 'attachment', 'member', 'other-reading']),
  sizeBytes: number,
  digest: z.string().max(64).nullable(),
});
const document = z.strictObject({
  part: path,
  standard: z.enum(HEALTH_STANDARDS),
  // It stands in evidence: a code, whatever a child says.
  type: z.string().regex(/^[A-Za-z0-9^_.:/-]{1,40}$/),
  patients: number,
  identifiers: z.array(z.enum(IDENTIFIER_KINDS)),
  contents: z.array(z.enum(HEALTH_CONTENTS)),
});
const shown = z.strictObject({
  html: z.string().nullable(),
  text: z.string(),
  remotePictures: number,
  parts: z.array(path).max(10_000),
  end: z.enum(['complete', 'over-limits']),
});
const EVENTS = z.array(
  z.discriminatedUnion('event', [
    z.strictObject({ event: z.literal('part'), part }),
    z.strictObject({ event: z.literal('part-read'), path }),
    z.strictObject({ event: z.literal('span'), span }),
    z.strictObject({ event: z.literal('blind-spot'), blindSpot: z.strictObject({ part: path, kind: z.enum(BLIND_SPOT_KINDS) }) }),
    z.strictObject({ event: z.literal('defect'), defect: z.strictObject({ part: path, code: z.enum(DEFECT_CODES) }) }),
    z.strictObject({ event: z.literal('document'), document }),
    z.strictObject({ event: z.literal('shown'), shown }),
    z.strictObject({ event: z.literal('ready') }),
    z.strictObject({ event: z.literal('read') }),
  ]),
);

/** The events of one frame, or null where it is none. */
export function eventsOf(frame: Buffer): readonly FromChild[] | null {
  try {
    const read = EVENTS.safeParse(JSON.parse(frame.toString('utf8')));
    return read.success ? (read.data as readonly FromChild[]) : null;
  } catch {
    return null;
  }
}
