// A folder of its own for one test, gone when the test ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param t the test, or anything else that ends */
export function temporaryFolder(t: { teardown(handler: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
