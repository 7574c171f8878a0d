// One damaged row must not stop what reads many: reading it gives another value, and the caller holds or leaves out what it belongs to.
import { MailError } from '../../mail/mail-error.ts';

/** What `read` gives, or `otherwise` where sealed bytes do not open. Failures of the database go on. */
export function readOr<T, O>(otherwise: O, read: () => T): T | O {
  try {
    return read();
  } catch (error) {
    if (error instanceof MailError && error.code === 'content.unreadable') return otherwise;
    throw error;
  }
}

export function orNull<T>(read: () => T): T | null {
  return readOr(null, read);
}
