// The sink of one message: order, back-pressure, refusals, silence, what happens when the intake is slow, fails or the client goes.
import t from 'tap';
import type { Intake } from '../../src/gateway/intake.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import type { MailErrorCode } from '../../src/mail/mail-error.ts';
import { answerContent, ContentSink } from '../../src/smtp/content.ts';
import type { ContentRules, ContentTimes } from '../../src/smtp/content.ts';

const TIMES: ContentTimes = { silenceMs: 60, lastWritesMs: 80, replyMs: 120 };
const ACCEPTED = { code: 250, enhanced: '2.0.0', text: 'ok' };

interface Trial {
  readonly sink: ContentSink;
  readonly end: ReturnType<typeof answerContent>;
  readonly calls: string[];
  readonly bugs: string[];
}

function trial(change: Partial<Intake> = {}, times: Partial<ContentTimes> = {}): Trial {
  const calls: string[] = [];
  const bugs: string[] = [];
  const usual: Intake = { write: async () => undefined, end: async () => ACCEPTED, abort: async () => undefined, ...change };
  const intake: Intake = {
    write: async (piece) => {
      calls.push(`write ${piece.length}`);
      await usual.write(piece);
      calls.push('written');
    },
    end: async () => {
      calls.push('end');
      return usual.end();
    },
    abort: async () => {
      calls.push('abort');
      await usual.abort();
    },
  };
  const rules: ContentRules = { messageSizeBytes: 100, times: { ...TIMES, ...times }, bug: (where) => bugs.push(where) };
  const sink = new ContentSink(intake, rules);
  sink.on('error', () => undefined);
  return { sink, end: answerContent(sink, intake, rules), calls, bugs };
}

const never = (): Promise<never> => new Promise(() => undefined);

await t.test('in order, one piece after the other', async (t) => {
  const { sink, end, calls, bugs } = trial({ write: () => new Promise((resolve) => setImmediate(resolve)) });
  sink.write(Buffer.from('a: b\r\n'));
  sink.write(Buffer.from('\r\n'));
  sink.end(Buffer.from('body\r\n'));
  t.match(await end, { kind: 'answered', reply: ACCEPTED, sizeBytes: 14 });
  t.same(calls, ['write 6', 'written', 'write 2', 'written', 'write 6', 'written', 'end']);
  t.same(bugs, []);
});

await t.test('refused by what it holds', async (t) => {
  const table: readonly (readonly [name: string, pieces: readonly string[], code: MailErrorCode])[] = [
    ['bare LF', ['a\n'], 'content.bare-line-ending'],
    ['LF after a piece without CR', ['a', '\nb\r\n'], 'content.bare-line-ending'],
    ['CR at the very end', ['a\r'], 'content.bare-line-ending'],
    ['one octet too many', [`${'x'.repeat(99)}\r\n`], 'envelope.too-large'],
    ['too many in pieces', ['x'.repeat(60), 'x'.repeat(60)], 'envelope.too-large'],
    ['too large and broken: what came first', ['a\nb', 'x'.repeat(200)], 'content.bare-line-ending'],
  ];
  for (const [name, pieces, code] of table) {
    const { sink, end, calls } = trial();
    for (const piece of pieces) sink.write(Buffer.from(piece));
    sink.end();
    t.same(await end, { kind: 'refused', code, client: 'at-end' }, name);
    t.equal(calls.filter((call) => call === 'abort').length, 1, `${name}: aborted once`);
    t.equal(calls.at(-1), 'abort', `${name}: nothing after that`);
  }
});

await t.test('exactly the limit', async (t) => {
  const { sink, end } = trial();
  sink.end(Buffer.from(`${'x'.repeat(98)}\r\n`));
  t.match(await end, { kind: 'answered', sizeBytes: 100 });
});

await t.test('refused and silent: cut off', async (t) => {
  const { sink, end } = trial();
  sink.write(Buffer.from('a\nb'));
  t.same(await end, { kind: 'refused', code: 'content.bare-line-ending', client: 'cut-off' });
});

await t.test('refused and endless: cut off', async (t) => {
  const { sink, end, calls } = trial({}, { silenceMs: 60_000 });
  sink.write(Buffer.from('a\nb'));
  for (let i = 0; i < 40; i++) sink.write(Buffer.alloc(32_768));
  t.same(await end, { kind: 'refused', code: 'content.bare-line-ending', client: 'cut-off' });
  t.same(calls, ['abort']);
});

await t.test('a write that does not end, and the dot was seen', async (t) => {
  const { sink, end, calls } = trial({ write: never });
  sink.write(Buffer.from('a\r\n'));
  sink.end();
  const startedAt = performance.now();
  t.same(await end, { kind: 'refused', code: 'store.too-slow', client: 'at-end' });
  t.ok(performance.now() - startedAt < 1_000);
  t.same(calls, ['write 3'], 'calls follow one another: no abort before the write is over');
});

await t.test('a late write is followed by the abort', async (t) => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { sink, end, calls } = trial({ write: () => promise });
  sink.write(Buffer.from('a\r\n'));
  sink.end();
  await end;
  resolve(undefined);
  await new Promise((go) => setImmediate(go));
  t.same(calls, ['write 3', 'written', 'abort']);
});

await t.test('a slow write before the dot only holds the client back', async (t) => {
  const { sink, end } = trial({ write: () => new Promise((resolve) => setTimeout(resolve, 150)) });
  sink.write(Buffer.from('a\r\n'), () => sink.end());
  t.match(await end, { kind: 'answered' });
});

await t.test('an intake that fails', async (t) => {
  const fails = (error: Error) => () => Promise.reject(error);
  const full = trial({ write: fails(new MailError('store.disk-full')) });
  full.sink.end(Buffer.from('a\r\n'));
  t.same(await full.end, { kind: 'refused', code: 'store.disk-full', client: 'at-end' });
  t.same(full.bugs, []);
  const broken = trial({ write: fails(new Error('ENOENT /var/lib/x')) });
  broken.sink.end(Buffer.from('a\r\n'));
  t.same(await broken.end, { kind: 'refused', code: 'session.internal', client: 'at-end' });
  t.same(broken.bugs, ['content.write']);
  const ends = trial({ end: fails(new Error('x')) });
  ends.sink.end(Buffer.from('a\r\n'));
  t.same(await ends.end, { kind: 'refused', code: 'session.internal', client: 'at-end' });
  t.same(ends.bugs, ['content.end']);
  const aborts = trial({ abort: fails(new Error('x')) });
  aborts.sink.end(Buffer.from('a\n'));
  t.match(await aborts.end, { kind: 'refused', code: 'content.bare-line-ending' });
  await new Promise((go) => setImmediate(go));
  t.same(aborts.bugs, ['content.abort']);
});

await t.test('an intake that does not answer', async (t) => {
  const { sink, end } = trial({ end: never });
  sink.end(Buffer.from('a\r\n'));
  t.same(await end, { kind: 'refused', code: 'store.too-slow', client: 'at-end' });
});

await t.test('the client goes: aborted, once, after what is under way', async (t) => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { sink, end, calls } = trial({ write: () => promise });
  sink.write(Buffer.from('a\r\n'));
  sink.destroy(new Error('Connection closed'));
  t.same(await end, { kind: 'lost' });
  t.same(calls, ['write 3']);
  resolve(undefined);
  await new Promise((go) => setImmediate(go));
  t.same(calls, ['write 3', 'written', 'abort']);
  const refused = trial();
  refused.sink.write(Buffer.from('a\n'));
  refused.sink.destroy();
  t.same(await refused.end, { kind: 'lost' });
  t.same(refused.calls, ['abort'], 'a refused one was aborted before');
});
