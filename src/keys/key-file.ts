// The text form of the files in the key folder: a first line with kind and version, then one "name value" line per field
// (docs/keys.md). Strict: one spelling per content, so that the lines themselves can be authenticated.

export type KeyFileKind = 'postern-master-key' | 'postern-head-key' | 'postern-period-key' | 'postern-destroyed-period';

const VERSION = '1';
const VALUE = /^[A-Za-z0-9+/=:.-]{1,400}$/;

/** No file of this kind is larger. */
export const KEY_FILE_BYTES = 2048;

/** Fields in the order in which they are written. */
export type KeyFields = readonly (readonly [name: string, value: string])[];

export function formatKeyFile(kind: KeyFileKind, fields: KeyFields): string {
  return `${kind} ${VERSION}\n${fields.map(([name, value]) => `${name} ${value}\n`).join('')}`;
}

/** Values in the order of `names`, or null where the text is not exactly what `formatKeyFile` writes. */
export function parseKeyFile(text: string, kind: KeyFileKind, names: readonly string[]): readonly string[] | null {
  const lines = text.split('\n');
  if (lines.length !== names.length + 2 || lines[0] !== `${kind} ${VERSION}` || lines.at(-1) !== '') return null;
  const values: string[] = [];
  for (const [i, name] of names.entries()) {
    const line = lines[i + 1] ?? '';
    const value = line.slice(name.length + 1);
    if (!line.startsWith(`${name} `) || !VALUE.test(value)) return null;
    values.push(value);
  }
  return values;
}

/** Is this the beginning of a file that holds a sealing key? */
export function isKeyFile(beginning: string): boolean {
  return /^postern-(?:master|period|head)-key /.test(beginning);
}

/** Bytes of a base64 field, or null where it is not the one spelling of `sizeBytes` bytes. */
export function bytesOf(base64: string, sizeBytes: number): Buffer | null {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === sizeBytes && bytes.toString('base64') === base64 ? bytes : null;
}
