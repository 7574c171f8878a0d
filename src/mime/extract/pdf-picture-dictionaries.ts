// Dictionaries of pictures, found in a PDF file as it is. They stand in plain text in every PDF, in encrypted ones too: only what is no
// stream may lie in compressed objects (ISO 32000-1, 7.5.7).

export interface PictureDictionary {
  readonly width: number;
  readonly height: number;
  /** From the object's start to its stream. */
  readonly text: string;
  /** Where the octets of the picture begin. */
  readonly dataAt: number;
}

const SUBTYPE = '/Image';
const MOST_PICTURES = 20_000;
/** Dictionaries of pictures are short. */
const REACH = 2_000;

/** In the order of the file. */
export function* pictureDictionaries(bytes: Buffer): Generator<PictureDictionary> {
  let count = 0;
  for (let at = bytes.indexOf(SUBTYPE); at >= 0 && count < MOST_PICTURES; at = bytes.indexOf(SUBTYPE, at + SUBTYPE.length), count++) {
    const from = Math.max(0, at - REACH);
    const head = bytes.toString('latin1', from, at);
    const begun = head.lastIndexOf(' obj');
    const around = head.slice(Math.max(0, begun)) + bytes.toString('latin1', at, at + REACH);
    const end = around.indexOf('stream', head.length - Math.max(0, begun));
    if (begun < 0 || end < 0) continue;
    const text = around.slice(0, end);
    const behind = from + begun + end + 6;
    const dataAt = behind + (bytes[behind] === 0x0d ? 2 : 1);
    yield { width: numberIn(text, 'Width'), height: numberIn(text, 'Height'), text, dataAt };
  }
}

/** The value of a key, 0 where it is not there or lies elsewhere. */
export function numberIn(dictionary: string, key: string): number {
  return Number(new RegExp(`/${key}\\s+(-?\\d{1,9})(?!\\s+\\d+\\s+R)`).exec(dictionary)?.[1] ?? 0);
}
