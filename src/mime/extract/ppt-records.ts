// Records of a PowerPoint stream (MS-PPT 2.3.1): a flat walk that enters containers and knows where each ends.
import { u16, u32 } from './little-endian.ts';

/** Record types (MS-PPT 2.13.24) that this reader knows. */
export const TYPE = {
  document: 0x03e8,
  slide: 0x03ee,
  notes: 0x03f0,
  environment: 0x03f2,
  slidePersist: 0x03f3,
  mainMaster: 0x03f8,
  slideShowInfo: 0x03f9,
  handout: 0x0fc9,
  slideList: 0x0ff0,
  textHeader: 0x0f9f,
  textChars: 0x0fa0,
  textBytes: 0x0fa8,
  text: 0x0fba,
  link: 0x0fd7,
  headersFooters: 0x0fd9,
  userEdit: 0x0ff5,
  oleStorage: 0x1011,
  persistDirectory: 0x1772,
  comment: 0x2ee0,
  encryption: 0x2f14,
  soundData: 0x07e7,
  binaryTagData: 0x138b,
} as const;

export interface PptRecord {
  readonly type: number;
  readonly instance: number;
  /** Of its head in the stream. */
  readonly at: number;
  readonly body: Buffer;
  readonly isContainer: boolean;
  /** Types of the containers it lies in, outermost first. */
  readonly within: readonly number[];
  /** Where the outermost record that it is or lies in begins. */
  readonly top: number;
}

const DEEPEST = 100;

/** Each record once, a container before what it holds. Linear whatever lengths say. */
export function* pptRecords(stream: Buffer): Generator<PptRecord> {
  const ends: number[] = [];
  const within: number[] = [];
  let top = 0;
  for (let at = 0; at + 8 <= stream.length;) {
    while (ends.length > 0 && at >= (ends.at(-1) ?? 0)) {
      ends.pop();
      within.pop();
    }
    if (ends.length === 0) top = at;
    const [head, type, length] = [u16(stream, at), u16(stream, at + 2), u32(stream, at + 4)];
    const end = Math.min(at + 8 + length, ends.at(-1) ?? stream.length);
    // What programs add later (comments among it) are records within a block of data (MS-PPT 2.11.3).
    const isContainer = (head & 15) === 15 || type === TYPE.binaryTagData;
    yield { type, instance: head >> 4, at, body: stream.subarray(at + 8, end), isContainer, within, top };
    if (isContainer) {
      // Deeper than any real file, what they hold is taken as if it stood beside them.
      if (ends.length < DEEPEST) {
        ends.push(end);
        within.push(type);
      }
      at += 8;
    } else at = Math.max(end, at + 8);
  }
}
