// Frames of an animated GIF as files of one frame each, for readers that only see the first.

const SCREEN = 13;
const TRAILER = Buffer.from([0x3b]);
/** Longer animations decorate: their first frames say what they say. */
const MOST_FRAMES = 8;

/** Screen and colours stay, other frames go (GIF89a, appendix B). At most the first 8. */
export function* gifFrameFiles(bytes: Buffer): Generator<Buffer> {
  const tableSize = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  const head = bytes.subarray(0, SCREEN + tableSize(bytes[10] ?? 0));
  let at = head.length;
  let frames = 0;
  while (at < bytes.length && frames < MOST_FRAMES) {
    const begun = at;
    const introducer = bytes[at];
    if (introducer === 0x2c) at += 11 + tableSize(bytes[at + 9] ?? 0);
    else if (introducer === 0x21) at += 2;
    else return;
    for (let size = bytes[at] ?? 0; size > 0; size = bytes[at] ?? 0) at += 1 + size;
    at++;
    if (introducer !== 0x2c) continue;
    frames++;
    yield Buffer.concat([head, bytes.subarray(begun, at), TRAILER]);
  }
}
