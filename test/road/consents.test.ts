// The consent registry on the command line: of a running gateway, and of one that stands still. What one recorded the other finds, and the
// whole log verifies.
import t from 'tap';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordsOf } from '../support/posted.ts';
import { stage, type Stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const who = userInfo().username;

function type(
  { postern }: Stage,
  ...words: readonly string[]
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, '--config', postern.configPath, 'consent', ...words], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr.replace(/^.*warning:.*\n/gm, '') };
}

t.test('recorded, imported, revoked while it runs; read and revoked when it does not', async (t) => {
  const scene = await stage(t, createTestCa(), { good: {} });
  const { postern } = scene;
  const plain = ['add', 'plain-mail', 'Pat@Home.example', '--text', 'warning-1', '--for', 'clinic.example'];
  t.same(type(scene, ...plain, '--given', '2026-10-01'), { code: 0, out: 'Recorded as 1.\n', err: '' });
  t.match(type(scene, ...plain, '--given', '2026-10-01'), { code: 0, out: 'On file already as 1.\n' });
  t.match(type(scene, 'add', 'attestation', 'nobody', '--text', 'a-1', '--uses', 'news'), {
    code: 1,
    err: 'postern: There is no account nobody.\n',
  });
  const file = join(postern.folder, 'consents.csv');
  const lines = Array.from({ length: 250 }, (_, i) => `fundraising-opt-out,p${i}@home.example,clinic.example,2026-10-01`);
  const write = (more: string): void => writeFileSync(file, `kind,address,for,given\n${lines.join('\n')}\n${more}`);
  write('plain-mail,ann@home.example,clinic.example,2026-10-01\n');
  t.match(type(scene, 'import', file), { code: 2, out: '', err: /consents\.csv:252:text: Which warning .*\nNothing was recorded\./ });
  t.equal((await recordsOf(postern)).filter(({ kind }) => kind === 'consent.recorded').length, 1, 'nothing was');
  write('');
  t.same(type(scene, 'import', file), { code: 0, out: '250 records made, 0 on file already.\n', err: '' });
  t.match(type(scene, 'import', file), { code: 0, out: '0 records made, 250 on file already.\n' });
  t.match(type(scene, 'revoke', '--address', 'p7@home.example', '--why', 'opted in again'), { code: 0, out: 'Revoked 9.\n' });

  await postern.stop();
  t.match(type(scene, 'list', '--address', 'p7@home.example'), { code: 0, out: / 9 {2}revoked +fundraising-opt-out +p7@home\.example/ });
  t.match(type(scene, 'revoke', '1', '--why', 'letter of today'), { code: 0, out: 'Revoked 1.\n' });
  await postern.start();
  const shown = type(scene, 'show', '1');
  t.match(shown, { code: 0, out: /^state +revoked$/m });
  t.match(shown.out, /^why +letter of today$/m);
  const changes = (await recordsOf(postern)).filter(({ kind }) => kind.startsWith('consent.'));
  t.equal(changes.length, 253);
  t.match(changes.slice(-2), [
    { kind: 'consent.revoked', codes: { by: 'person', consent: 9, consentKind: 'fundraising-opt-out' }, detail: { why: 'opted in again' } },
    {
      kind: 'consent.revoked',
      codes: { consent: 1 },
      detail: { address: 'pat@home.example', scope: 'clinic.example', who, why: 'letter of today' },
    },
  ]);
  t.notMatch(postern.log.map((line) => JSON.stringify(line)).join('\n'), /home\.example/, 'no address in the log');
});
