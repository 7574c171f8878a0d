// Writes what Outlook writes, for tests: winmail.dat (MS-OXTNEF), .msg (MS-OXMSG) and compressed RTF (MS-OXRTFCP).
import { crc32 } from 'node:zlib';
import { type WrittenStorage, writeCompound } from './compound-writer.ts';

export interface MapiName {
  readonly set: string;
  readonly id: number | string;
}

export interface MapiValue {
  readonly id: number;
  readonly type: number;
  readonly value: string | number | Buffer | readonly string[];
  readonly name?: MapiName;
}

export const IID_MESSAGE = '00020307-0000-0000-c000-000000000046';
export const IID_STORAGE = '0000000b-0000-0000-c000-000000000046';
const [STRING8, UNICODE, BINARY, OBJECT, LONG, BOOLEAN, TIME] = [0x1e, 0x1f, 0x102, 0x0d, 0x03, 0x0b, 0x40];
const MANY = 0x1000;

const u16 = (value: number): Buffer => Buffer.from([value & 255, (value >> 8) & 255]);
export const u32 = (value: number): Buffer => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)]);
const padded = (bytes: Buffer, to = 4): Buffer => Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);

export const text = (id: number, value: string, name?: MapiName): MapiValue => withName({ id, type: UNICODE, value }, name);
export const text8 = (id: number, value: string | Buffer): MapiValue => ({ id, type: STRING8, value });
export const texts = (id: number, value: readonly string[], name?: MapiName): MapiValue =>
  withName({ id, type: UNICODE | MANY, value }, name);
export const binary = (id: number, value: Buffer, name?: MapiName): MapiValue => withName({ id, type: BINARY, value }, name);
export const object = (id: number, value: Buffer): MapiValue => ({ id, type: OBJECT, value });
export const number = (id: number, value: number): MapiValue => ({ id, type: LONG, value });
export const flag = (id: number, value: number): MapiValue => ({ id, type: BOOLEAN, value });
/** @param value RFC 3339 */
export const time = (id: number, value: string, name?: MapiName): MapiValue => withName({ id, type: TIME, value }, name);

function withName(value: MapiValue, name: MapiName | undefined): MapiValue {
  return name === undefined ? value : { ...value, name };
}

export function guid(written: string): Buffer {
  const [a = '', b = '', c = '', ...rest] = written.split('-');
  const swapped = [a, b, c].map((hex) => Buffer.from(hex, 'hex').reverse());
  return Buffer.concat([...swapped, Buffer.from(rest.join(''), 'hex')]);
}

function fileTime(written: string): Buffer {
  const ticks = (BigInt(Date.parse(written)) + 11_644_473_600_000n) * 10_000n;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ticks);
  return bytes;
}

function octets({ type, value }: MapiValue): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'number') return (type & ~MANY) === BOOLEAN ? u16(value) : u32(value);
  if (type === TIME) return fileTime(`${value as string}`);
  return Buffer.from(`${value as string}\0`, type === STRING8 ? 'latin1' : 'utf16le');
}

// --- TNEF

/** One attribute; `sum` where the checksum is to be wrong. */
export function attribute(level: number, id: number, data: Buffer, sum?: number): Buffer {
  const right = data.reduce((total, octet) => (total + octet) & 0xffff, 0);
  return Buffer.concat([Buffer.from([level]), u32(id), u32(data.length), data, u16(sum ?? right)]);
}

export function tnef(attributes: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(0x223e9f78), u16(1), attribute(1, 0x89006, u32(0x10000)), ...attributes]);
}

export function mapiList(values: readonly MapiValue[]): Buffer {
  return Buffer.concat([u32(values.length), ...values.map(tnefValue)]);
}

function tnefValue(one: MapiValue): Buffer {
  const head = [u16(one.type), u16(one.id)];
  if (one.name !== undefined) {
    head.push(guid(one.name.set));
    if (typeof one.name.id === 'number') head.push(u32(0), u32(one.name.id));
    else {
      const name = Buffer.from(`${one.name.id}\0`, 'utf16le');
      head.push(u32(1), u32(name.length), padded(name));
    }
  }
  const sized = (bytes: Buffer): Buffer => Buffer.concat([u32(bytes.length), padded(bytes)]);
  if ((one.type & MANY) !== 0) {
    const values = one.value as readonly string[];
    const each = values.map((value) => sized(octets({ ...one, type: one.type & ~MANY, value })));
    return Buffer.concat([...head, u32(values.length), ...each]);
  }
  const bytes = octets(one);
  const variable = [STRING8, UNICODE, BINARY, OBJECT].includes(one.type);
  return Buffer.concat([...head, ...(variable ? [u32(1), sized(bytes)] : [padded(bytes)])]);
}

// --- .msg

export interface MsgParts {
  readonly properties: readonly MapiValue[];
  readonly recipients?: readonly (readonly MapiValue[])[];
  readonly attachments?: readonly {
    readonly properties: readonly MapiValue[];
    readonly message?: MsgParts;
    readonly storage?: WrittenStorage;
  }[];
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

export function msgStorage(parts: MsgParts): WrittenStorage {
  const names: MapiName[] = [];
  const whole = item(parts, 32, names);
  return { ...whole, '__nameid_version1.0': nameStorage(names) };
}

export function msg(parts: MsgParts, sectorBytes: 512 | 4096 = 512): Buffer {
  return writeCompound(msgStorage(parts), sectorBytes).bytes;
}

function item({ properties, recipients = [], attachments = [] }: MsgParts, headerBytes: number, names: MapiName[]): WrittenStorage {
  const storage: Record<string, Buffer | WrittenStorage> = { ...propertyStreams(properties, headerBytes, names) };
  recipients.forEach((one, i) => (storage[`__recip_version1.0_#${hex(i, 8)}`] = propertyStreams(one, 8, names)));
  attachments.forEach((one, i) => {
    const inside: Record<string, Buffer | WrittenStorage> = { ...propertyStreams(one.properties, 8, names) };
    if (one.message !== undefined) inside['__substg1.0_3701000D'] = item(one.message, 24, names);
    if (one.storage !== undefined) inside['__substg1.0_3701000D'] = one.storage;
    storage[`__attach_version1.0_#${hex(i, 8)}`] = inside;
  });
  return storage;
}

function propertyStreams(values: readonly MapiValue[], headerBytes: number, names: MapiName[]): WrittenStorage {
  const storage: Record<string, Buffer> = {};
  const entries: Buffer[] = [];
  for (const one of values) {
    let { id } = one;
    if (one.name !== undefined) {
      names.push(one.name);
      id = 0x8000 + names.length - 1;
    }
    const tag = `__substg1.0_${hex(id, 4)}${hex(one.type, 4)}`;
    const many = (one.type & MANY) !== 0 ? (one.value as readonly string[]) : null;
    const fixed = typeof one.value === 'number' || one.type === TIME;
    if (many !== null) {
      storage[tag] = Buffer.alloc(many.length * 4);
      many.forEach((value, i) => (storage[`${tag}-${hex(i, 8)}`] = Buffer.from(value, 'utf16le')));
    } else if (!fixed)
      storage[tag] = Buffer.isBuffer(one.value)
        ? one.value
        : Buffer.from(`${one.value as string}`, one.type === STRING8 ? 'latin1' : 'utf16le');
    const size = many === null && !fixed ? (storage[tag]?.length ?? 0) + (one.type === UNICODE ? 2 : one.type === STRING8 ? 1 : 0) : 0;
    const value = fixed ? Buffer.concat([octets(one), Buffer.alloc(8)]).subarray(0, 8) : Buffer.concat([u32(size), u32(0)]);
    entries.push(Buffer.concat([u16(one.type), u16(id), u32(6), value]));
  }
  storage['__properties_version1.0'] = Buffer.concat([Buffer.alloc(headerBytes), ...entries]);
  return storage;
}

function nameStorage(names: readonly MapiName[]): WrittenStorage {
  const sets = [...new Set(names.map(({ set }) => set))];
  const strings: Buffer[] = [];
  let length = 0;
  const entries = names.map(({ set, id }, i) => {
    const index = (sets.indexOf(set) + 3) << 1;
    if (typeof id === 'number') return Buffer.concat([u32(id), u16(index), u16(i)]);
    const bytes = Buffer.from(id, 'utf16le');
    const piece = padded(Buffer.concat([u32(bytes.length), bytes]));
    strings.push(piece);
    length += piece.length;
    return Buffer.concat([u32(length - piece.length), u16(index | 1), u16(i)]);
  });
  return {
    '__substg1.0_00020102': Buffer.concat(sets.map(guid)),
    '__substg1.0_00030102': Buffer.concat(entries),
    '__substg1.0_00040102': Buffer.concat(strings),
  };
}

// --- compressed RTF

const FIRST_WINDOW =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';

/** Greedy: the longest match in the window, else the octet. */
export function compressRtf(rtf: string): Buffer {
  let seen = Buffer.from(FIRST_WINDOW, 'latin1');
  const input = Buffer.from(rtf, 'latin1');
  const tokens: Buffer[] = [];
  const flags: boolean[] = [];
  for (let at = 0; at < input.length;) {
    let [length, from] = [0, -1];
    for (let size = Math.min(17, input.length - at); size >= 2 && from < 0; size--) {
      from = seen.lastIndexOf(input.subarray(at, at + size));
      length = size;
    }
    const far = from >= 0 && seen.length - from > 4_000;
    if (from < 0 || far) {
      tokens.push(input.subarray(at, at + 1));
      flags.push(false);
      length = 1;
    } else {
      const reference = ((from % 4096) << 4) | (length - 2);
      tokens.push(Buffer.from([reference >> 8, reference & 255]));
      flags.push(true);
    }
    seen = Buffer.concat([seen, input.subarray(at, at + length)]);
    at += length;
  }
  const end = (seen.length % 4096) << 4;
  tokens.push(Buffer.from([end >> 8, end & 255]));
  flags.push(true);
  const body: Buffer[] = [];
  for (let i = 0; i < tokens.length; i += 8) {
    const group = flags.slice(i, i + 8).reduce((bits, one, bit) => bits | (one ? 1 << bit : 0), 0);
    body.push(Buffer.from([group]), ...tokens.slice(i, i + 8));
  }
  return rtfHead(Buffer.concat(body), input.length, 'LZFu');
}

export function storedRtf(rtf: string): Buffer {
  return rtfHead(Buffer.from(rtf, 'latin1'), rtf.length, 'MELA');
}

function rtfHead(body: Buffer, rawBytes: number, kind: 'LZFu' | 'MELA'): Buffer {
  const sum = kind === 'MELA' ? 0 : (crc32(body, 0xffffffff) ^ 0xffffffff) >>> 0;
  return Buffer.concat([u32(body.length + 12), u32(rawBytes), Buffer.from(kind, 'latin1'), u32(sum), body]);
}
