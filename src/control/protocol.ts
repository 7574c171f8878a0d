// The wire of the control socket: one JSON object on a line each way, with a protocol version. Bounded in size.
import { z } from 'zod';
import type { ControlFailure } from './commands.ts';

export const CONTROL_PROTOCOL = 1;
export const REQUEST_BYTES = 1024 * 1024;
export const RESPONSE_BYTES = 16 * 1024 * 1024;

const FAILURES = [
  'not-found',
  'not-legal',
  'exists',
  'refused',
  'bad-request',
  'busy',
  'unavailable',
  'too-long',
  'internal',
] as const satisfies readonly ControlFailure[];

export const requestLine = z.strictObject({ v: z.literal(CONTROL_PROTOCOL), command: z.string().max(64), request: z.unknown() });
export const responseLine = z.union([
  z.strictObject({ v: z.literal(CONTROL_PROTOCOL), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ v: z.literal(CONTROL_PROTOCOL), ok: z.literal(false), code: z.enum(FAILURES), text: z.string() }),
]);

/** Gathers bytes into lines. Gives 'too-long' once, for a line over the bound; what follows is not looked at. */
export class LineReader {
  readonly #limitBytes: number;
  #pieces: Buffer[] = [];
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(piece: Buffer): readonly string[] | 'too-long' {
    const lines: string[] = [];
    let rest = piece;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      if (this.#sizeBytes + end > this.#limitBytes) return 'too-long';
      lines.push(Buffer.concat([...this.#pieces, rest.subarray(0, end)]).toString('utf8'));
      this.#pieces = [];
      this.#sizeBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#pieces.push(rest);
    this.#sizeBytes += rest.length;
    return this.#sizeBytes > this.#limitBytes ? 'too-long' : lines;
  }
}

/** JSON of a line, or undefined where it is none. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
