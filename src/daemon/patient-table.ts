// The patient table on disk: keyed hashes under the key folder of this gateway, 0600, replaced whole or not at all.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Loaded } from '../config/load.ts';
import { openPatientTable, type PatientTable, tableBytes, type TableDigest, type TableOpened } from '../inspect/patient-table.ts';
import { readKeyCheck } from '../keys/key-check.ts';
import { openKeyFolder } from '../keys/key-folder.ts';
import { DATABASE } from '../store/sqlite/open.ts';
import { patientsOfExport } from './patient-export.ts';
import type { NotReached, PatientsImported, PatientsStart, PatientsStatus } from './work.ts';

/** Twenty million patients are more than anybody has. */
const LARGEST_BYTES = 1024 * 1024 * 1024;

const WHY: Readonly<Record<Extract<TableOpened, { kind: 'refused' }>['why'], string>> = {
  'no-table': 'is no patient table.',
  'newer-version': 'was written by a newer version of this program; import again.',
  damaged: 'is damaged; import again.',
  'other-key': 'was made with other keys than those of this gateway; import again.',
};

export async function openPatients({ config }: Loaded): Promise<PatientsStart> {
  const digest = tableDigest(config);
  if (typeof digest !== 'function') return digest;
  const file = config.inspection.patientsFile;
  return {
    kind: 'open',
    async import(text, titles) {
      const { patients, faults } = patientsOfExport(text, titles);
      const answer: PatientsImported = { kind: patients.length === 0 ? 'nobody' : 'imported', file, patients: patients.length, faults };
      if (answer.kind === 'nobody') return answer;
      return (await written(file, tableBytes(patients, Date.now(), digest))) ?? answer;
    },
    async status() {
      const read = await readTable(file, digest);
      if (read === null || 'text' in read) return read;
      const { patients, importedAt } = read;
      return { kind: 'status', file, patients, importedAt, sizeBytes: (await stat(file)).size } satisfies PatientsStatus;
    },
  };
}

/** The table that inspection uses; null where nothing has been imported. */
export async function patientTableOf(config: Config): Promise<PatientTable | NotReached | null> {
  const file = config.inspection.patientsFile;
  if (!existsSync(file)) return null;
  const digest = tableDigest(config);
  return typeof digest === 'function' ? readTable(file, digest) : digest;
}

function tableDigest(config: Config): TableDigest | NotReached {
  const { data, keys: keyFolder } = config.folders;
  if (!existsSync(keyFolder)) return { kind: 'not-reached', text: `${keyFolder} is not there yet; the first start makes it.` };
  const sealedData = existsSync(join(data, DATABASE)) ? 'present' : 'absent';
  const opened = openKeyFolder({ keyFolder, dataFolder: data, sealedData, keyCheck: readKeyCheck(data) });
  if (opened.kind === 'refused') return { kind: 'not-reached', text: opened.failure.text };
  const { keys } = opened;
  return (label, ...values) => keys.digest(label, ...values);
}

async function readTable(file: string, digest: TableDigest): Promise<PatientTable | NotReached | null> {
  try {
    if ((await stat(file)).size > LARGEST_BYTES) return { kind: 'not-reached', text: `${file} is too large to be a patient table.` };
    const opened = openPatientTable(await readFile(file), digest);
    return opened.kind === 'table' ? opened.table : { kind: 'not-reached', text: `${file} ${WHY[opened.why]}` };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? null : { kind: 'not-reached', text: `${file} cannot be read (${code}).` };
  }
}

/** Null where it is there whole and durable. */
async function written(file: string, bytes: Uint8Array): Promise<NotReached | null> {
  const folder = dirname(file);
  const unfinished = join(folder, `.new-${randomBytes(8).toString('hex')}`);
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    const parent = await open(folder);
    await parent.sync().finally(() => parent.close());
    return null;
  } catch (error) {
    await unlink(unfinished).catch(() => undefined);
    return { kind: 'not-reached', text: `${file} cannot be written (${codeOf(error)}).` };
  }
}

/** @throws what is no error of the system */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
