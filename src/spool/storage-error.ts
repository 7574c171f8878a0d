// Errors of the file system as expected failures.
import { MailError } from '../mail/mail-error.ts';

/** EFBIG is a limit on the size of a file: no room for this message either. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** The file is not there or cannot be read back, whoever tries again. */
const LOST = new Set(['ENOENT', 'EIO', 'ELOOP', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EUCLEAN']);

/** The code of an error of the system ('ENOENT', ...), or null. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** While writing. Anything that is not of the system is a bug and stays what it is. */
export function writeError(cause: unknown): unknown {
  const code = systemCode(cause);
  if (code === null) return cause;
  return new MailError(FULL.has(code) ? 'store.disk-full' : 'store.unavailable', { cause });
}

/** While reading: what may pass by itself (too many open files, no memory) is told from what is lost. */
export function readError(cause: unknown): unknown {
  const code = systemCode(cause);
  if (code === null) return cause;
  return new MailError(LOST.has(code) ? 'content.unreadable' : 'store.unavailable', { cause });
}
