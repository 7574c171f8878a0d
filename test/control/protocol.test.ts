// The wire of the control socket: lines from pieces of any size, bounded.
import fc from 'fast-check';
import t from 'tap';
import { LineReader, parseLine, requestLine, responseLine } from '../../src/control/protocol.ts';
import { fuzz } from '../support/fuzz.ts';

const LIMIT = 64;

/** All lines of `bytes` handed in in pieces, or 'too-long'. */
function readAll(bytes: Buffer, sizes: readonly number[]): readonly string[] | 'too-long' {
  const reader = new LineReader(LIMIT);
  const lines: string[] = [];
  let from = 0;
  for (let i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    const found = reader.push(bytes.subarray(from, from + size));
    if (found === 'too-long') return found;
    lines.push(...found);
    from += size;
  }
  return lines;
}

await t.test('lines are the same in whatever pieces they come', async (t) => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '"', ' ', '診'), maxLength: 16 }), { maxLength: 6 });
  fuzz(
    t,
    2_000,
    fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }), (lines, sizes) => {
      const found = readAll(Buffer.from(lines.map((line) => `${line}\n`).join('')), sizes);
      return JSON.stringify(found) === JSON.stringify(lines);
    }),
  );
});

await t.test('a line over the bound is told once it is over, however it comes', async (t) => {
  for (const sizes of [[1], [7], [63], [64], [65], [1_000]]) {
    t.same(readAll(Buffer.from(`${'x'.repeat(LIMIT)}\n`), sizes), ['x'.repeat(LIMIT)], `at the bound, pieces of ${sizes.join()}`);
    t.equal(readAll(Buffer.from(`${'x'.repeat(LIMIT + 1)}\n`), sizes), 'too-long', `over it, pieces of ${sizes.join()}`);
    t.equal(readAll(Buffer.from('x'.repeat(LIMIT + 1)), sizes), 'too-long', `without an end, pieces of ${sizes.join()}`);
  }
  t.equal(readAll(Buffer.from(`ok\n${'x'.repeat(LIMIT + 1)}\n`), [200]), 'too-long', 'after a good one');
});

await t.test('what is no JSON, and what is no request', async (t) => {
  t.equal(parseLine('{'), undefined);
  t.equal(parseLine(''), undefined);
  for (const value of [
    undefined,
    null,
    1,
    [],
    {},
    { v: 1 },
    { v: '1', command: 'status', request: {} },
    { v: 1, command: 5, request: {} },
    { v: 1, command: 'x'.repeat(65), request: {} },
  ]) {
    t.notOk(requestLine.safeParse(value).success, JSON.stringify(value) ?? 'undefined');
  }
  for (const value of [
    { v: 1, ok: true },
    { v: 1, ok: false },
    { v: 1, ok: false, code: 'odd', text: '' },
    { v: 2, ok: true, value: 1 },
  ]) {
    const read = responseLine.safeParse(value);
    t.ok(!read.success || (value.v === 1 && value.ok), JSON.stringify(value));
  }
});
