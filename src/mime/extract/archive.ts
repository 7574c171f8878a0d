// 7z, RAR, xz, bzip2, zstd, LZH, CAB, ar, cpio, ISO and others: what 7-Zip opens. Its report says what it could not read.
import { hasLockedHeader } from './archive-locks.ts';
import type { Extractor, Output } from './extractor.ts';
import { extractBySevenZip, listBySevenZip } from './seven-zip.ts';

interface Listed {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly comment: string;
}

export const archiveExtractor: Extractor = {
  kinds: ['archive'],
  async extract({ bytes, name }, output) {
    if (hasLockedHeader(bytes)) {
      output.blind('encrypted');
      return;
    }
    const list = await listBySevenZip(bytes);
    const members = listedIn(list.report);
    if (list.end !== 'whole') tellFaults(list.report, output);
    for (const { comment } of members) output.text({ area: 'comment' }, comment);
    if (members.some(({ isEncrypted }) => isEncrypted)) output.blind('encrypted');
    await readFiles(bytes, name, members, output);
  },
};

async function readFiles(bytes: Buffer, archiveName: string | null, members: readonly Listed[], output: Output): Promise<void> {
  const found = await extractBySevenZip(bytes, output.unpacked(0));
  const left = new Map(members.map((member) => [member.name, member]));
  for (const file of found.files()) {
    output.unpacked(file.bytes.length);
    const listed = left.get(file.name);
    left.delete(file.name);
    // A stream without a name of its own has that of its file.
    const name = file.name === 'in' || file.name === 'in~' ? nameWithin(archiveName) : file.name;
    // What could not be decrypted is left as an empty file.
    if (listed?.isEncrypted === true && file.bytes.length === 0) output.text({ area: 'file-name' }, file.name);
    else await output.inner({ bytes: file.bytes, declaredType: null, parameters: new Map(), name, role: 'member' });
  }
  for (const name of left.keys()) output.text({ area: 'file-name' }, name);
  if (found.end === 'too-large') output.blind('too-large');
  else if (found.end === 'faults') tellFaults(found.report, output);
}

/** `report.csv.xz` holds `report.csv`. */
function nameWithin(name: string | null): string | null {
  const within = name?.replace(/\.(?:t?(?:xz|bz2?|zst|lz|lzma|Z))$/i, (ending) => (/^\.t/i.test(ending) ? '.tar' : ''));
  return within === undefined || within === name ? null : within;
}

/** Blocks of `7z l -slt`, one for each member. */
function listedIn(report: readonly string[]): Listed[] {
  const members: Listed[] = [];
  let fields = new Map<string, string>();
  const finish = (): void => {
    const name = fields.get('Path');
    if (name !== undefined) members.push({ name, isEncrypted: fields.get('Encrypted') === '+', comment: fields.get('Comment') ?? '' });
    fields = new Map();
  };
  for (const line of report) {
    const [, field, value] = /(?:^|\s)(Path|Encrypted|Comment) = (.*)$/.exec(line) ?? [];
    if (field === 'Path') finish();
    if (field !== undefined && value !== undefined) fields.set(field, value);
  }
  finish();
  return members;
}

function tellFaults(report: readonly string[], output: Output): void {
  const text = report.filter((line) => !/^(?:Path|Comment) = /.test(line)).join('\n');
  const isLocked = /Wrong password|encrypted/i.test(text);
  const isLarge = /allocate|not enough memory/i.test(text);
  const isStrange = /Unsupported/i.test(text);
  if (isLocked) output.blind('encrypted');
  if (isLarge) output.blind('too-large');
  if (isStrange) output.blind('unknown');
  if (!isLocked && !isLarge && !isStrange) output.blind('broken');
}
