// postern extract FILE, and the reading of postern scan: reads a file as the gateway reads a message, in a child process, within the limits
// of the configuration.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable as Stream } from 'node:stream';
import type { Config } from '../config/config.ts';
import { defaultConfig } from '../config/default-config.ts';
import { loadConfig } from '../config/load.ts';
import type { Message } from '../mail/message.ts';
import { type Readable, ReadPool } from './read-pool.ts';
import { READ_CHILD } from './read-process.ts';
import type { ConfigRefused, ExtractAccess, ExtractRequest, ExtractStart, FileRead, FileToRead, NotReached } from './work.ts';

export async function openExtract(request: ExtractRequest): Promise<ExtractStart> {
  return openFiles(request, (configured) => configured);
}

export interface OpenFiles extends ExtractAccess {
  /** So many are read at a time. */
  readonly processes: number;
  /** Null where none could be read and defaults are enough. */
  readonly config: Config | null;
  /** A message that is in no file. */
  readOctets(octets: Uint8Array): Promise<Message | 'stopped'>;
}

/** @param processesOf how many children, given what the configuration says */
export async function openFiles(
  { configPath, unreadable, ocr }: ExtractRequest,
  processesOf: (configured: number) => number,
): Promise<OpenFiles | ConfigRefused> {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused' && unreadable === 'refused') return loaded;
  const { reading } = loaded.kind === 'loaded' ? loaded.config : defaultConfig('.');
  const ocrMs = ocr === 'off' ? null : (reading.ocrMs ?? (ocr === 'on' ? OCR_MS : null));
  const processes = processesOf(reading.processes);
  const pool = new ReadPool({ ...reading, processes, ocrMs, entry: READ_CHILD });
  const config = loaded.kind === 'loaded' ? loaded.config : null;
  return {
    kind: 'open',
    processes,
    config,
    read: (file, told) => readOne(pool, file, told),
    readOctets: (octets) => pool.read(inMemory(octets)),
    close: () => pool[Symbol.asyncDispose](),
  };
}

/** A message in memory, for the pool. */
export function inMemory(octets: Uint8Array): Readable {
  return { what: 'message', spans: 'kept', name: null, sizeBytes: octets.byteLength, content: () => Stream.from([octets]) };
}

/** Where the configuration has switched OCR off and a person asks for it. */
const OCR_MS = 60_000;
const NO_FILE: Readonly<Record<string, string>> = { ENOENT: 'does not exist', EACCES: 'may not be read', EISDIR: 'is a folder' };

async function readOne(pool: ReadPool, file: FileToRead, told: (path: string) => void): Promise<FileRead | NotReached> {
  const startedAt = performance.now();
  try {
    const about = await stat(file.path);
    if (about.isDirectory()) return notReached(file, 'is a folder');
    if (!about.isFile()) return notReached(file, 'is not a file');
    const message = await pool.read(
      {
        what: file.as,
        spans: 'kept',
        name: file.as === 'message' ? null : basename(file.path),
        sizeBytes: about.size,
        content: () => createReadStream(file.path),
      },
      (event) => {
        if (event.event === 'part') told(event.part.path);
      },
    );
    if (message === 'stopped') return notReached(file, 'was not read: reading was stopped');
    return { kind: 'read', message, sizeBytes: about.size, tookMs: performance.now() - startedAt };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? NO_FILE[String(error.code)] : undefined;
    if (why === undefined) throw error;
    return notReached(file, why);
  }
}

function notReached({ path }: FileToRead, why: string): NotReached {
  return { kind: 'not-reached', text: `${path} ${why}.` };
}
