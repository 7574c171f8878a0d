// Writes the records of old Excel and PowerPoint files and the head of old Word files, for tests of what no program at hand writes.
import { writeCompound, type WrittenStorage } from './compound-writer.ts';

export function u16(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value & 255, (value >> 8) & 255])));
}

export function u32(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => u16(value & 0xffff, (value >>> 16) & 0xffff)));
}

export function f64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

export const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

// --- Excel

export function biff(id: number, ...data: readonly Buffer[]): Buffer {
  const body = Buffer.concat(data);
  return Buffer.concat([u16(id, body.length), body]);
}

/** A text with a count of two octets, as Latin letters or UTF-16. */
export function xlText(text: string, form: 'narrow' | 'wide' = 'narrow'): Buffer {
  const body = form === 'wide' ? wide(text) : Buffer.from(text, 'latin1');
  return Buffer.concat([u16(text.length), Buffer.from([form === 'wide' ? 1 : 0]), body]);
}

/** The same with a count of one octet. */
export function xlShort(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length, 0]), Buffer.from(text, 'latin1')]);
}

const BOF = (type: number): Buffer => biff(0x809, u16(0x600, type, 0, 0), u32(0, 0));
const EOF = biff(0x0a);

export interface SheetRecords {
  readonly name: string;
  readonly hidden?: 'yes';
  readonly records: readonly Buffer[];
}

/** A workbook stream: globals, then each sheet where the globals say. */
export function workbook(globals: readonly Buffer[], sheets: readonly SheetRecords[]): Buffer {
  const substreams = sheets.map(({ records }) => Buffer.concat([BOF(0x10), ...records, EOF]));
  const head = (places: readonly number[]): Buffer =>
    Buffer.concat([
      BOF(0x05),
      ...sheets.map(({ name, hidden }, i) => biff(0x85, u32(places[i] ?? 0), Buffer.from([hidden === 'yes' ? 2 : 0, 0]), xlShort(name))),
      ...globals,
      EOF,
    ]);
  const { length } = head([]);
  const places: number[] = [];
  let at = length;
  for (const one of substreams) {
    places.push(at);
    at += one.length;
  }
  return Buffer.concat([head(places), ...substreams]);
}

export function xlsFile(stream: Buffer, more: WrittenStorage = {}): Buffer {
  return writeCompound({ Workbook: stream, ...more }).bytes;
}

// --- PowerPoint, and drawings

export function record(
  type: number,
  body: Buffer | readonly Buffer[],
  about: { readonly instance?: number; readonly container?: 'yes' } = {},
): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.concat(body);
  return Buffer.concat([u16(((about.instance ?? 0) << 4) | (about.container === 'yes' ? 15 : 0), type), u32(bytes.length), bytes]);
}

export function container(type: number, inside: readonly Buffer[], instance = 0): Buffer {
  return record(type, inside, { instance, container: 'yes' });
}

export function pptFile(stream: Buffer, more: WrittenStorage = {}): Buffer {
  return writeCompound({ 'PowerPoint Document': stream, 'Current User': currentUser(0xe391c05f), ...more }).bytes;
}

export function currentUser(token: number): Buffer {
  return record(0x0ff6, u32(0x14, token, 0, 0, 0));
}

/** A picture's record, with one digest. */
export function blip(type: number, instance: number, data: Buffer): Buffer {
  return record(type, Buffer.concat([Buffer.alloc(16, 9), Buffer.from([0xff]), data]), { instance });
}

/** The same for a metafile, its data deflated or not. */
export function metafileBlip(type: number, instance: number, data: Buffer, stored: 'deflated' | 'as it is'): Buffer {
  const head = Buffer.concat([u32(0, 0, 0, 0, 0, 0, 0, data.length), Buffer.from([stored === 'deflated' ? 0 : 0xfe, 0xfe])]);
  return record(type, Buffer.concat([Buffer.alloc(16, 9), head, data]), { instance });
}

/** A property table of a shape with texts. */
export function shapeTexts(texts: readonly (readonly [property: number, text: string])[]): Buffer {
  const heads = texts.map(([property, text]) => Buffer.concat([u16(property | 0x8000), u32(text.length * 2 + 2)]));
  return record(0xf00b, [...heads, ...texts.map(([, text]) => wide(`${text}\0`))], { instance: texts.length });
}

/** An enhanced metafile that writes a text (MS-EMF 2.3.5.8). */
export function metafile(text: string, more: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(88);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(88, 4);
  header.write(' EMF', 40, 'latin1');
  const words = wide(text);
  const body = Buffer.alloc(76);
  body.writeUInt32LE(0x54, 0);
  body.writeUInt32LE(76 + words.length, 4);
  body.writeUInt32LE(text.length, 44);
  body.writeUInt32LE(76, 48);
  return Buffer.concat([header, body, words, ...more, u32(14, 20, 0, 0, 20)]);
}

// --- Word

export interface WordPiece {
  readonly text: string;
  readonly form: 'narrow' | 'wide';
}

export interface WordParts {
  readonly pieces: readonly WordPiece[];
  /** Characters of each story; the first by default takes all. */
  readonly counts?: readonly number[];
  readonly flags?: number;
  readonly more?: WrittenStorage;
  /** Structures of the table stream by their number (MS-DOC 2.5.6). */
  readonly structures?: ReadonlyMap<number, Buffer>;
}

/** A Word 97 document of some pieces. */
export function docFile({ pieces, counts, flags = 0, more = {}, structures = new Map() }: WordParts): Buffer {
  const fib = Buffer.alloc(0x600);
  fib.writeUInt16LE(0xa5ec, 0);
  fib.writeUInt16LE(0xc1, 2);
  fib.writeUInt16LE(0x0200 | flags, 10);
  const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
  (counts ?? [length]).forEach((count, i) => fib.writeUInt32LE(count, 0x4c + i * 4));
  const texts: Buffer[] = [];
  const places: number[] = [];
  let at = fib.length;
  for (const { text, form } of pieces) {
    const bytes = form === 'wide' ? wide(text) : Buffer.from(text, 'latin1');
    texts.push(bytes);
    places.push(form === 'wide' ? at : (at * 2) | 0x40000000);
    at += bytes.length;
  }
  const ends: number[] = [0];
  for (const { text } of pieces) ends.push((ends.at(-1) ?? 0) + text.length);
  const list = Buffer.concat([u32(...ends), ...places.map((place) => Buffer.concat([u16(0), u32(place), u16(0)]))]);
  const table: Buffer[] = [];
  let tableAt = 0;
  const put = (index: number, bytes: Buffer): void => {
    fib.writeUInt32LE(tableAt, 0x9a + index * 8);
    fib.writeUInt32LE(bytes.length, 0x9e + index * 8);
    table.push(bytes);
    tableAt += bytes.length;
  };
  put(33, Buffer.concat([Buffer.from([2]), u32(list.length), list]));
  for (const [index, bytes] of structures) put(index, bytes);
  return writeCompound({ WordDocument: Buffer.concat([fib, ...texts]), '1Table': Buffer.concat(table), ...more }).bytes;
}
