// How sealed or signed things look: CMS (RFC 5652) in DER, BER, PEM or base64, OpenPGP (RFC 9580) armored or binary.
import type { PartKind } from '../../mail/message.ts';

/** 1.2.840.113549.1 */
const RSADSI = '\x2a\x86\x48\x86\xf7\x0d\x01';
const CMS_TYPES: readonly (readonly [oid: string, kind: PartKind])[] = [
  [`${RSADSI}\x07\x02`, 'smime-signed'],
  [`${RSADSI}\x07\x03`, 'smime-encrypted'],
  [`${RSADSI}\x07\x04`, 'smime-encrypted'],
  [`${RSADSI}\x07\x06`, 'smime-encrypted'],
  [`${RSADSI}\x09\x10\x01\x17`, 'smime-encrypted'],
  [`${RSADSI}\x09\x10\x01\x09`, 'smime-signed'],
];

/** What a CMS structure is, or null where it is none. Without content of its own a signature is only a proof. */
export function cmsKind(bytes: Buffer): PartKind | null {
  const outer = element(bytes, 0);
  if (outer?.tag !== 0x30) return null;
  const first = element(bytes, outer.start);
  if (first?.tag === 0x06) {
    const oid = bytes.toString('latin1', first.start, first.end);
    const kind = CMS_TYPES.find(([one]) => one === oid)?.[1] ?? null;
    if (kind !== 'smime-signed' || !oid.endsWith('\x07\x02')) return kind;
    // Octets behind it, or a certificate long enough to hide text in, are for the reader of signed content.
    return hasContent(bytes, first.end) || hasMore(bytes, outer) || bytes.length > 65_536 ? kind : 'signature';
  }
  return isKeyOrCertificate(bytes, first) && !hasMore(bytes, outer) && bytes.length <= 65_536 ? 'key' : null;
}

interface Element {
  readonly tag: number;
  readonly start: number;
  /** Null for the indefinite length of BER. */
  readonly end: number;
  readonly length: number | null;
}

function element(bytes: Buffer, at: number): Element | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return null;
  if (first === 0x80) return { tag, start: at + 2, end: bytes.length, length: null };
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first, length: first };
  const count = first & 0x7f;
  if (count > 4 || at + 2 + count > bytes.length) return null;
  const length = bytes.readUIntBE(at + 2, count);
  return { tag, start: at + 2 + count, end: at + 2 + count + length, length };
}

function hasMore(bytes: Buffer, { end, length }: Element): boolean {
  return length !== null && bytes.length > end + 4;
}

/** SignedData: version, digest algorithms, then the content's type and, where it is inside, the content. */
function hasContent(bytes: Buffer, at: number): boolean {
  const signed = element(bytes, element(bytes, at)?.start ?? bytes.length);
  const version = signed === null ? null : element(bytes, signed.start);
  const digests = version === null ? null : element(bytes, version.end);
  const content = digests?.length == null ? null : element(bytes, digests.end);
  const type = content === null ? null : element(bytes, content.start);
  if (content === null || type?.tag !== 0x06) return true;
  return (content.length === null || type.end < content.end) && element(bytes, type.end)?.tag === 0xa0;
}

/** X.509, PKCS #8, PKCS #10, PKCS #12: a sequence that begins with a version or with a sequence, and names algorithms by OID. */
function isKeyOrCertificate(bytes: Buffer, first: Element | null): boolean {
  if (first === null || (first.tag !== 0x30 && first.tag !== 0x02)) return false;
  const head = bytes.toString('latin1', 0, 200);
  if (first.tag === 0x02)
    return first.length === 1 && (head.includes(`\x06\x09${RSADSI}`) || head.includes('\x06\x07\x2a\x86\x48\xce\x3d\x02\x01'));
  const version = element(bytes, first.start);
  return (version?.tag === 0xa0 || version?.tag === 0x02) && /\x06[\x03-\x0b](?:\x2a|\x2b|\x55|\x60)/.test(head);
}

/** How much of base64 is looked at; enough for the head of a structure, and all of a usual signature. */
const BASE64_HEAD = 87_380;

export interface SealedText {
  readonly kind: PartKind;
  /** Whether words stand beside it, that are to be read as text. */
  readonly alone: 'yes' | 'no';
}

const ARMORS: readonly (readonly [label: RegExp, kind: PartKind])[] = [
  [/^PGP MESSAGE/, 'pgp-encrypted'],
  [/^PGP SIGNED MESSAGE$/, 'pgp-signed'],
  [/^PGP SIGNATURE$/, 'signature'],
  [/^PGP (?:PUBLIC|PRIVATE) KEY BLOCK$/, 'key'],
  [/^(?:TRUSTED |X509 )?CERTIFICATE(?: REQUEST)?$|^(?:[A-Z]+ )?(?:PUBLIC|PRIVATE) KEY$|^X509 CRL$/, 'key'],
];

/**
 * Armor (RFC 9580 6.2) or PEM (RFC 7468) at the beginning of text.
 * @param tail its end: what is longer than the head has to end as armor too
 */
export function armoredKind(head: string, tail: string): SealedText | null {
  const label = /^-----BEGIN ([A-Z0-9 ,/]{3,40})-----/.exec(head)?.[1];
  if (label === undefined) return null;
  if (/^(?:PKCS ?#?7|CMS|PKCS7 SIGNED DATA)$/i.test(label)) {
    const kind = cmsKind(Buffer.from(/^-----[^\n]*\n([A-Za-z0-9+/=\s]{0,87380})/.exec(head)?.[1] ?? '', 'base64'));
    return kind === null ? null : { kind, alone: armorIsAll(head, tail) };
  }
  const kind = ARMORS.find(([pattern]) => pattern.test(label))?.[1];
  if (kind === undefined) return null;
  return { kind, alone: kind === 'pgp-signed' ? 'yes' : armorIsAll(head, tail) };
}

/** Nothing but armors, one behind another, without comments. */
function armorIsAll(head: string, tail: string): 'yes' | 'no' {
  if (!/-----END [A-Z0-9 ,/]{3,40}-----\s*$/.test(tail)) return 'no';
  let within = false;
  for (const line of head.split(/\r?\n/, 20_000)) {
    if (/^-----BEGIN [A-Z0-9 ,/]{3,40}-----\s*$/.test(line)) within = true;
    else if (/^-----END [A-Z0-9 ,/]{3,40}-----\s*$/.test(line)) within = false;
    else if (within ? !isArmorLine(line) : line.trim() !== '') return 'no';
  }
  return 'yes';
}

function isArmorLine(line: string): boolean {
  return (
    /^[A-Za-z0-9+/=]{0,76}\s*$/.test(line) || /^(?:Version|Hash|Charset|Proc-Type|DEK-Info|Comment|MessageID): [!-~ ]{0,60}\s*$/.test(line)
  );
}

/** Base64 without lines around it, as some programs attach smime.p7m. */
export function base64CmsKind(head: string): PartKind | null {
  if (!/^MI[A-Za-z0-9+/]{14}/.test(head)) return null;
  const base64 = /^[A-Za-z0-9+/=\r\n]+/.exec(head.slice(0, BASE64_HEAD))?.[0] ?? '';
  return base64.length < Math.min(head.trimEnd().length, BASE64_HEAD) ? null : cmsKind(Buffer.from(base64, 'base64'));
}

/** Binary OpenPGP whose first packet says what it is (RFC 9580 4.2, 5): only asked where type or name say so, the signs are weak. */
export function openPgpKind(bytes: Buffer): PartKind | null {
  const first = bytes[0] ?? 0;
  if (first < 0x80) return null;
  const tag = (first & 0x40) !== 0 ? first & 0x3f : (first >> 2) & 0x0f;
  if ([1, 3, 9, 18, 20].includes(tag)) return 'pgp-encrypted';
  if (tag === 2) return bytes.length <= 4_096 ? 'signature' : 'pgp-signed';
  if (tag === 4 || tag === 8) return 'pgp-signed';
  return [5, 6, 7, 14].includes(tag) && bytes.length <= 262_144 ? 'key' : null;
}
