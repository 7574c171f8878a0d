// Predefined CMaps of Chinese, Japanese and Korean fonts (ISO 32000-1, 9.7.5.2), made from the decoders of Node: only the characters are
// asked for, so a code is mapped to its Unicode character instead of to a glyph of the collection.

/** Where numbers of characters are put, so that they cannot be taken for characters: plane 15, which is for private use. */
const PLANE = 0xf0000;
/** The first glyphs of each of these collections are those of ASCII. */
const ASCII_GLYPHS = 95;

const DECODERS: readonly (readonly [name: RegExp, label: string])[] = [
  [/RKSJ/, 'shift_jis'],
  [/^(?:GB|GBK|GBK2K|GBKp|GBpc|GBT|GBTpc)-?(?:EUC)?-/, 'gb18030'],
  [/B5|^CNS-EUC|ETHK|ETen|HKscs/i, 'big5'],
  [/^KSC/, 'euc-kr'],
  [/^EUC-/, 'euc-jp'],
];
/** JIS X 0208 in seven bits. */
const SEVEN_BITS = /^(?:H|V|Add-[HV]|Ext-[HV]|78-[HV]|NWP-[HV])$/;

/** What pdf.js asks for the data of a CMap, in place of fetching a file. */
export class CMapFactory {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const cmap = kind === 'cMapUrl' ? cmapNamed(filename) : null;
    if (cmap === null) throw new Error('no such data');
    return Buffer.from(cmap, 'latin1');
  }
}

/**
 * What a character that came by way of these maps means.
 * @param glyphs 'collection': it is the number of a glyph in a collection of Adobe, of which only ASCII is known
 */
export function meantBy(text: string, glyphs: 'collection' | 'characters'): string {
  const code = text.codePointAt(0) ?? 0;
  if (code < PLANE || code > PLANE + 0xffff) return text;
  const value = code - PLANE;
  if (glyphs === 'characters') return String.fromCodePoint(value);
  return value >= 1 && value <= ASCII_GLYPHS ? String.fromCharCode(value + 31) : text;
}

function cmapNamed(name: string): string | null {
  if (/^Adobe-\w+-UCS2$/.test(name)) return collectionMap();
  const mode = name.endsWith('V') ? 1 : 0;
  if (/^Uni.*-(?:UCS2|UTF16)/.test(name)) return cmapOf(mode, '<0000> <ffff>', 1, `1 begincidrange\n<0000> <ffff> 0\nendcidrange`);
  if (SEVEN_BITS.test(name)) return decodedMap(mode, 'euc-jp', [[0x21, 0x7e]], [0x21, 0x7e], 0x80);
  const label = DECODERS.find(([names]) => names.test(name))?.[1];
  if (label === undefined) return null;
  const leads: readonly (readonly [number, number])[] =
    label === 'shift_jis'
      ? [
          [0x81, 0x9f],
          [0xe0, 0xfc],
        ]
      : [[0x81, 0xfe]];
  return decodedMap(mode, label, leads, [0x40, 0xfe], 0);
}

function cmapOf(mode: number, space: string, spaces: number, body: string): string {
  return `/WMode ${mode} def\n${spaces} begincodespacerange\n${space}\nendcodespacerange\n${body}\nendcmap`;
}

/** Each number of a glyph to plane 15, as UTF-16. */
function collectionMap(): string {
  const rows = Array.from({ length: 256 }, (_, block) => {
    const from = hex(block, 2);
    const pair = String.fromCodePoint(PLANE + block * 256);
    return `<${from}00> <${from}ff> <${hex(pair.charCodeAt(0), 4)}${hex(pair.charCodeAt(1), 4)}>`;
  });
  return cmapOf(0, '<0000> <ffff>', 1, `256 beginbfrange\n${rows.join('\n')}\nendbfrange`);
}

/** Codes of one and two octets by a decoder. @param add to each octet before it is decoded */
function decodedMap(
  mode: number,
  label: string,
  leads: readonly (readonly [number, number])[],
  [low, high]: readonly [number, number],
  add: number,
): string {
  const decoder = new TextDecoder(label);
  const rows: string[] = [];
  const map = (octets: readonly number[]): void => {
    const text = decoder.decode(Uint8Array.from(octets, (octet) => octet + add));
    if (text.length === 1 && text !== '\ufffd') rows.push(`<${octets.map((octet) => hex(octet, 2)).join('')}> ${text.charCodeAt(0)}`);
  };
  const isLead = (octet: number): boolean => leads.some(([from, to]) => octet >= from && octet <= to);
  const spaces: string[] = [];
  for (let lead = 0; lead < 256; lead++) {
    if (!isLead(lead)) {
      if (add === 0) map([lead]);
      spaces.push(`<${hex(lead, 2)}> <${hex(lead, 2)}>`);
      continue;
    }
    spaces.push(`<${hex(lead, 2)}${hex(low, 2)}> <${hex(lead, 2)}${hex(high, 2)}>`);
    for (let trail = low; trail <= high; trail++) map([lead, trail]);
  }
  return cmapOf(mode, spaces.join('\n'), spaces.length, `${rows.length} begincidchar\n${rows.join('\n')}\nendcidchar`);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
