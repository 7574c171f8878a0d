// Document properties of old Office files (MS-OLEPS): title, author, keywords, company, and those that the author made up.
import { codePageText } from './code-page.ts';
import type { Output } from './extractor.ts';
import { f64, fileTime, i32, u16, u32, utf16 } from './little-endian.ts';

/** FMTID_SummaryInformation, FMTID_DocSummaryInformation and FMTID_UserDefinedProperties (MS-OLEPS 3.1). */
const SUMMARY = 'e0859ff2f94f6810ab9108002b27b3d9';
const DOC_SUMMARY = '02d5cdd59c2e1b10939708002b2cf9ae';

/** PIDSI_ and PIDDSI_ names (MS-OLEPS 3.1.2, MS-OSHARED 2.3.3.2). */
const SUMMARY_NAMES: Readonly<Record<number, string>> = {
  2: 'title',
  3: 'subject',
  4: 'author',
  5: 'keywords',
  6: 'comments',
  7: 'template',
  8: 'last-author',
  12: 'created',
  13: 'last-saved',
  18: 'application',
};
const DOC_SUMMARY_NAMES: Readonly<Record<number, string>> = {
  2: 'category',
  3: 'presentation-format',
  13: 'document-parts',
  14: 'manager',
  15: 'company',
  26: 'content-type',
  27: 'content-status',
  28: 'language',
};
const MOST_PROPERTIES = 2_000;
const MOST_TEXT = 1_000_000;

/** Tells all texts of a property set stream, and the times and numbers that its author named. @throws LimitReached */
export function tellOleProperties(stream: Buffer, output: Pick<Output, 'text' | 'defect'>): void {
  if (u16(stream, 0) !== 0xfffe) return;
  const sets = Math.min(u32(stream, 24), 2);
  for (let i = 0; i < sets; i++) {
    const format = stream.toString('hex', 28 + i * 20, 44 + i * 20);
    const at = u32(stream, 44 + i * 20);
    const names = format === SUMMARY ? SUMMARY_NAMES : format === DOC_SUMMARY ? DOC_SUMMARY_NAMES : null;
    if (at >= 48 && at < stream.length) tellSet(stream.subarray(at), names, output);
  }
}

function tellSet(set: Buffer, known: Readonly<Record<number, string>> | null, output: Pick<Output, 'text' | 'defect'>): void {
  const count = Math.min(u32(set, 4), MOST_PROPERTIES);
  const offsets = new Map<number, number>();
  for (let i = 0; i < count; i++) offsets.set(u32(set, 8 + i * 8), u32(set, 12 + i * 8));
  const codePage = u16(set, (offsets.get(1) ?? set.length) + 4) || 1252;
  const values = new Values(set, codePage, output);
  const given = values.dictionary(offsets.get(0) ?? null);
  for (const [id, at] of offsets) {
    const said = given.get(id);
    const place = { area: 'property', field: known?.[id] ?? (known === null ? 'custom' : `${id}`) } as const;
    const texts = id < 2 ? [] : values.at(at, said === undefined ? 'texts' : 'all');
    if (said !== undefined) output.text(place, [said, ...texts].join(': '));
    else for (const text of texts) output.text(place, text);
  }
}

class Values {
  readonly #set: Buffer;
  readonly #codePage: number;
  readonly #output: Pick<Output, 'defect'>;
  /** Properties can point at one text many times over. */
  #left = MOST_TEXT;

  constructor(set: Buffer, codePage: number, output: Pick<Output, 'defect'>) {
    this.#set = set;
    this.#codePage = codePage;
    this.#output = output;
  }

  /** Names of properties by their number (MS-OLEPS 2.17). */
  dictionary(at: number | null): ReadonlyMap<number, string> {
    const names = new Map<number, string>();
    if (at === null) return names;
    const wide = this.#codePage === 1200;
    const count = Math.min(u32(this.#set, at), MOST_PROPERTIES);
    let next = at + 4;
    for (let i = 0; i < count && next < this.#set.length; i++) {
      const length = u32(this.#set, next + 4) * (wide ? 2 : 1);
      names.set(u32(this.#set, next), this.#text(next + 8, length, wide ? 'wide' : 'octets'));
      next += 8 + (wide ? (length + 3) & ~3 : length);
    }
    return names;
  }

  /** The texts of a typed value (MS-OLEPS 2.15); with 'all' its time or number too. */
  at(at: number, which: 'texts' | 'all'): readonly string[] {
    const type = u16(this.#set, at);
    if ((type & 0x1000) === 0) return this.#scalar(type, at + 4, which).texts;
    const texts: string[] = [];
    const count = Math.min(u32(this.#set, at + 4), MOST_PROPERTIES);
    let next = at + 8;
    for (let i = 0; i < count && next < this.#set.length; i++) {
      const variant = (type & 0xfff) === 0x0c;
      const one = this.#scalar(variant ? u16(this.#set, next) : type & 0xfff, next + (variant ? 4 : 0), which);
      texts.push(...one.texts);
      next += one.length + (variant ? 4 : 0);
    }
    return texts;
  }

  #scalar(type: number, at: number, which: 'texts' | 'all'): { readonly texts: readonly string[]; readonly length: number } {
    const set = this.#set;
    if (type === 0x1e || type === 0x1f) {
      const length = u32(set, at) * (type === 0x1f ? 2 : 1);
      const text = this.#text(at + 4, length, type === 0x1f || this.#codePage === 1200 ? 'wide' : 'octets');
      // Texts in a vector of LPSTR follow one another without padding in what programs write.
      return { texts: text === '' ? [] : [text], length: 4 + (type === 0x1f ? (length + 3) & ~3 : length) };
    }
    if (type === 0x40) return { texts: which === 'all' ? listOf(fileTime(set, at)) : [], length: 8 };
    if (which === 'texts') return { texts: [], length: 4 };
    if (type === 2 || type === 3) return { texts: [`${type === 2 ? (u16(set, at) << 16) >> 16 : i32(set, at)}`], length: 4 };
    if (type === 5) return { texts: [`${f64(set, at)}`], length: 8 };
    return { texts: [], length: 4 };
  }

  #text(from: number, length: number, form: 'wide' | 'octets'): string {
    const bytes = this.#set.subarray(from, from + Math.min(length, this.#left));
    this.#left -= bytes.length;
    return form === 'wide' ? utf16(bytes, 0, bytes.length) : codePageText(bytes, this.#codePage, this.#output);
  }
}

function listOf(text: string | null): readonly string[] {
  return text === null ? [] : [text];
}
