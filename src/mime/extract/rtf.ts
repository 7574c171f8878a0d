// Rich Text Format 1.9.1, also as Outlook wraps HTML into it (MS-OXRTFEX).
import type { Extractor, Output, Source } from './extractor.ts';
import { readRtfFiles } from './rtf-files.ts';
import { RtfReader } from './rtf-reader.ts';
import { readRtfTokens } from './rtf-tokens.ts';
import { TextBlocks } from './text-blocks.ts';

export const rtfExtractor: Extractor = { kinds: ['rtf'], extract: extractRtf };

async function extractRtf(source: Source, output: Output): Promise<void> {
  const blocks = new TextBlocks(output);
  const reader = new RtfReader(output, blocks);
  readRtfTokens(source.bytes, reader);
  reader.end();
  const { html, files } = reader;
  if (html !== null) blocks.line({ area: 'hidden' }, html.suppressed.replace(/\s+/g, ' '));
  blocks.flush();
  if (html !== null) {
    const parameters = new Map([['charset', 'utf-8']]);
    await output.inner({ bytes: Buffer.from(html.html), declaredType: 'text/html', parameters, name: null, role: source.role });
  }
  await readRtfFiles(files, output);
}
