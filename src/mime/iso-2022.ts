// Charsets that change within a text by escape sequences (ISO/IEC 2022): ISO-2022-JP with its extensions (RFC 1468, RFC 1554), -KR
// (RFC 1557), -CN (RFC 1922), and HZ (RFC 1843). Each stretch is decoded by the EUC form of its set.
import { TextDecoder } from 'node:util';

type CodedSet = 'ascii' | 'katakana' | 'jis-x-0208' | 'jis-x-0212' | 'gb-2312' | 'ks-x-1001' | 'cns-11643' | 'latin-1' | 'greek';

const ESCAPE = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
/** Behind ESC: which set, and where it goes. */
const DESIGNATIONS: Readonly<Record<string, readonly [place: 0 | 1 | 2, set: CodedSet]>> = {
  '(B': [0, 'ascii'],
  '(J': [0, 'ascii'],
  '(I': [0, 'katakana'],
  '$@': [0, 'jis-x-0208'],
  $B: [0, 'jis-x-0208'],
  '$(D': [0, 'jis-x-0212'],
  '$(O': [0, 'jis-x-0208'],
  '$(P': [0, 'jis-x-0212'],
  '$(Q': [0, 'jis-x-0208'],
  $A: [0, 'gb-2312'],
  '$(C': [0, 'ks-x-1001'],
  '$)C': [1, 'ks-x-1001'],
  '$)A': [1, 'gb-2312'],
  '$)G': [1, 'cns-11643'],
  '$)E': [1, 'gb-2312'],
  '$*H': [2, 'cns-11643'],
  '.A': [2, 'latin-1'],
  '.F': [2, 'greek'],
};
const LONGEST = 3;
const SEQUENCE = /\x1b(?:\$[@AB]|\$\([CDOPQ]|\$\)[ACEG]|\([IJ]|\.[AF])/;

/** Does the text change its set? */
export function hasIso2022Escape(bytes: Buffer): boolean {
  return bytes.includes(ESCAPE) && SEQUENCE.test(bytes.toString('latin1'));
}

export function decodeIso2022(bytes: Buffer): string {
  const decoder = new SetDecoder();
  const sets: [CodedSet, CodedSet, CodedSet] = ['ascii', 'katakana', 'latin-1'];
  let shifted: 0 | 1 = 0;
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    const octet = bytes[i];
    if (octet === ESCAPE) {
      const single = bytes[i + 1] === 0x4e;
      const found = single ? null : designationAt(bytes, i + 1);
      if (!single && found === null) continue;
      decoder.add(bytes.subarray(from, i), sets[shifted]);
      if (single) {
        const length = sets[2] === 'cns-11643' ? 2 : 1;
        decoder.add(bytes.subarray(i + 2, i + 2 + length), sets[2]);
        i += 1 + length;
      } else if (found !== null) {
        sets[found.place] = found.set;
        i += found.length;
      }
      from = i + 1;
    } else if (octet === SHIFT_OUT || octet === SHIFT_IN || (octet === 0x0a && shifted === 1)) {
      decoder.add(bytes.subarray(from, i), sets[shifted]);
      shifted = octet === SHIFT_OUT ? 1 : 0;
      from = octet === 0x0a ? i : i + 1;
    }
  }
  decoder.add(bytes.subarray(from), sets[shifted]);
  return decoder.text();
}

/** HZ (RFC 1843): GB 2312 between `~{` and `~}`, at the latest to the end of the line. */
export function decodeHz(bytes: Buffer): string {
  const decoder = new SetDecoder();
  let set: CodedSet = 'ascii';
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    const next = bytes[i + 1];
    if (bytes[i] === 0x0a && set !== 'ascii') {
      decoder.add(bytes.subarray(from, i), set);
      set = 'ascii';
      from = i;
    } else if (bytes[i] === 0x7e && (next === 0x7b || next === 0x7d || next === 0x7e || next === 0x0a)) {
      if (set !== 'ascii' && next !== 0x7d) continue;
      decoder.add(bytes.subarray(from, i), set);
      if (next === 0x7e) decoder.add(bytes.subarray(i, i + 1), 'ascii');
      set = next === 0x7b ? 'gb-2312' : 'ascii';
      i++;
      from = i + 1;
    }
  }
  decoder.add(bytes.subarray(from), set);
  return decoder.text();
}

function designationAt(bytes: Buffer, at: number): { readonly place: 0 | 1 | 2; readonly set: CodedSet; readonly length: number } | null {
  for (let length = 2; length <= LONGEST; length++) {
    const found = DESIGNATIONS[bytes.toString('latin1', at, at + length)];
    if (found !== undefined) return { place: found[0], set: found[1], length };
  }
  return null;
}

/** Names of TextDecoder for the EUC form of each set. */
const EUC: Readonly<Record<Exclude<CodedSet, 'ascii'>, string>> = {
  katakana: 'euc-jp',
  'jis-x-0208': 'euc-jp',
  'jis-x-0212': 'euc-jp',
  'gb-2312': 'gbk',
  'ks-x-1001': 'euc-kr',
  'cns-11643': 'x-user-defined',
  'latin-1': 'windows-1252',
  greek: 'iso-8859-7',
};

class SetDecoder {
  readonly #decoders = new Map<string, TextDecoder>();
  readonly #pieces: string[] = [];

  add(stretch: Buffer, set: CodedSet): void {
    if (stretch.length === 0) return;
    if (set === 'ascii') this.#pieces.push(stretch.toString('latin1'));
    // No decoder of this platform has it.
    else if (set === 'cns-11643') this.#pieces.push('\ufffd'.repeat(Math.ceil(stretch.length / 2)));
    else this.#pieces.push(this.#decoder(EUC[set]).decode(eucOf(stretch, set)));
  }

  text(): string {
    return this.#pieces.join('');
  }

  #decoder(name: string): TextDecoder {
    const known = this.#decoders.get(name);
    if (known !== undefined) return known;
    const made = new TextDecoder(name);
    this.#decoders.set(name, made);
    return made;
  }
}

/** The same characters with the upper bit set, behind the single shift that their set needs in EUC. Controls and spaces stay. */
function eucOf(stretch: Buffer, set: CodedSet): Buffer {
  const shift = set === 'katakana' ? 0x8e : set === 'jis-x-0212' ? 0x8f : null;
  const euc = Buffer.allocUnsafe(stretch.length * 2);
  let length = 0;
  for (let i = 0; i < stretch.length; i++) {
    const octet = stretch[i] ?? 0;
    if (octet <= 0x20) {
      euc[length++] = octet;
      continue;
    }
    if (shift !== null) euc[length++] = shift;
    euc[length++] = octet | 0x80;
    const second = stretch[i + 1];
    if (set === 'katakana' || set === 'latin-1' || set === 'greek' || second === undefined || second <= 0x20) continue;
    euc[length++] = second | 0x80;
    i++;
  }
  return euc.subarray(0, length);
}
