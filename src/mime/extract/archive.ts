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
    if (list.end !== 'whole') tellFaults(list.report, members, output);
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
  else if (found.end === 'faults') tellFaults(found.report, members, output);
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

/** It calls any member encrypted that fails after a password was given: only what is listed so is believed. */
function tellFaults(report: readonly string[], members: readonly Listed[], output: Output): void {
  const faults = report.filter((line) => /^(?:ERROR|WARNING)|^(?:Cannot|Can't|Unexpected|There are)/.test(line));
  const isLocked = members.some(({ isEncrypted }) => isEncrypted);
  for (const fault of faults.length > 0 ? faults : ['']) {
    if (/Cannot open encrypted archive/i.test(fault) || (isLocked && /encrypted file|Wrong password/i.test(fault)))
      output.blind('encrypted');
    else if (/allocate|not enough memory/i.test(fault)) output.blind('too-large');
    else output.blind(/Unsupported/i.test(fault) ? 'unknown' : 'broken');
  }
}
