// What waits at the portal, in words: a table of pickups, and one with all that is known of it. Only what is known is said.
import type { PickupAnswers, PickupReport, PersonReport } from '../control/pickup-commands.ts';
import { countOf, spanOf, timeOf, whenFrom } from './amounts.ts';
import { facts, table } from './table.ts';
import type { TableOptions } from './table.ts';
import { plainText } from './terminal.ts';

/** One line a pickup; below it, how it stands. */
export function pickupsText(pickups: readonly PickupReport[], now: number, options: TableOptions): string {
  const columns = [
    { title: 'Pickup', align: 'left', overflow: 'keep' },
    { title: 'State', align: 'left', overflow: 'keep' },
    { title: 'Age', align: 'right', overflow: 'keep' },
    { title: 'Ends', align: 'left', overflow: 'keep' },
    { title: 'Recipient', align: 'left', overflow: 'cut' },
  ] as const;
  const rows = pickups.map((one) => [
    one.deliveryId,
    wordOf(one),
    spanOf(now - one.createdAt),
    one.overAt === null ? whenFrom(one.expiresAt, now) : 'over',
    one.recipient,
  ]);
  const [head = '', ...lines] = table(columns, rows, options).split('\n');
  return [head, ...lines.flatMap((line, i) => [line, ...standingLines(pickups[i], options)])].join('\n');
}

function standingLines(pickup: PickupReport | undefined, { style }: TableOptions): readonly string[] {
  const standing = pickup === undefined ? null : standingOf(pickup);
  return standing === null ? [] : [style('dim', `  ${standing}`)];
}

function wordOf({ state, overAt, recalledAt, opened, bouncedAt }: PickupReport): string {
  if (overAt !== null) return state === 'picked-up' ? 'closed' : state;
  if (recalledAt !== null) return 'taken back';
  if (opened > 0) return 'read';
  return bouncedAt === null ? 'waiting' : 'bounced';
}

/** What a sender would ask: was it read, and can it be taken back? */
function standingOf(pickup: PickupReport): string | null {
  const { opened, lastOpenedAt, downloadedAt, recalledAt, bouncedAt, awayAt, overAt, notice } = pickup;
  if (opened > 0 && lastOpenedAt !== null) {
    const times = opened === 1 ? `opened once on ${timeOf(lastOpenedAt)}` : `opened ${opened} times, last on ${timeOf(lastOpenedAt)}`;
    if (overAt !== null) return times;
    return `${times}; cannot be taken back${downloadedAt === null ? '' : ': downloaded already'}`;
  }
  if (overAt !== null) return 'never opened';
  if (recalledAt !== null) return `taken back on ${timeOf(recalledAt)}; can be restored`;
  if (bouncedAt !== null) return `the notice came back on ${timeOf(bouncedAt)}`;
  if (awayAt !== null) return `not opened; an automatic answer came on ${timeOf(awayAt)}`;
  return notice === 'owed' ? 'the notice is on its way; can be taken back' : null;
}

/** One pickup: its facts, then who has read at the address. */
export function pickupText({ pickup, people }: PickupAnswers['pickup.show'], now: number, options: TableOptions): string {
  const { style } = options;
  const standing = standingOf(pickup);
  const top = facts(
    [
      ['pickup', pickup.deliveryId],
      ['state', standing === null ? wordOf(pickup) : `${wordOf(pickup)}: ${standing}`],
      ['recipient', pickup.recipient],
      ['from', pickup.from],
      ['portal', pickup.brand],
      ['since', `${timeOf(pickup.createdAt)} (${whenFrom(pickup.createdAt, now)})`],
      [pickup.overAt === null ? 'ends' : 'ended', timeOf(pickup.overAt ?? pickup.expiresAt)],
      ['opens with', openingOf(pickup)],
      ['notice', noticeOf(pickup)],
      ['answers', String(pickup.answers)],
    ],
    style,
  );
  if (people.length === 0) return `${top}\n\n${style('dim', 'Nobody has signed in at this address yet.')}`;
  return [top, ...people.map((person) => personText(person, now, options))].join('\n\n');
}

function openingOf({ opening: { minimum, mailedCode } }: PickupReport): string {
  if (minimum === 'clinic') return 'a code that you tell the person, or what they enrolled after one';
  return mailedCode === 'may-travel' ? 'a code by mail, or more' : 'a code that you tell the person';
}

function noticeOf({ owed, notice, noticedAt, remindedAt, alarmedAt }: PickupReport): string {
  const told = noticedAt === null ? 'not sent yet' : `sent on ${timeOf(noticedAt)}`;
  const more = [
    ...(notice === 'bounced' ? ['came back'] : []),
    ...(remindedAt === null ? [] : [`reminded on ${timeOf(remindedAt)}`]),
    ...(alarmedAt === null ? [] : [`originator told on ${timeOf(alarmedAt)}`]),
    ...(owed === null || noticedAt === null ? [] : ['another one is on its way']),
  ];
  return [told, ...more].join(', ');
}

function personText({ id, name, lastSeenAt, factors }: PersonReport, now: number, { style }: TableOptions): string {
  const enrolled = factors.map(
    ({ kind, ends, assurance, lastUsedAt }) =>
      `${kind}${ends === null ? '' : ` ···${ends}`} (enrolled after ${assurance === 'clinic' ? 'your code' : 'a mailed code'}, ${lastUsedAt === null ? 'never used' : `used ${whenFrom(lastUsedAt, now)}`})`,
  );
  return [
    style('bold', `person ${id}${name === null ? '' : `  ${plainText(name)}`}`),
    facts(
      [
        ['  last seen', whenFrom(lastSeenAt, now)],
        ['  signs in by', enrolled.length === 0 ? 'codes only' : enrolled.join(', ')],
      ],
      style,
    ),
  ].join('\n');
}

/** What the help desk reads out, once. */
export function codeText({ code, expiresAt }: { readonly code: string; readonly expiresAt: number }): string {
  return [
    `Code: ${code}`,
    '',
    'Tell it to the person now, in person or by telephone. Do not send it by e-mail.',
    `It works once, until ${timeOf(expiresAt)}, and is not shown again.`,
  ].join('\n');
}

export function lostText({ factors, sessions, ...given }: PickupAnswers['pickup.lost']): string {
  const ended = `Ended: ${countOf(factors, 'way to sign in', 'ways to sign in')}, ${countOf(sessions, 'open session', 'open sessions')}. The address is told.`;
  return `${ended}\n\n${codeText(given)}`;
}

/** The number itself is not said again: it would stand in the scroll of a terminal. */
export function phoneText(what: 'kept' | 'taken away'): (answer: PickupAnswers['pickup.phone']) => string {
  return ({ person, ends }) =>
    what === 'kept'
      ? `Kept: codes for person ${person} go to the number that ends with ${ends}. Their open sessions have ended.`
      : `Taken away: the number of person ${person} that ended with ${ends}. Their open sessions have ended.`;
}
