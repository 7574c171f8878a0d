// Reading in the examining thread: what is plain text is read as a reading child reads it, without one; all else is handed on untouched.
import { Readable as Stream } from 'node:stream';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readHere } from '../../src/daemon/read-here.ts';
import { type Readable, ReadPool } from '../../src/daemon/read-pool.ts';
import { READ_CHILD } from '../../src/daemon/read-process.ts';
import { DEFAULT_READ_LIMITS } from '../../src/mail/read-limits.ts';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { blindOf, examining, from, kindsOf, letter } from '../support/examining.ts';

const HOSTILE_CHILD = fileURLToPath(new URL('../support/hostile-read-child.ts', import.meta.url));
const HOSTILE_THREAD = new URL('../support/hostile-examine-thread.ts', import.meta.url);
const HTML = 'From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n';

function readable(text: string, change: Partial<Readable> = {}): Readable {
  const bytes = Buffer.from(text);
  const pieces = [bytes.subarray(0, 5), bytes.subarray(5)];
  return { what: 'message', name: null, spans: 'kept', sizeBytes: bytes.length, content: () => Stream.from(pieces), ...change };
}

/** Of what is left for a child. */
async function contentOf(given: Readable): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of given.content()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

await t.test('plain text is read here as in a child', async (t) => {
  const pool = new ReadPool({
    limits: DEFAULT_READ_LIMITS,
    processes: 1,
    memoryBytes: 400 * 1024 * 1024,
    partMs: 20_000,
    messageMs: 60_000,
    ocrMs: null,
    entry: READ_CHILD,
  });
  t.teardown(() => pool[Symbol.asyncDispose]());
  const coded = letter('R3LDvMOfZSBhbiBhbGxlIQ==').replace('\r\n\r\n', '; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n');
  const texts = [letter('Patient: Mary Hopper, MRN 4471920'), letter('Grüße'), letter(''), coded, letter('word '.repeat(50_000))];
  for (const text of texts) {
    const here = await readHere(readable(text), DEFAULT_READ_LIMITS);
    t.equal(here.kind, 'read');
    if (here.kind === 'read') t.same(here.message, await pool.read(readable(text)));
  }
});

await t.test('what is not is handed on', async (t) => {
  const text = letter('Hello');
  const cases: readonly (readonly [name: string, given: Readable])[] = [
    ['HTML', readable(HTML)],
    ['a file', readable(text, { what: 'file' })],
    ['text that nobody looks at', readable(text, { spans: 'dropped' })],
    ['more than lies in a row', readable(letter('a'.repeat(ROW_BYTES)))],
    ['shorter than it says', readable(text, { sizeBytes: text.length + 1 })],
    ['longer than it says', readable(text, { sizeBytes: text.length - 1 })],
  ];
  for (const [name, given] of cases) {
    const here = await readHere(given, DEFAULT_READ_LIMITS);
    t.equal(here.kind, 'not-plain', name);
    if (here.kind !== 'not-plain') continue;
    t.same({ ...here.readable, content: null }, { ...given, content: null }, `${name}: as it was given`);
    t.equal(await contentOf(here.readable), await contentOf(given), `${name}: with all its octets`);
  }
});

await t.test('content that cannot be had is nobody else’s', async (t) => {
  const content = (): AsyncIterable<Uint8Array> =>
    Stream.from([Buffer.from('From')]).map(() => {
      throw new RangeError('unreadable');
    });
  await t.rejects(readHere(readable(letter('Hello'), { content }), DEFAULT_READ_LIMITS), { name: 'RangeError' });
});

await t.test('the examining thread needs no child for it', async (t) => {
  // The hostile child takes each line for a part.
  const { examiner, sealed, lost } = await examining(t, { readChild: HOSTILE_CHILD });
  const plain = await examiner.examine(await sealed(letter('Patient: Mary Hopper, MRN 4471920. exit')), from('ann'));
  t.ok(kindsOf(plain).includes('mrn'));
  t.match(plain, {
    message: {
      parts: [
        { path: '', kind: 'message' },
        { path: '1', kind: 'text' },
      ],
    },
  });
  t.match(await examiner.examineLetter(Buffer.from(letter('Hello')), from('ann')), { message: { parts: { length: 2 } } });
  const other = await examiner.examine(await sealed(HTML), from('ann'));
  if (other === 'stopped') throw new Error('stopped');
  t.equal(other.message.parts.length, HTML.split('\n').length + 1, 'HTML is read by the child');
  t.same(lost, []);
});

await t.test('a message that a thread was lost with is read by a child', async (t) => {
  const { examiner, sealed, lost } = await examining(t, { entry: HOSTILE_THREAD, readChild: HOSTILE_CHILD });
  const text = letter('Hello');
  const found = await examiner.examine(await sealed(text), from('kills-below-1'));
  if (found === 'stopped') throw new Error('stopped');
  t.equal(lost.length, 1);
  t.equal(found.message.parts.length, text.split('\n').length + 1);
  t.same(blindOf(found), []);
});
