// ASCII armor and clear-signed text in what a part says (RFC 9580 6, 7). Pure; linear in the length of the text.

export type ArmorKind = 'message' | 'signed-text' | 'signature' | 'key';

export interface Armor {
  readonly kind: ArmorKind;
  /** Of the whole block, its lines included. */
  readonly start: number;
  readonly end: number;
  /** Behind the armor's own header: base64, or the signed text with dashes still escaped. */
  readonly contentStart: number;
  readonly contentEnd: number;
}

const OPENING =
  /^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|SIGNATURE|PUBLIC KEY BLOCK|PRIVATE KEY BLOCK)(?:, PART \d{1,4}(?:\/\d{1,4})?)?-----[ \t]*\r?$/;
const CLOSING: Readonly<Record<ArmorKind, string>> = {
  message: '\n-----END PGP MESSAGE',
  'signed-text': '\n-----BEGIN PGP SIGNATURE',
  signature: '\n-----END PGP SIGNATURE',
  key: '\n-----END PGP P',
};
const MOST_BLOCKS = 1_000;

/** The armored blocks of a text in order; one without an end goes to the end of the text. */
export function findArmor(text: string): readonly Armor[] {
  const found: Armor[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0 && found.length < MOST_BLOCKS; at = text.indexOf(BEGIN, at)) {
    const lineEnd = endOfLine(text, at);
    const label = at === 0 || text[at - 1] === '\n' ? OPENING.exec(text.slice(at, Math.min(lineEnd, at + 200)))?.[1] : undefined;
    if (label === undefined) {
      at += BEGIN.length;
      continue;
    }
    const armor = readArmor(text, at, lineEnd, kindOf(label));
    found.push(armor);
    at = Math.max(armor.end, at + BEGIN.length);
  }
  return found;
}

const BEGIN = '-----BEGIN PGP ';

function kindOf(label: string): ArmorKind {
  if (label === 'MESSAGE') return 'message';
  if (label === 'SIGNED MESSAGE') return 'signed-text';
  return label === 'SIGNATURE' ? 'signature' : 'key';
}

function readArmor(text: string, start: number, lineEnd: number, kind: ArmorKind): Armor {
  const contentStart = behindArmorHeader(text, lineEnd + 1);
  const close = text.indexOf(CLOSING[kind], contentStart - 1);
  if (close < 0) return { kind, start, end: text.length, contentStart, contentEnd: text.length };
  const end = kind === 'signed-text' ? close + 1 : Math.min(text.length, endOfLine(text, close + 1) + 1);
  return { kind, start, end, contentStart, contentEnd: Math.max(contentStart, close) };
}

/** `Hash: ...` and the like, up to an empty line. */
function behindArmorHeader(text: string, from: number): number {
  let at = from;
  for (let lines = 0; lines < 20 && at < text.length; lines++) {
    const end = endOfLine(text, at);
    const line = text.slice(at, Math.min(end, at + 500));
    if (line.trim() === '') return Math.min(end + 1, text.length);
    if (!/^[A-Za-z-]+: /.test(line)) return at;
    at = end + 1;
  }
  return Math.min(at, text.length);
}

function endOfLine(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  return lf < 0 ? text.length : lf;
}

/** The text that a clear signature covers, as its reader sees it (RFC 9580 7.1). */
export function signedText(text: string, { contentStart, contentEnd }: Armor): string {
  return text.slice(contentStart, contentEnd).replace(/^- /gm, '');
}

/** The octets that armor carries; its checksum is left out. */
export function armoredOctets(text: string, { contentStart, contentEnd }: Armor): Buffer {
  const content = text.slice(contentStart, contentEnd);
  const checksum = content.lastIndexOf('\n=');
  return Buffer.from(checksum < 0 ? content : content.slice(0, checksum), 'base64');
}
