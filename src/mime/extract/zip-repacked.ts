// ZIP members packed by methods that only 7-Zip unpacks (Deflate64, bzip2, LZMA, XZ, PPMd and older ones): put into ZIP files of their own,
// a number of them at a time, and read from there.
import type { Inner, Output } from './extractor.ts';
import { extractBySevenZip } from './seven-zip.ts';
import type { ZipMember } from './zip-records.ts';

/** How a member is packed, as one of its two records tells it. */
export type Packing = Pick<ZipMember, 'flags' | 'method' | 'compressedBytes' | 'plainBytes' | 'checksum'>;

export interface PackedMember {
  readonly data: Buffer;
  readonly packing: Packing;
  readonly name: string | null;
  readonly role: Inner['role'];
}

const MOST_AT_ONCE = 1_000;

/** Reads them all; what could not be unpacked is told. */
export async function readRepacked(members: readonly PackedMember[], output: Output): Promise<void> {
  for (const group of groupsOf(members, output.unpacked(0))) {
    const found = await extractBySevenZip(zipOf(group), output.unpacked(0));
    let read = 0;
    for (const { name, bytes } of found.files()) {
      const member = group[Number(name)];
      if (member === undefined) continue;
      if (bytes.length === 0 && member.packing.plainBytes > 0) {
        output.text({ area: 'file-name' }, member.name ?? '');
        continue;
      }
      read++;
      output.unpacked(bytes.length);
      await output.inner({ bytes, declaredType: null, parameters: new Map(), name: member.name, role: member.role });
    }
    if (found.end === 'too-large') output.blind('too-large');
    else if (read < group.length && found.report.some((line) => /Unsupported/i.test(line))) output.blind('unknown');
    else if (read < group.length || found.end === 'faults') output.blind('broken');
  }
}

/** As many as fit, by what they say; one that says too much stands alone. */
function groupsOf(members: readonly PackedMember[], limit: number): PackedMember[][] {
  const groups: PackedMember[][] = [];
  let room = 0;
  for (const member of members) {
    const last = groups.at(-1);
    if (last === undefined || member.packing.plainBytes > room || last.length >= MOST_AT_ONCE) {
      groups.push([member]);
      room = limit - member.packing.plainBytes;
    } else {
      last.push(member);
      room -= member.packing.plainBytes;
    }
  }
  return groups;
}

/** APPNOTE 4.3.7, 4.3.12, 4.3.16; each is named by its number. */
function zipOf(members: readonly PackedMember[]): Buffer {
  const pieces: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [index, { data, packing }] of members.entries()) {
    const name = Buffer.from(`${index}`);
    const about = describe(packing, data.length, name.length);
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, name]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x3f\0', 'latin1'), about, rest, name]));
    pieces.push(header, data);
    at += header.length + data.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, directory, end]);
}

/** What local header and directory entry have in common. */
function describe({ flags, method, checksum, plainBytes }: Packing, packedBytes: number, nameBytes: number): Buffer {
  const about = Buffer.alloc(26);
  about.writeUInt16LE(63, 0);
  // Flags 1 and 2 are the method's own.
  about.writeUInt16LE(flags & 0x0006, 2);
  about.writeUInt16LE(method, 4);
  about.writeUInt32LE(checksum, 10);
  about.writeUInt32LE(packedBytes, 14);
  about.writeUInt32LE(Math.min(plainBytes, 0xffffffff), 18);
  about.writeUInt16LE(nameBytes, 22);
  return about;
}
