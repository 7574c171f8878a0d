// The extractors as the reading child has them.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readers } from '../../../src/daemon/extractors.ts';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';

const FOLDER = join(import.meta.dirname, '../../../src/mime/extract');

export async function allExtractors(): Promise<readonly Extractor[]> {
  const joined = new Set(readers().extractors.values());
  if (joined.size > 0) return [...joined];
  const modules = await Promise.all(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map(async (name) =>
        Object.values((await import(pathToFileURL(join(FOLDER, name)).href).catch(() => ({}))) as Record<string, unknown>),
      ),
  );
  return modules.flat().filter(isExtractor);
}

function isExtractor(value: unknown): value is Extractor {
  return typeof value === 'object' && value !== null && 'kinds' in value && 'extract' in value;
}
