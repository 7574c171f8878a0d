// The queue in words: a table of deliveries, and one message with all that is known of it.
import type { MessageReport } from '../control/commands.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { DeliveryState } from '../mail/delivery.ts';
import { isFinal } from '../mail/delivery.ts';
import type { QueueEntry } from '../store/queue.ts';
import { sizeOf, spanOf, timeOf, whenFrom } from './amounts.ts';
import { facts, table } from './table.ts';
import type { TableOptions } from './table.ts';
import { plainText } from './terminal.ts';

/** One line a delivery; below it, why it waits. */
export function queueText(entries: readonly QueueEntry[], now: number, options: TableOptions): string {
  const columns = [
    { title: 'Delivery', align: 'left', overflow: 'keep' },
    { title: 'State', align: 'left', overflow: 'keep' },
    { title: 'Age', align: 'right', overflow: 'keep' },
    { title: 'Next', align: 'left', overflow: 'keep' },
    { title: 'Recipient', align: 'left', overflow: 'cut' },
  ] as const;
  const [head = '', ...lines] = table(
    columns,
    entries.map((entry) => [entry.deliveryId, entry.state, spanOf(now - entry.acceptedAt), nextOf(entry, now), entry.recipient]),
    options,
  ).split('\n');
  return [head, ...lines.flatMap((line, i) => [line, ...reasonLines(entries[i], options)])].join('\n');
}

function reasonLines(entry: QueueEntry | undefined, { columns, style }: TableOptions): readonly string[] {
  const reason = entry === undefined ? null : reasonOf(entry);
  if (reason === null) return [];
  const line = `  ${reason}`;
  return [style('dim', columns !== null && line.length > columns ? `${line.slice(0, columns - 1)}…` : line)];
}

/** One message: its facts, then each delivery. */
export function messageText(message: MessageReport, now: number, options: TableOptions): string {
  const { style } = options;
  const top = facts(
    [
      ['message', message.messageId],
      ['kind', message.about === null ? message.kind : `${message.kind} about ${message.about}`],
      ['accepted', `${timeOf(message.acceptedAt)} (${whenFrom(message.acceptedAt, now)})`],
      ['from', `<${message.reversePath}>, handed in by ${message.submitter.kind} ${message.submitter.name}`],
      ['reports to', message.reportTo ?? 'nobody'],
      ['size', sizeOf(message.sizeBytes)],
    ],
    style,
  );
  return [top, ...message.deliveries.map((entry) => deliveryText(entry, now, options))].join('\n\n');
}

function deliveryText(entry: QueueEntry, now: number, { style }: TableOptions): string {
  const { hold, lastStatus, decision } = entry;
  return [
    `${style('bold', plainText(entry.deliveryId))}  ${style(tone(entry.state), entry.state)}`,
    facts(
      [
        ['  recipient', entry.recipient],
        ['  decided', `${decision.methods.join(', then ')} at ${decision.floor} or better, else ${decision.otherwise} (${decision.rule})`],
        ['  attempts', String(entry.attempts)],
        ...(lastStatus === null
          ? []
          : [['  last result', `${lastStatus.status} ${wordsOf(lastStatus.code)} (${whenFrom(lastStatus.at, now)})`] as const]),
        ...(lastStatus?.remoteMta == null
          ? []
          : [['  next hop', `${lastStatus.remoteMta}${lastStatus.diagnostic === null ? '' : `: ${lastStatus.diagnostic}`}`] as const]),
        ...(hold === null ? [] : [['  held', `${wordsOf(hold.reason)}, by ${hold.owner}, until ${timeOf(hold.deadline)}`] as const]),
        ...(isFinal(entry.state) ? [] : [['  next', nextOf(entry, now)] as const]),
        ...(isFinal(entry.state) || entry.state === 'waiting' ? [] : [['  ends', timeOf(entry.expiresAt)] as const]),
      ],
      style,
    ),
  ].join('\n');
}

function nextOf({ state, dueAt, hold, expiresAt }: QueueEntry, now: number): string {
  if (hold !== null) return `ends ${whenFrom(hold.deadline, now)}`;
  if (isFinal(state)) return '-';
  if (state === 'active') return 'now';
  // Until when is the pickup's own (`postern pickup show`).
  if (state === 'waiting') return 'at the portal';
  return dueAt === null ? `ends ${whenFrom(expiresAt, now)}` : whenFrom(Math.max(dueAt, now), now);
}

function reasonOf({ hold, lastStatus, attempts }: QueueEntry): string | null {
  if (hold !== null) return `held: ${wordsOf(hold.reason)}`;
  return lastStatus === null ? null : `${lastStatus.status} ${wordsOf(lastStatus.code)}${attempts > 1 ? ` (${attempts} attempts)` : ''}`;
}

/** A code of the catalogue in its public words; any other word as it is. */
export function wordsOf(code: string): string {
  if (code === 'person') return 'A person held it';
  return plainText(isCatalogued(code) ? MAIL_ERRORS[code].text : code);
}

function isCatalogued(code: string): code is MailErrorCode {
  return Object.hasOwn(MAIL_ERRORS, code);
}

function tone(state: DeliveryState): 'good' | 'attention' | 'trouble' {
  if (state === 'relayed' || state === 'picked-up') return 'good';
  return state === 'returned' || state === 'expired' || state === 'cancelled' ? 'trouble' : 'attention';
}
