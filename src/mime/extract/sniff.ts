// Tells by content what a part is. What its type or its name says is only a second opinion; where they contradict, that is a defect.
import type { DefectCode, PartKind } from '../../mail/message.ts';
import { rootNames } from './compound-file-names.ts';
import { compoundFileKinds, isCompoundFile, isTar, zipKind } from './container-signs.ts';
import { endingOf, promisedByName, promisedByType } from './declared-kinds.ts';
import type { Inner } from './extractor.ts';
import { isSuspiciousName } from './file-names.ts';
import { healthTextKind, isBareDicom } from './health-signs.ts';
import { magicKind } from './magic.ts';
import { armoredKind, base64CmsKind, cmsKind, openPgpKind } from './sealed-signs.ts';
import { isBlank, textHead, type Textness, textness, textTail } from './text-octets.ts';
import { isCalendar, isCard, isDelimited, isMailbox, isRichText, jsonKind, markupKind, messageness } from './text-signs.ts';
import { findDirectoryEnd } from './zip-directory-end.ts';
import { holdsMore } from './zip-layout.ts';

export interface Sniffed {
  readonly kind: PartKind;
  /** What the same octets are to another program; to be read as well, as parts within this one. */
  readonly also: readonly PartKind[];
  readonly defects: readonly DefectCode[];
}

/** What was seen, the first of it first; `odd` where that alone is a contradiction. */
interface Seen {
  readonly kinds: readonly PartKind[];
  readonly odd: 'yes' | 'no';
}

/** Looks at bounded windows only, however large the part is. */
export function sniff(found: Inner): Sniffed {
  const defects: DefectCode[] = found.name !== null && isSuspiciousName(found.name) ? ['name-suspicious'] : [];
  if (isBlank(found.bytes)) return { kind: 'empty', also: [], defects };
  const { kinds, odd } = see(found);
  const [kind = 'unknown', ...also] = [...new Set(kinds)];
  if (odd === 'yes' || !keepsPromise(found, kind)) defects.push('type-mismatch');
  return { kind, also, defects };
}

function keepsPromise({ declaredType, name }: Inner, kind: PartKind): boolean {
  const byType = declaredType === null ? null : promisedByType(declaredType);
  const byName = name === null ? null : promisedByName(name);
  return byType?.includes(kind) !== false && byName?.includes(kind) !== false;
}

function see(found: Inner): Seen {
  const { bytes } = found;
  const shown = shownAs(found);
  const texture = shown !== null && isSaidWide(found) ? 'text' : textness(bytes);
  const isMail = isMimeMessage(found);
  // The document is a part of the message, and read as one.
  const binary = binaryKinds(bytes, () => texture === 'text').filter((kind) => kind !== 'pdf' || !isMail);
  const structure = structureOf(found.declaredType ?? '');
  if (structure !== null) return { kinds: [structure, ...binary], odd: binary.length > 0 ? 'yes' : 'no' };
  if (binary.length > 0) {
    const words = wordsBeside(binary, texture, shown);
    return { kinds: [...binary, ...words], odd: isPolyglot(binary, bytes) || words.length > 0 ? 'yes' : 'no' };
  }
  const sealed = sealedKind(found);
  if (sealed !== null) return { kinds: SILENT.has(sealed) && texture === 'text' ? [sealed, 'text'] : [sealed], odd: 'no' };
  if (texture === 'binary') {
    const kind = healthTextKind(textHead(bytes, 1_024));
    if (kind !== null) return { kinds: [kind], odd: 'no' };
    if (isMail) return { kinds: ['message'], odd: 'no' }; // RFC 3030: parts may be binary
    // A mail program shows it all the same.
    return { kinds: shown === null ? ['unknown'] : [shown, 'unknown'], odd: shown === null ? 'no' : 'yes' };
  }
  const kinds = textKinds(found, shown);
  return { kinds: texture === 'mixed' ? [...kinds, 'unknown'] : kinds, odd: 'no' };
}

/** Since 2007 Office keeps a ZIP of theme data in the middle of its old files: read, but no contradiction. */
const HOLD_ZIPS: ReadonlySet<PartKind> = new Set(['doc', 'xls', 'ppt', 'ole-object']);

function isPolyglot([first = 'unknown', ...others]: readonly PartKind[], bytes: Buffer): boolean {
  if (others.length !== 1 || !HOLD_ZIPS.has(first)) return others.length > 0;
  return findDirectoryEnd(bytes)?.end === bytes.length;
}

/** Kinds of which no words are read. */
const WORDLESS: ReadonlySet<PartKind> = new Set(['picture', 'audio-video', 'font', 'unknown']);
/** Kinds that end without a blind spot: words in them would go unseen. */
const SILENT: ReadonlySet<PartKind> = new Set(['font', 'signature', 'key']);

/** Words with a signature before them: a reader shows them as they are declared, whatever a program that looks inside makes of them. */
function wordsBeside(binary: readonly PartKind[], texture: Textness, shown: PartKind | null): PartKind[] {
  if (texture === 'text' && shown !== null) return [shown];
  const isWordless = binary.every((kind) => WORDLESS.has(kind));
  return isWordless && (texture === 'text' || (texture === 'mixed' && binary.some((kind) => SILENT.has(kind)))) ? ['text'] : [];
}

/** By its header, where nothing says that it is something else. */
function isMimeMessage({ bytes, declaredType, name }: Inner): boolean {
  const ending = name === null ? '' : endingOf(name);
  const isSaid = declaredType === null || /^(?:message\/rfc822|application\/octet-stream)$/.test(declaredType);
  return isSaid && (ending === 'eml' || promisedByName(name ?? '') === null) && messageness(textHead(bytes, 4_096)) === 'mime';
}

/** Words of East Asia in UTF-16 look like anything. */
function isSaidWide({ parameters }: Inner): boolean {
  return /^(?:utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs)/i.test(parameters.get('charset') ?? '');
}

/** What only the declaration can say: the content is text in any case. */
function structureOf(type: string): PartKind | null {
  if (type.startsWith('multipart/')) return 'multipart';
  if (type === 'text/rfc822-headers') return 'delivery-status';
  if (!type.startsWith('message/')) return null;
  return /^message\/(?:rfc822|global|news|partial|external-body)$/.test(type) ? 'message' : 'delivery-status';
}

/** What a mail program makes of the part without looking at its content, where it shows it as words. */
function shownAs({ declaredType, role }: Inner): PartKind | null {
  if (declaredType === 'text/html' || declaredType === 'application/xhtml+xml') return 'html';
  return declaredType?.startsWith('text/') === true || (declaredType === null && role === 'body') ? 'text' : null;
}

function binaryKinds(bytes: Buffer, isText: () => boolean): PartKind[] {
  const kinds: PartKind[] = [];
  const magic = magicKind(bytes, isText);
  if (magic === 'zip') kinds.push(...zipKinds(bytes));
  else if (magic !== null) kinds.push(magic);
  else if (isCompoundFile(bytes)) kinds.push(...compoundFileKinds(bytes, rootNames(bytes)));
  else if (isTar(bytes)) kinds.push('tar');
  else if (isBareDicom(bytes)) kinds.push('dicom');
  const first = kinds[0] ?? null;
  if (magic !== 'zip' && hasZipBehind(bytes, first)) kinds.push(zipKind(bytes));
  if (magic !== 'pdf' && hasPdfWithin(bytes, magic, first)) kinds.push('pdf');
  if (first === 'picture' && hasHtmlWithin(bytes)) kinds.push('html');
  return kinds;
}

/** A document in a ZIP is read by its directory: what the ZIP holds beside that is read as of any ZIP. */
function zipKinds(bytes: Buffer): PartKind[] {
  const kind = zipKind(bytes);
  return kind !== 'zip' && holdsMore(bytes) ? [kind, 'zip'] : [kind];
}

/** A ZIP is read from its end: whatever stands before it. A file of files may end with one by itself. */
function hasZipBehind(bytes: Buffer, first: PartKind | null): boolean {
  const end = findDirectoryEnd(bytes);
  if (end === null || end.entries === 0) return false;
  return (first !== 'tar' && first !== 'archive' && first !== 'outlook-message') || end.end === bytes.length;
}

/** ISO 32000 annex H note 13: readers take a header within the first 1,024 octets. */
function hasPdfWithin(bytes: Buffer, magic: PartKind | null, first: PartKind | null): boolean {
  const at = bytes.subarray(0, 1_024 + 8).indexOf('%PDF-', 0, 'latin1');
  // An image may hold a document: its reader hands it on.
  if (at < 0 || first === 'dicom' || (first === 'tar' && at >= 512)) return false;
  // A first member that is stored is read as a member.
  if (magic === 'zip' && bytes.length > 30 && bytes.readUInt16LE(8) === 0 && at >= 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28))
    return false;
  return /startxref|%%EOF/.test(bytes.toString('latin1', Math.max(0, bytes.length - 4_096)));
}

/** HTML in the comment of a picture. */
function hasHtmlWithin(bytes: Buffer): boolean {
  return /<(?:html|script|body|!doctype html)[\s>]/i.test(bytes.toString('latin1', 0, 65_536));
}

function sealedKind({ bytes, declaredType, name }: Inner): PartKind | null {
  const cms = cmsKind(bytes);
  if (cms !== null) return cms;
  const isPgp = /^application\/pgp-/.test(declaredType ?? '') || /^(?:pgp|gpg|sig|asc)$/.test(name === null ? '' : endingOf(name));
  return isPgp ? openPgpKind(bytes) : null;
}

/** @param shown what a mail program shows it as, without looking */
function textKinds(found: Inner, shown: PartKind | null): PartKind[] {
  const { bytes, declaredType } = found;
  const head = textHead(bytes);
  const type = declaredType ?? '';
  if (type === 'application/pgp-encrypted' && /^Version: ?1\s*$/i.test(head)) return ['signature'];
  const armored = armoredKind(head, textTail(bytes));
  if (armored !== null) return armored.alone === 'yes' ? [armored.kind] : [armored.kind, shown ?? 'text'];
  const sealed = base64CmsKind(head);
  if (sealed !== null) return [sealed];
  const kind = contentKind(found, head);
  if (shown === 'html') return kind === null || kind === 'xml' || kind === 'message' ? ['html'] : [...new Set<PartKind>(['html', kind])];
  // Many programs show markup that is declared as plain text as it stands.
  if (shown === 'text' && kind === 'html') return type === 'text/plain' ? ['text', 'html'] : ['html'];
  return withArmor(kind ?? declaredTextKind(found, head), head);
}

function withArmor(kind: PartKind, head: string): PartKind[] {
  return kind === 'text' && /^-----BEGIN PGP MESSAGE/m.test(head) ? ['text', 'pgp-encrypted'] : [kind];
}

function contentKind(found: Inner, head: string): PartKind | null {
  const health = healthTextKind(head);
  if (health !== null) return health;
  if (isRichText(head)) return 'rtf';
  if (isCalendar(head)) return 'calendar';
  if (isCard(head)) return 'vcard';
  const tail = textTail(found.bytes);
  return markupKind(head, tail) ?? jsonKind(head, tail) ?? messageKind(found, head);
}

/** Words that quote a header are no message; a file that begins with one is. */
function messageKind({ declaredType, name, role }: Inner, head: string): PartKind | null {
  if (declaredType?.startsWith('text/') === true && (role === 'body' || role === 'inline')) return null;
  if (isMailbox(head)) return 'mbox';
  const like = messageness(head);
  if (like === 'no') return null;
  return like === 'mime' || declaredType === null || declaredType === 'application/octet-stream' || endingOf(name ?? '') === 'eml'
    ? 'message'
    : null;
}

/** Text whose beginning says nothing: what it is called decides. */
function declaredTextKind({ declaredType, name }: Inner, head: string): PartKind {
  const type = declaredType ?? '';
  const ending = endingOf(name ?? '');
  if (type === 'text/calendar') return 'calendar';
  if (/^text\/(?:x-)?vcard$|^text\/directory$/.test(type)) return 'vcard';
  if (/[/+]xml$/.test(type) && head.startsWith('<')) return 'xml';
  if (/[/+]json$/.test(type) && /^[[{"]/.test(head)) return 'json';
  if (ending === 'eml' && /^[!-9;-~]{1,76}:/.test(head)) return 'message';
  if (/^x?html?$/.test(ending) && head.includes('<')) return 'html';
  const table = /csv|tab-separated-values|comma-separated/.test(type) || /^(?:csv|tsv|tab)$/.test(ending);
  return table && isDelimited(head) ? 'csv' : 'text';
}
