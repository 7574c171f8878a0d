// Documents with octets changed, cut and repeated: whatever comes of them, reading ends with events, never with an error of its own.
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import fc from 'fast-check';
import t from 'tap';
import type { PartKind } from '../../../src/mail/message.ts';
import { docxExtractor } from '../../../src/mime/extract/docx.ts';
import { type Extractor, LimitReached } from '../../../src/mime/extract/extractor.ts';
import { odfExtractor } from '../../../src/mime/extract/odf.ts';
import { pptxExtractor } from '../../../src/mime/extract/pptx.ts';
import { rtfExtractor } from '../../../src/mime/extract/rtf.ts';
import { xlsxExtractor } from '../../../src/mime/extract/xlsx.ts';
import { zipped } from '../../support/office.ts';
import { readPart } from '../../support/read.ts';

const FILES: readonly (readonly [file: string, kind: PartKind, extractor: Extractor])[] = [
  ['letter.docx', 'docx', docxExtractor],
  ['list.xlsx', 'xlsx', xlsxExtractor],
  ['talk.pptx', 'pptx', pptxExtractor],
  ['letter.odt', 'odf', odfExtractor],
  ['list.ods', 'odf', odfExtractor],
  ['letter.rtf', 'rtf', rtfExtractor],
];

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('flip', 'cut', 'repeat', 'zero'),
  value: fc.nat(255),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  let result = Buffer.from(bytes);
  for (const { at, kind, value } of changes) {
    const place = Math.floor(at * result.length);
    const piece = result.subarray(place, place + value);
    if (kind === 'flip') result[place] = value;
    else if (kind === 'zero') piece.fill(0);
    else if (kind === 'cut') result = Buffer.concat([result.subarray(0, place), result.subarray(place + value)]);
    else result = Buffer.concat([result.subarray(0, place), ...Array.from({ length: 20 }, () => piece), result.subarray(place)]);
  }
  return result;
}

for (const [file, kind, extractor] of FILES) {
  t.test(file, async (t) => {
    const bytes = readFileSync(new URL(`../../data/extract/office/${file}`, import.meta.url));
    const faults: unknown[] = [];
    const watched: Extractor = {
      kinds: extractor.kinds,
      async extract(source, output) {
        try {
          await extractor.extract(source, output);
        } catch (error) {
          if (!(error instanceof LimitReached)) faults.push(error);
          throw error;
        }
      },
    };
    const inputs = fc.sample(fc.array(change, { minLength: 1, maxLength: 6 }), { seed: 20261127, numRuns: 25 });
    const members = kind === 'rtf' ? null : unzipSync(bytes);
    for (const changes of inputs) {
      await readPart(watched, kind, changed(bytes, changes));
      // Past the ZIP: the XML itself is damaged.
      if (members === null) continue;
      const damaged = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, changed(member, changes)]));
      const message = await readPart(watched, kind, zipped(damaged));
      if (message.spans.reduce((sum, { text }) => sum + text.length, 0) > 2_000_000) faults.push('too much text');
    }
    t.same(faults, []);
  });
}

t.test('RTF of any kind', async (t) => {
  const words = fc.constantFrom(
    '{',
    '}',
    '\\*',
    '\\par ',
    '\\u1055?',
    "\\'e9",
    '\\bin7 ',
    '\\footnote ',
    '\\cell ',
    '\\row ',
    '\\upr',
    '\\ud ',
    '\\pict ',
    '\\v ',
    'text',
    '\\fromhtml1 ',
    '\\htmltag1 ',
  );
  const runs = fc.sample(fc.array(words, { maxLength: 60 }), { seed: 20261127, numRuns: 200 });
  for (const run of runs) {
    const message = await readPart(rtfExtractor, 'rtf', `{\\rtf1 ${run.join('')}`);
    if (message.blindSpots.some(({ part, kind }) => part === '' && kind === 'broken')) t.fail(run.join(''));
  }
  t.equal(runs.length, 200);
});
