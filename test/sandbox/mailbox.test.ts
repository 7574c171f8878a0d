// What the gateway itself writes can be read in the sandbox; mail of others is not kept, and a hundred files are enough.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isOwnMail, ownMailbox, sandboxMailFolder } from '../../src/sandbox/mailbox.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AT = Date.UTC(2026, 10, 22, 12);

await t.test('told by Auto-Submitted (RFC 3834 5)', async (t) => {
  const cases: readonly (readonly [header: string, own: boolean])[] = [
    ['Subject: Hi\r\nAuto-Submitted: auto-generated', true],
    ['auto-submitted:auto-replied\r\nSubject: Hi', true],
    ['Auto-Submitted: no', false],
    ['Subject: Auto-Submitted: auto-generated', false],
    ['X-Auto-Submitted: auto-generated', false],
    ['', false],
  ];
  for (const [header, own] of cases) t.equal(isOwnMail(header), own, JSON.stringify(header));
});

await t.test('one file each, for the owner only, under a name that leads nowhere else', async (t) => {
  const folder = sandboxMailFolder(temporaryFolder(t));
  const keep = ownMailbox(folder);
  const octets = Buffer.from('Subject: Your message\r\n\r\nhttps://portal.test/m/x\r\n');
  keep({ at: AT, recipients: ['Jane@Good.test'], octets });
  keep({ at: AT, recipients: ['../../etc/passwd\n@x'], octets });
  keep({ at: AT, recipients: [], octets });
  const names = readdirSync(folder).toSorted();
  t.same(names, [
    '20261122T120000-0001-jane@good.test.eml',
    '20261122T120000-0002-.._.._etc_passwd_@x.eml',
    '20261122T120000-0003-nobody.eml',
  ]);
  t.same(readFileSync(join(folder, names[0] ?? '')), octets);
  t.equal(statSync(join(folder, names[0] ?? '')).mode & 0o777, 0o600);
  t.equal(statSync(folder).mode & 0o777, 0o700);
});

await t.test('the newest hundred stay, and nothing that is not ours to remove goes', async (t) => {
  const folder = sandboxMailFolder(temporaryFolder(t));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const keep = ownMailbox(folder);
  for (let i = 0; i < 103; i++) keep({ at: AT + i * 1_000, recipients: [`p${i}@good.test`], octets: Buffer.from('x') });
  const names = readdirSync(folder).toSorted();
  t.equal(names.length, 101);
  t.ok(names.includes('notes.txt'));
  t.match(names[0], /p3@good\.test/, 'the oldest have gone');
});
