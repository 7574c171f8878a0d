// Words that must not stand in the code: doors left open, types talked away, output past the log, state at import.
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { EVIDENCE_KINDS } from '../../src/mail/evidence.ts';
import { ROOT, sourceFiles } from '../support/source-files.ts';

const src = sourceFiles('src');
const tests = [...sourceFiles('test'), ...sourceFiles('bench')];
/** Where a process or a thread begins: these act when they are loaded. Declarations of a library without types only declare. */
const entries = [
  'src/main.ts',
  'src/daemon/compile-cache.ts',
  'src/daemon/storage-thread.ts',
  'src/daemon/examine-thread.ts',
  'src/daemon/read-child.ts',
  'src/mime/libmime.d.ts',
  'src/mime/tesseract-core.d.ts',
];

/** What is not allowed, and the files (or folders) where it is. */
const FORBIDDEN: readonly (readonly [name: string, words: RegExp, allowed: readonly string[]])[] = [
  // A floor may ask for any certificate, and DANE looks at the certificate itself: the transport decides after the handshake.
  ['certificates left unchecked', /rejectUnauthorized\s*:\s*false/, ['src/transport/']],
  ['certificates left unchecked by the environment', /NODE_TLS_REJECT_UNAUTHORIZED/, []],
  ['console', /\bconsole\s*\./, ['src/cli/', 'src/main.ts']],
  ['the process output', /process\.std(?:out|err)\b/, ['src/cli/', 'src/main.ts', 'src/log/', 'src/daemon/']],
  ['the end of the process', /process\.(?:exit|abort|kill)\b/, ['src/cli/', 'src/main.ts', 'src/daemon/']],
  ['the environment', /process\.env\b/, ['src/cli/', 'src/main.ts', 'src/daemon/', 'src/config/']],
  ['any', /\bas any\b|:\s*any\b|<any>|\bany\[\]/, []],
  ['a type talked away', /as unknown as|@ts-(?:ignore|nocheck|expect-error)|eslint-disable/, []],
  ['what type stripping cannot run', /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?(?:enum|namespace)\s/m, []],
  ['code from text', /\beval\s*\(|new Function\s*\(/, []],
  ['dumps of memory', /writeHeapSnapshot|process\.report|generateCoreDump|setHeapSnapshotNearHeapLimit/, ['src/daemon/']],
  ['chance that no argument brings', /Math\.random/, ['src/daemon/']],
  ['weak digests and ciphers', /create(?:Hash|Hmac)\(\s*'(?:md5|sha1)'|'(?:aes-\d+-(?:ecb|cbc)|des(?:-[a-z0-9-]+|3)?|rc4)'/i, []],
  ['old TLS', /'TLSv1(?:\.1)?'|secureProtocol/, []],
];

await t.test('forbidden in src', async (t) => {
  for (const [name, words, allowed] of FORBIDDEN) {
    const found = src.filter((file) => {
      const comments = name === 'a type talked away';
      return words.test(comments ? file.text : file.code) && !allowed.some((place) => file.path.startsWith(place));
    });
    t.same(
      found.map((file) => file.path),
      [],
      name,
    );
  }
});

await t.test('certificates are left unchecked in one file only', async (t) => {
  const files = src.filter((file) => /rejectUnauthorized\s*:\s*false/.test(file.code)).map((file) => file.path);
  t.ok(files.length <= 1, files.join(', '));
});

await t.test('nothing happens at import, nothing there can change', async (t) => {
  for (const file of src) if (!entries.includes(file.path)) t.same(file.statements, [], file.path);
});

/** What later issues will write. */
const LATER: readonly string[] = [];

await t.test('every kind of evidence is written somewhere', async (t) => {
  const writers = src.filter(({ path, room }) => path !== 'src/mail/evidence.ts' && room !== 'log' && room !== 'cli');
  for (const kind of EVIDENCE_KINDS.filter((one) => !LATER.includes(one))) {
    // A kind of an end is put together from the state it leads to.
    const state = /^delivery\.(.+)$/.exec(kind)?.[1];
    const made = state !== undefined && writers.some(({ code }) => /`delivery\.\$\{/.test(code));
    t.ok(made || writers.some(({ code }) => code.includes(`'${kind}'`)), kind);
  }
});

await t.test('tests: none is skipped, none runs alone', async (t) => {
  const skipped = /\bt\.(?:skip|todo|only)\b|\.(?:skip|only|todo)\(|\b(?:skip|todo|only)\s*:\s*(?:true|'|process)/;
  for (const file of tests.filter((one) => one.path !== 'test/house/words.test.ts')) {
    t.notMatch(file.code, skipped, file.path);
    t.notMatch(file.text, /as unknown as|\bas any\b|@ts-(?:ignore|nocheck|expect-error)|eslint-disable/, `${file.path}: types are kept`);
  }
});

await t.test('the project stands by itself', async (t) => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  const outside = new RegExp(['/work/', '/tmp/peers', '\\.\\./shared/'].map((place) => `(?:${place})`).join('|'));
  const texts = tracked.filter((path) => /\.(?:ts|js|mjs|sh|json|md|ya?ml|service|conf)$|^(?:Dockerfile|\.ci\/run)$/.test(path));
  for (const path of texts.filter((one) => one !== 'test/house/words.test.ts' && one !== 'package-lock.json')) {
    t.notMatch(readFileSync(join(ROOT, path), 'utf8'), outside, path);
  }
});
