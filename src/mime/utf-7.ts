// UTF-7 (RFC 2152), declared or not: some programs read `+ADw-` as `<` whatever the charset says.

const SHIFTED = /\+([A-Za-z0-9+/]*)(-?)/g;
/** Shifted text of the first 1,024 characters of Unicode begins so. */
const SHIFTED_LATIN = /\+(A[A-Za-z0-9+/]{2,})(-?)/g;
const READABLE = /^[\t\n\r -~\xa0-\u024f]+$/;

export function decodeUtf7(text: string): string {
  return text.replace(SHIFTED, (whole: string, base64: string, hyphen: string) => {
    if (base64 === '') return hyphen === '' ? whole : '+';
    return decodeShifted(base64);
  });
}

/** The text with what stands in it as UTF-7 decoded, or null where nothing does. */
export function utf7Inside(text: string): string | null {
  if (!text.includes('+A')) return null;
  let found = false;
  const read = text.replace(SHIFTED_LATIN, (whole: string, base64: string) => {
    const decoded = decodeShifted(base64);
    if (!READABLE.test(decoded) || !isPadded(base64)) return whole;
    found = true;
    return decoded;
  });
  return found ? read : null;
}

function decodeShifted(base64: string): string {
  const octets = Buffer.from(base64, 'base64');
  const even = octets.subarray(0, octets.length - (octets.length % 2));
  return Buffer.from(even).swap16().toString('utf16le');
}

/** Whole characters, and zeros in the bits that are left. */
function isPadded(base64: string): boolean {
  const left = (base64.length * 6) % 16;
  if (left >= 6) return false;
  const last = Buffer.from(`AAA${base64.slice(-1)}`, 'base64')[2] ?? 0;
  return (last & ((1 << left) - 1)) === 0;
}
