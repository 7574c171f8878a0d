// Files that stand in a text as uuencode or yEnc: old mail programs show them as attachments. What is left is the text around them.
import { type EncodedFile, findUuencoded, findYenc } from '../uuencode-reading.ts';
import type { Inner } from './extractor.ts';

export interface SplitText {
  readonly texts: readonly Buffer[];
  readonly files: readonly Inner[];
}

const MOST_FILES = 200;
const UU_BEGIN = /^begin(?:-base64)? [0-7]{3,4} ?[^\r\n]{0,1000}\r?\n(?:[ -`]{2,90}|[A-Za-z0-9+/]{4,120}={0,2})\r?\n/;
const YENC_BEGIN = /^=ybegin [^\r\n]{0,1000}line=\d/;

export function splitFiles(bytes: Buffer): SplitText {
  const texts: Buffer[] = [];
  const files: Inner[] = [];
  let from = 0;
  const take = (file: EncodedFile | null): void => {
    if (file === null || file.start < from) return;
    texts.push(bytes.subarray(from, file.start));
    files.push({ bytes: file.bytes, name: file.name, declaredType: null, parameters: new Map(), role: 'attachment' });
    from = file.end;
  };
  for (let at = nextBegin(bytes, 0); at >= 0 && files.length < MOST_FILES;) {
    const next = nextBegin(bytes, at + 6);
    // To the next one at most, so that many that never end cost no more than one.
    const until = bytes.subarray(0, next < 0 ? bytes.length : next);
    const line = bytes.toString('latin1', at, at + 1_300);
    if (UU_BEGIN.test(line)) take(findUuencoded(until, at));
    else if (YENC_BEGIN.test(line)) take(findYenc(until, at));
    at = next;
  }
  texts.push(bytes.subarray(from));
  return { texts, files };
}

/** The next line that begins with `begin` or `=ybegin`. */
function nextBegin(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('begin', from); at >= 0; at = bytes.indexOf('begin', at + 5)) {
    if (at === 0 || bytes[at - 1] === 10) return at;
    if (bytes[at - 1] === 0x79 && bytes[at - 2] === 0x3d && at - 2 >= from && (at === 2 || bytes[at - 3] === 10)) return at - 2;
  }
  return -1;
}
