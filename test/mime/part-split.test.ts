// Delimiters of multiparts: which lines are one, for every reader or for some, and which boundaries a body shows by itself.
import t from 'tap';
import { boundariesIn, findDelimiters, guessBoundaries } from '../../src/mime/part-split.ts';

const LINES: readonly (readonly [body: string, ...kinds: string[]])[] = [
  ['--b\r\nx\r\n--b--\r\n', 'part', 'close'],
  ['--b\nx\n--b--', 'part', 'close'],
  ['--b \t\r\nx\r\n--b-- \r\n', 'part', 'close'],
  ['x\r\n--b', 'part'],
  ['x --b\r\n'],
  [' --b\r\n'],
  ['--B\r\n'],
  ['--bx\r\n', 'loose-part'],
  ['--b-\r\n', 'loose-part'],
  ['--b--x\r\n', 'loose-close'],
  ['--b\0\r\n', 'loose-part'],
  ['x\r--b\ry', 'part'],
  ['--b--b\r\n', 'loose-close'],
  ['--b\r\n--b\r\n--b\r\n', 'part', 'part', 'part'],
];

await t.test('delimiter lines', async (t) => {
  for (const [body, ...kinds] of LINES) {
    const found = findDelimiters(Buffer.from(body, 'latin1'), 'b').map(({ kind }) => kind);
    t.same(found, kinds, JSON.stringify(body));
  }
});

await t.test('the line end before a delimiter is its own', async (t) => {
  for (const [body, content] of [
    ['--b\r\nx\r\n--b--', 'x'],
    ['--b\r\nx\r\n\r\n--b--', 'x\r\n'],
    ['--b\nx\n--b--', 'x'],
    ['--b\r\nx\n--b--', 'x'],
    ['--b\r\n--b--', ''],
  ] as const) {
    const [first, second] = findDelimiters(Buffer.from(body), 'b');
    t.equal(body.slice(first?.end, Math.max(first?.end ?? 0, second?.start ?? 0)), content, JSON.stringify(body));
  }
  t.same(
    findDelimiters(Buffer.from('--b\rx\r\n--b\r\n'), 'b').map(({ lineEnds }) => lineEnds),
    ['bare-cr', 'usual'],
  );
});

await t.test('boundaries that a body has', async (t) => {
  const body = Buffer.from('x\r\n--one\r\n\r\n--two--\r\n --three\r\n');
  t.same(boundariesIn(body, ['three', 'two', 'one', '', 'on', 'four']), ['two', 'one', 'on']);
});

const GUESSES: readonly (readonly [body: string, ...boundaries: string[]])[] = [
  ['--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--', 'b'],
  ['x\r\n--b \r\ncontent-type: text/plain\r\n', 'b'],
  ['--b\nContent-Type: x\n\n--c\nContent-ID: y\n', 'b', 'c'],
  ['--\r\nContent-Type: x\r\n', ''],
  ['-- \r\nMe'],
  ['--b\r\nhello: there\r\n'],
  ['--b--\r\nContent-Type: x\r\n'],
];

await t.test('guesses', async (t) => {
  for (const [body, ...boundaries] of GUESSES) t.same(guessBoundaries(Buffer.from(body)), boundaries, JSON.stringify(body));
  t.same(guessBoundaries(Buffer.from('--\r\n'.repeat(100_000))), []);
});
