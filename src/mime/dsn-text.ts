// The words of a DSN: its subject and the part that a person reads. Nothing of the message is in them but when it was sent and to whom.
import { sentencesFor } from './dsn-sentences.ts';
import { dateInWords, printable, wrapWords } from './text-lines.ts';

/** One recipient of a report: a delivery of OwedReport fits. */
export interface DsnRecipient {
  readonly recipient: string;
  /** As the client gave it, xtext. */
  readonly orcpt: string | null;
  readonly kind: 'failed' | 'delayed' | 'relayed' | 'expanded' | 'held' | 'unopened' | 'picked-up';
  readonly status: {
    readonly at: number;
    readonly status: string;
    readonly code: string;
    readonly diagnostic: string | null;
    readonly remoteMta: string | null;
    /** Words of the sending organisation's own policy, and whom of it to ask. */
    readonly words?: string;
    readonly ask?: string;
    /** Until when it waits at the portal. */
    readonly until?: number;
  };
  readonly expiresAt: number;
}

type Kind = DsnRecipient['kind'];

/** In the order in which they matter to the reader. */
const KINDS: readonly Kind[] = ['failed', 'unopened', 'held', 'delayed', 'picked-up', 'relayed', 'expanded'];

/**
 * Neutral: what became of it and when it was sent.
 * @param recipients how many the message had
 */
export function dsnSubject(acceptedAt: number, recipients: number, deliveries: readonly DsnRecipient[]): string {
  const worst = KINDS.find((kind) => deliveries.some((delivery) => delivery.kind === kind)) ?? 'failed';
  const many = deliveries.filter(({ kind }) => kind === worst).length;
  const share = recipients > many ? ` (${many} of ${recipients} recipients)` : '';
  return `${SUBJECTS[worst]}${share}: your message of ${dateInWords(acceptedAt)}`;
}

const SUBJECTS: Readonly<Record<Kind, string>> = {
  failed: 'Not delivered',
  unopened: 'Not opened yet',
  held: 'Held',
  delayed: 'Delayed',
  'picked-up': 'Opened',
  relayed: 'Passed on',
  expanded: 'Passed on',
};

const HEADINGS: Readonly<Record<Kind, string>> = {
  failed: 'It was NOT delivered to:',
  held: 'It is held and was not sent yet to:',
  unopened: 'It waits at the portal and was not opened yet by:',
  delayed: 'It was not delivered yet to:',
  'picked-up': 'It was opened at the portal by:',
  relayed: 'It was handed over to the mail system of:',
  expanded: 'It was passed on to the members behind this address:',
};

export interface DsnTextFacts {
  readonly acceptedAt: number;
  readonly hostname: string;
  readonly contact: string | null;
  readonly deliveries: readonly DsnRecipient[];
}

/** The part that a person reads. CRLF lines of at most 76 characters, except where an address is longer. */
export function dsnText(facts: DsnTextFacts): string {
  const lines = [`This is a report about your message of ${dateInWords(facts.acceptedAt)}.`, ''];
  for (const kind of KINDS) {
    const deliveries = facts.deliveries.filter((delivery) => delivery.kind === kind);
    if (deliveries.length === 0) continue;
    lines.push(HEADINGS[kind], '');
    for (const delivery of deliveries) lines.push(`  ${printable(delivery.recipient)}`, ...wrapWords(wordsFor(delivery), '    '), '');
  }
  lines.push(
    ...wrapWords('The message itself is not in this report, to protect what it holds. You find it among your sent messages.', ''),
    '',
  );
  const help = facts.contact === null ? 'For help, answer this report: it reaches your mail administrator.' : `For help: ${facts.contact}`;
  lines.push(...wrapWords(help, ''), '', `Mail server ${facts.hostname}`, '');
  return lines.join('\r\n');
}

function wordsFor({ kind, status, expiresAt }: DsnRecipient): string {
  const { happened: what, advice } = sentencesFor(status.code, status.status);
  const happened = status.words === undefined ? what : `${what} ${sentence(status.words)}`;
  switch (kind) {
    case 'failed':
      return status.ask === undefined ? `${happened} ${advice}` : `${happened} Questions: ${status.ask}.`;
    case 'held':
      return `${happened} It is kept safe here until ${status.ask === undefined ? 'your mail administrator decides' : `${status.ask} decides`}. You need not send it again; if it is urgent, ask them.`;
    case 'delayed':
      return `${happened} It is tried again until ${dateInWords(expiresAt)}. You need not send it again; if it is not delivered by then, you will be told.`;
    case 'unopened': {
      const until = status.until === undefined ? '' : ` It waits there until ${dateInWords(status.until)}.`;
      return `${happened}${until} ${advice}${status.ask === undefined ? '' : ` Whom to ask about the portal: ${sentence(status.ask)}`}`;
    }
    case 'picked-up':
      return `Opened on ${dateInWords(status.at)}. You need do nothing.`;
    case 'relayed':
      return 'That system sends no further reports. You need do nothing.';
    case 'expanded':
      return 'They get it one by one. You need do nothing.';
  }
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
