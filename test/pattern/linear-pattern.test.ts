// Patterns of administrators: what is found and where, what is refused with its place and why, and that windows find what the whole finds.
import fc from 'fast-check';
import { RE2JS } from 're2js';
import t from 'tap';
import { compilePattern, type LinearPattern, type PatternFault } from '../../src/pattern/linear-pattern.ts';
import { fuzz } from '../support/fuzz.ts';

function compiled(source: string): LinearPattern {
  const result = compilePattern(source);
  if (result.kind === 'refused') throw new Error(`${source}: ${result.fault.what}`);
  return result.pattern;
}

const found: readonly (readonly [name: string, source: string, text: string, matches: readonly string[]])[] = [
  ['a literal', 'AB-\\d{4}', 'x AB-1234, AB-99 and AB-5678', ['AB-1234', 'AB-5678']],
  ['edges of words', '\\b\\d{4}\\b', '1234 12345 x1234 9999', ['1234', '9999']],
  ['at the edges of the text', '\\b\\d{4}\\b', '1234', ['1234']],
  ['alternatives', 'cat|dog', 'dogcat', ['dog', 'cat']],
  ['case is told apart', 'abc', 'ABC abc', ['abc']],
  ['case is not told apart', '(?i)abc-\\d', 'ABC-1 abc-2', ['ABC-1', 'abc-2']],
  ['named groups', '(?P<year>20\\d\\d)-(?<month>\\d\\d)', 'in 2024-03.', ['2024-03']],
  ['anchors', '(?m)^ID \\d+$', 'ID 1\nno ID 2\nID 3', ['ID 1', 'ID 3']],
  ['beyond the basic plane', '\\p{So}\\d', 'a \u{1F600}1', ['\u{1F600}1']],
  ['an optional part', '[A-Z]{2}-?\\d{3}', 'AB123 CD-456 E789', ['AB123', 'CD-456']],
  ['lazy', '<.+?>', '<a><b>', ['<a>', '<b>']],
  ['far apart', 'no\\. \\d{3}', `no. 1 ${'x '.repeat(500)}no. 777`, ['no. 777']],
  ['a match that leans on one in the same window', '\\d{2}x', '12x34x5', ['12x', '34x']],
];

for (const [name, source, text, matches] of found) {
  t.test(`finds: ${name}`, async (t) => {
    const places = compiled(source).find(text, 100);
    t.same(
      places.map(({ at, length }) => text.slice(at, at + length)),
      matches,
    );
  });
}

const refused: readonly (readonly [source: string, code: PatternFault['code'], at: number])[] = [
  ['', 'matches-nothing', 0],
  ['ab(?=c)', 'look-around', 2],
  ['(?<!x)y', 'look-around', 0],
  ['(?<=x)y', 'look-around', 0],
  ['x(?!y)', 'look-around', 1],
  ['(a)b\\1', 'back-reference', 4],
  ['(?P<a>x)(?P=a)', 'back-reference', 8],
  ['(?<a>x)\\k<a>', 'back-reference', 7],
  ['(?>a)', 'atomic', 0],
  ['ab++', 'atomic', 2],
  ['xa{1001}', 'repeat-too-large', 2],
  ['(a{1000}){1000}', 'repeat-too-large', 9],
  ['((a{100}){100}){100}', 'repeat-too-large', 9],
  ['a{1000}{1000}', 'syntax', 1],
  ['x(', 'syntax', 2],
  ['ab)', 'syntax', 0],
  ['x[a', 'syntax', 1],
  ['a**', 'syntax', 1],
  ['*a', 'syntax', 0],
  ['ab\\', 'syntax', 3],
  ['x[z-a]', 'syntax', 2],
  ['\\p{Foo}', 'syntax', 0],
  ['x\\q', 'syntax', 1],
  ['(?x:a)', 'syntax', 0],
  ['a{1,1000}{2}', 'syntax', 1],
  ['\\d{1,1000}', 'too-large', 0],
  ['(?:x?){500}x{500}', 'too-large', 0],
  ['x'.repeat(2_001), 'too-large', 2_000],
  ['('.repeat(900) + 'a' + ')'.repeat(900), 'too-large', 0],
  ['(a|a)*', 'matches-nothing', 0],
  ['\\b', 'matches-nothing', 0],
  ['a?', 'matches-nothing', 0],
];

for (const [source, code, at] of refused) {
  t.test(`refuses: ${source.slice(0, 30).replaceAll('#', '')}`, async (t) => {
    const result = compilePattern(source);
    t.equal(result.kind, 'refused');
    if (result.kind === 'refused') {
      t.equal(result.fault.code, code);
      t.equal(result.fault.at, at);
      t.notMatch(result.fault.what, /error parsing/);
    }
  });
}

t.test('what runs away elsewhere ends here', async (t) => {
  const text = `${'a'.repeat(100_000)}!`;
  for (const source of ['(a+)+$', '(a|a)+b', '(a*)*b', '(.*a){11}b', '^(([a-z])+.)+[A-Z]([a-z])+$'])
    t.same(compiled(source).find(text, 10), []);
});

t.test('no more than asked for', async (t) => {
  t.equal(compiled('a').find('a'.repeat(1000), 7).length, 7);
});

const PIECES = [
  '(?i)',
  'S',
  'K',
  'sk',
  '\\d{3}',
  '(?:\\d{2}|1{3})',
  'a',
  'b',
  '1',
  '-',
  '\\d',
  '\\d{2}',
  '[ab]',
  '[0-9]',
  '.',
  '\\b',
  '(?:a|1)',
  '(b-)',
  '?',
  '+',
  '{1,3}',
  '|',
  'ab',
  '\\.',
  '^',
  '$',
  '\\w',
];
const TEXTS = fc.array(
  fc.constantFrom(
    'a',
    'b',
    '1',
    '2',
    '-',
    ' ',
    '.',
    '\n',
    'ab',
    'b-1',
    'A',
    '123',
    's',
    'k',
    '\u017f',
    '\u212a',
    '\u0130',
    '\u{1F600}',
    'x '.repeat(30),
  ),
  {
    maxLength: 60,
  },
);

t.test('windows find what the whole text holds', async (t) => {
  fuzz(
    t,
    6_000,
    fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }), TEXTS, (pieces, parts) => {
      const source = pieces.join('');
      const text = parts.join('');
      const result = compilePattern(source);
      if (result.kind === 'refused') return true;
      const whole: { at: number; length: number }[] = [];
      const matcher = RE2JS.compile(source).matcher(text);
      while (matcher.find())
        if (matcher.end() > matcher.start()) whole.push({ at: matcher.start(), length: matcher.end() - matcher.start() });
      return JSON.stringify(result.pattern.find(text, 10_000)) === JSON.stringify(whole);
    }),
  );
});

t.test('any pattern: a value, never a throw', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(
      fc.array(
        fc.oneof(fc.constantFrom(...PIECES, '(', ')', '[', '\\', '{1000}', '(?', '*'), fc.string({ unit: 'binary', maxLength: 3 })),
        { maxLength: 12 },
      ),
      (pieces) => {
        const source = pieces.join('');
        const result = compilePattern(source);
        return result.kind === 'pattern' || (result.fault.at >= 0 && result.fault.at <= Math.max(source.length, 0));
      },
    ),
  );
});
