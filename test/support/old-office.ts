// Old Office files for tests: fixtures, the extractors that read them together, where a piece of text was found.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Message, Place } from '../../src/mail/message.ts';
import { docExtractor } from '../../src/mime/extract/doc.ts';
import type { Extractor } from '../../src/mime/extract/extractor.ts';
import { oleObjectExtractor } from '../../src/mime/extract/ole-object.ts';
import { outlookMessageExtractor } from '../../src/mime/extract/outlook-message.ts';
import { pptExtractor } from '../../src/mime/extract/ppt.ts';
import { tnefExtractor } from '../../src/mime/extract/tnef.ts';
import { xlsExtractor } from '../../src/mime/extract/xls.ts';

/** Text as it is, so that parts in them are no blind spot here. */
const plain: Extractor = {
  kinds: ['text', 'html', 'rtf', 'xml'],
  extract: ({ bytes }, output) => output.text({ area: 'text' }, bytes.toString('latin1')),
};

export const OLD_OFFICE: readonly Extractor[] = [
  docExtractor,
  xlsExtractor,
  pptExtractor,
  oleObjectExtractor,
  tnefExtractor,
  outlookMessageExtractor,
  plain,
];

export function oldOfficeFile(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, '../data/extract/old-office', `${name}.gz`)));
}

/** Part and place of each span that has a text in it: `1 text sheet 2 row 3`. */
export function placesOf(message: Message, text: string): readonly string[] {
  return message.spans.filter((span) => span.text.includes(text)).map(({ part, place }) => `${part} ${shown(place)}`.trim());
}

function shown({ area, page, sheet, row, field }: Place): string {
  const numbers = [
    ['page', page],
    ['sheet', sheet],
    ['row', row],
  ] as const;
  const known = numbers.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`);
  return [area, ...known, ...(field === undefined ? [] : [field])].join(' ');
}

export function blindSpotsOf(message: Message): readonly string[] {
  return message.blindSpots.map(({ part, kind }) => `${part} ${kind}`.trim());
}

export function defectsOf(message: Message): readonly string[] {
  return message.defects.map(({ part, code }) => `${part} ${code}`.trim());
}
