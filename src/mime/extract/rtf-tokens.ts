// RTF cut into tokens (RTF 1.9.1, "RTF Syntax"): groups, control words, symbols, octets of text. No recursion, no look-back.

export interface RtfHandler {
  openGroup(): void;
  closeGroup(): void;
  /** @param parameter null where none is given */
  word(name: string, parameter: number | null): void;
  /** `\~`, `\*` and the like: the character behind the backslash. */
  symbol(character: string): void;
  /** `\'hh` */
  octet(value: number): void;
  text(bytes: Buffer): void;
  /** What `\binN` counts. */
  binary(bytes: Buffer): void;
  /** A count that reaches behind the end. */
  damaged(): void;
}

const [BACKSLASH, OPEN, CLOSE, QUOTE, SPACE, MINUS] = [0x5c, 0x7b, 0x7d, 0x27, 0x20, 0x2d];
const LONGEST_WORD = 64;

export function readRtfTokens(bytes: Buffer, handler: RtfHandler): void {
  let at = 0;
  while (at < bytes.length) {
    const octet = bytes[at] ?? 0;
    if (octet === OPEN) handler.openGroup();
    else if (octet === CLOSE) handler.closeGroup();
    else if (octet === BACKSLASH) {
      at = control(bytes, at + 1, handler);
      continue;
    } else if (!isLineEnd(octet)) {
      const from = at;
      while (at < bytes.length && isPlain(bytes[at] ?? 0)) at++;
      handler.text(bytes.subarray(from, at));
      continue;
    }
    at++;
  }
}

/** @returns where to go on */
function control(bytes: Buffer, at: number, handler: RtfHandler): number {
  const first = bytes[at];
  if (first === undefined) return at;
  if (first === QUOTE) {
    const value = parseInt(bytes.toString('latin1', at + 1, at + 3), 16);
    if (Number.isNaN(value)) return at + 1;
    handler.octet(value);
    return at + 3;
  }
  if (!isLetter(first)) {
    if (first === 0x0a || first === 0x0d) handler.word('par', null);
    else handler.symbol(String.fromCharCode(first));
    return at + 1;
  }
  const from = at;
  while (at - from < LONGEST_WORD && isLetter(bytes[at] ?? 0)) at++;
  const name = bytes.toString('latin1', from, at);
  const numberAt = at;
  if (bytes[at] === MINUS && isDigit(bytes[at + 1] ?? 0)) at++;
  while (at - numberAt < 12 && isDigit(bytes[at] ?? 0)) at++;
  const parameter = at === numberAt ? null : Number(bytes.toString('latin1', numberAt, at));
  if (bytes[at] === SPACE) at++;
  if (name === 'bin') return binary(bytes, at, parameter ?? 0, handler);
  handler.word(name, parameter);
  return at;
}

function binary(bytes: Buffer, at: number, length: number, handler: RtfHandler): number {
  if (length <= 0) return at;
  if (length > bytes.length - at) {
    handler.damaged();
    return at;
  }
  handler.binary(bytes.subarray(at, at + length));
  return at + length;
}

function isPlain(octet: number): boolean {
  return octet !== BACKSLASH && octet !== OPEN && octet !== CLOSE && !isLineEnd(octet);
}

function isLineEnd(octet: number): boolean {
  return octet === 0x0a || octet === 0x0d || octet === 0;
}

function isLetter(octet: number): boolean {
  return (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x41 && octet <= 0x5a);
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}
