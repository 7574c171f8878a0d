// What postern policy replay tells a person: counts, then every difference, above all what would go out weaker.
import type { ReplayedMessage } from '../daemon/work.ts';
import type { Decision } from '../mail/decision.ts';
import type { Comparison } from '../policy/compare.ts';
import { countOf } from './amounts.ts';
import { table } from './table.ts';
import type { Style } from './terminal.ts';

export type ReplayCounts = Readonly<Record<Comparison, number>>;

const WORDS: Readonly<Record<Comparison, string>> = {
  weaker: 'would go out WEAKER than was decided',
  stricter: 'would be kept better',
  other: 'would go another way, kept as well',
  same: 'would be decided the same',
};
const ORDER: readonly Comparison[] = ['weaker', 'stricter', 'other', 'same'];

/** Counts in order of importance. */
export function replayCountsText(counts: ReplayCounts, messages: number, style: Style): string {
  const recipients = ORDER.reduce((sum, one) => sum + counts[one], 0);
  const lines = ORDER.filter((one) => counts[one] > 0).map((one) => {
    const line = `${String(counts[one]).padStart(8)}  ${WORDS[one]}`;
    return one === 'weaker' ? style('bold', line) : line;
  });
  return [`${countOf(messages, 'message', 'messages')}, ${countOf(recipients, 'recipient', 'recipients')}:`, ...lines].join('\n');
}

/** The differences as a table, weaker ones first; no address is shown. */
export function differencesText(differences: readonly ReplayedMessage[], columns: number | null, style: Style): string {
  const rows = [...differences]
    .sort((a, b) => ORDER.indexOf(a.compared) - ORDER.indexOf(b.compared) || a.at - b.at)
    .map(({ deliveryId, compared, before, after }) => [deliveryId, compared, inWords(before), inWords(after)]);
  return table(
    [
      { title: 'Delivery', align: 'left', overflow: 'keep' },
      { title: 'Draft is', align: 'left', overflow: 'keep' },
      { title: 'Decided', align: 'left', overflow: 'cut' },
      { title: 'With the draft', align: 'left', overflow: 'cut' },
    ],
    rows,
    { columns, style },
  );
}

/** `hold (phi-to-others)`, `relay at tls-verified (partners)`. */
function inWords({ action, methods, floor, rule }: Decision): string {
  return `${action === 'deliver' ? `${methods.join(', ')} at ${floor}` : action} (${rule})`;
}
