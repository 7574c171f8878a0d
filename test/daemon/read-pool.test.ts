// Reading in child processes: what hangs, runs wild or crashes costs one blind spot, and the rest of the message and the next are read.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { ReadPool, type ReadPoolSettings } from '../../src/daemon/read-pool.ts';
import { READ_CHILD } from '../../src/daemon/read-process.ts';
import type { Message } from '../../src/mail/message.ts';
import { DEFAULT_READ_LIMITS } from '../../src/mail/read-limits.ts';

const HOSTILE = fileURLToPath(new URL('../support/hostile-read-child.ts', import.meta.url));
const SETTINGS: ReadPoolSettings = {
  limits: DEFAULT_READ_LIMITS,
  processes: 1,
  memoryBytes: 400 * 1024 * 1024,
  partMs: 700,
  messageMs: 60_000,
  ocrMs: null,
  entry: HOSTILE,
};

function pool(t: { teardown(handler: () => Promise<void>): void }, settings: Partial<ReadPoolSettings> = {}): ReadPool {
  const made = new ReadPool({ ...SETTINGS, ...settings });
  t.teardown(() => made[Symbol.asyncDispose]());
  return made;
}

async function read(from: ReadPool, text: string, what: 'message' | 'file' = 'message'): Promise<Message> {
  const bytes = Buffer.from(text);
  const message = await from.read({
    what,
    name: null,
    spans: 'kept',
    sizeBytes: bytes.length,
    async *content() {
      yield bytes.subarray(0, 3);
      yield bytes.subarray(3);
    },
  });
  if (message === 'stopped') throw new Error('stopped');
  return message;
}

/** Text and blind spots, by part. */
function told({ spans, blindSpots }: Message): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { part, text } of spans) found[part] = text;
  for (const { part, kind } of blindSpots) found[part] = `${found[part] === undefined ? '' : `${found[part]}, `}${kind}`;
  return found;
}

await t.test('what one part does costs that part', async (t) => {
  const cases: readonly (readonly [what: string, blind: string])[] = [
    ['loop', 'timed-out'],
    ['buffers', 'too-large'],
    ['shared', 'too-large'],
    ['heap', 'too-large'],
    ['exit', 'broken'],
    ['signal', 'broken'],
    ['never', 'broken'],
    ['nonsense', 'broken'],
    ['throw', 'broken'],
  ];
  const hurried = pool(t);
  // What grows shall meet the limit of memory, not that of time.
  const patient = pool(t, { partMs: 60_000 });
  for (const [what, blind] of cases) {
    const reading = blind === 'too-large' ? patient : hurried;
    t.same(told(await read(reading, `before\n${what}\nafter`)), { '1': 'before', '2': blind, '3': 'after' }, what);
    t.same(told(await read(reading, 'next')), { '1': 'next' }, `after ${what}`);
  }
});

await t.test('what was found in a container before it ran wild is kept, in its place', async (t) => {
  const message = await read(pool(t), 'before\nwith-inner loop\nafter');
  t.same(told(message), { '1': 'before', '2': 'timed-out', '2.1': 'inside loop', '3': 'after' });
  t.same(
    message.parts.map(({ path }) => path),
    ['', '1', '2', '2.1', '3'],
  );
});

await t.test('several parts run wild', async (t) => {
  const reading = pool(t);
  t.same(told(await read(reading, 'exit\na\nexit\nb\nwith-inner exit\nc')), {
    '1': 'broken',
    '2': 'a',
    '3': 'broken',
    '4': 'b',
    '5': 'broken',
    '5.1': 'inside exit',
    '6': 'c',
  });
  const many = told(await read(reading, Array.from({ length: 8 }, (_, i) => `exit\n${i}`).join('\n')));
  t.equal(many[''], 'broken', 'after so many ends the rest is not read, and that is told');
  t.equal(many['2'], '0', 'what was found is kept');
  t.same(told(await read(reading, 'next')), { '1': 'next' });
});

await t.test('a child that floods the gateway is ended', async (t) => {
  const reading = pool(t, { limits: { ...DEFAULT_READ_LIMITS, textLength: 5_000_000 } });
  const message = await read(reading, 'lies');
  t.ok(message.blindSpots.length > 0);
  t.ok(message.spans.reduce((sum, { text }) => sum + text.length, 0) < 12_000_000, 'what it sent is bounded');
  t.same(told(await read(reading, 'next')), { '1': 'next' });
});

await t.test('the time of a message', async (t) => {
  const reading = pool(t, { partMs: 60_000, messageMs: 1_500 });
  t.same(told(await read(reading, 'before\nloop\nafter')), { '': 'timed-out', '1': 'before', '2': 'timed-out' });
  t.same(told(await read(reading, 'next')), { '1': 'next' });
});

await t.test('a child has no rights', async (t) => {
  const denied = 'ERR_ACCESS_DENIED';
  t.same(told(await read(pool(t), 'rights')), {
    '1': `read-passwd=${denied} write=${denied} spawn=${denied} worker=${denied} environment=0 arguments=2`,
  });
});

await t.test('content that cannot be had fails the reading, and nothing else', async (t) => {
  const reading = pool(t);
  const failing = reading.read({
    what: 'message',
    name: null,
    spans: 'kept',
    sizeBytes: 10,
    async *content() {
      yield Buffer.from('abc');
      throw new RangeError('unreadable');
    },
  });
  await t.rejects(failing, { name: 'RangeError' });
  t.same(told(await read(reading, 'next')), { '1': 'next' });
});

await t.test('text that nobody looks at is not kept', async (t) => {
  const bytes = Buffer.from('before\nwith-inner loop\nafter');
  const message = await pool(t).read({
    what: 'message',
    name: null,
    spans: 'dropped',
    sizeBytes: bytes.length,
    content: () => once(bytes),
  });
  t.match(message, { spans: [], blindSpots: [{ part: '2', kind: 'timed-out' }], parts: { length: 5 } });
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

await t.test('a child that is ended from outside while it is idle', async (t) => {
  const reading = pool(t);
  await read(reading, 'first');
  for (const pid of children()) process.kill(pid, 'SIGKILL');
  t.same(told(await read(reading, 'next')), { '1': 'next' });
});

await t.test('more messages than children: each is read, as many at once as there are children', async (t) => {
  const reading = pool(t, { processes: 2 });
  const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
  const messages = await Promise.all(texts.map((text) => read(reading, text)));
  t.same(
    messages.map((message) => told(message)['1']),
    texts,
  );
  t.equal(children().length, 2);
  t.equal(openStatFiles().length, 2, 'looked at by what is kept open');
});

await t.test('children end with the pool', async (t) => {
  const reading = new ReadPool(SETTINGS);
  await read(reading, 'first');
  const readings = Promise.allSettled([read(reading, 'loop'), read(reading, 'waits')]);
  await reading[Symbol.asyncDispose]();
  for (const ended of await readings) t.match(ended, { status: 'rejected', reason: { message: 'stopped' } });
  t.same(children(), []);
  t.same(openStatFiles(), [], 'nothing of them is left open');
});

await t.test('the real child', async (t) => {
  const reading = pool(t, { entry: READ_CHILD, partMs: 10_000 });
  const message = await read(reading, 'Subject: hello\r\n\r\nGood morning.\r\n');
  t.ok(message.spans.some(({ text }) => text.includes('Good morning.')));
  t.same(message.blindSpots, []);
});

/** What tells of a process's time that this one has open. */
function openStatFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`);
      return /^\/proc\/\d+\/stat$/.test(path) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** Processes that this one has started and that still run. */
function children(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(parent) === process.pid && state !== 'Z' && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('read-child');
      } catch {
        return false;
      }
    })
    .map(Number);
}
