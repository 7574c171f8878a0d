// YAML from outside: one document of YAML 1.2 core, every fault with its place, bounds that no text gets past.
import fc from 'fast-check';
import t from 'tap';
import { parseYaml } from '../../src/yaml/parse.ts';
import type { YamlResult } from '../../src/yaml/parse.ts';
import { fuzz } from '../support/fuzz.ts';

const valueOf = (result: YamlResult): unknown => (result.kind === 'document' ? result.document.value : result);
const faultsOf = (result: YamlResult): readonly string[] =>
  result.kind === 'faults' ? result.faults.map(({ line, column, what }) => `${line}:${column} ${what}`) : ['none'];

await t.test('what is read', async (t) => {
  const cases: readonly (readonly [name: string, text: string, value: unknown])[] = [
    ['YAML 1.2 booleans only', 'a: true\nb: yes\nc: No\nd: on', { a: true, b: 'yes', c: 'No', d: 'on' }],
    ['numbers of the core schema', 'a: 10\nb: 0o17\nc: 0x1f\nd: 1.5\ne: 010', { a: 10, b: 15, c: 31, d: 1.5, e: 10 }],
    ['dates and durations stay text', 'a: 2026-11-22\nb: 24h\nc: 12:30', { a: '2026-11-22', b: '24h', c: '12:30' }],
    ['a merge key is a key like any other', '<<: { a: 1 }', { '<<': { a: 1 } }],
    ['an alias', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['nothing', '', null],
    ['only a comment', '# nothing', null],
    ['a byte order mark', '\uFEFFa: 1', { a: 1 }],
    ['Windows line ends', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['other scripts', 'a: Praxis Müller 診療所', { a: 'Praxis Müller 診療所' }],
  ];
  for (const [name, text, value] of cases) t.same(valueOf(parseYaml(text)), value, name);
});

await t.test('what is refused, and where', async (t) => {
  const cases: readonly (readonly [name: string, text: string | Uint8Array, faults: readonly string[]])[] = [
    ['a key twice', 'a: 1\nb: 2\na: 3', ['3:1 the same key stands twice']],
    ['a key twice, deeper', 'x:\n  a: 1\n  a: 3', ['3:3 the same key stands twice']],
    ['a tab as indent', 'a:\n\tb: 1', ['2:1 a tab is used to indent']],
    ['a tag of its own', 'a: !secret x', ['1:4 a tag is not known']],
    ['a JavaScript tag', 'a: !!js/function "x"', ['1:4 a tag is not known']],
    ['YAML 1.1', '%YAML 1.1\n---\na: yes', ['1:1 YAML 1.1 is asked for']],
    ['a second document', 'a: 1\n---\nb: 2', ['2:1 a second document begins here']],
    ['a list as key', '? [a]\n: 1', ['1:3 a key is not plain text']],
    ['an alias without anchor', 'a: *x', ['1:4 aliases repeat too much']],
    ['an alias in its own anchor', 'a: &a [*a]', ['1:8 an alias stands inside its own anchor']],
    ['a quote left open', 'a: "x', ['1:6 Missing closing "quote']],
    ['not UTF-8', Uint8Array.of(0x61, 0x3a, 0x20, 0xff), ['1:1 the file is not UTF-8']],
    ['a control character', 'a: 1\nb: x\u0007y', ['2:5 a control character stands here']],
    ['NUL', 'a: \0', ['1:4 a control character stands here']],
  ];
  for (const [name, text, faults] of cases) t.same(faultsOf(parseYaml(text)), faults, name);
});

await t.test('all faults at once', async (t) => {
  t.equal(faultsOf(parseYaml('a: 1\na: 2\nb: !x y\nc: 1\nc: 2\n')).length, 3);
});

await t.test('bounds', async (t) => {
  const bomb = Array.from(
    { length: 9 },
    (_, i) =>
      `${'abcdefghi'[i]}: &${'abcdefghi'[i]} [${Array.from({ length: 9 }, () => (i === 0 ? 'x' : `*${'abcdefghi'[i - 1]}`)).join(', ')}]`,
  ).join('\n');
  const cases: readonly (readonly [name: string, text: string, what: RegExp])[] = [
    ['a billion laughs', bomb, /^\d+:\d+ aliases repeat too much$/],
    ['brackets 300,000 deep', '['.repeat(300_000), /nested too deeply$/],
    ['dashes 200,000 deep', '- '.repeat(200_000), /nested too deeply$/],
    ['mappings 100,000 deep', '{a: '.repeat(100_000), /nested too deeply$/],
    ['a document of 2 MB', `a: ${'x'.repeat(2_000_000)}`, /^1:1 the file has 2000003 bytes$/],
    ['20,000 keys in one mapping', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'), /too long$/],
    ['150,000 items', '- 1\n'.repeat(150_000), /too many values$/],
  ];
  for (const [name, text, what] of cases) {
    const started = performance.now();
    t.match(faultsOf(parseYaml(text))[0], what, name);
    t.ok(performance.now() - started < 10_000, `${name}: within seconds`);
  }
});

await t.test('a key of the language is only a key', async (t) => {
  const result = parseYaml('__proto__: { polluted: 1 }\nconstructor: 2');
  t.same(Object.keys(valueOf(result) as object), ['__proto__', 'constructor']);
  t.notOk(Object.hasOwn(Object.prototype, 'polluted'));
});

await t.test('any text ends as a document or as faults with places inside it', async (t) => {
  const pieces = fc.array(
    fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '!t ',
      '? ',
      '| ',
      '> ',
      '---\n',
      '%YAML 1.2\n',
      '#',
      'é',
      '\t',
      'b',
      ': ',
    ),
    { maxLength: 40 },
  );
  fuzz(
    t,
    2_000,
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      const result = parseYaml(text);
      const lines = text.split('\n').length;
      return (
        result.kind === 'document' ||
        result.faults.every(({ line, column, what, right }) => line >= 1 && line <= lines + 1 && column >= 1 && what !== '' && right !== '')
      );
    }),
  );
});
