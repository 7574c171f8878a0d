// The MAPI properties of a TNEF attribute (MS-OXTNEF 2.1.3.4): read on through what is cut or lies about its length.
import { codePageText } from './code-page.ts';
import type { Output } from './extractor.ts';
import { u16, u32, utf16 } from './little-endian.ts';
import { fixedValue, guidAt, type MapiName, type MapiProperty, wideText } from './mapi.ts';
import { MAPI_TYPE } from './mapi-names.ts';

const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [MAPI_TYPE.short, 2],
  [MAPI_TYPE.long, 4],
  [MAPI_TYPE.float, 4],
  [MAPI_TYPE.double, 8],
  [MAPI_TYPE.currency, 8],
  [MAPI_TYPE.applicationTime, 8],
  [MAPI_TYPE.error, 4],
  [MAPI_TYPE.boolean, 2],
  [MAPI_TYPE.longLong, 8],
  [MAPI_TYPE.time, 8],
  [MAPI_TYPE.classId, 16],
]);
const VARIABLE: ReadonlySet<number> = new Set([MAPI_TYPE.string8, MAPI_TYPE.unicode, MAPI_TYPE.object, MAPI_TYPE.binary]);
const MANY = 0x1000;

/** One list of properties. */
export function readProperties(bytes: Buffer, codePage: number, output: Output): readonly MapiProperty[] {
  return new PropertyReader(bytes, codePage, output).list();
}

/** A table: a list of properties for each row. */
export function readRows(bytes: Buffer, codePage: number, output: Output): readonly (readonly MapiProperty[])[] {
  const reader = new PropertyReader(bytes, codePage, output);
  const rows: (readonly MapiProperty[])[] = [];
  for (let left = reader.count(); left > 0 && !reader.ended; left--) rows.push(reader.list());
  return rows;
}

class PropertyReader {
  readonly #bytes: Buffer;
  readonly #codePage: number;
  readonly #output: Output;
  #at = 0;

  constructor(bytes: Buffer, codePage: number, output: Output) {
    this.#bytes = bytes;
    this.#codePage = codePage;
    this.#output = output;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  count(): number {
    const count = u32(this.#bytes, this.#at);
    this.#at += 4;
    return count;
  }

  list(): readonly MapiProperty[] {
    const found: MapiProperty[] = [];
    for (let left = this.count(); left > 0; left--) {
      if (this.ended) return this.#broken(found);
      const [typed, id] = [u16(this.#bytes, this.#at), u16(this.#bytes, this.#at + 2)];
      this.#at += 4;
      const name = id >= 0x8000 ? this.#name() : null;
      const type = typed & ~MANY;
      const size = FIXED_BYTES.get(type);
      const counted = (typed & MANY) !== 0 || VARIABLE.has(type);
      if (size === undefined && !VARIABLE.has(type)) {
        // PtypNull and PtypUnspecified have no value; the size of any other is not known.
        if (type > 1) return this.#broken(found);
        continue;
      }
      for (let values = counted ? this.count() : 1; values > 0; values--) {
        if (this.ended) return this.#broken(found);
        const value = size === undefined ? this.#variable(type) : this.#fixed(type, size);
        if (value !== null) found.push({ id, type, name, value });
      }
    }
    return found;
  }

  #broken(found: readonly MapiProperty[]): readonly MapiProperty[] {
    this.#output.defect('container-malformed');
    this.#output.blind('broken');
    return found;
  }

  #name(): MapiName {
    const set = guidAt(this.#bytes, this.#at);
    const kind = u32(this.#bytes, this.#at + 16);
    const number = u32(this.#bytes, this.#at + 20);
    this.#at += 24;
    if (kind === 0) return { set, id: number };
    const id = utf16(this.#bytes, this.#at, number);
    this.#at += padded(number);
    return { set, id };
  }

  #fixed(type: number, size: number): string | number | null {
    const value = fixedValue(type, this.#bytes, this.#at);
    this.#at += padded(size);
    return value;
  }

  #variable(type: number): string | Buffer {
    const size = this.count();
    const bytes = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += padded(size);
    if (bytes.length < size) this.#broken([]);
    if (type === MAPI_TYPE.unicode) return wideText(bytes);
    return type === MAPI_TYPE.string8 ? codePageText(bytes, this.#codePage, this.#output) : bytes;
  }
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}
