// Kinds that share a container: what lies in a ZIP, in an OLE2 compound file, in a CMS structure; and tar, which has no signature.
// Looks at directories and names only, a bounded number of them.
import { inflateRawSync } from 'node:zlib';
import type { PartKind } from '../../mail/message.ts';
import { tarHeaderAt } from './tar-header.ts';
import { findDirectoryEnd } from './zip-directory-end.ts';

const MOST_NAMES = 4_096;
const LARGEST_CONTENT_TYPES = 262_144;

/** What a ZIP is: OOXML by its folders or its list of content types (ECMA-376 part 2), ODF by its `mimetype` (ODF 1.2 part 3). */
export function zipKind(bytes: Buffer): PartKind {
  const members = membersOf(bytes);
  const names = new Set(members.map(({ name }) => name.toLowerCase().replaceAll('\\', '/')));
  const types = members.find(({ name }) => name.toLowerCase() === '[content_types].xml');
  if (types !== undefined) return ooxmlKind(names, plainOf(bytes, types).toString('utf8'));
  const mimetype = members.find(({ name }) => name === 'mimetype');
  const said = mimetype === undefined ? '' : plainOf(bytes, mimetype).toString('latin1', 0, 60);
  if (/^application\/(?:vnd\.oasis\.opendocument|vnd\.sun\.xml)\./.test(said)) return 'odf';
  return names.has('content.xml') && names.has('meta-inf/manifest.xml') ? 'odf' : 'zip';
}

function ooxmlKind(names: ReadonlySet<string>, types: string): PartKind {
  if (/(?:wordprocessingml|ms-word)\.(?:document|template)[.A-Za-z]*main\+xml/i.test(types)) return 'docx';
  if (/(?:spreadsheetml\.|ms-excel\.)(?:sheet|template|addin)[.A-Za-z]*main(?:\+xml)?"/i.test(types)) return 'xlsx';
  if (/(?:presentationml\.|ms-powerpoint\.)(?:presentation|slideshow|template|addin)[.A-Za-z]*main\+xml/i.test(types)) return 'pptx';
  for (const [folder, kind] of [
    ['word/', 'docx'],
    ['xl/', 'xlsx'],
    ['ppt/', 'pptx'],
  ] as const) {
    for (const name of names) if (name.startsWith(folder)) return kind;
  }
  return 'zip';
}

interface Member {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  /** Of its local header. */
  readonly at: number;
}

function membersOf(bytes: Buffer): Member[] {
  const end = findDirectoryEnd(bytes);
  const listed: Member[] = [];
  let at = end?.directoryAt ?? bytes.length;
  while (end !== null && listed.length < MOST_NAMES && at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50) {
    const nameLength = bytes.readUInt16LE(at + 28);
    listed.push({
      name: bytes.toString('latin1', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      compressedBytes: bytes.readUInt32LE(at + 20),
      at: bytes.readUInt32LE(at + 42) + end.shift,
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return listed.length > 0 ? listed : localMembersOf(bytes);
}

/** Where the directory is missing or cut: by the headers before each member. */
function localMembersOf(bytes: Buffer): Member[] {
  const found: Member[] = [];
  for (let at = bytes.indexOf('PK\x03\x04', 0, 'latin1'); at >= 0 && at + 30 <= bytes.length && found.length < MOST_NAMES;) {
    const nameLength = bytes.readUInt16LE(at + 26);
    const compressedBytes = bytes.readUInt32LE(at + 18);
    const name = bytes.toString('latin1', at + 30, at + 30 + nameLength);
    found.push({ name, method: bytes.readUInt16LE(at + 8), compressedBytes, at });
    at = bytes.indexOf('PK\x03\x04', at + 30 + nameLength, 'latin1');
  }
  return found;
}

function dataOf(bytes: Buffer, { at, compressedBytes }: Member): Buffer {
  if (at < 0 || at + 30 > bytes.length) return Buffer.alloc(0);
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  return bytes.subarray(start, compressedBytes === 0 ? bytes.length : start + compressedBytes);
}

/** Empty where it is broken, locked or too large to say so little. */
function plainOf(bytes: Buffer, member: Member): Buffer {
  const data = dataOf(bytes, member);
  if (member.method === 0) return data.subarray(0, LARGEST_CONTENT_TYPES);
  try {
    return inflateRawSync(data, { maxOutputLength: LARGEST_CONTENT_TYPES });
  } catch {
    return Buffer.alloc(0);
  }
}

/** What an OLE2 compound file is, by the names at its root (MS-CFB 2.6, MS-OXMSG 2, MS-DOC, MS-XLS, MS-PPT, MS-OFFCRYPTO 1.3). */
const ROOT_NAMES: readonly (readonly [name: RegExp, kind: PartKind])[] = [
  [/^(?:EncryptedPackage|EncryptionInfo)$/, 'office-encrypted'],
  [/^__(?:properties_version1\.0|nameid_version1\.0|substg1\.0_[0-9A-F]{8}|recip_version1\.0_#[0-9A-F]{8})$/i, 'outlook-message'],
  [/^WordDocument$/i, 'doc'],
  [/^(?:Workbook|Book)$/i, 'xls'],
  [/^(?:PowerPoint Document|PP97_DUALSTORAGE)$/i, 'ppt'],
];

export function isCompoundFile(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.readUInt32BE(0) === 0xd0cf11e0 && bytes.readUInt32BE(4) === 0xa1b11ae1;
}

export function compoundFileKinds(bytes: Buffer, names: readonly string[]): PartKind[] {
  const kinds = ROOT_NAMES.filter(([pattern]) => names.some((name) => pattern.test(name))).map(([, kind]) => kind);
  return kinds.length > 0 ? kinds : ['ole-object'];
}

/** POSIX.1 ustar, or the older form, which only its checksum tells. */
export function isTar(bytes: Buffer): boolean {
  const header = bytes[0] === 0 ? null : tarHeaderAt(bytes, 0);
  return header !== null && (header.checksum === 'right' || bytes.toString('latin1', 257, 262) === 'ustar');
}
