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

type Sums = Awaited<ReturnType<SendingCounts['count']>>;

/** What is known of an account: sums as last read, and what was let pass since. */
interface Known {
  readonly sums: Sums;
  readonly at: number;
  messages: number;
  readonly recipients: Uint8Array[];
}

/** Up to this share of every limit a message is let pass at once and counted with others soon after. */
const FAR = 0.9;
const WRITE_AFTER_MS = 250;
/** Sums are read again after this: another hour may have begun. */
const FRESH_MS = 60_000;
const ACCOUNTS = 10_000;

export interface SendingCheck {
  /** Counts the message and judges it. Refused ones count too: that is how the hard limit is reached. @throws MailError store.unavailable */
  readonly check: (sending: Sending) => Promise<SendingVerdict>;
  /** Writes what is not counted yet. */
  readonly flush: () => Promise<void>;
}

/**
 * Near a limit every message waits for the store's own count; far from all of them it does not wait, and many are counted in one unit.
 * A crash forgives at most a quarter of a second.
 */
export function sendingCheck(counts: SendingCounts, limits: () => SendingLimits, failed: (error: unknown) => void): SendingCheck {
  const accounts = new Map<string, Known>();
  let timer: NodeJS.Timeout | null = null;
  const count = async (sending: Sending, messages: number): Promise<Sums> => {
    const sums = await counts.count({ ...sending, messages });
    const since = accounts.get(sending.account);
    accounts.set(sending.account, { sums, at: sending.at, messages: since?.messages ?? 0, recipients: since?.recipients ?? [] });
    return sums;
  };
  /** What was let pass before is counted with it: near a limit nothing is owed. */
  const countAll = (sending: Sending): Promise<Sums> => {
    const { messages = 0, recipients = [] } = accounts.get(sending.account) ?? {};
    accounts.delete(sending.account);
    return count({ ...sending, recipients: [...recipients, ...sending.recipients] }, messages + 1);
  };
  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const waiting = [...accounts].filter(([, { messages }]) => messages > 0);
    // Forgotten until the store has answered: a message that comes meanwhile waits for its own count.
    for (const [account] of waiting) accounts.delete(account);
    await Promise.all(waiting.map(([account, { at, messages, recipients }]) => count({ account, at, recipients }, messages)));
  };
  return {
    flush,
    async check(sending) {
      const known = accounts.get(sending.account);
      if (known === undefined || !isFar(known, sending, limits()) || accounts.size > ACCOUNTS)
        return judge(await countAll(sending), limits());
      known.messages += 1;
      known.recipients.push(...sending.recipients);
      timer ??= setTimeout(() => void flush().catch(failed), WRITE_AFTER_MS);
      return { verdict: 'take', reached: null };
    },
  };
}

function isFar({ sums, at, messages, recipients }: Known, sending: Sending, limits: SendingLimits): boolean {
  if (sending.at - at > FRESH_MS || sending.at < at) return false;
  const more = messages + 1;
  const moreRecipients = recipients.length + sending.recipients.length;
  return (
    sums.messagesHour + more <= limits.messagesPerHour * FAR &&
    sums.messagesDay + more <= limits.messagesPerDay * FAR &&
    sums.newRecipientsHour + moreRecipients <= limits.newRecipientsPerHour * FAR &&
    sums.newRecipientsDay + moreRecipients <= limits.newRecipientsPerDay * FAR
  );
}

function judge(sums: Sums, limits: SendingLimits): SendingVerdict {
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
