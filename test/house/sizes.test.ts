// Sizes and names: small files named after what they hold, short functions, an opening comment everywhere.
import { basename } from 'node:path';
import t from 'tap';
import { sourceFiles } from '../support/source-files.ts';

const MAX_FILE_LINES = 350;
const MAX_FUNCTION_LINES = 100;
const USUAL_FUNCTION_LINES = 60;
const MAX_MEDIAN_LINES = 140;
const SAYS_NOTHING = /^(?:utils?|helpers?|common|misc|types?|managers?|shared|lib|stuff|index)$/;

const files = sourceFiles('src');
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

await t.test('files', async (t) => {
  t.same(
    files.filter((file) => file.lines > MAX_FILE_LINES).map((file) => `${file.path}: ${file.lines}`),
    [],
    `no file over ${MAX_FILE_LINES} lines`,
  );
  t.ok(median(files.map((file) => file.lines)) <= MAX_MEDIAN_LINES, `the median file has at most ${MAX_MEDIAN_LINES} lines`);
});

await t.test('functions', async (t) => {
  const functions = files.flatMap((file) => file.functions.map((one) => ({ ...one, path: file.path })));
  const longerThan = (lines: number): readonly string[] =>
    functions.filter((one) => one.lines > lines).map((one) => `${one.path}:${one.line} ${one.name}: ${one.lines}`);
  t.same(longerThan(MAX_FUNCTION_LINES), [], `no function over ${MAX_FUNCTION_LINES} lines`);
  const over = longerThan(USUAL_FUNCTION_LINES);
  t.ok(over.length <= functions.length / 50, `at most one in fifty over ${USUAL_FUNCTION_LINES}: ${over.join(', ')}`);
});

await t.test('names', async (t) => {
  const parts = [...files, ...sourceFiles('test')].flatMap((file) => file.path.split('/').map((part) => ({ path: file.path, part })));
  t.same(
    parts.filter(({ part }) => SAYS_NOTHING.test(basename(basename(part, '.ts'), '.test'))).map(({ path }) => path),
    [],
  );
  t.same(
    files.filter((file) => !/^[a-z0-9/.-]+$/.test(file.path)).map((file) => file.path),
    [],
    'lower case with hyphens',
  );
});

await t.test('opening comments', async (t) => {
  for (const file of files) {
    const lines = file.text.replace(/^#![^\n]*\n/, '').split('\n');
    const comment = lines.findIndex((line) => !line.startsWith('//'));
    t.ok(comment >= 1 && comment <= 5, `${file.path} opens with one to five lines that say what it is for`);
  }
});

await t.test('tests are at least as long as the code', async (t) => {
  const total = (folder: string): number => sourceFiles(folder).reduce((sum, file) => sum + file.lines, 0);
  const [code, tests] = [total('src'), total('test')];
  t.ok(tests >= code * 0.8, `within a fifth: ${tests} lines of tests, ${code} of code`);
});
