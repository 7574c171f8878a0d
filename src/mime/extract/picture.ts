// Pictures: the words in their chunks, and by OCR those in their pixels. What OCR cannot read is a blind spot, unless no word fits in it.
import type { BlindSpotKind } from '../../mail/message.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { gifFrameFiles } from './picture-frames.ts';
import { orientationOf, readPictureNotes } from './picture-notes.ts';
import { pictureSize, type PictureSize } from './picture-size.ts';
import { tiffDirectories, withFirstFrame } from './picture-tiff.ts';
import { type Ocr, OCR_PIXELS, type PictureReading } from './ocr.ts';

/**
 * Letters are legible from about 6 pixels of height and 4 of width on: five of them, with their margins, need 24 x 8. Below that, and below
 * 1,000 pixels in all, stand spacers, bullets, icons of 16 x 16 and pixels that track.
 */
const SMALLEST = { width: 24, height: 8, pixels: 1_000 } as const;
/** Frames of a picture that OCR looks at; faxes of more pages than this are documents by other means. */
const MOST_FRAMES = 200;

export function isTooSmallForWords({ width, height }: Pick<PictureSize, 'width' | 'height'>): boolean {
  return width < SMALLEST.width || height < SMALLEST.height || width * height < SMALLEST.pixels;
}

export function pictureExtractor(reading: PictureReading): Extractor {
  return {
    kinds: ['picture'],
    async extract(source, output) {
      const size = pictureSize(source.bytes);
      readPictureNotes(source.bytes, size.format, output);
      if (size.width * size.height > 0 && isTooSmallForWords(size)) return;
      if (size.width * size.height > OCR_PIXELS) output.blind('too-large');
      else if (reading.ocr === null) output.blind('picture-not-read');
      else await readFrames(source, size, reading.ocr, output);
    },
  };
}

async function readFrames({ bytes }: Source, size: PictureSize, ocr: Ocr, output: Output): Promise<void> {
  const orientation = orientationOf(bytes, size.format);
  const pixels = size.width * size.height;
  let page = 0;
  for (const frame of framesOf(bytes, size)) {
    page++;
    const result = page > MOST_FRAMES ? TOO_MANY : await ocr.read({ bytes: frame, pixels, orientation });
    if (result.outcome === 'read') {
      output.text({ area: 'picture', page }, result.text);
      continue;
    }
    output.blind(result.outcome);
    if (result.outcome !== 'picture-not-read') return;
  }
  if (page < size.frames) output.blind('picture-not-read');
}

const TOO_MANY: { readonly outcome: BlindSpotKind & 'too-large' } = { outcome: 'too-large' };

/** Each frame as a file of its own. */
function* framesOf(bytes: Buffer, { format, frames }: PictureSize): Generator<Uint8Array> {
  if (format === 'tiff' && frames > 1) for (const directory of tiffDirectories(bytes)) yield withFirstFrame(bytes, directory);
  else if (format === 'gif' && frames > 1) yield* gifFrameFiles(bytes);
  else yield bytes;
}
