// postern tls-check: a configuration that a person named is never passed over for the defaults.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { tlsCheck } from '../../src/daemon/tls-check.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

t.test('a named configuration that is missing or has errors is reported', async (t) => {
  const folder = temporaryFolder(t);
  const configPath = join(folder, 'postern.yaml');
  const request = { domain: 'good.test', configPath, unreadable: 'refused' } as const;
  t.match(await tlsCheck(request), { kind: 'refused', issues: [{ file: configPath, what: 'the file does not exist' }] });
  writeFileSync(configPath, 'version: 1\nhostname: gateway.test\n');
  t.match(await tlsCheck(request), { kind: 'refused', issues: [{ weight: 'error', what: '"postmaster" is missing' }] });
});
