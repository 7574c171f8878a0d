// Reading pictures: what a message may spend on it, and what comes of it. The engine itself is in ocr-engine.ts.
import type { OcrEngine } from './ocr-engine.ts';

/** A picture as a file, or what a file would hold. */
export interface OcrPicture {
  /** PNG, JPEG, GIF, TIFF, WebP or PNM. */
  readonly bytes: Uint8Array;
  readonly pixels: number;
  /** How it lies, from 1 (upright) to 8, as EXIF counts (orientation, tag 274). */
  readonly orientation: number;
}

export type OcrResult =
  /** A picture without words has been read too: its text is empty. */
  | { readonly outcome: 'read'; readonly text: string }
  | { readonly outcome: 'picture-not-read' }
  | { readonly outcome: 'too-large' }
  | { readonly outcome: 'timed-out' };

export interface Ocr {
  read(picture: OcrPicture): Promise<OcrResult>;
}

export interface OcrBudget {
  /** For all pictures of a message: none is begun after it is spent. */
  readonly budgetMs: number;
  /** Milliseconds of a clock that only goes on. */
  readonly now: () => number;
}

/** How pictures are read, by all extractors that meet them. */
export interface PictureReading {
  /** Null where OCR is off. */
  readonly ocr: Ocr | null;
}

/** A page of A3 at 400 dpi; decoded, it takes some 200 MB. */
export const OCR_PIXELS = 40_000_000;

/** Reading for one message, by an engine that outlives it. */
export function ocr(engine: OcrEngine, { budgetMs, now }: OcrBudget): Ocr {
  let spentMs = 0;
  return {
    async read(picture) {
      if (picture.pixels > OCR_PIXELS) return { outcome: 'too-large' };
      if (spentMs >= budgetMs) return { outcome: 'timed-out' };
      const begun = now();
      try {
        const text = await engine.read(picture, () => spentMs + now() - begun < budgetMs);
        return text === null ? { outcome: 'picture-not-read' } : { outcome: 'read', text };
      } finally {
        spentMs += now() - begun;
      }
    },
  };
}
