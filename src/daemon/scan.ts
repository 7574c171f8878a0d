// postern scan FILE: reads a file as the gateway reads a message, and inspects it as the gateway does.
import type { Message } from '../mail/message.ts';
import type { OpenFiles } from './extract.ts';
import type { InspectedEnvelope, Inspector } from './inspector.ts';
import { openInspection } from './open-inspection.ts';
import type { FileScanned, FileToRead, NotReached, ScanRequest, ScanStart } from './work.ts';

export async function openScan(request: ScanRequest): Promise<ScanStart> {
  const opened = await openInspection(request);
  if (opened.kind === 'refused') return opened;
  const { files, inspector } = opened;
  return {
    kind: 'open',
    atOnce: files.processes,
    scan: (file, told) => scanOne(files, inspector, request, file, told),
    close: () => files.close(),
  };
}

async function scanOne(
  files: OpenFiles,
  inspector: Inspector,
  { from, to }: ScanRequest,
  file: FileToRead,
  told: (path: string) => void,
): Promise<FileScanned | NotReached> {
  const read = await files.read(file, told);
  if (read.kind === 'not-reached') return read;
  const { message, sizeBytes, tookMs } = read;
  const startedAt = performance.now();
  const header = envelopeOf(message);
  const report = inspector.inspect(message, { from: from ?? header.from, to: to ?? header.to });
  return {
    kind: 'scanned',
    report,
    parts: new Map(message.parts.map(({ path, kind }) => [path, kind])),
    sizeBytes,
    tookMs: tookMs + performance.now() - startedAt,
  };
}

const ADDRESS = /[^\s<>()[\],;:"@]{1,64}@[^\s<>()[\],;:"@]{1,255}/g;
const LONGEST_FIELD = 64 * 1024;

/** Where nobody says the envelope, the message's own header stands in for it: From (RFC 5322 3.6.2), To, Cc and Bcc (3.6.3). */
export function envelopeOf({ spans }: Message): InspectedEnvelope {
  const addresses = (...fields: readonly string[]): readonly string[] =>
    spans
      .filter(({ part, place: { area, field } }) => part === '' && area === 'header' && fields.includes(field ?? ''))
      .flatMap(({ text }) => text.slice(0, LONGEST_FIELD).match(ADDRESS) ?? []);
  return { from: addresses('from')[0] ?? '', to: addresses('to', 'cc', 'bcc') };
}
