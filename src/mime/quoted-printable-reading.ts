// Reading quoted-printable (RFC 2045 6.7) as mail programs do. It only shrinks, so that it cannot be a bomb.
import { hexPair } from './encoded-words.ts';
import { CR, LF, SP, TAB } from './octets.ts';

export interface QuotedPrintableReading {
  readonly bytes: Buffer;
  readonly build: 'proper' | 'malformed';
}

const EQUALS = 61;
const VT = 11;
const FF = 12;

/** @param stray what becomes of an equals sign that begins nothing: most readers keep it, some drop it */
export function readQuotedPrintable(body: Buffer, stray: 'keep' | 'drop' = 'keep'): QuotedPrintableReading {
  if (!body.includes(EQUALS)) return { bytes: body, build: 'proper' };
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  // White space up to here was encoded and stays; other white space at the end of a line was added on the way (rule 3).
  let kept = 0;
  let build: QuotedPrintableReading['build'] = 'proper';
  for (let i = 0; i < body.length; i++) {
    const octet = body[i] ?? 0;
    if (octet === LF) {
      const carriage = length > kept && out[length - 1] === CR;
      if (carriage) length--;
      while (length > kept && isBlank(out[length - 1])) length--;
      if (carriage) out[length++] = CR;
    } else if (octet === EQUALS) {
      const code = hexPair(body[i + 1], body[i + 2]);
      const soft = code < 0 ? softBreakEnd(body, i + 1) : -1;
      if (code >= 0) {
        out[length++] = code;
        kept = length;
        i += 2;
        continue;
      }
      if (soft >= 0) {
        kept = length;
        i = soft - 1;
        continue;
      }
      build = 'malformed';
      if (stray === 'drop') continue;
    }
    out[length++] = octet;
  }
  return { bytes: out.subarray(0, length), build };
}

function isBlank(octet: number | undefined): boolean {
  return octet === SP || octet === TAB;
}

/** Index behind the line end of a soft break, white space before it allowed, or -1. */
function softBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (at - from < 1_000 && (isBlank(body[at]) || body[at] === VT || body[at] === FF)) at++;
  if (at >= body.length) return at;
  if (body[at] === LF) return at + 1;
  if (body[at] !== CR) return -1;
  return body[at + 1] === LF ? at + 2 : at + 1;
}
