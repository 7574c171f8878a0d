// Searches bytes for secrets in every form in which they might have slipped out: plain in any case, UTF-16, hex, base64 at any offset and
// folded, quoted-printable and other escapes, and all of these inside gzip and zlib streams. Its own test plants each form.
import { inflateRawSync, inflateSync, gunzipSync, constants } from 'node:zlib';

/** Name of a secret -> the secret itself: long and random enough never to stand anywhere by chance. */
export type Canaries = Readonly<Record<string, string>>;

export interface Leak {
  /** Where it was found: as given to the search. */
  readonly where: string;
  readonly canary: string;
  /** `plain`, `base64`, `gzip: utf-16le`, ... */
  readonly form: string;
}

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly octets: Buffer;
}

/** A view of the bytes, and which needles are looked for in it. */
interface View {
  readonly name: string;
  readonly octets: Buffer;
  readonly needles: readonly Needle[];
}

const INFLATED_BYTES = 4 * 1024 * 1024;
const DEEPEST = 3;

export class LeakSearch {
  /** Compared with bytes folded to lower case. */
  readonly #anyCase: readonly Needle[];
  /** Compared as they are: case carries meaning in base64. */
  readonly #exact: readonly Needle[];

  constructor(canaries: Canaries) {
    const entries = Object.entries(canaries);
    this.#anyCase = entries.flatMap(([canary, secret]) => caselessNeedles(canary, secret));
    this.#exact = entries.flatMap(([canary, secret]) => base64Needles(canary, secret));
  }

  /** Every secret found, each form once. */
  find(octets: Uint8Array, where: string): readonly Leak[] {
    const found = new Map<string, Leak>();
    for (const { canary, form } of this.#in(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength), DEEPEST))
      found.set(`${canary} ${form}`, { where, canary, form });
    return [...found.values()];
  }

  *#in(octets: Buffer, depth: number): Generator<{ readonly canary: string; readonly form: string }> {
    for (const { name, octets: seen, needles } of this.#viewsOf(octets)) {
      for (const { canary, form, octets: needle } of needles) {
        if (seen.includes(needle)) yield { canary, form: name === '' ? form : `${name}: ${form}` };
      }
    }
    if (depth === 0) return;
    for (const { name, octets: inner } of compressedIn(octets))
      for (const { canary, form } of this.#in(inner, depth - 1)) yield { canary, form: `${name}: ${form}` };
  }

  #viewsOf(octets: Buffer): readonly View[] {
    const text = octets.toString('latin1');
    const unfolded = text.replace(/=?[ \t]*\r?\n[ \t]*/g, '');
    const unescaped = unfolded.replace(/(?:[=%+]|\\x|\\u00)([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    const views: View[] = [
      { name: '', octets: lower(text), needles: this.#anyCase },
      { name: '', octets, needles: this.#exact },
    ];
    if (unfolded !== text)
      views.push(
        { name: 'folded', octets: lower(unfolded), needles: this.#anyCase },
        { name: 'folded', octets: Buffer.from(unfolded, 'latin1'), needles: this.#exact },
      );
    if (unescaped !== unfolded) views.push({ name: 'escaped', octets: lower(unescaped), needles: this.#anyCase });
    return views;
  }
}

/** Only A to Z are folded, so that octets above 127 stay comparable. */
function lower(latin1: string): Buffer {
  return Buffer.from(
    latin1.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    'latin1',
  );
}

function caselessNeedles(canary: string, secret: string): readonly Needle[] {
  const fold = (octets: Buffer): Buffer => lower(octets.toString('latin1'));
  const utf8 = Buffer.from(secret, 'utf8');
  const utf16 = Buffer.from(secret, 'utf16le');
  return [
    { canary, form: 'plain', octets: fold(utf8) },
    { canary, form: 'utf-16le', octets: fold(utf16) },
    { canary, form: 'utf-16be', octets: fold(Buffer.from(utf16).swap16()) },
    { canary, form: 'hex', octets: Buffer.from(utf8.toString('hex')) },
    { canary, form: 'reversed', octets: fold(Buffer.from([...secret].reverse().join(''), 'utf8')) },
  ];
}

/** The middle of the encoding is the same whatever stands around the secret; what the neighbours change is left out. */
function base64Needles(canary: string, secret: string): readonly Needle[] {
  const forms: readonly (readonly [string, Buffer])[] = [
    ['base64', Buffer.from(secret, 'utf8')],
    ['base64 of utf-16le', Buffer.from(secret, 'utf16le')],
  ];
  return forms.flatMap(([form, octets]) =>
    [0, 1, 2].flatMap((offset) => {
      const encoded = Buffer.concat([Buffer.alloc(offset), octets]).toString('base64');
      const from = Math.ceil((offset * 8) / 6);
      const whole = Math.floor(((offset + octets.length) * 8) / 6);
      const middle = encoded.slice(from, whole);
      const url = middle.replaceAll('+', '-').replaceAll('/', '_');
      return [...new Set([middle, url])].map((text) => ({
        canary,
        form: text === middle ? form : `${form}url`,
        octets: Buffer.from(text, 'latin1'),
      }));
    }),
  );
}

/** Streams that begin anywhere in the bytes; what does not inflate is none. */
function* compressedIn(octets: Buffer): Generator<{ readonly name: string; readonly octets: Buffer }> {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: INFLATED_BYTES };
  for (let at = octets.indexOf(GZIP); at >= 0; at = octets.indexOf(GZIP, at + 1)) {
    const inner =
      attempt(() => gunzipSync(octets.subarray(at), options)) ?? attempt(() => inflateRawSync(octets.subarray(at + 10), options));
    if (inner !== null && inner.length > 0) yield { name: 'gzip', octets: inner };
  }
  for (let at = octets.indexOf(0x78); at >= 0; at = octets.indexOf(0x78, at + 1)) {
    // CMF and FLG as a number are divisible by 31 (RFC 1950 2.2).
    if (((0x78 << 8) | (octets[at + 1] ?? 0)) % 31 !== 0) continue;
    const inner = attempt(() => inflateSync(octets.subarray(at), options));
    if (inner !== null && inner.length > 0) yield { name: 'deflate', octets: inner };
  }
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

function attempt(inflate: () => Buffer): Buffer | null {
  try {
    return inflate();
  } catch {
    return null;
  }
}
