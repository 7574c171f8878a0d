// The ZIP package of an office document: its members by name, each unpacked within limits, and what of them nobody has read yet.
import type { Output, Source } from './extractor.ts';
import { type ZipEntry, zipEntries } from './office-zip.ts';
import { inflateWhatIsThere } from './unpack-damaged.ts';

export class OfficePackage {
  readonly #output: Output;
  readonly #members = new Map<string, ZipEntry>();
  /** Of two members with one name, all but the first: programs differ in which they take. */
  readonly #repeated: ZipEntry[] = [];
  readonly #read = new Set<string>();

  constructor(source: Pick<Source, 'bytes'>, output: Output) {
    this.#output = output;
    for (const entry of zipEntries(source.bytes)) {
      const key = keyOf(entry.name);
      if (this.#members.has(key)) this.#repeated.push(entry);
      else this.#members.set(key, entry);
    }
    if (this.#repeated.length > 0) output.defect('container-malformed');
    if (this.#members.size === 0) output.blind('broken');
  }

  /** As the package spells them. */
  names(): readonly string[] {
    return Array.from(this.#members.values(), ({ name }) => name);
  }

  has(name: string): boolean {
    return this.#members.has(keyOf(name));
  }

  /** The octets of a member not yet read, or null: it is missing, was read before, or cannot be read, which is a blind spot. */
  async take(name: string): Promise<Buffer | null> {
    const key = keyOf(name);
    const entry = this.#members.get(key);
    if (entry === undefined || this.#read.has(key)) return null;
    this.#read.add(key);
    return await this.#unpacked(entry);
  }

  /** The octets of a member, which stays to be read; null as with `take`. */
  async peek(name: string): Promise<Buffer | null> {
    const entry = this.#members.get(keyOf(name));
    return entry === undefined ? null : await this.#unpacked(entry);
  }

  /** A member of which it is known that it holds no words: not read, and not left over. */
  pass(name: string): void {
    if (this.has(name)) this.#read.add(keyOf(name));
  }

  /** Whether it is there, and was read or passed. */
  isRead(name: string): boolean {
    return this.#read.has(keyOf(name));
  }

  /** Names of members not yet read that match. */
  left(pattern: RegExp): readonly string[] {
    return this.names().filter((name) => !this.#read.has(keyOf(name)) && pattern.test(name));
  }

  /** Gives all members that nobody has read to whoever reads their kind. */
  async readRest(): Promise<void> {
    const rest = [...this.#members].filter(([key]) => !this.#read.has(key)).map(([, entry]) => entry);
    for (const entry of [...rest, ...this.#repeated]) {
      this.#read.add(keyOf(entry.name));
      if (entry.packed.length === 0) continue;
      const bytes = await this.#unpacked(entry);
      if (bytes === null || bytes.length === 0) continue;
      const name = entry.name.slice(entry.name.lastIndexOf('/') + 1);
      await this.#output.inner({ bytes, declaredType: null, parameters: new Map(), name, role: 'member' });
    }
  }

  async #unpacked(entry: ZipEntry): Promise<Buffer | null> {
    if (entry.encrypted) {
      this.#output.blind('encrypted');
      return null;
    }
    if (entry.method === 0) return entry.packed;
    if (entry.method !== 8) {
      this.#output.blind('unknown');
      return null;
    }
    const { plain, end } = await inflateWhatIsThere(entry.packed, this.#output);
    if (end === 'broken') this.#output.blind('broken');
    return plain;
  }
}

/** Part names are told apart without regard to case (ECMA-376 part 2, 6.2.2.3); some writers use the wrong slash. */
function keyOf(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}
