// What the evidence tells of each delivery, gathered record by record.
import type { AuditEntry } from '../../src/daemon/work.ts';

export interface DeliveryStory {
  readonly deliveryId: string;
  recipient: string;
  decided: number;
  /** Final states, in the order of their records: one, or none yet. */
  readonly ends: string[];
  holds: number;
  waits: number;
  attempts: number;
  /** Attempts whose outcome nobody knows: each may have made a copy. */
  unknown: number;
  /** The end says that it may be a duplicate. */
  marked: 'yes' | 'no';
}

export interface Story {
  readonly deliveries: ReadonlyMap<string, DeliveryStory>;
  /** The same by message id and recipient, with a space between. */
  readonly byRecipient: ReadonlyMap<string, DeliveryStory>;
  /** Message id -> how often it was accepted. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Id of a message -> ids of the reports about it. */
  readonly reports: ReadonlyMap<string, readonly string[]>;
  /** A recipient that was recognised as a repeat (message id and place) -> the delivery that it repeats. */
  readonly repeats: ReadonlyMap<string, string>;
  /** Deliveries of which nobody is to be told. */
  readonly withheld: ReadonlySet<string>;
  isReport(deliveryId: string): boolean;
}

const ENDS: Readonly<Record<string, string>> = {
  'delivery.relayed': 'relayed',
  'delivery.returned': 'returned',
  'delivery.expired': 'expired',
  'delivery.cancelled': 'cancelled',
  'delivery.picked-up': 'picked-up',
};

export function storyOf(evidence: readonly AuditEntry[]): Story {
  const deliveries = new Map<string, DeliveryStory>();
  const accepted = new Map<string, number>();
  const reports = new Map<string, string[]>();
  const reportIds = new Set<string>();
  const repeats = new Map<string, string>();
  const withheld = new Set<string>();
  for (const entry of evidence) {
    const { kind, messageId, deliveryId, codes } = entry;
    if (messageId !== null && (kind === 'message.accepted' || kind === 'report.accepted')) {
      accepted.set(messageId, (accepted.get(messageId) ?? 0) + 1);
      const about = String(codes['about']);
      if (kind === 'report.accepted') reports.set(about, [...(reports.get(about) ?? []), messageId]);
      if (kind === 'report.accepted') reportIds.add(messageId);
    }
    if (kind === 'report.withheld' && deliveryId !== null) withheld.add(deliveryId);
    else if (kind === 'delivery.repeated' && deliveryId !== null) repeats.set(deliveryId, String(codes['earlier']));
    else if (deliveryId !== null) tell(deliveries, deliveryId, entry);
  }
  const byRecipient = new Map([...deliveries.values()].map((one) => [`${messageOf(one.deliveryId)} ${one.recipient}`, one]));
  return { deliveries, byRecipient, accepted, reports, repeats, withheld, isReport: (deliveryId) => reportIds.has(messageOf(deliveryId)) };
}

function tell(deliveries: Map<string, DeliveryStory>, deliveryId: string, { kind, codes, detail }: AuditEntry): void {
  const story = deliveries.get(deliveryId) ?? {
    deliveryId,
    recipient: '',
    decided: 0,
    ends: [],
    holds: 0,
    waits: 0,
    attempts: 0,
    unknown: 0,
    marked: 'no',
  };
  deliveries.set(deliveryId, story);
  if (kind === 'delivery.decided' && codes['again'] !== true) {
    story.decided += 1;
    story.recipient = typeof detail !== 'object' || detail === null ? '' : String(detail['recipient']);
  }
  if (kind === 'delivery.held') story.holds += 1;
  if (kind === 'delivery.waiting') story.waits += 1;
  if (kind === 'attempt.started') story.attempts += 1;
  if (kind === 'attempt.lost' || codes['afterDot'] === true) story.unknown += 1;
  const end = ENDS[kind];
  if (end === undefined) return;
  story.ends.push(end);
  if (codes['possibleDuplicate'] === true) story.marked = 'yes';
}

function messageOf(deliveryId: string): string {
  return deliveryId.slice(0, deliveryId.lastIndexOf('/'));
}
