// A request of the wire as it comes in: its first line, and behind it a body that is read as fast as it is wanted.
import type { IncomingMessage } from 'node:http';

export interface LineAndBody {
  readonly line: Uint8Array;
  /** Once. @throws BodyCutOff */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface RequestLimits {
  readonly lineBytes: number;
  readonly lineMs: number;
  readonly bodyBytes: number;
}

const LF = 0x0a;

/** 'refused': no line in time or in bounds. */
export async function lineAndBody(request: IncomingMessage, limits: RequestLimits): Promise<LineAndBody | 'refused'> {
  const pieces = request.iterator({ destroyOnReturn: false });
  const late = setTimeout(() => request.destroy(), limits.lineMs);
  try {
    const line: Uint8Array[] = [];
    for (let sizeBytes = 0; sizeBytes <= limits.lineBytes;) {
      const next: IteratorResult<Uint8Array> = await pieces.next();
      if (next.done === true) return 'refused';
      const at = next.value.indexOf(LF);
      line.push(at < 0 ? next.value : next.value.subarray(0, at));
      sizeBytes += next.value.length;
      if (at >= 0) return { line: Buffer.concat(line), body: rest(next.value.subarray(at + 1), pieces, limits.bodyBytes) };
    }
    return 'refused';
  } catch {
    return 'refused';
  } finally {
    clearTimeout(late);
  }
}

/** The caller went away, or sends without end: nobody's fault here. */
export class BodyCutOff extends Error {}

async function* rest(first: Uint8Array, pieces: AsyncIterator<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void, undefined> {
  let left = limit - first.length;
  if (first.length > 0) yield first;
  for (let next = await nextOf(pieces); next.done !== true; next = await nextOf(pieces)) {
    left -= next.value.length;
    if (left < 0) throw new BodyCutOff();
    yield next.value;
  }
}

async function nextOf(pieces: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await pieces.next();
  } catch (cause) {
    throw new BodyCutOff('', { cause });
  }
}
