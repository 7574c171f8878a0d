// One damaged row must not stop the queue: reading it gives null, and the caller holds or leaves out what it belongs to.
import { MailError } from '../../mail/mail-error.ts';

/** What `read` gives, or null where sealed bytes do not open. Failures of the database go on. */
export function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MailError && error.code === 'content.unreadable') return null;
    throw error;
  }
}
