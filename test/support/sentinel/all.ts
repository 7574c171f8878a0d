// The extractors as the reading child has them, in this process.
import { readers } from '../../../src/daemon/extractors.ts';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';

/** @param ocrMs for reading pictures, or null where none are read */
export function allExtractors(ocrMs: number | null = null): readonly Extractor[] {
  const joined = readers(() => performance.now());
  joined.beginMessage({ ocrMs });
  return [...new Set(joined.extractors.values())];
}
