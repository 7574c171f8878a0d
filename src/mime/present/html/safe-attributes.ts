// The attributes that an element keeps, each with a value that was made anew from what could be understood of it.
import { attributesOf } from './kept-elements.ts';
import { type OwnPictures, pictureSource, safeLink } from './safe-address.ts';
import { isColour, isFontFamily, safeStyle } from './safe-style.ts';

/** By their names in hast. */
export type Attributes = Readonly<Record<string, string>>;

/** @returns null where the element is not displayed at all */
export function safeAttributes(tagName: string, given: Readonly<Record<string, unknown>>, pictures: OwnPictures): Attributes | null {
  const kept: Record<string, string> = {};
  for (const name of attributesOf(tagName)) {
    const raw = given[name];
    // Of an attribute that is a list in hast nothing is kept.
    if (typeof raw !== 'string' && typeof raw !== 'number' && raw !== true) continue;
    const value = VALUES[name]?.(raw === true ? '' : `${raw}`) ?? null;
    if (value !== null) kept[name] = value;
  }
  if (given['hidden'] !== undefined) return null;
  if (typeof given['style'] === 'string') {
    const { css, display } = safeStyle(given['style']);
    if (display === 'none') return null;
    if (css !== '') kept['style'] = css;
  }
  if (tagName === 'a') Object.assign(kept, linkAttributes(given));
  return tagName === 'img' ? withPicture(kept, given, pictures) : kept;
}

function linkAttributes({ href }: Readonly<Record<string, unknown>>): Attributes {
  const safe = typeof href === 'string' ? safeLink(href) : null;
  return safe === null ? {} : { href: safe, rel: 'noopener noreferrer nofollow', target: '_blank' };
}

/** So small a picture shows nothing: it only tells that somebody reads. */
const SMALLEST = 2;

function withPicture(kept: Attributes, given: Readonly<Record<string, unknown>>, pictures: OwnPictures): Attributes | null {
  const { src, dataRemote } = given;
  const source = typeof src === 'string' ? pictureSource(src, pictures) : remoteOf(dataRemote, pictures);
  if (source === null) return (kept['alt'] ?? '') === '' ? null : kept;
  if (source.kind === 'part') return { ...kept, src: `part:${source.place}` };
  if (source.kind === 'data') return { ...kept, src: source.url };
  const [width = '', height = ''] = [kept['width'], kept['height']];
  if ([width, height].some((size) => /^\d+$/.test(size) && Number(size) <= SMALLEST)) return null;
  return { ...kept, dataRemote: source.url };
}

/** Ours, when what was made safe is looked at again. */
function remoteOf(dataRemote: unknown, pictures: OwnPictures): ReturnType<typeof pictureSource> {
  const source = typeof dataRemote === 'string' ? pictureSource(dataRemote, pictures) : null;
  return source?.kind === 'remote' ? source : null;
}

type Value = (value: string) => string | null;

const matching =
  (pattern: RegExp): Value =>
  (value) =>
    pattern.test(value.trim()) ? value.trim() : null;

const number =
  (least: number, most: number): Value =>
  (value) => {
    const read = /^[+-]?\d{1,6}/.exec(value.trim())?.[0];
    return read === undefined ? null : `${Math.min(most, Math.max(least, Number(read)))}`;
  };

const size: Value = (value) => {
  const [, digits = '', percent] = /^\s*(\d{1,5})(?:\.\d*)?\s*(%)?/.exec(value) ?? [];
  if (digits === '') return null;
  return percent === undefined ? `${Math.min(2_000, Number(digits))}` : `${Math.min(100, Number(digits))}%`;
};

const words: Value = (value) =>
  value
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 500)
    .replace(/[\ud800-\udbff]$/, '');
const colour: Value = (value) => (isColour(value.trim()) ? value.trim().toLowerCase() : null);
const face: Value = (value) => (isFontFamily(value.trim()) ? value.trim().replaceAll('"', "'") : null);

const VALUES: Readonly<Record<string, Value>> = {
  align: matching(/^(?:left|right|center|justify|middle|top|bottom)$/i),
  vAlign: matching(/^(?:top|middle|bottom|baseline)$/i),
  dir: matching(/^(?:ltr|rtl|auto)$/i),
  lang: matching(/^[a-z0-9-]{1,35}$/i),
  title: words,
  alt: words,
  bgColor: colour,
  color: colour,
  face,
  size: matching(/^[1-7]$/),
  start: number(-10_000, 10_000),
  type: matching(/^(?:[1aAiI]|disc|circle|square)$/),
  noWrap: () => '',
  width: size,
  height: size,
  border: number(0, 20),
  cellPadding: number(0, 50),
  cellSpacing: number(0, 50),
  // A browser lays out as many as it is told.
  colSpan: number(1, 100),
  rowSpan: number(1, 100),
  span: number(1, 100),
};
