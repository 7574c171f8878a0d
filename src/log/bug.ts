// What may be told of an unexpected error: its class, a system code, and where in our own source it happened.
// Never its message: that may quote content, an address or a password.

export interface BugFacts {
  /** 'TypeError'; 'unknown' for what is no Error. */
  readonly errorClass: string;
  /** Such as 'ECONNRESET' or 'SQLITE_IOERR', or null. */
  readonly errorCode: string | null;
  /** `src/room/file.ts:line:column`, innermost first, at most ten. */
  readonly frames: readonly string[];
}

const ROOT = new URL('../../', import.meta.url).href;
const CLASS = /^[A-Za-z][A-Za-z0-9]{0,40}$/;
const CODE = /^[A-Z][A-Z0-9_]{1,40}$/;
const PLACE = /^(?:src|bench|test)\/[a-z0-9/.-]+\.ts:\d+:\d+$/;

export function bugFacts(error: unknown): BugFacts {
  if (!(error instanceof Error)) return { errorClass: 'unknown', errorCode: null, frames: [] };
  const errorClass = error.constructor.name;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { errorClass: CLASS.test(errorClass) ? errorClass : 'Error', errorCode: CODE.test(code) ? code : null, frames: ownFrames(error) };
}

/** Places of our own source in the stack. The message stands before the frames, so it is cut off first: it could look like one. */
function ownFrames(error: Error): string[] {
  const stack = error.stack ?? '';
  const at = error.message === '' ? -1 : stack.indexOf(error.message);
  const frames = at < 0 ? stack : stack.slice(at + error.message.length);
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => place(line))
    .filter((found) => found !== null)
    .slice(0, 10);
}

function place(line: string): string | null {
  const at = line.lastIndexOf(ROOT);
  if (at < 0) return null;
  const rest = line.slice(at + ROOT.length).replace(/\)$/, '');
  return PLACE.test(rest) ? rest : null;
}
