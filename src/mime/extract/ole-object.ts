// Objects embedded in old Office files (OLE2): a document inside becomes a part, a packaged file too; the words of streams that nobody
// explains are told as hidden. Also compound files of no known kind.
import { type CompoundEntry, CompoundFile } from './compound-file.ts';
import { nodesOf, writeCompoundFile } from './compound-copy.ts';
import type { Extractor, Inner, Output, Source } from './extractor.ts';
import { u16, u32, uptoZero } from './little-endian.ts';
import { tellMetafile } from './metafile.ts';
import { tellOleProperties } from './ole-properties.ts';
import { readableRuns } from './readable-runs.ts';

/** Streams that make a storage a document of its own. */
const DOCUMENTS = /^(?:WordDocument|Workbook|Book|PowerPoint Document|PP97_DUALSTORAGE|EncryptedPackage|__properties_version1\.0)$/i;
const NATIVE = '\u0001Ole10Native';
const PROPERTY_SETS = /^\u0005/;
/** Streams that only steer: what program made the object, how it is linked, how it looks as a picture, its licence. */
const CONTROL =
  /^(?:\u0001(?:CompObj|Ole)|\u0003(?:ObjInfo|LinkInfo|EPRINT|PRINT|PIC|PICT|META|OCXNAME|OCXDATA|ITEM|ACCESSOBJSITEDATA|LIDOCXDATA)|Equation Native|Current User|\u0001Ole10(?:ItemName|FmtProgID))$/;
const FILE_SIGNS = [
  'PK\x03\x04',
  '%PDF-',
  '\xd0\xcf\x11\xe0',
  '{\\rtf',
  '<?xml',
  '\xff\xd8\xff',
  '\x89PNG',
  'GIF8',
  '\x78\x9f\x3e\x22',
  'II*\0',
  'MM\0*',
];
const PRESENTATION = /^\u0002OlePres\d{3}$/;
/** Changes that a shared workbook logs, and the values of form controls: words in records of no more than that. */
const LOGS = /^(?:Revision Log|User Names|Ctls)$/i;
const LARGE_BYTES = 4_096;
const MOST_STORAGES = 10_000;

export type ObjectAbout = Pick<Inner, 'name' | 'declaredType' | 'role'>;

export const MEMBER: ObjectAbout = { name: null, declaredType: null, role: 'member' };

/** A compound file that is no document we know: what it holds. */
export const oleObjectExtractor: Extractor = {
  kinds: ['ole-object'],
  async extract(source: Source, output: Output): Promise<void> {
    const file = new CompoundFile(source.bytes, output);
    await tellStreams(file, file.root, [], MEMBER, output);
    if (!file.whole) {
      output.defect('container-malformed');
      output.blind('broken');
    }
  },
};

/** Reads an embedded object: a document as a part, else its streams. @throws LimitReached */
export async function tellObject(file: CompoundFile, storage: CompoundEntry, about: ObjectAbout, output: Output): Promise<void> {
  if (file.children(storage).some(({ name }) => DOCUMENTS.test(name))) {
    const bytes = writeCompoundFile(nodesOf(file, storage), output);
    await output.inner({ ...about, bytes, parameters: new Map() });
  } else await tellStreams(file, storage, [], about, output);
}

/**
 * Reads every stream under a storage that the caller does not understand itself.
 * @param known names right under it that the caller reads
 * @throws LimitReached
 */
export async function tellStreams(
  file: CompoundFile,
  storage: CompoundEntry,
  known: readonly RegExp[],
  about: ObjectAbout,
  output: Output,
): Promise<void> {
  const open: CompoundEntry[] = file.children(storage).filter(({ name }) => !known.some((pattern) => pattern.test(name)));
  open.reverse();
  let storages = 0;
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    if (entry.type === 'stream') await tellStream(file.read(entry), entry.name, about, output);
    else if (isMacros(file, entry)) output.defect('macro');
    else if (storages++ > MOST_STORAGES) output.blind('too-large');
    else if (file.children(entry).some(({ name }) => DOCUMENTS.test(name))) await tellObject(file, entry, MEMBER, output);
    else open.push(...file.children(entry).toReversed());
  }
}

/** MS-OVBA 2.2.1: the project has a storage VBA with a stream `dir`. */
function isMacros(file: CompoundFile, storage: CompoundEntry): boolean {
  return (
    /^(?:Macros|_VBA_PROJECT_CUR|VBA)$/i.test(storage.name) ||
    file.child(storage, '_VBA_PROJECT') !== null ||
    file.child(storage, 'VBA') !== null
  );
}

async function tellStream(bytes: Buffer, name: string, about: ObjectAbout, output: Output): Promise<void> {
  if (PROPERTY_SETS.test(name)) return tellOleProperties(bytes, output);
  if (PRESENTATION.test(name)) return tellPresentation(bytes, output);
  if (CONTROL.test(name) || bytes.length === 0) return;
  if (name === NATIVE) return await tellNative(bytes, about, output);
  if (isFile(bytes) || name === 'Package') return await output.inner({ ...about, bytes, parameters: new Map() });
  tellUnknown(bytes, LOGS.test(name) ? 'log' : 'unknown', output);
}

function isFile(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 8);
  return FILE_SIGNS.some((sign) => head.startsWith(sign));
}

function tellUnknown(bytes: Buffer, what: 'log' | 'unknown', output: Output): void {
  for (const run of readableRuns(bytes)) output.text({ area: 'hidden' }, run);
  if (what === 'unknown' && bytes.length >= LARGE_BYTES) output.blind('unknown');
}

/** How the object looks, as a metafile (MS-OLEDS 2.3.4): its words are what a reader sees without opening it. */
function tellPresentation(stream: Buffer, output: Output): void {
  if (u32(stream, 0) !== 0xffffffff) return;
  const at = 8 + Math.max(4, u32(stream, 8));
  tellMetafile(stream.subarray(at + 28, at + 28 + u32(stream, at + 24)), output);
}

/** A file wrapped by the packager (MS-OLEDS 2.3.6): names and paths as texts that end with zero, then its size and its octets. */
async function tellNative(stream: Buffer, about: ObjectAbout, output: Output): Promise<void> {
  const data = stream.subarray(4, 4 + u32(stream, 0));
  const names: string[] = [];
  let at = 2;
  const text = (): void => {
    const end = data.indexOf(0, at);
    names.push(data.toString('latin1', at, end < 0 ? data.length : end));
    at = end < 0 ? data.length : end + 1;
  };
  text();
  text();
  at += 4;
  const pathBytes = u32(data, at);
  names.push(uptoZero(data.toString('latin1', at + 4, Math.min(data.length, at + 4 + pathBytes))));
  at += 4 + pathBytes;
  const sizeBytes = u32(data, at);
  if (u16(data, 0) === 2 && sizeBytes > 0 && at + 4 + sizeBytes <= data.length) {
    for (const path of new Set(names.slice(1))) output.text({ area: 'file-name' }, path);
    await output.inner({ ...about, name: names[0] ?? null, bytes: data.subarray(at + 4, at + 4 + sizeBytes), parameters: new Map() });
  } else if (isFile(data)) await output.inner({ ...about, bytes: data, parameters: new Map() });
  // Octets of the program's own, without a wrapping.
  else tellUnknown(data, 'unknown', output);
}
