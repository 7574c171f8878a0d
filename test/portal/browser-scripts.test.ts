// The scripts of the pages: types as their comments say them, small, and nothing that a browser would not run under our policy.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { BROWSER_SCRIPT } from '../../src/portal/browser/script.ts';
import { ROOT } from '../support/source-files.ts';

const FOLDER = join(ROOT, 'src/portal/browser');

await t.test('types', async (t) => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
  t.ok(files.length >= 4);
  for (const name of files) {
    const program = ts.createProgram([join(FOLDER, name)], {
      allowJs: true,
      checkJs: true,
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      moduleDetection: ts.ModuleDetectionKind.Force,
      types: [],
    });
    const found = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    t.same(found, [], name);
  }
});

await t.test('all of it as one file', async (t) => {
  t.ok(Buffer.byteLength(BROWSER_SCRIPT) < 12_000, `${Buffer.byteLength(BROWSER_SCRIPT)} octets`);
  t.notMatch(BROWSER_SCRIPT, /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|localStorage|sessionStorage/);
  t.notMatch(BROWSER_SCRIPT, /https?:\/\//, 'nothing from elsewhere');
  const folder = mkdtempSync(join(t.testdir(), 'script-'));
  writeFileSync(join(folder, 'all.js'), BROWSER_SCRIPT);
  const parsed = ts.createSourceFile('all.js', BROWSER_SCRIPT, ts.ScriptTarget.ES2022);
  t.equal(parsed.statements.length, 4, 'one block for each file: no name of one is seen by another');
  rmSync(folder, { recursive: true });
});
