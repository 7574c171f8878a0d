// What a form with files brings, as it streams in: first the fields, then the files one by one. Bounded in number and octets; what is too much is read
// to its end and thrown away, so that the page that says so arrives.
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { AnswerFile } from '../mime/answer-body.ts';
import { safeFileName } from './file-name.ts';
import type { UploadLimits } from './settings.ts';

export interface Upload {
  /** Of the fields before the first file. */
  readonly fields: Readonly<Record<string, string>>;
  /** Null: there is none. Throws `UploadRefused` in the middle. */
  readonly files: AsyncIterable<AnswerFile> | null;
  /** Reads what is left, so far as anybody would wait for it, and throws it away. */
  readonly rest: () => Promise<void>;
}

/** Thrown into what reads the files: what was sent so far must not become a message. */
export class UploadRefused extends Error {
  readonly why: 'tooLarge' | 'tooMany';
  constructor(why: 'tooLarge' | 'tooMany') {
    super(why);
    this.why = why;
  }
}

type Parts = AsyncIterator<Multipart>;

/** Over its limit a file is read on so many times the limit; then the connection is closed. */
const PATIENCE = 4;

/** @throws what the parser throws for a broken form */
export async function readUpload(request: FastifyRequest, limits: UploadLimits): Promise<Upload> {
  const parts: Parts = request.parts({
    limits: {
      fields: 12,
      fieldSize: limits.textBytes + 1,
      fieldNameSize: 50,
      fileSize: limits.bytes * PATIENCE,
      files: limits.files * PATIENCE,
      headerPairs: 20,
    },
  });
  const fields = new Map<string, string>();
  for (;;) {
    const next = await parts.next();
    if (next.done === true) return { fields: Object.fromEntries(fields), files: null, rest: async () => undefined };
    const part = next.value;
    if (part.type === 'field') {
      // A name that comes twice is nobody's form of ours.
      if (typeof part.value === 'string' && !fields.has(part.fieldname)) fields.set(part.fieldname, part.value);
    } else if (!hasName(part)) {
      // A browser sends an empty file where none was chosen.
      part.file.resume();
    } else
      return {
        fields: Object.fromEntries(fields),
        files: filesOf(part, parts, limits),
        rest: () => readOn(request.raw, limits.bytes * PATIENCE),
      };
  }
}

async function* filesOf(first: MultipartFile, parts: Parts, limits: UploadLimits): AsyncGenerator<AnswerFile, void, undefined> {
  let left = limits.bytes;
  let files = 0;
  const bounded = async function* (file: MultipartFile['file']): AsyncGenerator<Uint8Array> {
    for await (const piece of file as AsyncIterable<Buffer>) {
      left -= piece.length;
      if (left < 0) throw new UploadRefused('tooLarge');
      yield piece;
    }
  };
  let part: MultipartFile | null = first;
  while (part !== null) {
    files += 1;
    if (files > limits.files) throw new UploadRefused('tooMany');
    yield { name: safeFileName(part.filename), octets: bounded(part.file) };
    part = await nextFile(parts);
  }
}

async function nextFile(parts: Parts): Promise<MultipartFile | null> {
  for (;;) {
    const next = await parts.next();
    if (next.done === true) return null;
    if (next.value.type === 'file' && hasName(next.value)) return next.value;
    if (next.value.type === 'file') next.value.file.resume();
  }
}

function hasName({ filename }: MultipartFile): boolean {
  return typeof filename === 'string' && filename !== '';
}

/** Never rejects: whoever went away needs no page. */
function readOn(raw: FastifyRequest['raw'], mostBytes: number): Promise<void> {
  return new Promise((resolve) => {
    if (raw.readableEnded || raw.destroyed) return resolve();
    let left = mostBytes;
    raw.unpipe();
    raw.once('end', resolve).once('close', resolve);
    raw.on('data', (piece: Buffer) => {
      left -= piece.length;
      if (left < 0) resolve();
    });
    raw.resume();
  });
}
