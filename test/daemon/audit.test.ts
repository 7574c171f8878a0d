// The evidence as a person reads it where something is wrong: no evidence yet, and a detail that does not open.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { openAudit } from '../../src/daemon/audit.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Postern } from '../support/postern.ts';

await t.test('a detail that does not open is said to be damaged, and hides no other record', async (t) => {
  const postern = await Postern.start(t, { routes: [] });
  await postern.kill('SIGTERM');
  const db = new Database(join(postern.dataFolder, 'postern.db'));
  const changed = db.prepare('UPDATE evidence SET sealed_detail = zeroblob(60) WHERE sealed_detail IS NOT NULL').run().changes;
  db.close();
  t.ok(changed > 0);
  const loaded = await loadConfig(postern.configPath, Date.now());
  if (loaded.kind !== 'loaded') throw new Error('the configuration of the test is refused');
  const audit = await openAudit(loaded);
  if (audit.kind !== 'open') throw new Error(audit.text);
  const entries = await audit.list({ messageId: null, beforeSeq: null, limit: 100 });
  t.equal(entries.filter(({ detail }) => detail === 'damaged').length, changed);
  t.ok(entries.length > changed);
  t.match(await audit.verify(() => undefined), { bad: { why: 'detail-changed' } });
  await audit.close();

  const empty = { ...loaded, config: { ...loaded.config, folders: { ...loaded.config.folders, data: join(postern.folder, 'none') } } };
  t.match(await openAudit(empty), { kind: 'not-reached', text: /holds no evidence yet/ });
});
