// Which octets of a Word text have a property (MS-DOC 2.8.5, 2.8.6, 2.9.33, 2.9.174): hidden or deleted characters, ends of table rows.
// Read from the pages of formatting that the table stream lists.
import { u16, u32, u8 } from './little-endian.ts';

export interface OctetRange {
  readonly from: number;
  readonly to: number;
}

export const SPRM = { hidden: 0x083c, deleted: 0x0800, rowEnd: 0x2417, innerRowEnd: 0x244c } as const;

const PAGE_BYTES = 512;
/** Octets of an operand by the kind of its sprm (MS-DOC 2.2.5.1); 6 has its size before it. */
const OPERAND_BYTES = [1, 1, 2, 4, 2, 2, 0, 3] as const;

/** A list of formatting pages: characters or paragraphs, at `at` of the table stream. */
export interface PageList {
  readonly of: 'characters' | 'paragraphs';
  readonly at: number;
  readonly sizeBytes: number;
}

/** Ranges of the WordDocument stream, in order, that have one of the properties set. Linear: each page is read once. */
export function rangesWith(word: Buffer, table: Buffer, pages: PageList, sprms: readonly number[]): readonly OctetRange[] {
  const found: OctetRange[] = [];
  const count = Math.floor((Math.min(pages.sizeBytes, table.length - pages.at) - 4) / 8);
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) {
    const page = (u32(table, pages.at + (count + 1) * 4 + i * 4) & 0x3fffff) * PAGE_BYTES;
    if (seen.has(page) || page + PAGE_BYTES > word.length) continue;
    seen.add(page);
    readPage(word.subarray(page, page + PAGE_BYTES), pages.of, sprms, found);
  }
  return found.sort((a, b) => a.from - b.from);
}

function readPage(page: Buffer, of: PageList['of'], sprms: readonly number[], found: OctetRange[]): void {
  const runs = u8(page, PAGE_BYTES - 1);
  for (let i = 0; i < runs; i++) {
    const entry = (runs + 1) * 4 + i * (of === 'characters' ? 1 : 13);
    const at = u8(page, entry) * 2;
    if (at === 0) continue;
    const range = { from: u32(page, i * 4), to: u32(page, i * 4 + 4) };
    if (range.to > range.from && sprms.some((sprm) => isSet(propertiesAt(page, at, of), sprm))) found.push(range);
  }
}

function propertiesAt(page: Buffer, at: number, of: PageList['of']): Buffer {
  const size = u8(page, at);
  if (of === 'characters') return page.subarray(at + 1, at + 1 + size);
  // Without a size in the first octet the second has it; a style's number stands first.
  return size === 0 ? page.subarray(at + 4, at + 2 + u8(page, at + 1) * 2) : page.subarray(at + 3, at + size * 2);
}

function isSet(properties: Buffer, wanted: number): boolean {
  let set = false;
  for (let at = 0; at + 3 <= properties.length;) {
    const sprm = u16(properties, at);
    if (sprm === wanted) set = (u8(properties, at + 2) & 1) === 1;
    const kind = sprm >> 13;
    if (kind !== 6) at += 2 + (OPERAND_BYTES[kind] ?? 1);
    else at += sprm === 0xd608 ? 3 + u16(properties, at + 2) : 3 + u8(properties, at + 2);
  }
  return set;
}

/** Tells of places asked for in rising order whether they lie in one of the ranges; another order starts over. */
export class RangeCursor {
  readonly #ranges: readonly OctetRange[];
  #at = 0;

  constructor(ranges: readonly OctetRange[]) {
    this.#ranges = ranges;
  }

  /** The first range that ends behind a place: what lies before it has the property nowhere. */
  next(place: number): OctetRange | null {
    const before = this.#ranges[this.#at - 1];
    if (before !== undefined && before.to > place) this.#at = this.#find(place);
    for (let range = this.#ranges[this.#at]; range !== undefined; range = this.#ranges[this.#at]) {
      if (range.to > place) return range;
      this.#at++;
    }
    return null;
  }

  #find(place: number): number {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.to ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
