// The members of a ZIP file as a reader of office documents needs them: from its directory, or where that is lost, from their own heads.
import { findDirectoryEnd } from './zip-directory-end.ts';
import { directoryEntryAt, isEncrypted, localHeaderAt, type ZipMember } from './zip-records.ts';

export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** Its octets, as they are packed. */
  readonly packed: Buffer;
}

/** The members in the order of the central directory, or of the file where there is none or it leads nowhere. */
export function zipEntries(bytes: Buffer): readonly ZipEntry[] {
  const listed = fromDirectory(bytes);
  return listed.length > 0 ? listed : fromHeads(bytes);
}

function fromDirectory(bytes: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  const end = findDirectoryEnd(bytes);
  if (end === null) return entries;
  let member = directoryEntryAt(bytes, end.directoryAt);
  while (member !== null) {
    const head = localHeaderAt(bytes, member.headerAt + end.shift);
    if (head !== null) entries.push(entryOf(member, bytes.subarray(head.end, head.end + member.compressedBytes)));
    member = directoryEntryAt(bytes, member.end);
  }
  return entries;
}

/** Each with the size it tells, or up to the next head. */
function fromHeads(bytes: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = bytes.indexOf('PK\x03\x04', 0, 'latin1');
  while (at >= 0) {
    const head = localHeaderAt(bytes, at);
    const told = head === null ? at + 4 : head.end + head.compressedBytes;
    const next = bytes.indexOf('PK\x03\x04', Math.min(told, bytes.length), 'latin1');
    if (head !== null) {
      const end = head.compressedBytes > 0 ? told : next < 0 ? bytes.length : next;
      entries.push(entryOf(head, bytes.subarray(head.end, end)));
    }
    at = next;
  }
  return entries;
}

function entryOf(member: ZipMember, packed: Buffer): ZipEntry {
  return { name: member.name, encrypted: isEncrypted(member), method: member.method, packed };
}
