// The documents keep up with the code: files they name exist, the RFC table says nothing that is not there, records are numbered.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import t from 'tap';
import { EVIDENCE_KINDS } from '../../src/mail/evidence.ts';
import { DELIVERY_STATES } from '../../src/mail/delivery.ts';
import { SANDBOX_DOMAINS } from '../../src/sandbox/domains.ts';
import { ROOT, sourceFiles } from '../support/source-files.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const documents = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => posix.join('docs', path))
  .concat(['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((path) => existsSync(join(ROOT, path))));

await t.test('files that a document names exist', async (t) => {
  for (const path of documents) {
    const named = [...read(path).matchAll(/`((?:src|test|docs|bench|systemd|config|\.ci)\/[A-Za-z0-9_./-]*)`/g)].map(
      (match) => match[1] ?? '',
    );
    for (const file of new Set(named)) t.ok(existsSync(join(ROOT, file)), `${path} names ${file}`);
  }
});

await t.test('documents that the code names exist', async (t) => {
  for (const file of sourceFiles('src')) {
    for (const [path] of file.text.matchAll(/docs\/[a-z0-9/-]+\.md/g)) t.ok(existsSync(join(ROOT, path)), `${file.path} names ${path}`);
  }
});

await t.test('links inside the repository lead somewhere', async (t) => {
  for (const path of documents) {
    for (const [, target = ''] of read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!/^[a-z]+:/.test(target)) t.ok(existsSync(join(ROOT, dirname(path), target)), `${path} links to ${target}`);
    }
  }
});

await t.test('the RFC table', async (t) => {
  const rows = read('docs/rfc.md')
    .split('\n')
    .filter((line) => /^\| *\d+/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  t.ok(rows.length >= 30, 'rows');
  const numbers = rows.map(([number = '']) => Number(number));
  t.same(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
    'in order, each once',
  );
  for (const [number = '', title = '', status = '', files = ''] of rows) {
    t.match(status, /^(?:yes|partly|later|no)\b/, `RFC ${number}: status`);
    t.not(title, '', `RFC ${number}: title`);
    if (/^(?:yes|partly)/.test(status)) t.match(files, /`src\//, `RFC ${number}: names the file`);
  }
});

await t.test('every RFC that the code cites has a row', async (t) => {
  const cited = new Set<string>();
  for (const path of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts'))) {
    for (const [, number = ''] of read(posix.join('src', path)).matchAll(/\bRFC (\d{3,5})\b/g)) cited.add(number);
  }
  const table = read('docs/rfc.md');
  t.same([...cited].filter((number) => !new RegExp(`^\\| *${number} *\\|`, 'm').test(table)).sort(), []);
});

await t.test('decision records', async (t) => {
  const records = readdirSync(join(ROOT, 'docs/adr')).sort();
  t.same(
    records.map((name) => name.slice(0, 4)),
    records.map((_, i) => String(i + 1).padStart(4, '0')),
    'numbered without a gap',
  );
  for (const name of records) {
    const text = read(`docs/adr/${name}`);
    t.match(text, /^# \d{4} /, `${name}: title`);
    for (const heading of ['## Decision', '## Why', '## What else was looked at']) t.ok(text.includes(heading), `${name}: ${heading}`);
    t.ok(text.split('\n').length <= 80, `${name}: one page`);
  }
});

await t.test('words of the code are explained', async (t) => {
  const glossary = read('docs/glossary.md');
  for (const state of DELIVERY_STATES) t.match(glossary, new RegExp(`\\*\\*${state}\\*\\*`), `state ${state}`);
  const life = read('docs/life-of-a-message.md');
  for (const kind of EVIDENCE_KINDS.filter((one) => /^(?:message|delivery|attempt|report)\./.test(one)))
    t.ok(life.includes(kind), `evidence ${kind}`);
});

await t.test('the table of the sandbox', async (t) => {
  const text = read('docs/sandbox.md');
  for (const { domain, plays, expect } of SANDBOX_DOMAINS) t.ok(text.includes(`| ${domain} | ${plays} | ${expect} |`), domain);
});

await t.test('every dependency has its line in the decision record, with its version', async (t) => {
  const record = read('docs/adr/0001-dependencies.md');
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  for (const [name, version] of Object.entries(dependencies)) {
    t.match(record, new RegExp(`(?<![\\w-])${name}\\b[^|]*${version.replaceAll('.', '\\.')}`), `${name} ${version}`);
  }
  for (const [name, version] of Object.entries(devDependencies).filter(([one]) => !one.startsWith('@types/'))) {
    t.match(record, new RegExp(`${name}[^|]*?${version.replaceAll('.', '\\.')}`), `${name} ${version}`);
  }
});

await t.test('the list of OWASP ASVS: each requirement once, with a test or a reason', async (t) => {
  const rows = read('docs/asvs.md')
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  t.ok(rows.length >= 80, 'rows');
  for (const [numbers = '', how = '', proof = ''] of rows) {
    t.not(how, '', `${numbers}: how it is met`);
    t.match(proof, /`test\/[a-z]|^reason: \S/, `${numbers}: a test or a reason`);
  }
});
