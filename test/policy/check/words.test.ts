// Texts for patterns: every combination of patterns that short texts can match is matched by one of the words.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { globTest } from '../../../src/policy/glob.ts';
import { type Shape, wordsOf } from '../../../src/policy/check/words.ts';
import { fuzz } from '../../support/fuzz.ts';

function combination(patterns: readonly string[], text: string): string {
  return patterns.map((one) => (globTest(one)(text) ? '1' : '0')).join('');
}

/** Every text of these letters, up to a length. */
function texts(letters: readonly string[], length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = texts(letters, length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((text) => letters.map((one) => text + one))])];
}

const CASES: readonly (readonly [name: string, shape: Shape, patterns: readonly string[], combinations: readonly string[]])[] = [
  ['none', 'any', [], ['']],
  ['exact only', 'any', ['lab'], ['0', '1']],
  ['a prefix', 'any', ['lab*'], ['0', '1']],
  ['everything', 'any', ['*'], ['1']],
  ['both ends', 'any', ['lab*', '*bot'], ['00', '10', '01', '11']],
  ['one inside the other', 'any', ['lab*', 'lab-x*'], ['00', '10', '11']],
  ['ends that overlap', 'any', ['ab*', '*bc', 'ab*bc'], ['000', '100', '010', '110', '111']],
  ['a piece in the middle', 'any', ['*x*', '*y*'], ['00', '10', '01', '11']],
  ['an exact one among them', 'any', ['lab*', 'lab'], ['00', '10', '11']],
  ['parts that cannot meet', 'local', ['a*', 'b*'], ['00', '10', '01']],
  ['domains', 'domain', ['*.lab.example', 'x*.example'], ['00', '10', '01', '11']],
];

t.test('combinations', (t) => {
  for (const [name, shape, patterns, combinations] of CASES) {
    const { words, covers } = wordsOf(patterns, shape);
    t.equal(covers, 'all', name);
    t.same([...new Set(words.map((word) => combination(patterns, word)))].sort(), combinations.toSorted(), name);
  }
  t.end();
});

t.test('words of addresses look like parts of addresses', (t) => {
  const { words: domains } = wordsOf(['*.a-b.example', 'lab-*', '*-x.example'], 'domain');
  for (const word of domains) t.match(word, /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/, word);
  const { words: locals } = wordsOf(['a.*', '*.b'], 'local');
  for (const word of locals) t.match(word, /^[^.]+(?:\.[^.]+)*$/, word);
  t.end();
});

t.test('no combination is left out', (t) => {
  const piece = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
  const all = texts(['a', 'b', 'c'], 6);
  fuzz(
    t,
    60,
    fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (patterns) => {
      const { words } = wordsOf(patterns, 'any');
      const reached = new Set(words.map((word) => combination(patterns, word)));
      for (const text of all) assert.ok(reached.has(combination(patterns, text)), `${patterns.join(' ')}: ${text}`);
    }),
  );
  t.end();
});

t.test('too many patterns at once are said to be', (t) => {
  const patterns = Array.from({ length: 16 }, (_, i) => `*${String.fromCharCode(97 + i)}*`);
  t.equal(wordsOf(patterns, 'any').covers, 'part');
  t.end();
});
