// Numbers at a place in octets, least significant octet first. Past the end there are only zeros, so that a reader of damaged files needs
// no check before each field.

export function u8(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}

export function u16(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

export function u32(bytes: Buffer, at: number): number {
  return at >= 0 && at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
}

export function i32(bytes: Buffer, at: number): number {
  return u32(bytes, at) | 0;
}

export function f64(bytes: Buffer, at: number): number {
  return at >= 0 && at + 8 <= bytes.length ? bytes.readDoubleLE(at) : 0;
}

/** FILETIME (MS-DTYP 2.3.3) as an RFC 3339 time, null where it is none or no calendar has it. */
export function fileTime(bytes: Buffer, at: number): string | null {
  const ms = (u32(bytes, at + 4) * 2 ** 32 + u32(bytes, at)) / 10_000 - 11_644_473_600_000;
  // Below: the durations and zeros that stand where a time could; above: 'never'.
  return ms > -9_000_000_000_000 && ms < 60_000_000_000_000 ? isoTime(ms) : null;
}

/** RFC 3339, a date alone where the time of day is midnight. */
export function isoTime(ms: number): string | null {
  const rounded = Math.round(ms / 1_000) * 1_000;
  if (!Number.isFinite(rounded) || Math.abs(rounded) > 8_640_000_000_000_000) return null;
  const text = new Date(rounded).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

/** UTF-16 code units of at most `length` octets, without what stands behind a zero. */
export function utf16(bytes: Buffer, from: number, length: number): string {
  const end = Math.min(bytes.length, from + Math.max(0, length));
  if (from < 0 || from >= end) return '';
  return uptoZero(bytes.toString('utf16le', from, from + ((end - from) & ~1)));
}

export function uptoZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero < 0 ? text : text.slice(0, zero);
}
