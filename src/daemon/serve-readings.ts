// What a reading child does: reads one message after another, and tells what it finds as it finds it, until its input ends.
import { readSync, writeSync } from 'node:fs';
import { readBodyRequest } from '../mime/present/body-request.ts';
import { showBody } from '../mime/present/show-body.ts';
import { MAX_SPAN_LENGTH, readFile, readMessage } from '../mime/read-message.ts';
import type { Readers } from './extractors.ts';
import { frameOf, type FromChild, LENGTH_BYTES, type ReadRequest } from './read-protocol.ts';

const INPUT = 0;
const OUTPUT = 1;
/** Events wait until so much text has come together; what begins a part never waits. */
const BATCH_LENGTH = Math.min(MAX_SPAN_LENGTH, 256 * 1024);

/** Blocking reads and writes: the process has nothing else to do, and the gateway's pace is its back-pressure. */
export async function serveReadings(readers: Readers): Promise<void> {
  // A promise that a library forgot says nothing about what is being read.
  process.on('unhandledRejection', () => undefined);
  send([{ event: 'ready' }]);
  for (let request = readRequest(); request !== null; request = readRequest()) {
    const bytes = Buffer.allocUnsafe(request.sizeBytes);
    if (!fill(bytes)) return;
    await read(request, bytes, readers);
  }
}

async function read(request: ReadRequest, bytes: Buffer, readers: Readers): Promise<void> {
  let waiting: FromChild[] = [];
  let length = 0;
  const tell = (event: FromChild): void => {
    if (event.event === 'span' && request.spans === 'dropped') return;
    waiting.push(event);
    length += event.event === 'span' ? event.span.text.length : 100;
    if (event.event !== 'part' && event.event !== 'part-read' && length < BATCH_LENGTH) return;
    send(waiting);
    waiting = [];
    length = 0;
  };
  readers.beginMessage({ ocrMs: request.ocrMs });
  const deps = { extractors: readers.extractors, limits: request.limits, skip: new Map(request.skip), tell };
  if (request.what === 'body') await show(bytes, tell);
  else await (request.what === 'message' ? readMessage(bytes, deps) : readFile(bytes, request.name, deps));
  send([...waiting, { event: 'read' }]);
}

/** As one part, so that its time is counted. */
async function show(bytes: Buffer, tell: (event: FromChild) => void): Promise<void> {
  const about = { declaredType: null, name: null, role: 'body', sizeBytes: bytes.length, digest: null } as const;
  tell({ event: 'part', part: { path: '', kind: 'multipart', ...about } });
  tell({ event: 'shown', shown: await showBody(readBodyRequest(bytes)) });
  tell({ event: 'part-read', path: '' });
}

function readRequest(): ReadRequest | null {
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  if (!fill(length)) return null;
  const frame = Buffer.allocUnsafe(length.readUInt32BE());
  // The gateway is believed: it alone holds the other end of the pipe.
  return fill(frame) ? (JSON.parse(frame.toString('utf8')) as ReadRequest) : null;
}

/** False where the input ends first. */
function fill(buffer: Buffer): boolean {
  for (let done = 0; done < buffer.length;) {
    const count = readSync(INPUT, buffer, done, buffer.length - done, null);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

function send(events: readonly FromChild[]): void {
  const frame = frameOf(events);
  for (let done = 0; done < frame.length;) done += writeSync(OUTPUT, frame, done);
}
