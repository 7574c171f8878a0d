// One attempt: every next hop in order until each recipient has an end, or none is left (RFC 5321 5.1).
import type { Recipient } from '../mail/envelope.ts';
import type { NextHop } from '../mail/next-hop.ts';
import type { Outcome } from '../mail/outcome.ts';

/** What a recipient came to, and the next hop that said so. */
export interface Walked {
  readonly outcome: Outcome;
  readonly remoteMta: string | null;
}

/** Sends to one next hop; outcomes in the order of the recipients. */
export type SendToHop = (hop: NextHop, recipients: readonly number[]) => Promise<readonly Outcome[]>;

/** @returns one result per recipient, in their order */
export async function walk(
  hops: readonly NextHop[],
  recipients: readonly Recipient[],
  send: SendToHop,
  signal: AbortSignal,
): Promise<readonly Walked[]> {
  const seen: Walked[][] = recipients.map(() => []);
  let pending = recipients.map((_, i) => i);
  for (const hop of hops) {
    if (pending.length === 0 || signal.aborted) break;
    const outcomes = await send(hop, pending);
    const still: number[] = [];
    pending.forEach((recipient, i) => {
      const outcome = outcomes[i];
      if (outcome === undefined) throw new Error('transport gave too few outcomes');
      seen[recipient]?.push({ outcome, remoteMta: hop.host });
      if (!endsWalk(outcome)) still.push(recipient);
    });
    pending = still;
  }
  return seen.map(combine);
}

/** Another next hop could still do better, except where this one may have taken the message. */
function endsWalk(outcome: Outcome): boolean {
  if (outcome.kind === 'deferred') return outcome.afterDot === 'yes';
  return outcome.kind !== 'not-reached';
}

/**
 * What several next hops together say of one recipient: an end where one gave it; else, where every one that answered misses the
 * floor, that; else that it must wait.
 */
function combine(results: readonly Walked[]): Walked {
  const last = results.at(-1);
  if (last === undefined)
    return {
      outcome: { kind: 'deferred', code: 'delivery.connect-failed', scope: 'next-hop', afterDot: 'no', reply: null, tls: null },
      remoteMta: null,
    };
  if (endsWalk(last.outcome)) return last;
  const waits = results.findLast(({ outcome }) => outcome.kind === 'deferred' && answered(outcome));
  if (waits !== undefined) return waits;
  return results.findLast(({ outcome }) => outcome.kind === 'not-reached') ?? last;
}

function answered(outcome: Outcome & { kind: 'deferred' }): boolean {
  return outcome.reply !== null || outcome.scope !== 'next-hop';
}
