// 7-Zip, compiled to WebAssembly, in memory of its own: a module for each run, which ends with it. It sees one archive and no disk; how
// much memory it may take and how much it may write is fixed before it starts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type { FileSystem, FSNode, SevenZipModule, SevenZipModuleFactory } from '7z-wasm';
import { LimitReached } from './extractor.ts';

/** Of the module's own memory, in pages of 64 kB: a dictionary may be as large as its archive says. */
const MOST_PAGES = 4_096;
const LONGEST_REPORT = 4_000_000;
const FOLDER = '/out';

/** What one run of 7-Zip came to. */
export interface SevenZipRun {
  /** Lines as it printed them, errors among them. */
  readonly report: readonly string[];
  readonly end: 'whole' | 'faults' | 'too-large';
}

/** A run that has written files: they live until `close`. */
export interface SevenZipFiles extends SevenZipRun {
  /** Each file once, by its path in the archive; taking one removes it. In the order of the folders. */
  files(): Iterable<{ readonly name: string; readonly bytes: Buffer }>;
}

/** What the archive holds, by `7z l -slt`. */
export async function listBySevenZip(archive: Buffer): Promise<SevenZipRun> {
  const { report, end } = await run(archive, ['l', '-slt', '-ba'], 0);
  return { report, end };
}

/** Unpacks all of it; what would grow beyond `limit` octets ends the run, and what was written until then is there. */
export async function extractBySevenZip(archive: Buffer, limit: number): Promise<SevenZipFiles> {
  const { module, report, end } = await run(archive, ['x', '-y', '-aou', '-bb0', `-o${FOLDER}`], limit);
  return { report, end, files: () => takeFiles(module.FS) };
}

async function run(archive: Buffer, args: readonly string[], limit: number): Promise<SevenZipRun & { readonly module: SevenZipModule }> {
  const report: string[] = [];
  let length = 0;
  const take = (line: string): void => {
    length += line.length + 1;
    if (length <= LONGEST_REPORT) report.push(line);
  };
  const module = await loadFactory()({ wasmBinary: boundedBinary(), print: take, printErr: take, stdin: noInput });
  module.FS.writeFile('/in', archive);
  module.FS.mkdir(FOLDER);
  const written = boundWrites(module.FS, limit);
  try {
    // A password that no archive has: without one it asks.
    module.callMain([...args, '-bd', '-bsp0', '-sccUTF-8', '-p\u0001', '/in']);
  } catch {
    return { module, report, end: written() > limit ? 'too-large' : 'faults' };
  } finally {
    module.FS.unlink('/in');
  }
  return { module, report, end: report.some((line) => /^(?:ERROR|WARNING)/.test(line)) ? 'faults' : 'whole' };
}

/**
 * The package's loader where it sees no Node: it would ask for parts of Node that a child without rights has not, write the result of the
 * process, and reach the disk.
 */
function loadFactory(): SevenZipModuleFactory {
  const module: { exports: unknown } = { exports: {} };
  const load = compileFunction(readFileSync(packageFile('7zz.umd.js'), 'utf8'), ['module', 'exports', 'process', 'require']);
  Reflect.apply(load, undefined, [module, module.exports, undefined, undefined]);
  if (!isFactory(module.exports)) throw new Error('no factory in the module');
  return module.exports;
}

function isFactory(value: unknown): value is SevenZipModuleFactory {
  return typeof value === 'function';
}

function packageFile(name: string): string {
  return createRequire(import.meta.url).resolve(`7z-wasm/${name}`);
}

function noInput(): never {
  throw new Error('no input');
}

/** The module as it is shipped, with a smaller bound of its memory (WebAssembly 1.0 5.5.8). */
function boundedBinary(): ArrayBuffer {
  const file = readFileSync(packageFile('7zz.wasm'));
  const maximum = memoryMaximumAt(file);
  let pages = MOST_PAGES;
  for (let at = maximum.from; at < maximum.to; at++) {
    file[at] = (pages & 0x7f) | (at < maximum.to - 1 ? 0x80 : 0);
    pages >>= 7;
  }
  const binary = new ArrayBuffer(file.length);
  new Uint8Array(binary).set(file);
  return binary;
}

function memoryMaximumAt(file: Buffer): { readonly from: number; readonly to: number } {
  for (let at = 8; at < file.length;) {
    const section = file[at];
    const size = numberAt(file, at + 1);
    if (section === 5) {
      const minimum = numberAt(file, size.to + 2);
      return { from: minimum.to, to: numberAt(file, minimum.to).to };
    }
    at = size.to + size.value;
  }
  throw new Error('no memory in the module');
}

/** LEB128. */
function numberAt(file: Buffer, at: number): { readonly value: number; readonly to: number } {
  let [value, to] = [0, at];
  for (let shift = 0; ; shift += 7) {
    const octet = file[to++] ?? 0;
    value += (octet & 0x7f) * 2 ** shift;
    if (octet < 0x80) return { value, to };
  }
}

interface FileOperations {
  write: (stream: object, buffer: ArrayBufferView, offset: number, length: number, position: number, canOwn?: boolean) => number;
}

interface NodeOperations {
  setattr: (node: object, attributes: { readonly size?: number }) => void;
}

function hasOperations(node: FSNode): node is FSNode & { stream_ops: FileOperations; node_ops: NodeOperations } {
  return 'stream_ops' in node && 'node_ops' in node;
}

/** All files share one table of operations: what writes is counted there. Gives what was written, or tried. */
function boundWrites(fs: FileSystem, limit: number): () => number {
  const { node } = fs.lookupPath('/in');
  if (!hasOperations(node)) throw new Error('no operations in the module');
  const { stream_ops: files, node_ops: nodes } = node;
  const { write } = files;
  const { setattr } = nodes;
  const sizes = new Map<object, number>();
  let total = 0;
  const grow = (file: object, size: number): void => {
    const grown = size - (sizes.get(file) ?? 0);
    if (grown <= 0) return;
    total += grown;
    sizes.set(file, size);
    if (total > limit) throw new LimitReached('too-large');
  };
  files.write = (stream, buffer, offset, length, position, canOwn) => {
    grow('node' in stream && typeof stream.node === 'object' && stream.node !== null ? stream.node : stream, position + length);
    return write(stream, buffer, offset, length, position, canOwn);
  };
  nodes.setattr = (changed, attributes) => {
    grow(changed, attributes.size ?? 0);
    setattr(changed, attributes);
  };
  return () => total;
}

function* takeFiles(fs: FileSystem): Generator<{ name: string; bytes: Buffer }> {
  const stack = [FOLDER];
  for (let path = stack.pop(); path !== undefined; path = stack.pop()) {
    const { mode } = fs.lstat(path);
    if (fs.isDir(mode)) {
      const inside = fs.readdir(path).filter((name) => name !== '.' && name !== '..');
      for (const name of inside.reverse()) stack.push(`${path}/${name}`);
    } else if (fs.isFile(mode)) {
      const bytes = fs.readFile(path);
      fs.unlink(path);
      yield { name: path.slice(FOLDER.length + 1), bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    }
  }
}
