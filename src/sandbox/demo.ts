// `postern demo`: sends the messages, waits until each recipient has got as far as it gets for now, and says in words what became of it.
import { setTimeout as delay } from 'node:timers/promises';
import type { Codes, EvidenceKind } from '../mail/evidence.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { DemoClient } from './demo-client.ts';
import type { DemoMessage } from './demo-messages.ts';
import { SANDBOX_DOMAINS } from './domains.ts';

/** Evidence of one message, as the audit log has it. */
export interface DemoEvidence {
  readonly kind: EvidenceKind;
  readonly deliveryId: string | null;
  readonly codes: Codes;
}

export interface DemoOptions {
  readonly client: DemoClient;
  readonly messages: readonly DemoMessage[];
  readonly now: () => number;
  /** The deliveries of a message; null where it is not known. */
  readonly show: (messageId: string) => Promise<readonly QueueEntry[] | null>;
  /** In order of the log. */
  readonly evidence: (messageId: string) => Promise<readonly DemoEvidence[]>;
  /** How long to wait for what is still on its way. */
  readonly waitMs: number;
}

export interface DemoRow {
  readonly recipient: string;
  /** What the recipient's domain plays. */
  readonly plays: string;
  readonly decision: string;
  readonly tls: string;
  readonly end: string;
}

export type DemoResult =
  { readonly kind: 'done'; readonly rows: readonly DemoRow[] } | { readonly kind: 'not-reached'; readonly text: string };

const POLL_MS = 200;

export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const sent: { readonly message: DemoMessage; readonly messageId: string | null; readonly reply: string }[] = [];
  for (const message of options.messages) {
    const result = await options.client.send(message, options.now());
    if (result.kind === 'not-reached') return result;
    sent.push(
      result.kind === 'accepted' ? { message, messageId: result.messageId, reply: '' } : { message, messageId: null, reply: result.reply },
    );
  }
  const until = options.now() + options.waitMs;
  const rows: DemoRow[] = [];
  for (const { message, messageId, reply } of sent) {
    if (messageId === null)
      rows.push(...message.recipients.map((recipient) => row(recipient, 'refused at once', `refused: ${reply.slice(0, 60)}`)));
    else rows.push(...(await settledRows(message, messageId, until, options)));
  }
  return { kind: 'done', rows };
}

async function settledRows(message: DemoMessage, messageId: string, until: number, options: DemoOptions): Promise<readonly DemoRow[]> {
  for (;;) {
    const entries = (await options.show(messageId)) ?? [];
    const settled = entries.length > 0 && entries.every(({ state }) => state !== 'queued' && state !== 'active');
    if (settled || options.now() > until) {
      if (entries.length === 0) return message.recipients.map((recipient) => row(recipient, 'accepted', 'the queue does not show it'));
      const evidence = await options.evidence(messageId);
      return entries.map((entry) => rowOf(entry, evidence));
    }
    await delay(POLL_MS);
  }
}

/** One recipient in words. */
export function rowOf(entry: QueueEntry, evidence: readonly DemoEvidence[]): DemoRow {
  const own = evidence.filter(({ deliveryId }) => deliveryId === entry.deliveryId);
  return {
    recipient: entry.recipient,
    plays: playsOf(entry.recipient),
    decision: `${entry.decision.methods.join(' or ')} at ${entry.decision.floor}, else ${entry.decision.otherwise}`,
    tls: tlsWords(own.findLast(({ codes }) => codes['tls'] !== undefined)?.codes ?? null),
    end: endWords(entry),
  };
}

/** A recipient that the queue knows nothing of. */
function row(recipient: string, decision: string, end: string): DemoRow {
  return { recipient, plays: playsOf(recipient), decision, tls: '-', end };
}

function playsOf(recipient: string): string {
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  return SANDBOX_DOMAINS.find((played) => played.domain === domain)?.plays ?? 'any other domain: good';
}

const CERTIFICATES: Readonly<Record<string, string>> = {
  'chain-and-name': 'verified',
  'dane-ee': 'verified by DANE',
  'dane-ta': 'verified by DANE',
  'untrusted-chain': 'untrusted issuer',
  'wrong-name': 'wrong name',
  expired: 'expired',
  'not-yet-valid': 'not yet valid',
  revoked: 'revoked',
  'dane-mismatch': 'not the DANE key',
};

function tlsWords(codes: Codes | null): string {
  if (codes === null) return '-';
  if (codes['tls'] === 'none' || codes['protocol'] === undefined) return 'none offered';
  const certificate = CERTIFICATES[String(codes['certificate'])] ?? String(codes['certificate']);
  const authentic = codes['tls'] === 'tls-authenticated' && codes['authenticity'] === 'mta-sts' ? ' (MTA-STS)' : '';
  return `${String(codes['protocol']).replace('TLSv', 'TLS ')}, ${certificate}${authentic}`;
}

function endWords({ state, lastStatus, hold }: QueueEntry): string {
  const reply = lastStatus?.diagnostic ?? null;
  switch (state) {
    case 'relayed':
      return 'delivered (sandbox)';
    case 'held':
      return hold?.reason === 'delivery.below-floor' ? 'held: below the floor' : `held: ${hold?.reason ?? ''}`;
    case 'deferred':
      return `deferred: ${reply ?? lastStatus?.code ?? ''}`;
    case 'returned':
      return `returned: ${reply ?? lastStatus?.status ?? ''}`;
    case 'undecided':
    case 'queued':
    case 'active':
      return 'still on its way';
    case 'waiting':
      return 'waits at the portal';
    case 'picked-up':
    case 'expired':
    case 'cancelled':
      return state;
  }
}
