// The text of a stored message for a person who may see it: opened from the spool and read by a reading child, as it was for inspection.
import type { Config } from '../config/config.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Message } from '../mail/message.ts';
import type { Spool } from '../spool/spool.ts';
import type { Journal, MessageRecord } from '../store/journal.ts';
import { ReadPool } from './read-pool.ts';
import { READ_CHILD } from './read-process.ts';

export interface RevealDeps {
  readonly config: () => Config;
  readonly keys: Pick<SealingKeys, 'unwrapDataKey'>;
  readonly spool: Pick<Spool, 'read'>;
  readonly journal: Pick<Journal, 'readSealed'>;
}

/** 'gone': the content has been removed, or its key. @throws MailError content.unreadable */
export type Reveal = (record: MessageRecord) => Promise<Message | 'gone'>;

export function revealer({ config, keys, spool, journal }: RevealDeps): Reveal {
  return async ({ id, content }) => {
    const { place, sizeBytes, wrappedKey, periodId } = content;
    const sealed = place === 'row' ? await journal.readSealed(id) : null;
    if (wrappedKey.length === 0 || (place === 'row' && sealed === null)) return 'gone';
    const key = keys.unwrapDataKey(id, wrappedKey, periodId);
    await using pool = new ReadPool({ ...config().reading, processes: 1, entry: READ_CHILD });
    const message = await pool.read({
      what: 'message',
      name: null,
      spans: 'kept',
      sizeBytes,
      content: () => spool.read({ messageId: id, place, sealed, sizeBytes, key }),
    });
    if (message === 'stopped') throw new Error('a reading child was stopped by nobody');
    return message;
  };
}
