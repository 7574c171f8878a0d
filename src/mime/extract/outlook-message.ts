// Outlook's .msg (MS-OXMSG): one item as a compound file. Properties, recipients, attachments; an embedded message is made a file of its
// own, as Outlook does when it saves one, and read as a part.
import { codePageText } from './code-page.ts';
import { type CompoundNode, nodesOf, writeCompoundFile } from './compound-copy.ts';
import { type CompoundEntry, CompoundFile } from './compound-file.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { u16, u32, utf16 } from './little-endian.ts';
import {
  fixedValue,
  guidAt,
  type MapiName,
  type MapiProperty,
  numberOf,
  tellAttachment,
  tellMessage,
  tellRecipient,
  wideText,
} from './mapi.ts';
import { MAPI_TYPE, PID } from './mapi-names.ts';
import { tellObject } from './ole-object.ts';

const PROPERTIES = '__properties_version1.0';
const NAMES = '__nameid_version1.0';
/** Property tag, and the number of a value where there are many (MS-OXMSG 2.1.4). */
const STREAM_NAME = /^__substg1\.0_([0-9a-f]{4})([0-9a-f]{4})(?:-[0-9a-f]{8})?$/i;
const HEADER_BYTES = { message: 32, embedded: 24, other: 8 } as const;
const MANY = 0x1000;

export const outlookMessageExtractor: Extractor = {
  kinds: ['outlook-message'],
  async extract(source: Source, output: Output): Promise<void> {
    const file = new CompoundFile(source.bytes, output);
    const item = new Item(file, output);
    await tellMessage(item.properties(file.root, 'message'), output);
    for (const storage of file.children(file.root)) {
      if (/^__recip_version1\.0_/i.test(storage.name)) tellRecipient(item.properties(storage, 'other'), output);
    }
    for (const storage of file.children(file.root)) {
      if (/^__attach_version1\.0_/i.test(storage.name)) await item.attachment(storage);
    }
    if (!file.whole) {
      output.defect('container-malformed');
      output.blind('broken');
    }
  },
};

class Item {
  readonly #file: CompoundFile;
  readonly #output: Output;
  readonly #names: ReadonlyMap<number, MapiName>;
  #codePage = 1252;

  constructor(file: CompoundFile, output: Output) {
    this.#file = file;
    this.#output = output;
    this.#names = readNames(file);
  }

  /** What a storage says: its stream of fixed values, then a stream for each other value. */
  properties(storage: CompoundEntry, of: keyof typeof HEADER_BYTES): readonly MapiProperty[] {
    const fixed = this.#fixed(this.#file.stream(storage, PROPERTIES) ?? Buffer.alloc(0), HEADER_BYTES[of]);
    if (of === 'message') this.#codePage = numberOf(fixed, PID.messageCodePage) ?? numberOf(fixed, PID.internetCodePage) ?? 1252;
    const found: MapiProperty[] = [...fixed];
    for (const entry of this.#file.children(storage)) {
      const match = STREAM_NAME.exec(entry.name);
      if (match === null || entry.type !== 'stream') continue;
      const [id, typed] = [Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)];
      // The stream of a property of many texts only has their lengths; each text has its own.
      const lengthsOnly = (typed & MANY) !== 0 && !entry.name.includes('-');
      if (lengthsOnly || entry.sizeBytes === 0) continue;
      const value = this.#value(typed & ~MANY, this.#file.read(entry));
      if (value !== null) found.push({ id, type: typed & ~MANY, name: this.#names.get(id) ?? null, value });
    }
    return found;
  }

  async attachment(storage: CompoundEntry): Promise<void> {
    const file = this.#file;
    const properties = this.properties(storage, 'other');
    const about = tellAttachment(properties, null, this.#output);
    const data = properties.find(({ id, value }) => id === PID.attachData && Buffer.isBuffer(value))?.value;
    if (Buffer.isBuffer(data)) {
      // A signed message keeps a whole entity, header and all, as its one attachment (MS-OXOSMIME 2.1.2).
      const declaredType = about.declaredType === 'multipart/signed' ? 'message/rfc822' : about.declaredType;
      await this.#output.inner({ ...about, declaredType, bytes: data, parameters: new Map() });
    }
    const object = file.children(storage).find(({ name, type }) => type === 'storage' && /^__substg1\.0_3701000d$/i.test(name));
    if (object === undefined) return;
    if (file.child(object, PROPERTIES) === null) {
      await tellObject(file, object, about, this.#output);
      return;
    }
    const nodes = withNames(nodesOf(file, object), file);
    const bytes = writeCompoundFile(nodes, this.#output);
    await this.#output.inner({ ...about, declaredType: 'application/vnd.ms-outlook', bytes, parameters: new Map() });
  }

  #fixed(stream: Buffer, headerBytes: number): MapiProperty[] {
    const found: MapiProperty[] = [];
    for (let at = headerBytes; at + 16 <= stream.length; at += 16) {
      const [type, id] = [u16(stream, at), u16(stream, at + 2)];
      const value = fixedValue(type, stream, at + 8);
      if (value !== null) found.push({ id, type, name: this.#names.get(id) ?? null, value });
    }
    return found;
  }

  #value(type: number, bytes: Buffer): string | Buffer | null {
    if (type === MAPI_TYPE.unicode) return wideText(bytes);
    if (type === MAPI_TYPE.string8) return codePageText(bytes, this.#codePage, this.#output);
    return type === MAPI_TYPE.binary || type === MAPI_TYPE.object ? bytes : null;
  }
}

/** An embedded message lies behind a shorter header, and its names stand at the top of the file only (MS-OXMSG 2.2.3, 2.4.1.1). */
function withNames(nodes: readonly CompoundNode[], file: CompoundFile): readonly CompoundNode[] {
  const own = nodes.map(({ name, content }) => {
    if (name.toLowerCase() !== PROPERTIES || !Buffer.isBuffer(content)) return { name, content };
    const header = Buffer.alloc(HEADER_BYTES.message - HEADER_BYTES.embedded);
    return { name, content: Buffer.concat([content.subarray(0, HEADER_BYTES.embedded), header, content.subarray(HEADER_BYTES.embedded)]) };
  });
  const names = file.child(file.root, NAMES);
  return names === null ? own : [...own, { name: NAMES, content: nodesOf(file, names) }];
}

/** Which names the numbers from 0x8000 on stand for (MS-OXMSG 2.2.3). */
function readNames(file: CompoundFile): ReadonlyMap<number, MapiName> {
  const found = new Map<number, MapiName>();
  const storage = file.child(file.root, NAMES);
  if (storage === null) return found;
  const [guids, entries, texts] = ['00020102', '00030102', '00040102'].map((tag) => file.stream(storage, `__substg1.0_${tag}`));
  for (let at = 0; entries !== undefined && entries !== null && at + 8 <= entries.length; at += 8) {
    const [number, kind, index] = [u32(entries, at), u16(entries, at + 4), u16(entries, at + 6)];
    const set = setOf(kind >> 1, guids ?? Buffer.alloc(0));
    const id = (kind & 1) === 0 ? number : utf16(texts ?? Buffer.alloc(0), number + 4, u32(texts ?? Buffer.alloc(0), number));
    found.set(0x8000 + index, { set, id });
  }
  return found;
}

function setOf(index: number, guids: Buffer): string {
  if (index === 1) return '00020328-0000-0000-c000-000000000046';
  if (index === 2) return '00020329-0000-0000-c000-000000000046';
  return guidAt(guids, (index - 3) * 16);
}
