// Reading and inspection outside of the gateway, as the configuration sets them up: real reading children, the same inspector.
import { createSecretKey, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { digests } from '../keys/digests.ts';
import { openFiles, type OpenFiles } from './extract.ts';
import { createInspector, type Inspector } from './inspector.ts';
import { loadLexicon } from './lexicons.ts';
import { openOwn } from './own-inspection.ts';
import type { ConfigRefused, ExtractRequest } from './work.ts';

const DAY_MS = 86_400_000;

export interface OpenInspection {
  readonly kind: 'open';
  /** Closes what was opened. */
  readonly files: OpenFiles;
  readonly inspector: Inspector;
}

export async function openInspection(request: ExtractRequest): Promise<OpenInspection | ConfigRefused> {
  const files = await openFiles(request, () => availableParallelism());
  if (files.kind === 'refused') return files;
  const own = await openOwn(files.config);
  if (own.kind === 'refused') {
    await files.close();
    return own;
  }
  const digest = digests(createSecretKey(randomBytes(32)));
  const inspector = createInspector({
    lexicon: loadLexicon(),
    // A key of this run: equal values are counted, and the digests are worth nothing to who reads the output.
    digest: (kind, value) =>
      Buffer.from(digest('finding', kind, value))
        .toString('base64url')
        .slice(0, 22),
    organisation: files.config?.inspection.organisation ?? [],
    sends: files.config?.inspection.sends ?? 'unknown',
    senders: files.config?.inspection.senders ?? [],
    own: own.detectors,
    patients: own.patients,
    today: () => Math.floor(Date.now() / DAY_MS),
  });
  return { kind: 'open', files, inspector };
}
