// The head of a Word document (FIB, MS-DOC 2.5): its version, where its tables lie, how many characters each story has.
import { u16, u32 } from './little-endian.ts';
import type { PageList } from './word-properties.ts';

/** nFib of Word 97 (MS-DOC 2.5.1); what is older has another head. */
export const WORD_97 = 0xc1;

export interface TablePart {
  readonly at: number;
  readonly sizeBytes: number;
}

export interface Fib {
  readonly version: number;
  readonly encrypted: 'yes' | 'no';
  readonly table: '0Table' | '1Table';
  /** Characters of each story, in their order. */
  readonly counts: readonly number[];
  /** Where the text lies when there is no piece table. */
  readonly text: TablePart;
  /** Clx: the piece table. */
  readonly clx: TablePart;
  readonly characters: PageList | null;
  readonly paragraphs: PageList | null;
  readonly codePage: number;
  /** Octets of a character where the piece does not say. */
  readonly charBytes: 1 | 2;
  /** A structure by its number in FibRgFcLcb97; empty in old versions. */
  structure(index: number): TablePart;
}

const COMPLEX = 0x0004;
const ENCRYPTED = 0x0100;
const TABLE_1 = 0x0200;
/** Text in UTF-16 before Word 97, in what was made for East Asia. */
const WIDE = 0x1000;
/** chs of a Macintosh. */
const MACINTOSH = 0x0100;
const STRUCTURES_97 = 0x9a;

export function readFib(word: Buffer): Fib {
  const version = u16(word, 2);
  const flags = u16(word, 10);
  const part = (at: number): TablePart => ({ at: u32(word, at), sizeBytes: u32(word, at + 4) });
  const about = {
    version,
    encrypted: (flags & ENCRYPTED) === 0 ? 'no' : 'yes',
    table: (flags & TABLE_1) === 0 ? '0Table' : '1Table',
    codePage: u16(word, 0x14) === MACINTOSH ? 10_000 : codePageOf(u16(word, 6)),
    charBytes: (flags & WIDE) !== 0 && version < WORD_97 ? 2 : 1,
    text: { at: u32(word, 24), sizeBytes: Math.max(0, u32(word, 28) - u32(word, 24)) },
  } as const;
  const counts = (from: number): number[] => Array.from({ length: 8 }, (_, i) => u32(word, from + i * 4));
  if (version >= WORD_97) {
    const structure = (index: number): TablePart => part(STRUCTURES_97 + index * 8);
    return {
      ...about,
      counts: counts(0x4c),
      clx: structure(33),
      characters: { of: 'characters', ...structure(12) },
      paragraphs: { of: 'paragraphs', ...structure(13) },
      structure,
    };
  }
  // Word 6 and 95: formatting codes of another kind, so hidden text is not told apart.
  const clx = (flags & COMPLEX) === 0 ? { at: 0, sizeBytes: 0 } : part(0x160);
  return { ...about, counts: counts(0x34), clx, characters: null, paragraphs: null, structure: () => ({ at: 0, sizeBytes: 0 }) };
}

/** ANSI code page of a language (MS-LCID): Word 6 and 95 keep octets. */
function codePageOf(language: number): number {
  const primary = language & 0x3ff;
  if (language === 0x0404 || language === 0x0c04) return 950;
  const pages: Readonly<Record<number, number>> = {
    0x04: 936,
    0x11: 932,
    0x12: 949,
    0x08: 1253,
    0x1f: 1254,
    0x0d: 1255,
    0x01: 1256,
    0x1e: 874,
  };
  if (pages[primary] !== undefined) return pages[primary];
  if ([0x19, 0x22, 0x23, 0x02, 0x2f].includes(primary)) return 1251;
  if ([0x05, 0x0e, 0x15, 0x18, 0x1b, 0x24, 0x1c].includes(primary)) return 1250;
  return 1252;
}
