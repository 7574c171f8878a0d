// Health documents read by one extractor: fixtures, what a document is in one line, and hostile changes to real files.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Message, PartKind, Span } from '../../src/mail/message.ts';
import type { Extractor } from '../../src/mime/extract/extractor.ts';
import { fuzz } from './fuzz.ts';
import { readPart } from './read.ts';

export function healthFixture(path: string): Buffer {
  return readFileSync(new URL(`../data/extract/health/${path}`, import.meta.url));
}

/** `type; patients; identifiers; contents` of the one document in a message. */
export function told(message: Message): string {
  return message.documents.map((one) => [one.type, one.patients, one.identifiers.join(' '), one.contents.join(' ')].join('; ')).join(' + ');
}

/** What is marked with a field: the text from its mark to the next. */
export function marked(spans: readonly Span[], field: string): readonly string[] {
  return spans.flatMap(({ text, marks }) =>
    marks.flatMap((mark, at) => (mark.field === field ? [text.slice(mark.at, marks[at + 1]?.at ?? text.length).trim()] : [])),
  );
}

type Asserts = Parameters<typeof fuzz>[0];

/** Flips, cuts and repeats of real files never cost more than blind spots and bounded output, and always leave a document. */
export async function fuzzFiles(t: Asserts, extractor: Extractor, kind: PartKind, files: readonly Buffer[], runs: number): Promise<void> {
  const found: string[] = [];
  const cases: Buffer[] = [];
  fuzz(
    t,
    runs,
    fc.property(
      fc.nat(files.length - 1),
      fc.array(fc.tuple(fc.constantFrom('flip', 'cut', 'repeat', 'drop'), fc.nat(1_000_000), fc.nat(400), fc.nat(255)), { maxLength: 6 }),
      (file, changes) => {
        let bytes = Buffer.from(files[file] ?? []);
        for (const [how, place, length, octet] of changes) {
          const at = place % Math.max(1, bytes.length);
          if (how === 'flip' && bytes.length > 0) bytes[at] = octet;
          if (how === 'cut') bytes = bytes.subarray(0, at);
          if (how === 'repeat') bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
          if (how === 'drop') bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        }
        cases.push(bytes);
      },
    ),
  );
  for (const [run, bytes] of cases.entries()) {
    const message = await readPart(extractor, kind, bytes);
    const length = message.spans.reduce((sum, { text }) => sum + text.length, 0);
    const unordered = message.spans.some(({ text, marks }) =>
      marks.some((mark, i) => mark.at > text.length || mark.at < (marks[i - 1]?.at ?? 0)),
    );
    if (message.documents.length !== 1) found.push(`run ${run}: ${message.documents.length} documents`);
    if (length > 20 * bytes.length + 100_000) found.push(`run ${run}: ${length} of ${bytes.length}`);
    if (unordered) found.push(`run ${run}: marks out of order`);
  }
  t.ok(found.length === 0, found.slice(0, 3).join(', ') || `${cases.length} changed files`);
}
