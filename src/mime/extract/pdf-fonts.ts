// What a font of a PDF says about its glyphs: which characters they are, or that nothing says so.
import { setImmediate } from 'node:timers/promises';
import type { PdfFont } from './pdf-operators.ts';
import type { PdfOperators, PdfPage } from './pdf-open.ts';

const UNKNOWN: PdfFont = { vertical: false, unit: 0.001, readable: 'none', glyphs: 'characters' };
/** pdf.js hands fonts over in a later turn of the event loop. */
const MOST_TURNS = 50;

/** The fonts that a page's operators set, by their ids. */
export async function fontsOf(page: PdfPage, codes: readonly number[], args: readonly unknown[], names: PdfOperators) {
  const fonts = new Map<string, PdfFont>();
  for (let i = 0; i < codes.length; i++) {
    const given = args[i];
    if (!Array.isArray(given)) continue;
    const ids = codes[i] === names['setFont'] ? [given[0] as unknown] : codes[i] === names['setGState'] ? idsIn(given[0]) : [];
    for (const id of ids) if (typeof id === 'string' && !fonts.has(id)) fonts.set(id, await fontOf(page, id));
  }
  return (id: string): PdfFont => fonts.get(id) ?? UNKNOWN;
}

function idsIn(entries: unknown): readonly unknown[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) =>
    Array.isArray(entry) && entry[0] === 'Font' && Array.isArray(entry[1]) ? [entry[1][0] as unknown] : [],
  );
}

async function fontOf(page: PdfPage, id: string): Promise<PdfFont> {
  for (let turn = 0; turn < MOST_TURNS && !page.commonObjs.has(id); turn++) await setImmediate();
  if (!page.commonObjs.has(id)) return UNKNOWN;
  const font: unknown = page.commonObjs.get(id);
  // The text of an error stands for a font that could not be loaded.
  if (typeof font !== 'object' || font === null) return UNKNOWN;
  return {
    vertical: 'vertical' in font && font.vertical === true,
    unit: unitOf(font),
    readable: saysOnlyCodes(font) ? 'codes' : 'yes',
    glyphs: isIdentity(font) ? 'collection' : 'characters',
  };
}

function unitOf(font: object): number {
  const matrix: unknown = 'fontMatrix' in font ? font.fontMatrix : null;
  const unit: unknown = Array.isArray(matrix) || ArrayBuffer.isView(matrix) ? Object.values(matrix)[0] : null;
  return typeof unit === 'number' && unit !== 0 && Number.isFinite(unit) ? unit : 0.001;
}

/** Identity-H and -V map nothing: codes are numbers of glyphs. */
function isIdentity(font: object): boolean {
  const map: unknown = 'cMap' in font ? font.cMap : null;
  return typeof map === 'object' && map !== null && '_map' in map && Array.isArray(map._map) && map._map.length === 0;
}

/** A composite font without ToUnicode: what pdf.js tells as characters are numbers of glyphs (ISO 32000-1, 9.10.2). */
function saysOnlyCodes(font: object): boolean {
  const composite = 'composite' in font && font.composite === true;
  const map: unknown = 'toUnicode' in font ? font.toUnicode : null;
  return composite && typeof map === 'object' && map !== null && 'firstChar' in map;
}

/**
 * Numbers of glyphs as text. Where they are characters after all, they are read; fonts that began as TrueType number their glyphs in
 * the order of ASCII, 29 lower.
 * @returns null where neither reads like text
 */
export function readCodes(text: string): string | null {
  if (looksLikeText(text)) return text;
  const shifted = text.replace(/[\u0003-\u0008\u000b-\u001f\u0021-\u0061]/g, (code) => String.fromCharCode(code.charCodeAt(0) + 29));
  return looksLikeText(shifted) ? shifted : null;
}

function looksLikeText(text: string): boolean {
  const signs = text.replace(/\s/g, '').length;
  const letters = text.match(/[A-Za-z0-9]/g)?.length ?? 0;
  const lower = text.match(/[a-z]/g)?.length ?? 0;
  const vowels = text.match(/[aeiou]/g)?.length ?? 0;
  return signs > 0 && letters >= 0.6 * signs && lower >= 0.3 * letters && vowels >= 0.2 * lower && vowels <= 0.65 * lower;
}
