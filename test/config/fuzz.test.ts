// Whatever stands under the names of postern.yaml: the answer is a configuration or errors with places, never an exception,
// and nothing is loaded that lacks what must be there.
import fc from 'fast-check';
import t from 'tap';
import { checkShape } from '../../src/config/check-shape.ts';
import { placed } from '../../src/config/complaint.ts';
import { crossCheck } from '../../src/config/cross-check.ts';
import { effectiveConfig } from '../../src/config/effective.ts';
import { gatherSecrets } from '../../src/config/gather-secrets.ts';
import { referencesIn } from '../../src/config/referenced-files.ts';
import { configPaths } from '../../src/config/reference.ts';
import { SHAPE } from '../../src/config/shape.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { fuzz } from '../support/fuzz.ts';

const KEYS = [...new Set(configPaths().flatMap((path) => path.replaceAll('[]', '').split('.')))];
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '', 'hold-for', 'Läbel') },
);
const scalar = fc.oneof(
  fc.constantFrom(
    '24h',
    '50MB',
    'all',
    'yes',
    'tls',
    'live',
    'sandbox',
    '*',
    '<>',
    '*@a.example',
    'a.example',
    'mail.a.example',
    '127.0.0.1',
    '::1',
    '10.0.0.0/8',
    'it@a.example',
    '/dev/null',
    '/dev/full',
    'missing',
    '2026-11-22',
    'ab'.repeat(32),
  ),
  fc.constantFrom(0, 1, 25, 587, -1, 1.5, 1e300, true, false, null),
  fc.string({ maxLength: 8 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));
const root = fc.dictionary(key, value, { maxKeys: 12 });

await t.test('any value is checked without an exception, and every complaint has words and a place', async (t) => {
  fuzz(
    t,
    1_500,
    fc.property(root, (given) => {
      const text = JSON.stringify(given);
      const yaml = parseYaml(text);
      if (yaml.kind === 'faults') return true;
      const { document } = yaml;
      const { raw, complaints } = checkShape(document.value);
      const gathered = gatherSecrets(raw, { base: '/nonexistent', contents: new Map(), now: 0 });
      const all = [...complaints, ...crossCheck(raw, '/nonexistent'), ...gathered.complaints];
      const issues = all.map((complaint) => placed(complaint, 'f', document));
      referencesIn(SHAPE, document.value, '/nonexistent');
      effectiveConfig(document.value);
      return issues.every(
        ({ line, column, what, right }) =>
          line === 1 && column >= 1 && column <= text.length + 1 && /^[^\p{Cc}]+$/u.test(what) && right !== '',
      );
    }),
  );
});

await t.test('one right file, one value changed: every section is read, or the complaint is of that place', async (t) => {
  const right = { version: 1, hostname: 'mail.a.example', postmaster: ['it@a.example'] };
  fuzz(
    t,
    1_500,
    fc.property(fc.constantFrom(...Object.keys(SHAPE)), value, (name, changed) => {
      const { raw, complaints } = checkShape({ ...right, [name]: changed });
      const read = Object.keys(SHAPE).filter((section) => Object.hasOwn(raw, section));
      return complaints.length === 0
        ? read.length === Object.keys(SHAPE).length
        : complaints.every(({ path }) => path[0] === name) && !read.includes(name);
    }),
  );
});
