// Places of keys and values in the text: what an error message points at.
import t from 'tap';
import { parseYaml } from '../../src/yaml/parse.ts';
import type { Position, YamlPath } from '../../src/yaml/positions.ts';

const TEXT = `# a comment
version: 1
listeners:
  relay:
    - address: 10.1.2.3   # inside
      port: 25
    - { address: "::1", port: 26 }
empty:
again: &shared [a, b]
alias: *shared
`;

const shown = ({ line, column }: Position): string => `${line}:${column}`;

await t.test('keys and values', async (t) => {
  const result = parseYaml(TEXT);
  if (result.kind !== 'document') return t.fail('is a document');
  const { document } = result;
  const cases: readonly (readonly [path: YamlPath, key: string, value: string])[] = [
    [[], '2:1', '2:1'],
    [['version'], '2:1', '2:10'],
    [['listeners', 'relay', 0], '5:7', '5:7'],
    [['listeners', 'relay', 0, 'port'], '6:7', '6:13'],
    [['listeners', 'relay', 1, 'port'], '7:25', '7:31'],
    [['again', 1], '9:20', '9:20'],
    [['alias'], '10:1', '10:8'],
  ];
  for (const [path, key, value] of cases) {
    t.equal(shown(document.keyPosition(path)), key, `key of ${path.join('.')}`);
    t.equal(shown(document.valuePosition(path)), value, `value of ${path.join('.')}`);
  }
});

await t.test('what is not in the text has the place above it', async (t) => {
  const result = parseYaml(TEXT);
  if (result.kind !== 'document') return t.fail('is a document');
  const { document } = result;
  t.equal(shown(document.keyPosition(['missing'])), '2:1');
  t.equal(shown(document.valuePosition(['listeners', 'relay', 0, 'tls'])), '5:7');
  t.equal(shown(document.valuePosition(['listeners', 'relay', 9])), '5:5');
  t.equal(shown(document.valuePosition(['version', 'inner'])), '2:10');
  t.equal(shown(document.valuePosition(['alias', 0])), '10:8', 'an alias is not followed');
});

await t.test('an empty document has a place too', async (t) => {
  const result = parseYaml('# nothing\n');
  t.equal(result.kind === 'document' ? shown(result.document.valuePosition(['a'])) : 'faults', '1:1');
});
