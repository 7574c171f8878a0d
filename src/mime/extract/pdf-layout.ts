// Segments of a page set in reading order: words and lines as a reader sees them, columns of prose apart, cells of a row side by side.
import type { Glyph, Segment } from './pdf-segments.ts';

/** A line of the result. `flows`: it stands alone on its height, so a word may go on in the line below. */
interface Line {
  readonly text: string;
  readonly flows: boolean;
}

/** Lines that a writer set one under the other. */
interface Block {
  readonly segments: Segment[];
  start: number;
  end: number;
}

interface Unit {
  readonly base: number;
  readonly start: number;
  readonly lines: readonly Line[];
}

const LETTER_RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const PROSE_LINES = 3;
const PROSE_LENGTH = 18;

/** Text of segments of one layer; lines end with LF, cells of a row are parted by a tab. */
export function layOut(segments: readonly Segment[]): string {
  const byAngle = new Map<number, Segment[]>();
  for (const segment of segments) {
    const same = byAngle.get(segment.angle);
    if (same === undefined) byAngle.set(segment.angle, [segment]);
    else same.push(segment);
  }
  // What lies as most of the page does comes first.
  const groups = [...byAngle.values()].toSorted((a, b) => b.length - a.length);
  return groups.map((group) => joined(unitsOf(group).flatMap(({ lines }) => lines))).join('\n');
}

function unitsOf(segments: readonly Segment[]): readonly Unit[] {
  const { prose, rest } = blocksOf(segments);
  const units: Unit[] = prose.map((block) => ({
    base: block.segments[0]?.base ?? 0,
    start: block.start,
    lines: block.segments.map((segment) => ({ text: textOfRow([segment]), flows: true })),
  }));
  for (const row of rowsOf(rest)) {
    units.push({ base: row[0]?.base ?? 0, start: row[0]?.start ?? 0, lines: [{ text: textOfRow(row), flows: row.length === 1 }] });
  }
  return units.toSorted((a, b) => b.base - a.base || a.start - b.start);
}

/**
 * Prose is told by the order of drawing: several lines of some length, each right under the one before. All other segments may be cells of
 * rows, drawn in whatever order.
 */
function blocksOf(segments: readonly Segment[]): { readonly prose: readonly Block[]; readonly rest: readonly Segment[] } {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const segment of segments) {
    if (open !== null && isUnder(open, segment)) {
      open.segments.push(segment);
      open.start = Math.min(open.start, segment.start);
      open.end = Math.max(open.end, segment.end);
    } else {
      open = { segments: [segment], start: segment.start, end: segment.end };
      blocks.push(open);
    }
  }
  const prose = blocks.filter(isProse);
  return { prose, rest: blocks.filter((block) => !isProse(block)).flatMap((block) => block.segments) };
}

function isUnder(block: Block, segment: Segment): boolean {
  const last = block.segments.at(-1);
  if (last === undefined) return false;
  const size = Math.max(last.size, segment.size);
  const step = last.base - segment.base;
  if (step < 0.5 * size || step > 2.2 * size || Math.min(last.size, segment.size) < 0.7 * size) return false;
  const shared = Math.min(block.end, segment.end) - Math.max(block.start, segment.start);
  return shared >= 0.5 * Math.min(block.end - block.start, segment.end - segment.start);
}

function isProse({ segments }: Block): boolean {
  if (segments.length < PROSE_LINES) return false;
  const lengths = segments.slice(0, -1).map(({ glyphs }) => glyphs.length);
  return lengths.reduce((sum, one) => sum + one, 0) / lengths.length >= PROSE_LENGTH;
}

/** Segments on one height, left to right, from the top. */
function rowsOf(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  const rows: Segment[][] = [];
  for (const segment of segments.toSorted((a, b) => b.base - a.base)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && first.base - segment.base < 0.45 * Math.min(first.size, segment.size))
      row.push(segment);
    else rows.push([segment]);
  }
  return rows.map((row) => row.toSorted((a, b) => a.start - b.start));
}

function textOfRow(row: readonly Segment[]): string {
  if (row.some(({ glyphs }) => glyphs.some(({ text }) => LETTER_RTL.test(text)))) return textRightToLeft(row);
  let text = '';
  let end: number | null = null;
  for (const segment of row) {
    if (end !== null) text += between(segment.start - end, segment.size);
    text += textOf(segment.glyphs, segment.size);
    end = Math.max(end ?? segment.end, segment.end);
  }
  return text;
}

function between(gap: number, size: number): string {
  if (gap > 1.2 * size) return '\t';
  return gap > 0.12 * size || gap < -size ? ' ' : '';
}

/** Gaps that all letters share are letter-spacing, wider ones part words. */
function textOf(glyphs: readonly Glyph[], size: number): string {
  const threshold = letterSpacing(glyphs, size) + 0.12 * size;
  let text = '';
  let last: Glyph | null = null;
  for (const glyph of glyphs) {
    const isSpace = glyph.text === ' ';
    if (isSpace ? !text.endsWith(' ') && text !== '' : last !== null && !text.endsWith(' ') && glyph.start - last.end > threshold)
      text += ' ';
    if (!isSpace) {
      text += glyph.text;
      last = glyph;
    }
  }
  return text.trimEnd();
}

function letterSpacing(glyphs: readonly Glyph[], size: number): number {
  const gaps: number[] = [];
  for (let i = 1; i < glyphs.length; i++) {
    const [one, next] = [glyphs[i - 1], glyphs[i]];
    if (one !== undefined && next !== undefined && one.text !== ' ' && next.text !== ' ') gaps.push(next.start - one.end);
  }
  if (gaps.length < 3) return 0;
  const median = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  return median > 0.06 * size ? median * 1.15 : 0;
}

/** Glyphs stand as seen, from the left; letters of Hebrew and Arabic are read from the right, numbers and Latin within them are not. */
function textRightToLeft(row: readonly Segment[]): string {
  const size = row[0]?.size ?? 0;
  const glyphs = row.flatMap((segment) => segment.glyphs).toSorted((a, b) => a.start - b.start);
  const seen = textOf(glyphs, size).normalize('NFKC');
  return seen
    .split(/([A-Za-z0-9\u00c0-\u024f]+(?:[^\u0590-\u08ff]*[A-Za-z0-9\u00c0-\u024f]+)*)/u)
    .map((piece, i) => (i % 2 === 0 ? [...piece].toReversed().join('') : piece))
    .toReversed()
    .join('');
}

/** A word parted at the end of a line is one word again. */
function joined(lines: readonly Line[]): string {
  const pieces: string[] = [];
  let before: Line | null = null;
  for (const line of lines) {
    if (line.text === '') continue;
    const last = pieces.length - 1;
    const text = pieces[last];
    const parted = before?.flows === true && line.flows && text !== undefined && isParted(text, line.text);
    if (parted) pieces[last] = text.slice(0, -1);
    pieces.push(`${text === undefined || parted ? '' : '\n'}${line.text}`);
    before = line;
  }
  return pieces.join('');
}

function isParted(line: string, next: string): boolean {
  return line.endsWith('\u00ad') || (/\p{Ll}[-\u2010]$/u.test(line.slice(-3)) && /^\p{Ll}/u.test(next));
}
