// Why a key folder is refused: expected failures as values, each with a code and one plain text for the administrator.
import { MailError } from '../mail/mail-error.ts';

export type KeyFailureCode =
  | 'keys.inside-data' // one of the two folders lies inside the other, or a sealing key lies in the data folder
  | 'keys.missing' // there is no sealing key here
  | 'keys.missing-for-data' // there is none, but data sealed with one
  | 'keys.different' // the data folder was sealed with another key
  | 'keys.check-missing' // sealed data, but not the value that says with which key
  | 'keys.exists' // a first start where a key is already
  | 'keys.exposed' // group or others may read it, or someone else owns it
  | 'keys.damaged' // a file that is not what it must be
  | 'keys.unusable'; // the system refused to read or write

/** `text` names the file and says what would be right. It holds no key material. */
export interface KeyFailure {
  readonly code: KeyFailureCode;
  readonly text: string;
}

/** A failure on its way out of the room; `openKeyFolder` and `createKeyFolder` turn it into a value. */
export class KeyFolderRefused extends Error {
  readonly failure: KeyFailure;
  constructor(code: KeyFailureCode, text: string, options?: { readonly cause?: unknown }) {
    super(code, options);
    this.name = 'KeyFolderRefused';
    this.failure = { code, text };
  }
}

/** The value of a failure. Errors of the system become 'keys.unusable'; anything else is a bug and thrown on. */
export function failureOf(error: unknown, folder: string): KeyFailure {
  if (error instanceof KeyFolderRefused) return error.failure;
  const code = systemCode(error);
  if (code === null) throw error;
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : folder;
  return { code: 'keys.unusable', text: `${path}: the system says ${code}. The user that runs Postern must be able to read and write it.` };
}

/** The code of an error of the system ('ENOENT', ...), or null. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** An error of the system while serving, as an expected failure; anything else is a bug and stays what it is. */
export function storageError(cause: unknown): unknown {
  const code = systemCode(cause);
  if (code === null) return cause;
  return new MailError(code === 'ENOSPC' || code === 'EDQUOT' ? 'store.disk-full' : 'store.unavailable', { cause });
}
