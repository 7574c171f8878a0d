// An exception that nobody caught: the process ends, and neither its text nor a report of the process is left anywhere.
import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Throws as soon as the program has said what to do about it. */
const THROWS = (how: string): string => `
  const { on } = process;
  process.on = (name, handler) => {
    on.call(process, name, handler);
    if (name === 'uncaughtException') setImmediate(() => { ${how} });
    return process;
  };`;

const CASES = [
  ['thrown', "throw new TypeError('Ann Smith <ann@example.org>');"],
  ['rejected', "Promise.reject(new TypeError('Ann Smith <ann@example.org>'));"],
  ['no error at all', "throw 'Ann Smith <ann@example.org>';"],
] as const;

for (const [name, how] of CASES) {
  await t.test(name, async (t) => {
    const folder = temporaryFolder(t);
    const preload = join(folder, 'preload.cjs');
    writeFileSync(preload, THROWS(how));
    const given = ['--report-uncaught-exception', '--require', preload, join(ROOT, 'src/main.ts'), 'tls-check', 'example.invalid'];
    const ended = await new Promise<{ code: unknown; said: string }>((resolve) => {
      execFile(process.execPath, given, { cwd: folder, env: {} }, (error, out, err) => resolve({ code: error?.code, said: out + err }));
    });
    t.match(ended, { code: 70, said: /^postern: unexpected error: \w+/ });
    t.notMatch(ended.said, /Ann|example\.org/);
    t.same(readdirSync(folder), ['preload.cjs']);
  });
}
