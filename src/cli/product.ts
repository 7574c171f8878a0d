// Name and version of the program, from package.json.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const product = z.object({ version: z.string() });

export function productVersion(): string {
  return product.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
}
