// What carries the extractors: paths, limits, faults, other readings. With extractors that only do what a case is about.
import t from 'tap';
import type { BlindSpotKind, Message } from '../../src/mail/message.ts';
import { MessageCollector } from '../../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../../src/mail/read-limits.ts';
import { type Extractor, type Inner, LimitReached, type Output } from '../../src/mime/extract/extractor.ts';
import { extractorsByKind, MAX_SPAN_LENGTH, readFile, readMessage } from '../../src/mime/read-message.ts';

const INNER = { declaredType: null, parameters: new Map<string, string>(), name: null, role: 'attachment' } as const;
const inner = (text: string, about: Partial<Inner> = {}): Inner => ({ ...INNER, bytes: Buffer.from(text), ...about });
const words: Extractor = { kinds: ['text'], extract: ({ bytes }, output) => output.text({ area: 'text' }, bytes.toString('latin1')) };

/** A message that does what a test says. */
async function read(
  extract: (output: Output, bytes: Buffer) => void | Promise<void>,
  settings: {
    readonly limits?: Partial<ReadLimits>;
    readonly skip?: ReadonlyMap<string, BlindSpotKind>;
    readonly more?: readonly Extractor[];
    readonly bytes?: Buffer;
  } = {},
): Promise<Message> {
  const collector = new MessageCollector();
  const message: Extractor = { kinds: ['message'], extract: ({ bytes }, output) => extract(output, bytes) };
  await readMessage(settings.bytes ?? Buffer.from('x'), {
    extractors: extractorsByKind([message, words, ...(settings.more ?? [])]),
    limits: { ...DEFAULT_READ_LIMITS, ...settings.limits },
    skip: settings.skip ?? new Map(),
    tell: (event) => collector.add(event),
  });
  return collector.message();
}

function blindOf({ blindSpots }: Message): readonly string[] {
  return blindSpots.map(({ part, kind }) => `${part}:${kind}`);
}

t.test('paths count as IMAP counts', async (t) => {
  const nest: Extractor = {
    kinds: ['multipart'],
    async extract(_source, output) {
      await output.inner(inner('deep'));
      await output.inner(inner('deeper'));
    },
  };
  const message = await read(
    async (output) => {
      await output.inner(inner('first'));
      await output.inner(inner('', { bytes: Buffer.from('x'), declaredType: 'multipart/mixed' }));
      await output.inner(inner('third'));
    },
    { more: [nest] },
  );
  t.same(
    message.parts.map(({ path, kind }) => `${path} ${kind}`),
    [' message', '1 text', '2 multipart', '2.1 text', '2.2 text', '3 text'],
  );
  t.same(
    message.spans.map(({ part, text }) => `${part} ${text}`),
    ['1 first', '2.1 deep', '2.2 deeper', '3 third'],
  );
});

t.test('a fault costs its part', async (t) => {
  const throwing: Extractor = {
    kinds: ['csv'],
    extract(_source, output) {
      output.text({ area: 'text' }, 'before');
      throw new Error('content that must not be told');
    },
  };
  const message = await read(
    async (output) => {
      await output.inner(inner('a,b\n1,2\n3,4\n', { declaredType: 'text/csv', name: 'a.csv' }));
      await output.inner(inner('after'));
    },
    { more: [throwing] },
  );
  t.same(blindOf(message), ['1:broken']);
  t.same(
    message.spans.map(({ place: { area }, text }) => `${area} ${text}`),
    ['file-name a.csv', 'text before', 'text after'],
  );
});

t.test('limits', async (t) => {
  const many = (count: number, text = 'word'): ((output: Output) => Promise<void>) => {
    return async (output) => {
      for (let i = 0; i < count; i++) await output.inner(inner(text));
    };
  };
  const rows: readonly (readonly [
    name: string,
    limits: Partial<ReadLimits>,
    extract: (output: Output) => void | Promise<void>,
    blind: readonly string[],
    spans: number,
  ])[] = [
    ['parts', { parts: 3 }, many(5), [':too-large'], 2],
    ['text', { textLength: 9 }, many(3), ['3:too-large'], 2],
    ['spans', { spans: 2 }, many(3), ['3:too-large'], 2],
    ['one part', { partBytes: 3 }, many(2), ['1:too-large', '2:too-large'], 0],
    [
      'unpacking',
      { unpackedBytes: 100 },
      (output) => {
        output.unpacked(60);
        output.text({ area: 'text' }, 'between');
        output.unpacked(60);
      },
      [':too-large'],
      1,
    ],
    ['nothing over', { parts: 6, textLength: 20, spans: 5 }, many(5), [], 5],
  ];
  for (const [name, limits, extract, blind, spans] of rows) {
    const message = await read(extract, { limits });
    t.same(blindOf(message), blind, name);
    t.equal(message.spans.length, spans, `${name}: what was found before stays`);
  }
});

t.test('depth', async (t) => {
  const nest: Extractor = {
    kinds: ['multipart'],
    extract: (_source, output) => output.inner(inner('x', { declaredType: 'multipart/mixed' })),
  };
  const message = await read((output) => output.inner(inner('x', { declaredType: 'multipart/mixed' })), {
    limits: { depth: 4 },
    more: [nest],
  });
  t.same(blindOf(message), ['1.1.1.1:too-deep']);
  t.equal(message.parts.length, 5);
});

t.test('how much may still be unpacked', async (t) => {
  const asked: number[] = [];
  await read(
    (output) => {
      asked.push(output.unpacked(0), output.unpacked(30), output.unpacked(0), output.unpacked(60));
    },
    { limits: { unpackedBytes: 100, partBytes: 80 } },
  );
  t.same(asked, [80, 70, 70, 10], 'in one piece at most as much as a part may have');
});

t.test('a message over the limit is read as far as it goes', async (t) => {
  const message = await read((output, bytes) => output.text({ area: 'text' }, bytes.toString('latin1')), {
    limits: { messageBytes: 5 },
    bytes: Buffer.from('seven more'),
  });
  t.same(blindOf(message), [':too-large']);
  t.same(
    message.spans.map(({ text }) => text),
    ['seven'],
  );
});

t.test('parts that are to be left out', async (t) => {
  const skip = new Map<string, BlindSpotKind>([['2', 'timed-out']]);
  const message = await read(
    async (output) => {
      for (const text of ['a', 'b', 'c']) await output.inner(inner(text, { name: `${text}.txt` }));
    },
    { skip },
  );
  t.same(blindOf(message), ['2:timed-out']);
  t.same(
    message.spans.map(({ text }) => text),
    ['a.txt', 'a', 'b.txt', 'c.txt', 'c'],
    'its name is read',
  );
});

t.test('told once for each part', async (t) => {
  const message = await read((output) => {
    for (let i = 0; i < 3; i++) {
      output.blind('broken');
      output.defect('macro');
    }
    output.text({ area: 'text' }, '');
  });
  t.same(blindOf(message), [':broken']);
  t.same(message.defects, [{ part: '', code: 'macro' }]);
  t.same(message.spans, [], 'empty text is dropped');
});

t.test('a limit that an extractor meets itself', async (t) => {
  t.same(
    blindOf(
      await read(() => {
        throw new LimitReached('too-deep');
      }),
    ),
    [':too-deep'],
  );
});

t.test('kinds that nobody reads', async (t) => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000002800000020008060000', 'hex');
  const message = await read(async (output) => {
    await output.inner({ ...INNER, bytes: png });
    await output.inner({ ...INNER, bytes: Buffer.alloc(0) });
    await output.inner({ ...INNER, bytes: Buffer.from('OggS\0\x02\0\0\0\0\0\0\0\0', 'latin1') });
    await output.inner({ ...INNER, bytes: Buffer.from('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n-----END PGP PUBLIC KEY BLOCK-----\n') });
  });
  t.same(
    message.parts.map(({ kind }) => kind),
    ['message', 'picture', 'empty', 'audio-video', 'key'],
  );
  t.same(blindOf(message), ['1:picture-not-read', '3:audio-video'], 'a key and nothing hold nothing to read');
  t.match(message.parts[1]?.digest, /^[0-9a-f]{64}$/, 'a picture has a digest');
  t.equal(message.parts[0]?.digest, null);
});

t.test('long text comes in pieces', async (t) => {
  const text = 'word '.repeat(500_000);
  const { spans } = await read((output) => output.text({ area: 'text' }, text));
  t.ok(spans.length >= 3 && spans.every((span) => span.text.length <= MAX_SPAN_LENGTH), `${spans.length} spans`);
  t.equal(spans.map((span) => span.text).join(''), text);
});

t.test('a file is read as if attached', async (t) => {
  const collector = new MessageCollector();
  await readFile(Buffer.from('hello'), 'note.txt', {
    extractors: extractorsByKind([words]),
    limits: DEFAULT_READ_LIMITS,
    skip: new Map(),
    tell: (event) => collector.add(event),
  });
  t.match(collector.message(), {
    parts: [{ path: '', kind: 'text', role: 'attachment', name: 'note.txt' }],
    spans: [{ text: 'note.txt' }, { text: 'hello' }],
  });
});

t.test('two extractors for one kind are a fault of ours', async (t) => {
  t.throws(() => extractorsByKind([words, words]), { message: 'two extractors for text' });
});
