// The extractors as the reading child has them.
import { readers } from '../../../src/daemon/extractors.ts';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';

export async function allExtractors(): Promise<readonly Extractor[]> {
  return [...new Set(readers(() => performance.now()).extractors.values())];
}
