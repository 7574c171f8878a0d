// Lists of a policy: written in it, or one entry a line in a file that was read before and is given as text.
import { fault, faultsOfShape, keyFault, type PolicyFault } from './fault.ts';
import { list, SECTIONS } from './shape.ts';
import type { ListSource } from './source.ts';
import { listName } from './values.ts';

const MOST_ENTRIES = 200_000;
const LONGEST_ENTRY = 400;

/** Names of the files that a policy wants, each once, as it writes them: relative to the policy file. Never throws for what is in it. */
export function listFilesOf(policy: unknown): readonly string[] {
  const lists: unknown = typeof policy === 'object' && policy !== null ? Reflect.get(policy, 'lists') : null;
  if (typeof lists !== 'object' || lists === null) return [];
  const names = Object.values(lists).flatMap((one: unknown) => {
    const name: unknown = typeof one === 'object' && one !== null && !Array.isArray(one) ? Reflect.get(one, 'file') : null;
    return typeof name === 'string' ? [name] : [];
  });
  return [...new Set(names)];
}

/** Reads the section `lists`. */
export function readLists(written: unknown, files: ReadonlyMap<string, string>, faults: PolicyFault[]): ReadonlyMap<string, ListSource> {
  const read = new Map<string, ListSource>();
  if (written === undefined) return read;
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    faults.push(...faultsOfShape(SECTIONS.lists.safeParse(written).error?.issues ?? [], ['lists'], written));
    return read;
  }
  for (const [name, value] of Object.entries(written) as [string, unknown][]) {
    const path = ['lists', name];
    const nameRead = listName.safeParse(name);
    if (!nameRead.success) faults.push(keyFault(path, 'this is not the name of a list', nameRead.error.issues[0]?.message ?? ''));
    const shape = list.safeParse(value);
    // A list with faults is still known by its name: rules that use it have no further fault.
    read.set(name, { name, path, file: null, entries: [] });
    if (!shape.success) faults.push(...faultsOfShape(shape.error.issues, path, value));
    else if (Array.isArray(shape.data))
      read.set(name, { name, path, file: null, entries: shape.data.map((text, place) => ({ text, place })) });
    else read.set(name, fromFile(name, shape.data.file, files, faults));
  }
  return read;
}

function fromFile(name: string, file: string, files: ReadonlyMap<string, string>, faults: PolicyFault[]): ListSource {
  const path = ['lists', name];
  const text = files.get(file);
  if (text === undefined) {
    faults.push(
      fault([...path, 'file'], 'this file could not be read', 'write a name relative to the policy file, of a file that may be read'),
    );
    return { name, path, file, entries: [] };
  }
  const entries = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ text: line.replace(/(?:^|\s)#.*$/, '').trim(), place: i + 1 }))
    .filter((entry) => entry.text !== '');
  const long = entries.find((entry) => entry.text.length > LONGEST_ENTRY);
  if (entries.length > MOST_ENTRIES)
    faults.push(fault([...path, 'file'], `the file has ${entries.length} entries`, `keep it under ${MOST_ENTRIES}`));
  if (long !== undefined)
    faults.push({
      ...fault([...path, 'file'], 'this line is too long for an entry', 'write one entry a line'),
      file: { name: file, line: long.place },
    });
  return { name, path, file, entries: entries.slice(0, MOST_ENTRIES) };
}
