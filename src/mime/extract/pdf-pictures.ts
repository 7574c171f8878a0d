// Pictures on a page of a PDF: how much of what it shows they are, and what OCR reads in them.
import type { BlindSpotKind } from '../../mail/message.ts';
import type { Output } from './extractor.ts';
import type { Ocr } from './ocr.ts';
import type { FaxPicture } from './pdf-fax.ts';
import { unitSquare } from './pdf-matrix.ts';
import type { PageContent, PdfPicture } from './pdf-operators.ts';
import type { PdfPage } from './pdf-open.ts';
import { type Pixels, pixelsOf, stacked, toNetpbm } from './pdf-pixels.ts';
import { isTooSmallForWords } from './picture.ts';

/** A page with fewer characters has next to no text: a page number, a stamp of a scanner. */
const HARDLY_ANY_TEXT = 20;
/** A page without text that a picture covers so far is a picture. */
const SCANNED = 0.1;
/**
 * Beside text, a picture of a quarter of the page is as large as a letter's worth of text; letterheads, logos and signatures are smaller.
 * It needs the pixels of a few lines of words as well, or it is a background or a line.
 */
const LARGE = 0.25;
const LARGE_PIXELS = 300 * 100;
/** Letters drawn as shapes: a line of text has some 50. */
const MANY_SHAPES = 50;

/** What of a page only shows as a picture: all of it, part of it, or none. */
export function onlyPictured(page: PageContent, view: readonly number[]): 'shapes' | 'pictures' | 'nothing' {
  const text = page.glyphs - page.unreadable;
  const covered = page.pictures.reduce((sum, { matrix }) => sum + shareOf(view, unitSquare(matrix)), 0);
  const pixels = page.pictures.reduce((sum, { width, height }) => sum + width * height, 0);
  // What a scanner read is laid over its picture invisibly.
  if (page.invisible >= HARDLY_ANY_TEXT) return 'nothing';
  if (covered > LARGE && pixels >= LARGE_PIXELS) return 'pictures';
  if (text >= HARDLY_ANY_TEXT) return 'nothing';
  if (covered > SCANNED && pixels >= LARGE_PIXELS) return 'pictures';
  return page.shapes >= MANY_SHAPES ? 'shapes' : 'nothing';
}

function shareOf([left = 0, bottom = 0, right = 0, top = 0]: readonly number[], [l, b, r, t]: readonly number[]): number {
  const width = Math.min(right, r ?? 0) - Math.max(left, l ?? 0);
  const height = Math.min(top, t ?? 0) - Math.max(bottom, b ?? 0);
  return width > 0 && height > 0 ? (width * height) / Math.max(1, (right - left) * (top - bottom)) : 0;
}

/** Reads the pictures of pages, each picture once in a document. */
export class PictureReader {
  readonly #ocr: Ocr;
  readonly #faxes: FaxPicture[];
  readonly #read = new Set<string>();

  constructor(ocr: Ocr, faxes: readonly FaxPicture[]) {
    this.#ocr = ocr;
    this.#faxes = [...faxes];
  }

  /** @returns what could not be read, or null */
  async read(page: PdfPage, content: PageContent, output: Output): Promise<BlindSpotKind | null> {
    const files: { readonly file: Buffer; readonly pixels: number }[] = [];
    const decoded: { readonly top: number; readonly pixels: Pixels }[] = [];
    let blind: BlindSpotKind | null = null;
    for (const picture of content.pictures) {
      if (isTooSmallForWords(picture) && content.pictures.length < 2) continue;
      if (picture.id !== null && this.#isRead(picture.id)) continue;
      const pixels = await this.#pixels(page, picture);
      const fax = pixels === null ? this.#fax(picture) : null;
      if (pixels !== null) decoded.push({ top: unitSquare(picture.matrix)[3], pixels });
      else if (fax !== null) files.push({ file: fax.file, pixels: fax.width * fax.height });
      else blind = 'picture-not-read';
    }
    for (const pixels of whole(decoded)) files.push({ file: toNetpbm(pixels), pixels: pixels.width * pixels.height });
    for (const { file, pixels } of files) {
      const result = await this.#ocr.read({ bytes: file, pixels, orientation: 1 });
      if (result.outcome === 'read') output.text({ area: 'picture', page: page.pageNumber }, result.text);
      else blind = result.outcome;
    }
    return blind;
  }

  /** Ids beginning with `g_` are of pictures that stand on several pages. */
  #isRead(id: string): boolean {
    const seen = this.#read.has(id);
    if (id.startsWith('g_')) this.#read.add(id);
    return seen;
  }

  async #pixels(page: PdfPage, { id, mask, data }: PdfPicture): Promise<Pixels | null> {
    if (id === null) return pixelsOf(data, mask);
    const objects = id.startsWith('g_') ? page.commonObjs : page.objs;
    const value = await new Promise<unknown>((resolve) => {
      objects.get(id, resolve);
    });
    return pixelsOf(value, mask);
  }

  #fax(picture: PdfPicture): FaxPicture | null {
    const at = this.#faxes.findIndex(({ width, height }) => width === picture.width && height === picture.height);
    return at < 0 ? null : (this.#faxes.splice(at, 1)[0] ?? null);
  }
}

/** Strips of a scan are put together, so that no line is cut through. */
function whole(decoded: readonly { readonly top: number; readonly pixels: Pixels }[]): readonly Pixels[] {
  const all = decoded.toSorted((a, b) => b.top - a.top).map(({ pixels }) => pixels);
  if (all.length < 2) return all;
  const stack = stacked(all);
  return stack === null ? all.filter((one) => !isTooSmallForWords(one)) : [stack];
}
