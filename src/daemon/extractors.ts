// All extractors, joined. A new family is a line here.
import type { PartKind } from '../mail/message.ts';
import type { Extractor } from '../mime/extract/extractor.ts';
import { extractorsByKind } from '../mime/read-message.ts';

export interface Readers {
  readonly extractors: ReadonlyMap<PartKind, Extractor>;
  /** Before each message: its time for OCR, or null where pictures are not read. */
  beginMessage(settings: { readonly ocrMs: number | null }): void;
}

export function readers(): Readers {
  return { extractors: extractorsByKind([]), beginMessage: () => undefined };
}
