// Glyphs, as a page places them one by one, gathered into segments: what stands on one line without a wide gap, in the order of drawing.
import type { Matrix } from './pdf-matrix.ts';

/** What is drawn: for eyes, not for eyes, in numbers of glyphs whose characters are not known, or as part of an annotation. */
export type Layer = { readonly area: 'text' | 'hidden' | 'codes' } | { readonly area: 'annotation'; readonly id: string };

export interface Glyph {
  readonly text: string;
  /** Along the line, without the spacing behind it. */
  readonly start: number;
  readonly end: number;
}

export interface Segment {
  readonly layer: Layer;
  /** Direction of the line in steps of a right angle, or of 15 degrees where it is askew. */
  readonly angle: number;
  /** Of the font. */
  readonly size: number;
  /** Of the base line, upwards across the line's direction. */
  readonly base: number;
  readonly start: number;
  readonly end: number;
  readonly glyphs: readonly Glyph[];
}

/** How glyphs of one string are set: what they share. */
export interface Setting {
  readonly angle: number;
  readonly cos: number;
  readonly sin: number;
  /** Of the font, on the page. */
  readonly size: number;
  /** What an advance by the font's size is on the page. */
  readonly advance: number;
}

export interface Placed {
  readonly layer: Layer;
  readonly text: string;
  /** Of the glyph's origin, on the page. */
  readonly x: number;
  readonly y: number;
  /** Advance in sizes of the font. */
  readonly width: number;
}

/** Wider gaps than this, in sizes of the font, part cells and columns. */
const WIDE_GAP = 1.6;

interface Open {
  readonly layer: Layer;
  readonly angle: number;
  readonly size: number;
  readonly base: number;
  readonly glyphs: Glyph[];
  start: number;
  /** Behind the last glyph that shows. */
  inkEnd: number;
}

export class SegmentBuilder {
  readonly #segments: Segment[] = [];
  #open: Open | null = null;

  add(placed: Placed, { angle, cos, sin, size, advance }: Setting): void {
    const from = placed.x * cos + placed.y * sin;
    const to = from + placed.width * advance;
    const start = Math.min(from, to);
    const end = Math.max(from, to);
    const base = placed.y * cos - placed.x * sin;
    if (!Number.isFinite(start + end + base) || size === 0) return;
    const glyph = { text: placed.text, start, end };
    const open = this.#open;
    if (open !== null && open.layer === placed.layer && open.angle === angle && continues(open, size, start, base)) {
      if (!isOverprint(open, glyph, size)) append(open, glyph);
      return;
    }
    this.#close();
    if (placed.text.trim() === '') return;
    this.#open = { layer: placed.layer, angle, size, base, glyphs: [glyph], start, inkEnd: end };
  }

  finish(): readonly Segment[] {
    this.#close();
    return this.#segments;
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const { layer, angle, size, base, glyphs, start, inkEnd } = open;
    const segment = { layer, angle, size, base, glyphs, start, end: inkEnd };
    // Bold made by drawing twice.
    if (!this.#segments.slice(-6).some((earlier) => isSame(earlier, segment))) this.#segments.push(segment);
  }
}

/** @param matrix from a space whose unit is the font's size to the page */
export function settingOf([a, b, c, d]: Matrix, vertical: boolean): Setting {
  // Vertical writing runs down the glyph's own vertical.
  const [alongX, alongY] = vertical ? [-c, -d] : [a, b];
  const angle = nominal((Math.atan2(alongY, alongX) * 180) / Math.PI);
  const radians = (angle * Math.PI) / 180;
  const size = vertical ? Math.hypot(a, b) : Math.hypot(c, d);
  return { angle, cos: Math.cos(radians), sin: Math.sin(radians), size, advance: Math.hypot(alongX, alongY) };
}

/** A scan that lies a little askew still has lines. */
function nominal(degrees: number): number {
  const right = Math.round(degrees / 90) * 90;
  const angle = Math.abs(degrees - right) <= 10 ? right : Math.round(degrees / 15) * 15;
  return (angle + 360) % 360;
}

function continues(open: Open, size: number, start: number, base: number): boolean {
  const em = Math.max(open.size, size);
  const gap = start - open.inkEnd;
  // A raised or lowered sign joins on, where it stands at once behind.
  const drift = Math.abs(base - open.base);
  if (drift > (gap < 0.3 * em ? 0.55 : 0.35) * em) return false;
  return gap > -0.6 * em && gap <= WIDE_GAP * em;
}

/** The same letter once more, hardly moved: less than half of the way that would make it the next one. */
function isOverprint(open: Open, glyph: Glyph, size: number): boolean {
  const last = open.glyphs.at(-1);
  if (last === undefined || last.text !== glyph.text || glyph.text === ' ') return false;
  return Math.abs(last.start - glyph.start) < Math.min(0.12 * size, 0.5 * (glyph.end - glyph.start));
}

function append(open: Open, glyph: Glyph): void {
  open.glyphs.push(glyph);
  open.start = Math.min(open.start, glyph.start);
  if (glyph.text.trim() !== '') open.inkEnd = Math.max(open.inkEnd, glyph.end);
}

function isSame(one: Segment, other: Segment): boolean {
  const near = 0.15 * one.size;
  return (
    one.angle === other.angle &&
    one.layer === other.layer &&
    one.glyphs.length === other.glyphs.length &&
    Math.abs(one.start - other.start) < near &&
    Math.abs(one.base - other.base) < near &&
    one.glyphs.every(({ text }, i) => text === other.glyphs[i]?.text)
  );
}
