// How much one login may send: messages and new recipients, per hour and day. Beyond a limit it gets 4xx; one that goes on all the same
// and comes beyond the hard limit looks taken over: its mail is taken and held, and a person is told.
// Counts are kept in the store, so that a restart forgives nothing.
import type { SendingCounts } from '../store/domain-memory.ts';

export interface SendingLimits {
  readonly messagesPerHour: number;
  readonly messagesPerDay: number;
  readonly newRecipientsPerHour: number;
  readonly newRecipientsPerDay: number;
  /** Beyond a limit times this: hold and alarm. */
  readonly hardFactor: number;
}

export type SendingLimit = 'messages-per-hour' | 'messages-per-day' | 'new-recipients-per-hour' | 'new-recipients-per-day';

export interface SendingVerdict {
  /** What to do with the message. */
  readonly verdict: 'take' | 'hold' | { readonly refuse: 'limit.messages' | 'limit.recipients' };
  /** The limit that decided, for the log and the alarm; null for 'take'. */
  readonly reached: SendingLimit | null;
}

export interface Sending {
  /** Account, or the name of another trusted way. */
  readonly account: string;
  readonly at: number;
  /** Keyed digests of the recipients. */
  readonly recipients: readonly Uint8Array[];
}

/** Counts the message and judges it. Refused ones count too: that is how the hard limit is reached. @throws MailError store.unavailable */
export async function checkSending(counts: SendingCounts, limits: SendingLimits, sending: Sending): Promise<SendingVerdict> {
  const sums = await counts.count(sending);
  const measured: readonly (readonly [limit: SendingLimit, sum: number, allowed: number])[] = [
    ['messages-per-hour', sums.messagesHour, limits.messagesPerHour],
    ['messages-per-day', sums.messagesDay, limits.messagesPerDay],
    ['new-recipients-per-hour', sums.newRecipientsHour, limits.newRecipientsPerHour],
    ['new-recipients-per-day', sums.newRecipientsDay, limits.newRecipientsPerDay],
  ];
  const hard = measured.find(([, sum, allowed]) => sum > allowed * limits.hardFactor);
  if (hard !== undefined) return { verdict: 'hold', reached: hard[0] };
  const soft = measured.find(([, sum, allowed]) => sum > allowed);
  if (soft === undefined) return { verdict: 'take', reached: null };
  return { verdict: { refuse: soft[0].startsWith('messages') ? 'limit.messages' : 'limit.recipients' }, reached: soft[0] };
}
