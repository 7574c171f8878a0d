// Extractors for tests of the tree: messages as they are read, and every leaf that could be text as plain text.
import { PART_KINDS, type PartKind } from '../../src/mail/message.ts';
import { decodeText } from '../../src/mime/charset.ts';
import { deliveryStatusExtractor } from '../../src/mime/extract/delivery-status.ts';
import type { Extractor } from '../../src/mime/extract/extractor.ts';
import { messageExtractor, multipartExtractor } from '../../src/mime/extract/message.ts';
import { pgpExtractor } from '../../src/mime/extract/pgp.ts';
import { smimeExtractor } from '../../src/mime/extract/smime.ts';

const OF_MIME = [messageExtractor, multipartExtractor, deliveryStatusExtractor, pgpExtractor, smimeExtractor] as const;

/** Kinds that `read-message.ts` judges without an extractor. */
const LEFT: ReadonlySet<PartKind> = new Set<PartKind>([
  ...OF_MIME.flatMap(({ kinds }) => kinds),
  'smime-encrypted',
  'signature',
  'key',
  'empty',
  'picture',
  'audio-video',
  'font',
  'unknown',
]);

export const plainLeaves: Extractor = {
  kinds: PART_KINDS.filter((kind) => !LEFT.has(kind)),
  extract({ bytes, parameters }, output) {
    const { text, others } = decodeText(bytes, parameters.get('charset') ?? null);
    for (const reading of [text, ...others]) output.text({ area: 'text' }, reading);
  },
};

export const MIME_EXTRACTORS: readonly Extractor[] = [...OF_MIME, plainLeaves];
