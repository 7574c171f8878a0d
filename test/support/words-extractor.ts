// Reads whatever it is given as words, so that tests of containers see what came out of them.
import type { PartKind } from '../../src/mail/message.ts';
import type { Extractor } from '../../src/mime/extract/extractor.ts';

export function wordsAs(...kinds: readonly PartKind[]): Extractor {
  return {
    kinds,
    extract({ bytes }, output) {
      output.text({ area: 'text' }, bytes.toString('utf8'));
    },
  };
}
