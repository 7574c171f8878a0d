// Word 6 to 2003 (MS-DOC): the text by its piece table, story by story; comments, properties, pictures and embedded objects.
import type { Area } from '../../mail/message.ts';
import { codePageText } from './code-page.ts';
import { type CompoundEntry, CompoundFile } from './compound-file.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { u16, utf16 } from './little-endian.ts';
import { MEMBER, tellObject, tellStreams } from './ole-object.ts';
import { readBlips, tellDrawing } from './office-art.ts';
import { type Fib, readFib, WORD_97 } from './word-fib.ts';
import { type Piece, readPieces } from './word-pieces.ts';
import { RangeCursor, rangesWith, SPRM } from './word-properties.ts';
import { StoryText } from './word-text.ts';

/** Stories in the order in which their characters follow one another (MS-DOC 2.4.1). */
const STORIES: readonly (readonly [count: number, area: Area])[] = [
  [0, 'text'],
  [1, 'note'], // footnotes
  [2, 'note'], // headers and footers
  [3, 'hidden'], // macros, of old
  [4, 'comment'],
  [5, 'note'], // endnotes
  [6, 'text'], // text boxes
  [7, 'note'], // text boxes in headers
];
const KNOWN = [/^(?:WordDocument|[01]Table|Data|ObjectPool)$/i];

export const docExtractor: Extractor = {
  kinds: ['doc'],
  async extract(source: Source, output: Output): Promise<void> {
    const file = new CompoundFile(source.bytes, output);
    const word = file.stream(file.root, 'WordDocument');
    if (word === null) throw new Error('no WordDocument');
    const fib = readFib(word);
    if (fib.encrypted === 'yes') output.blind('encrypted');
    else await tellDocument(file, word, fib, output);
    await tellStreams(file, file.root, KNOWN, MEMBER, output);
    if (!file.whole) {
      output.defect('container-malformed');
      output.blind('broken');
    }
  },
};

async function tellDocument(file: CompoundFile, word: Buffer, fib: Fib, output: Output): Promise<void> {
  const table = fib.version >= WORD_97 ? (file.stream(file.root, fib.table) ?? file.stream(file.root, otherTable(fib))) : word;
  if (table === null) {
    output.defect('container-malformed');
    output.blind('broken');
  }
  const tables = table ?? Buffer.alloc(0);
  const pieces = readPieces(word, tables, fib, output);
  tellStories(word, tables, fib, pieces, output);
  if (fib.version >= WORD_97) tellTexts(tables, fib, output);
  // Pictures lie in Data where they stand in the text, in WordDocument where they float over it.
  for (const stream of [file.stream(file.root, 'Data'), word]) if (stream !== null) await readBlips(stream, output);
  const pool = file.child(file.root, 'ObjectPool');
  for (const storage of pool === null ? [] : file.children(pool)) await tellPooled(file, storage, output);
}

function otherTable({ table }: Fib): string {
  return table === '1Table' ? '0Table' : '1Table';
}

async function tellPooled(file: CompoundFile, storage: CompoundEntry, output: Output): Promise<void> {
  if (storage.type === 'storage') await tellObject(file, storage, MEMBER, output);
}

/** Walks pieces and stories side by side: a piece may reach over the end of a story. */
function tellStories(word: Buffer, table: Buffer, fib: Fib, pieces: readonly Piece[], output: Output): void {
  const hidden = new RangeCursor(fib.characters === null ? [] : rangesWith(word, table, fib.characters, [SPRM.hidden, SPRM.deleted]));
  const rows = new RangeCursor(fib.paragraphs === null ? [] : rangesWith(word, table, fib.paragraphs, [SPRM.rowEnd, SPRM.innerRowEnd]));
  // Characters behind the last story are told as hidden: no reader shows them.
  const stories = [
    ...STORIES.map(([index, area]) => ({ area, count: fib.counts[index] ?? 0 })),
    { area: 'hidden' as const, count: Infinity },
  ];
  let fair = word.length * 2;
  let piece = 0;
  let taken = 0;
  for (const { area, count } of stories) {
    const story = new StoryText(area, output);
    for (let left = count; left > 0 && piece < pieces.length;) {
      const { at, length, charBytes, codePage } = pieces[piece] as Piece;
      const characters = Math.min(left, length - taken, PIECE_STEP);
      const from = at + taken * charBytes;
      // Pieces can lie over one another: what they add to the octets that are there is accounted for.
      fair -= characters;
      if (fair < 0) output.unpacked(characters * 2);
      tellRange(word, { from, to: from + characters * charBytes }, charBytes, codePage, { hidden, rows, story, output });
      left -= characters;
      taken += characters;
      if (taken >= length) [piece, taken] = [piece + 1, 0];
    }
    story.end();
  }
}

const PIECE_STEP = 65_536;

interface Telling {
  readonly hidden: RangeCursor;
  readonly rows: RangeCursor;
  readonly story: StoryText;
  readonly output: Output;
}

function tellRange(word: Buffer, range: { from: number; to: number }, charBytes: number, codePage: number, telling: Telling): void {
  const { hidden, rows, story, output } = telling;
  for (let from = range.from; from < range.to;) {
    const [next, row] = [hidden.next(from), rows.next(from)];
    const edges = [range.to, next?.from, next?.to, row?.from, row?.to].filter((edge): edge is number => edge !== undefined && edge > from);
    const to = Math.min(...edges);
    // A range may begin inside a character where the file is damaged.
    const end = Math.min(range.to, charBytes === 2 && (to - from) % 2 === 1 ? to + 1 : to);
    const bytes = word.subarray(from, end);
    const text = charBytes === 2 ? bytes.toString('utf16le') : decodeOctets(bytes, codePage, output);
    story.run(text, {
      shown: next !== null && next.from <= from ? 'hidden' : 'plain',
      cellMark: row !== null && row.from <= from ? 'row' : 'cell',
    });
    from = end;
  }
}

/** Zeros in the text are kept out of the decoder, which takes them for an end. */
function decodeOctets(bytes: Buffer, codePage: number, output: Output): string {
  if (!bytes.includes(0)) return codePageText(bytes, codePage, output);
  return codePageText(Buffer.from(bytes).map((octet) => (octet === 0 ? 1 : octet)) as Buffer, codePage, output);
}

/** Texts kept in tables: title and author, who commented, changed and saved, variables, entries of lists, words in drawings. */
function tellTexts(table: Buffer, fib: Fib, output: Output): void {
  const part = (index: number): Buffer => {
    const { at, sizeBytes } = fib.structure(index);
    return table.subarray(at, at + sizeBytes);
  };
  for (const [index, field] of [
    [32, 'associated'],
    [51, 'revision-authors'],
    [71, 'saved-by'],
    [60, 'variables'],
    [21, 'bookmarks'],
    [45, 'form-fields'],
  ] as const) {
    for (const text of stringTable(part(index))) output.text({ area: 'property', field }, text);
  }
  const authors = part(36);
  for (let at = 0; at + 2 <= authors.length; at += 2 + u16(authors, at) * 2) {
    output.text({ area: 'property', field: 'comment-author' }, utf16(authors, at + 2, u16(authors, at) * 2));
  }
  tellDrawing(part(50), output);
}

/** STTB (MS-DOC 2.2.4): texts with a count before each, as UTF-16 where it begins with FFFF. */
function stringTable(bytes: Buffer): readonly string[] {
  if (u16(bytes, 0) !== 0xffff || bytes.length < 6) return [];
  const texts: string[] = [];
  const extra = u16(bytes, 4);
  for (let at = 6; at + 2 <= bytes.length; at += 2 + u16(bytes, at) * 2 + extra) texts.push(utf16(bytes, at + 2, u16(bytes, at) * 2));
  return texts;
}
