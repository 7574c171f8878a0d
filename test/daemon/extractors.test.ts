// Every kind that a part can be is read by one extractor, or is told as what it is without one.
import t from 'tap';
import { readers } from '../../src/daemon/extractors.ts';
import { BLIND_SPOT_KINDS, DEFECT_CODES, PART_KINDS, type PartKind } from '../../src/mail/message.ts';
import { MessageCollector } from '../../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS } from '../../src/mail/read-limits.ts';
import { readFile } from '../../src/mime/read-message.ts';

/** Nothing can be read in them: they are blind spots by their kind, or hold no words at all. */
const WITHOUT: readonly PartKind[] = ['smime-encrypted', 'office-encrypted', 'audio-video', 'signature', 'key', 'font', 'empty', 'unknown'];

t.test('kinds', async (t) => {
  const { extractors } = readers(() => 0);
  for (const kind of PART_KINDS) t.equal(extractors.has(kind), !WITHOUT.includes(kind), kind);
  t.equal(new Set(PART_KINDS).size, PART_KINDS.length);
  t.equal(new Set(BLIND_SPOT_KINDS).size, BLIND_SPOT_KINDS.length);
  t.equal(new Set(DEFECT_CODES).size, DEFECT_CODES.length);
});

/** A picture of 200 x 100 pixels, as a header says it. */
const PICTURE = Buffer.from('89504e470d0a1a0a0000000d49484452000000c80000006408060000004f4f4f4f0000000049454e44ae426082', 'hex');

t.test('no extractor throws on nothing, on one octet, or on what another reads', async (t) => {
  const { extractors } = readers(() => 0);
  const none = new Map<string, string>();
  const texts = [Buffer.alloc(0), Buffer.from([0]), Buffer.from('hello'), PICTURE, Buffer.alloc(5_000, 0xff)];
  for (const [kind, extractor] of extractors) {
    for (const bytes of texts) {
      const source = { kind, bytes, declaredType: null, parameters: none, name: null, role: 'attachment' } as const;
      const output = {
        text: () => undefined,
        inner: async () => undefined,
        unpacked: () => 1_000_000,
        blind: () => undefined,
        defect: () => undefined,
        document: () => undefined,
      };
      await Promise.resolve()
        .then(() => extractor.extract(source, output))
        .catch((error: unknown) => t.ok(error instanceof Error, `${kind}: ${bytes.length} octets are told as an Error`));
    }
    t.pass(`${kind} came back`);
  }
});

t.test('OCR is on for a message, off for the next', async (t) => {
  const reading = readers(() => performance.now());
  const read = async (ocrMs: number | null): Promise<readonly string[]> => {
    reading.beginMessage({ ocrMs });
    const collector = new MessageCollector();
    const tell = (event: Parameters<MessageCollector['add']>[0]): void => collector.add(event);
    await readFile(PICTURE, 'a.png', { extractors: reading.extractors, limits: DEFAULT_READ_LIMITS, skip: new Map(), tell });
    return collector.message().blindSpots.map(({ kind }) => kind);
  };
  t.same(await read(null), ['picture-not-read']);
  t.same(await read(0), ['timed-out'], 'no time for it');
  t.same(await read(null), ['picture-not-read']);
});
