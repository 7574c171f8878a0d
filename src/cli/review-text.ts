// Held mail in words, for those who decide: a list, one message with what was found and why it is held, and what reviewers have said.
import type { DecidedNow, ReviewEntry, ReviewReport } from '../control/review-commands.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { VerdictCount, VerdictCounts } from '../store/reviews.ts';
import { sizeOf, timeOf, whenFrom } from './amounts.ts';
import { type Look, section, wrapped } from './part-text.ts';
import { wordsOf } from './queue-text.ts';
import { LOOK_OF, sentenceOf, telling, whereOf } from './scan-text.ts';
import { facts, table } from './table.ts';
import { plainText } from './terminal.ts';

const LIST = [
  { title: 'Delivery', align: 'left', overflow: 'keep' },
  { title: 'PHI', align: 'left', overflow: 'keep' },
  { title: 'Until', align: 'left', overflow: 'keep' },
  { title: 'Recipient', align: 'left', overflow: 'cut' },
] as const;

/** One line a delivery; below it who wrote it, who decides, and why it waits. */
export function reviewsText(entries: readonly ReviewEntry[], now: number, look: Look): string {
  const rows = entries.map(({ deliveryId, level, hold, recipient }) => [
    deliveryId,
    level ?? 'unknown',
    hold === null ? '' : whenFrom(hold.deadline, now),
    recipient,
  ]);
  const [head = '', ...lines] = table(LIST, rows, look).split('\n');
  return [head, ...lines.flatMap((line, i) => [line, ...belowLine(entries[i], look)])].join('\n');
}

function belowLine(entry: ReviewEntry | undefined, { columns, style }: Look): readonly string[] {
  if (entry === undefined) return [];
  const { reversePath, hold, decision, kind } = entry;
  const from = kind === 'message' ? `from ${sender(reversePath)}` : `a ${kind} of this gateway`;
  const text = `${from}, for ${hold?.owner ?? 'nobody'}: ${wordsOf(hold?.reason ?? '')} (rule ${decision.rule})`;
  return wrapped(plainText(text), '  ', columns).map((line) => style('dim', line));
}

/** One message: its facts, what was found in it and where, then each delivery that is held. */
export function reviewText({ message, found, decisions }: ReviewReport, now: number, look: Look): string {
  const { style } = look;
  const held = message.deliveries.filter(({ state }) => state === 'held');
  const { kind, name } = message.submitter;
  const top = [
    ['message', message.messageId],
    ['accepted', `${timeOf(message.acceptedAt)} (${whenFrom(message.acceptedAt, now)})`],
    ['from', `${sender(message.reversePath)}, handed in by ${kind} ${name}`],
    ['size', sizeOf(message.sizeBytes)],
    ['held', `${held.length} of ${message.deliveries.length} deliveries`],
  ] as const;
  return [
    facts(top, style),
    ...foundLines(found, look),
    ...held.flatMap((entry) => [
      '',
      ...heldLines(
        entry,
        decisions.find(({ deliveryId }) => deliveryId === entry.deliveryId),
        now,
        look,
      ),
    ]),
  ].join('\n');
}

function foundLines(found: ReviewReport['found'], look: Look): readonly string[] {
  const { style, columns } = look;
  const heading = (text: string): string => style('bold', text);
  if (found === null) return ['', style('attention', 'PHI: unknown'), '  It has not been read, or what was found is past its time.'];
  const { phi, blindSpots, reasons } = found;
  const width = columns === null ? null : columns - 2;
  const kinds = Object.entries(phi.counts).map(([kind, count]) => `${kind} ${count}`);
  const why = telling(reasons).flatMap(({ code, part, place, kinds: of }) => [
    ...wrapped(sentenceOf(code), '', width),
    ...wrapped(`${whereOf(part, place, new Map())}${of.length === 0 ? '' : `: ${of.join(', ')}`}`, '  ', width),
  ]);
  return [
    '',
    `${style(LOOK_OF[phi.level], `PHI: ${phi.level}`)}  score ${phi.score.toFixed(2)}`,
    ...section('Why', why, heading),
    ...section('Found', kinds.length === 0 ? [] : wrapped(kinds.join(', '), '', width), heading),
    ...section('Special categories', phi.labels.length === 0 ? [] : [phi.labels.join(', ')], heading),
    ...section('Health documents', phi.documents.length === 0 ? [] : [phi.documents.join(', ')], heading),
    ...section('Cannot be read', blindSpots.length === 0 ? [] : [blindSpots.join(', ')], heading),
  ];
}

function heldLines(entry: QueueEntry, now: DecidedNow | undefined, at: number, look: Look): readonly string[] {
  const { hold, decision, recipient, deliveryId } = entry;
  const { style, columns } = look;
  const pairs = [
    ['recipient', recipient],
    ['why', wordsOf(hold?.reason ?? '')],
    ...(decision.reason === null ? [] : [['in words', decision.reason] as const]),
    ['decides', hold?.owner ?? 'nobody'],
    ['until', hold === null ? '' : `${timeOf(hold.deadline)} (${whenFrom(hold.deadline, at)})`],
    ['rule', decision.rule],
    ['floor', decision.floors.length === 0 ? decision.floor : `${decision.floor} (${decision.floors.join(', ')})`],
    ...(now === undefined ? [] : nowPairs(now)),
  ] as const;
  return [
    `${style('bold', deliveryId)}  ${style('attention', 'held')}`,
    ...pairs.flatMap(([name, text]) => pairLines(name, text, columns, style)),
  ];
}

function nowPairs({ decision, triedBefore, changes }: DecidedNow): readonly (readonly [string, string])[] {
  const release =
    decision.action === 'return' || decision.methods.length === 0
      ? 'is refused: policy does not let it go'
      : `goes by ${decision.methods.join(', then ')}`;
  return [
    ['a release', release],
    ['today', `rule ${decision.rule}, after ${triedBefore} that did not match`],
    ...changes.map(({ needs, then }) => ['otherwise', `${then}, if ${needs.join(' and ')}`] as const),
  ];
}

const NAME_COLUMNS = 13;

function pairLines(name: string, text: string, columns: number | null, style: Look['style']): readonly string[] {
  const [first = '', ...rest] = wrapped(plainText(text), ' '.repeat(NAME_COLUMNS), columns);
  return [`  ${style('dim', name.padEnd(NAME_COLUMNS - 2))}${first.slice(NAME_COLUMNS)}`, ...rest];
}

function sender(reversePath: string): string {
  return reversePath === '' ? 'nobody (<>)' : reversePath;
}

const COUNTS = [
  { title: '', align: 'left', overflow: 'cut' },
  { title: 'not PHI', align: 'right', overflow: 'keep' },
  { title: 'PHI', align: 'right', overflow: 'keep' },
  { title: 'wrong', align: 'right', overflow: 'keep' },
] as const;

/** How often reviewers said that there was none, by reason and by kind of finding. */
export function verdictsText({ messages, reasons, kinds }: VerdictCounts, look: Look): string {
  const row = (title: string, { phi, notPhi }: VerdictCount): readonly string[] => [
    title,
    String(notPhi),
    String(phi),
    phi + notPhi === 0 ? '-' : `${Math.round((100 * notPhi) / (phi + notPhi))} %`,
  ];
  const part = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
    rows.length === 0 ? [] : ['', table([{ ...COUNTS[0], title }, ...COUNTS.slice(1)], rows, look)];
  return [
    table([{ ...COUNTS[0], title: 'Reviewed' }, ...COUNTS.slice(1)], [row('messages', messages)], look),
    ...part(
      'By reason',
      reasons.map(({ code, ...count }) => row(code === '' ? 'nothing had been found' : sentenceOf(code), count)),
    ),
    ...part(
      'By kind of finding',
      kinds.map(({ kind, ...count }) => row(kind, count)),
    ),
  ].join('\n');
}
