// ZIP files made octet by octet, so that they can lie: each member's local header and directory entry may differ.
import { crc32, deflateRawSync } from 'node:zlib';

export interface MadeMember {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** 0 stored, 8 deflated (the usual). */
  readonly method?: number;
  readonly flags?: number;
  readonly comment?: string;
  readonly extra?: Uint8Array;
  /** What the local header says instead. */
  readonly local?: { readonly name?: string; readonly method?: number; readonly flags?: number; readonly sizeBytes?: number };
  /** 'local': not in the directory; 'same': an entry that points at the first member. */
  readonly where?: 'both' | 'local' | 'same';
  /** Octets behind its data. */
  readonly behind?: string | Uint8Array;
}

export interface MadeZip {
  readonly comment?: string | Uint8Array;
  readonly before?: string | Uint8Array;
  readonly after?: string | Uint8Array;
  readonly directory?: 'there' | 'missing';
}

export function zipOf(
  members: readonly MadeMember[],
  { comment = '', before = '', after = '', directory = 'there' }: MadeZip = {},
): Buffer {
  const pieces: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const { local, data } = packed(member);
    if (member.where !== 'local') entries.push(entryOf(member, member.where === 'same' ? 0 : at, data.length));
    if (member.where === 'same') continue;
    const behind = Buffer.from(member.behind ?? '');
    pieces.push(local, data, behind);
    at += local.length + data.length + behind.length;
  }
  const listed = directory === 'there' ? [Buffer.concat(entries), endOf(entries, at, comment)] : [];
  return Buffer.concat([Buffer.from(before), ...pieces, ...listed, Buffer.from(after)]);
}

function packed(member: MadeMember): { readonly local: Buffer; readonly data: Buffer } {
  const plain = Buffer.from(member.data);
  const data = member.method === undefined || member.method === 8 ? deflateRawSync(plain) : plain;
  const name = Buffer.from(member.local?.name ?? member.name);
  const about = describe({ ...member, ...member.local }, plain, member.local?.sizeBytes ?? data.length, name.length);
  return { local: Buffer.concat([Buffer.from('PK\x03\x04'), about, name, Buffer.from(member.extra ?? '')]), data };
}

function entryOf(member: MadeMember, at: number, packedBytes: number): Buffer {
  const name = Buffer.from(member.name);
  const rest = Buffer.alloc(14);
  rest.writeUInt16LE(Buffer.byteLength(member.comment ?? ''), 0);
  rest.writeUInt32LE(at, 10);
  const about = describe(member, Buffer.from(member.data), packedBytes, name.length);
  return Buffer.concat([
    Buffer.from('PK\x01\x02\x14\0'),
    about,
    rest,
    name,
    Buffer.from(member.extra ?? ''),
    Buffer.from(member.comment ?? ''),
  ]);
}

function describe({ flags = 0, method = 8, extra }: MadeMember, plain: Buffer, packedBytes: number, nameBytes: number): Buffer {
  const about = Buffer.alloc(26);
  about.writeUInt16LE(20, 0);
  about.writeUInt16LE(flags, 2);
  about.writeUInt16LE(method, 4);
  about.writeUInt32LE(crc32(plain), 10);
  about.writeUInt32LE(packedBytes, 14);
  about.writeUInt32LE(plain.length, 18);
  about.writeUInt16LE(nameBytes, 22);
  about.writeUInt16LE(extra?.length ?? 0, 24);
  return about;
}

function endOf(entries: readonly Buffer[], at: number, comment: string | Uint8Array): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length % 65_536, 8);
  end.writeUInt16LE(entries.length % 65_536, 10);
  end.writeUInt32LE(
    entries.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.from(comment).length, 20);
  return Buffer.concat([end, Buffer.from(comment)]);
}
