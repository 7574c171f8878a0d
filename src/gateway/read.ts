// parse: accepted messages are opened, read to their last part by a reading child, and what may be told of it becomes evidence.
// The journal says what is still to be read, so that a crash or a stop forgets none.
import type { SealingKeys } from '../keys/keys.ts';
import { MailError } from '../mail/mail-error.ts';
import type { Message } from '../mail/message.ts';
import { readFacts, recurringPictures, withKnownPictures } from '../mail/read-facts.ts';
import type { Spool } from '../spool/spool.ts';
import type { Journal, MessageRecord } from '../store/journal.ts';
import type { Readings } from '../store/readings.ts';
import type { Clock } from './clock.ts';
import type { RoadEvents } from './events.ts';

export interface ReadDeps {
  readonly readings: Readings;
  readonly journal: Pick<Journal, 'readMessage' | 'readSealed'>;
  readonly spool: Pick<Spool, 'read'>;
  readonly keys: Pick<SealingKeys, 'unwrapDataKey' | 'digest'>;
  /** Reads a message; what goes wrong in it is a blind spot. 'stopped': not now. Rejects with what `content` throws. */
  readonly read: (content: { readonly sizeBytes: number; content(): AsyncIterable<Uint8Array> }) => Promise<Message | 'stopped'>;
  readonly clock: Clock;
  readonly events: RoadEvents;
}

const AT_ONCE = 32;
/** A picture is known once so many messages of its account have held it, over at least a day. */
const KNOWN_AFTER_MESSAGES = 5;
const KNOWN_AFTER_MS = 86_400_000;

/** One round over what is unread. Gives how many were read; call again while there are any. What cannot be read now waits for the next round. */
export async function readAccepted(deps: ReadDeps): Promise<number> {
  const ids = await deps.readings.unread({ limit: AT_ONCE });
  const read = await Promise.all(ids.map((id) => readOne(id, deps)));
  return read.filter((one) => one === 'read').length;
}

async function readOne(messageId: string, deps: ReadDeps): Promise<'read' | 'later'> {
  const startedAt = performance.now();
  try {
    const record = await deps.journal.readMessage(messageId);
    if (record === null) return 'later';
    const found = await opened(record, deps);
    if (found === 'stopped') return 'later';
    const { message, pictures } = await withoutKnown(found, record.submitter.name, deps);
    const tookMs = performance.now() - startedAt;
    await deps.readings.record({
      messageId,
      at: deps.clock.steady(),
      pictures,
      evidence: [
        {
          kind: 'message.read',
          at: deps.clock.now(),
          messageId,
          deliveryId: null,
          codes: { ...readFacts(message), tookMs: Math.round(tookMs) },
          detail: null,
        },
      ],
    });
    const blindSpots = message.blindSpots.map(({ kind }) => kind);
    deps.events.read({ messageId, parts: message.parts.length, blindSpots, defects: message.defects.length, tookMs });
    return 'read';
  } catch (error) {
    deps.events.bug({ where: 'read', error });
    return 'later';
  }
}

/** The message as read. Content that does not open is damaged as a whole: that is told, and nothing is known of it. */
async function opened(record: MessageRecord, deps: ReadDeps): Promise<Message | 'stopped'> {
  try {
    const { id, content } = record;
    const key = deps.keys.unwrapDataKey(id, content.wrappedKey, content.periodId);
    const sealed = content.place === 'row' ? await deps.journal.readSealed(id) : null;
    if (content.place === 'row' && sealed === null) throw new MailError('content.unreadable');
    const { sizeBytes, place } = content;
    return await deps.read({ sizeBytes, content: () => deps.spool.read({ messageId: id, place, sealed, sizeBytes, key }) });
  } catch (error) {
    if (!(error instanceof MailError) || error.code !== 'content.unreadable') throw error;
    deps.events.alarm({ what: 'content-damaged', messageId: record.id });
    return { parts: [], spans: [], defects: [], blindSpots: [{ part: '', kind: 'broken' }], documents: [] };
  }
}

async function withoutKnown(
  message: Message,
  account: string,
  deps: ReadDeps,
): Promise<{ readonly message: Message; readonly pictures: readonly Uint8Array[] }> {
  const digests = recurringPictures(message);
  const pictures = digests.map((digest) => deps.keys.digest('picture', account, digest));
  const sightings = pictures.length === 0 ? [] : await deps.readings.sightings(pictures);
  const now = deps.clock.steady();
  const known = digests.filter((_, i) => {
    const seen = sightings[i] ?? null;
    return seen !== null && seen.messages >= KNOWN_AFTER_MESSAGES && now - seen.firstAt >= KNOWN_AFTER_MS;
  });
  return { message: withKnownPictures(message, new Set(known)), pictures };
}
