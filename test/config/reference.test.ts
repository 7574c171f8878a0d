// The reference, the example file and the definition say the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { defaultConfig, DEFAULT_CONFIG_TEXT } from '../../src/config/default-config.ts';
import { effectiveConfig } from '../../src/config/effective.ts';
import type { Field, Fields } from '../../src/config/field.ts';
import { formatIssue } from '../../src/config/issue.ts';
import { loadText } from '../../src/config/load.ts';
import { configPaths, configReference } from '../../src/config/reference.ts';
import { SHAPE } from '../../src/config/shape.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EXAMPLE = readFileSync(join(ROOT, 'config/postern.yaml'), 'utf8');

await t.test('docs/configuration.md is what the program prints', async (t) => {
  t.equal(readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8'), configReference(), 'npm run docs writes it');
});

await t.test('it fits a terminal', async (t) => {
  t.same(
    configReference()
      .split('\n')
      .filter((line) => line.length > 80),
    [],
  );
});

await t.test('every field is described, and its default and example are accepted by its own kind', async (t) => {
  const visit = (fields: Fields, path: string): void => {
    for (const [name, field] of Object.entries<Field>(fields)) {
      const here = `${path}${name}`;
      t.match(field.says, /^.{4,}[.]$/s, `${here}: whole sentences`);
      if (field.node !== 'leaf') {
        visit(field.fields, `${here}.`);
        continue;
      }
      for (const [what, text] of [
        ['example', field.example],
        ['default', field.byDefault],
      ] as const) {
        if (text === null) continue;
        const yaml = parseYaml(`value: ${text}`);
        const value: unknown = yaml.kind === 'document' ? (yaml.document.value as { value: unknown }).value : undefined;
        t.ok(field.schema.safeParse(value).success, `${here}: ${what} ${text}`);
      }
      t.ok(field.presence === 'required' || field.schema.safeParse(undefined).success, `${here}: may be left out`);
    }
  };
  visit(SHAPE, '');
});

await t.test('the reference names every field', async (t) => {
  const reference = configReference();
  for (const path of configPaths()) {
    const last = path.split('.').at(-1) ?? path;
    t.ok(reference.includes(`\`${path}\``) || reference.includes(`- \`${last}\``), path);
  }
});

/** The example with its commented fields made real. */
const UNCOMMENTED = EXAMPLE.split('\n')
  .map((line) => line.replace(/^(\s*)# (?=\s*(?:- |[a-z_0-9]+:))/, '$1'))
  .join('\n');

await t.test('config/postern.yaml is right but for the files that it names, and stays so when its comments are taken off', async (t) => {
  for (const [name, text] of [
    ['as it is', EXAMPLE],
    ['without comments', UNCOMMENTED],
  ] as const) {
    const result = await loadText(text, { file: 'f', base: temporaryFolder(t), now: 0 });
    const issues = (result.kind === 'refused' ? result.issues : result.warnings).map(formatIssue);
    t.same(
      issues.filter((line) => !line.includes(' does not exist;')),
      [],
      name,
    );
  }
});

await t.test('config/postern.yaml shows every field', async (t) => {
  const yaml = parseYaml(UNCOMMENTED);
  const written = effectiveConfig(yaml.kind === 'document' ? yaml.document.value : null)
    .filter(({ from }) => from === 'file')
    .map(({ path }) => path.replace(/\[\d+\]/g, '[]'));
  const missing = configPaths().filter(
    (path) => !written.some((one) => one === path || one.startsWith(`${path}.`) || one.startsWith(`${path}[]`)),
  );
  const optionalTwins = [
    'listeners.submissions[].address',
    'listeners.submission[].address',
    'trust.certificates[].reports',
    'trust.certificates[].likely_repeats',
    'folders',
    'folders.data',
    'folders.keys',
    'folders.run',
  ];
  t.same(
    missing.filter((path) => !optionalTwins.includes(path)),
    [],
  );
});

await t.test('the commented values of the example are the defaults, where they are not examples', async (t) => {
  const yaml = parseYaml(UNCOMMENTED);
  const value = yaml.kind === 'document' ? yaml.document.value : null;
  const defaults = new Map(effectiveConfig({}).map(({ path, value: given }) => [path, given]));
  for (const { path, value: given } of effectiveConfig(value)) {
    const section = path.split('.')[0] ?? '';
    if (
      ['limits', 'login', 'repeats', 'disk', 'retention', 'log', 'reading', 'delivery', 'folders'].includes(section) &&
      path !== 'delivery.rate_per_destination'
    )
      t.equal(given, defaults.get(path), path);
  }
});

await t.test('the embedded default', async (t) => {
  const folder = temporaryFolder(t);
  const config = defaultConfig(folder);
  t.equal(config.mode, 'sandbox');
  t.ok(config.listeners.length >= 2);
  for (const { address, port } of config.listeners) {
    t.equal(address, '127.0.0.1', 'loopback');
    t.ok(port > 1024, 'unprivileged');
  }
  for (const path of [config.folders.data, config.folders.keys, config.folders.run])
    t.ok(path.startsWith(`${folder}/`), 'below the folder');
  const result = await loadText(DEFAULT_CONFIG_TEXT, { file: 'f', base: folder, now: 0 });
  const issues = result.kind === 'refused' ? result.issues.map(formatIssue) : [];
  t.same(
    issues.filter((line) => !line.includes('/tls/')),
    [],
    'only the certificate is missing',
  );
});

await t.test('what is in effect', async (t) => {
  const yaml = parseYaml(
    'delivery: { floor: tls }\nlisteners: { relay: { port: 26 } }\nroutes:\n  - { name: "a: b", domains: ["*"] }\nhealth:\n',
  );
  const shown = effectiveConfig(yaml.kind === 'document' ? yaml.document.value : null).map(
    ({ path, value, from }) => `${path} ${value} ${from}`,
  );
  for (const line of [
    'delivery.floor tls file',
    'delivery.hold_for 2wd default',
    'listeners.relay[0].port 26 file',
    'listeners.relay[0].address null default',
    'routes[0].name "a: b" file',
    'routes[0].domains ["*"] file',
    'health.port 8465 default',
  ]) {
    t.ok(shown.includes(line), line);
  }
  t.notOk(
    shown.some((line) => line.startsWith('trust.networks')),
    'what is not written is not listed',
  );
});
