// The value of a Content-Type field (RFC 2045 5.1), as much of it as decides how a part may be handled.

export interface ContentType {
  /** Lower case: `text`. */
  readonly type: string;
  /** Lower case: `plain`. */
  readonly subtype: string;
  readonly boundary: string | null;
}

const TOKEN = '[^\\s\\p{Cc}()<>@,;:\\\\"/[\\]?=]+';
const MEDIA_TYPE = new RegExp(`^(${TOKEN})\\s*/\\s*(${TOKEN})\\s*(?:;|$)`, 'u');
/** Values without quotes are often written with characters that need them. */
const PARAMETER = new RegExp(`;\\s*(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s";]+))`, 'gsu');
/** RFC 2046 5.1.1 allows 70; some programs use more. */
const LONGEST_BOUNDARY = 200;

/** The parsed value, or null where it is malformed, names two boundaries, or one that cannot be matched. */
export function parseContentType(value: string): ContentType | null {
  // Comments are legal and never used; what holds one is read differently by different readers.
  if (value.length > 4_096 || /^[^"]*\(/.test(value)) return null;
  const [, type, subtype] = MEDIA_TYPE.exec(value) ?? [];
  if (type === undefined || subtype === undefined) return null;
  let boundary: string | null = null;
  for (const [, name, quoted, bare] of value.matchAll(PARAMETER)) {
    const key = name?.toLowerCase() ?? '';
    if (key.startsWith('boundary*') || (key === 'boundary' && boundary !== null)) return null;
    if (key === 'boundary') boundary = quoted?.replace(/\\(.)/gs, '$1') ?? bare ?? null;
  }
  if (boundary !== null && !isBoundary(boundary)) return null;
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), boundary };
}

function isBoundary(boundary: string): boolean {
  return boundary.length <= LONGEST_BOUNDARY && /^[ -~]*[!-~]$/.test(boundary);
}
