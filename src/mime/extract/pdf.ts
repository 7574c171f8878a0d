// PDF: the text of its pages as a reader sees it, what hides in it, its forms, annotations, properties and files; scans by OCR.
import type { Extractor, Output, Source } from './extractor.ts';
import { LimitReached } from './extractor.ts';
import type { PictureReading } from './ocr.ts';
import { readFiles, readLayers, readOutside, readProperties } from './pdf-document.ts';
import { faxPictures } from './pdf-fax.ts';
import { type OpenPdf, openPdf, orNull, PDF_PICTURE_PIXELS } from './pdf-open.ts';
import { readPage } from './pdf-page.ts';
import { pictureDictionaries } from './pdf-picture-dictionaries.ts';
import { PictureReader } from './pdf-pictures.ts';
import { withTrailer } from './pdf-repair.ts';
import { readXfa } from './pdf-xfa.ts';

export interface PdfLimits {
  readonly pages: number;
}

/** More than the longest record that is mailed; a page of text takes some 6 ms. */
const DEFAULT_LIMITS: PdfLimits = { pages: 3_000 };
/** Fonts and pictures are let go so often. */
const PAGES_BETWEEN_CLEANING = 50;

/** ISO 32000-1 and 32000-2, as pdf.js reads them, damage included. */
export function pdfExtractor(reading: PictureReading, limits: PdfLimits = DEFAULT_LIMITS): Extractor {
  return {
    kinds: ['pdf'],
    async extract(source, output) {
      const pdf = await openOrRepair(reading.ocr === null ? withoutJpegs(source.bytes) : source.bytes);
      if (typeof pdf === 'string') {
        output.blind(pdf);
        return;
      }
      try {
        await readDocument(pdf, source, { ...reading, ...limits }, output);
      } finally {
        await pdf.close();
      }
    },
  };
}

async function openOrRepair(bytes: Buffer): ReturnType<typeof openPdf> {
  const pdf = await openPdf(bytes, 'acroform');
  const repaired = pdf === 'broken' ? withTrailer(bytes) : null;
  return repaired === null ? pdf : openPdf(repaired, 'acroform');
}

async function readDocument(pdf: OpenPdf, { bytes }: Source, { ocr, pages }: PictureReading & PdfLimits, output: Output): Promise<void> {
  const { document } = pdf;
  await readProperties(document, output);
  const isShown = await readLayers(document, output);
  const pictures = ocr === null ? null : new PictureReader(ocr, faxPictures(bytes));
  for (let number = 1; number <= Math.min(document.numPages, pages); number++) {
    await readOrBlind(output, async () => {
      const page = await document.getPage(number);
      await readPage(page, { pdf, output, isShown, pictures });
      page.cleanup();
    });
    if (number % PAGES_BETWEEN_CLEANING === 0) await orNull(document.cleanup(true));
  }
  if (document.numPages > pages || holdsHugePicture(bytes)) output.blind('too-large');
  await readOutside(document, output);
  await readXfa(bytes, pdf, output);
  await readFiles(document, output);
}

/** What is over the limit, pdf.js leaves out without a word. */
function holdsHugePicture(bytes: Buffer): boolean {
  for (const { width, height } of pictureDictionaries(bytes)) if (width * height > PDF_PICTURE_PIXELS) return true;
  return false;
}

/** A page that cannot be read does not cost the others. */
async function readOrBlind(output: Output, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    output.blind('broken');
  }
}

/**
 * Where pictures are not read, only their places matter: under a filter that it does not know, pdf.js takes the octets of a JPEG as they
 * are instead of decoding it, which is most of the time that a scan takes.
 */
function withoutJpegs(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(JPEG_FILTER); at >= 0; at = copy.indexOf(JPEG_FILTER, at + JPEG_FILTER.length)) {
    copy.write('X', at + JPEG_FILTER.length - 1, 'latin1');
  }
  return copy;
}

const JPEG_FILTER = '/DCTDecode';
