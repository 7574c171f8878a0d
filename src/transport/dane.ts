// Certificates against TLSA records (RFC 6698, RFC 7671, RFC 7672 section 3). Pure: bytes in, match out.
import { createHash } from 'node:crypto';
import type { Tlsa } from '../mail/next-hop.ts';

export const DANE_TA = 2;
export const DANE_EE = 3;

const SEQUENCE = 0x30;
const VERSION = 0xa0;

/** Does one of the records of this usage match the certificate (DER)? */
export function matchesTlsa(certificate: Uint8Array, records: readonly Tlsa[], usage: number): boolean {
  const candidates = records.filter((record) => record.usage === usage);
  return candidates.some((record) => !isOutdone(record, candidates) && matches(certificate, record));
}

/** Digest agility (RFC 7671 section 9): where both digests are published only the stronger counts. */
function isOutdone(record: Tlsa, among: readonly Tlsa[]): boolean {
  return record.matchingType === 1 && among.some((other) => other.matchingType === 2 && other.selector === record.selector);
}

function matches(certificate: Uint8Array, record: Tlsa): boolean {
  const selected = record.selector === 0 ? certificate : record.selector === 1 ? subjectPublicKeyInfo(certificate) : null;
  if (selected === null) return false;
  switch (record.matchingType) {
    case 0:
      return Buffer.compare(selected, record.data) === 0;
    case 1:
      return createHash('sha256').update(selected).digest().compare(record.data) === 0;
    case 2:
      return createHash('sha512').update(selected).digest().compare(record.data) === 0;
    default:
      return false;
  }
}

/**
 * The SubjectPublicKeyInfo exactly as it stands in a certificate (RFC 5280 4.1): exporting the parsed key could encode it otherwise.
 * @returns null where the bytes are no certificate
 */
export function subjectPublicKeyInfo(certificate: Uint8Array): Uint8Array | null {
  const outer = element(certificate, 0);
  if (outer?.tag !== SEQUENCE) return null;
  const tbs = element(certificate, outer.content);
  if (tbs?.tag !== SEQUENCE) return null;
  let at = element(certificate, tbs.content);
  // serialNumber, signature, issuer, validity, subject; the version comes first where it is not 1.
  for (let skip = at?.tag === VERSION ? 6 : 5; skip > 0 && at !== null; skip--) at = element(certificate, at.end);
  return at?.tag === SEQUENCE && at.end <= tbs.end ? certificate.subarray(at.start, at.end) : null;
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** The DER element at a place, or null where it does not fit. */
function element(der: Uint8Array, start: number): Element | null {
  const tag = der[start];
  const first = der[start + 1];
  if (tag === undefined || first === undefined) return null;
  let content = start + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets < 1 || octets > 3) return null;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (der[content + i] ?? 0);
    content += octets;
  }
  const end = content + length;
  return end <= der.length ? { tag, start, content, end } : null;
}
