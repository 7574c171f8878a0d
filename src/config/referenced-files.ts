// The files that the configuration names: each is read once, bounded, and a secret one is refused where others may read or change it.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { YamlPath } from '../yaml/positions.ts';
import { complain } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import type { Field, Fields } from './field.ts';

const FILE_BYTES = 4 * 1024 * 1024;
/** A logo stands in every page that has it. */
const PICTURE_BYTES = 20_000;

export interface Reference {
  readonly path: YamlPath;
  /** Absolute. */
  readonly file: string;
  readonly kind: 'file' | 'secret-file' | 'picture';
}

/** Contents by absolute path, a picture as one character an octet; what could not be read is left out and complained of. */
export interface ReferencedFiles {
  readonly contents: ReadonlyMap<string, string>;
  readonly complaints: readonly Complaint[];
}

/** Every file named in the value, found by walking the definition: also in sections that have other errors. */
export function referencesIn(fields: Fields, value: unknown, base: string): readonly Reference[] {
  return walkSection(fields, value, [], base);
}

function walkSection(fields: Fields, value: unknown, at: YamlPath, base: string): Reference[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field === undefined ? [] : walkField(field, inner, [...at, name], base);
  });
}

function walkField(field: Field, value: unknown, at: YamlPath, base: string): Reference[] {
  if (field.node === 'leaf') {
    const kind = field.kind.file;
    const named = field.kind.schema.safeParse(value);
    if (kind === 'none' || kind === 'folder' || !named.success || typeof named.data !== 'string') return [];
    return [{ path: at, file: path.resolve(base, named.data), kind }];
  }
  if (field.node === 'section' || !Array.isArray(value)) return walkSection(field.fields, value, at, base);
  return value.flatMap((item, i) => walkSection(field.fields, item, [...at, i], base));
}

export async function readReferenced(references: readonly Reference[]): Promise<ReferencedFiles> {
  const contents = new Map<string, string>();
  const complaints: Complaint[] = [];
  for (const reference of references) {
    const read = await readOne(reference);
    if (typeof read === 'string') contents.set(reference.file, read);
    else complaints.push(read);
  }
  return { contents, complaints };
}

async function readOne(reference: Reference): Promise<string | Complaint> {
  const { file } = reference;
  try {
    // Not blocking: opening a pipe that nobody writes to would wait for ever.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return complain(reference.path, `${file} is not a file`, 'write the path of a file');
    // Group access is left to the administrator: a service account often reads keys by its group.
    if (reference.kind === 'secret-file' && (stat.mode & 0o037) !== 0) {
      return complain(
        reference.path,
        `others may read or change the secret file ${file}`,
        'set its mode to 0600 (or 0640 where a group must read it)',
      );
    }
    const most = reference.kind === 'picture' ? PICTURE_BYTES : FILE_BYTES;
    if (stat.size > most) return complain(reference.path, `${file} is too large`, `keep it under ${most} bytes`);
    const buffer = Buffer.alloc(stat.size);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const text = buffer.toString(reference.kind === 'picture' ? 'latin1' : 'utf8', 0, bytesRead);
    buffer.fill(0);
    return text;
  } catch (error) {
    return unreadable(reference, error instanceof Error && 'code' in error ? String(error.code) : '');
  }
}

function unreadable({ path: at, file }: Reference, code: string): Complaint {
  if (code === 'ENOENT' || code === 'ENOTDIR') return complain(at, `${file} does not exist`, 'write the path of a file that exists');
  if (code === 'EACCES' || code === 'EPERM')
    return complain(at, `${file} cannot be read`, 'let the user of the service read it, and its folder');
  return complain(at, `${file} cannot be read (${code})`, 'write the path of a readable file');
}
