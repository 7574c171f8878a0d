// The notice that a message is held, to those who decide: what it is held for, until when, and how to look at it. Nothing of the message is
// in it, and nobody outside: no subject, no name of a file, no recipient (DESIGN.md section 1, promise 4).
import type { Level } from '../mail/finding.ts';
import { compose } from './compose.ts';
import type { DsnVoice } from './dsn.ts';
import { dateInWords, wrapWords } from './text-lines.ts';

/** What may be told of one held message. Sentences are whole, kinds and places are codes and numbers. */
export interface HeldMessage {
  readonly id: string;
  readonly acceptedAt: number;
  /** Who handed it in: kind and name of ours. */
  readonly submitter: string;
  readonly held: number;
  readonly recipients: number;
  /** The first of its deadlines. */
  readonly deadline: number;
  readonly why: readonly string[];
  readonly rules: readonly string[];
  /** Words of the policy's author. */
  readonly words: readonly string[];
  /** Null where it has not been read. */
  readonly found: FoundInHeld | null;
}

export interface FoundInHeld {
  readonly level: Level;
  /** Kinds of what was found, each once. */
  readonly kinds: readonly string[];
  /** Sentence and place of each reason. */
  readonly reasons: readonly string[];
  readonly blindSpots: readonly string[];
}

export interface ReviewNoticeFacts {
  /** Our id of this notice. */
  readonly id: string;
  readonly at: number;
  readonly hostname: string;
  /** Address of From. */
  readonly postmaster: string;
  readonly to: readonly string[];
  readonly voice: DsnVoice;
  readonly due: 'notice' | 'reminder';
  /** One, or several that are told of together. */
  readonly messages: readonly HeldMessage[];
  /** How many more there are than those. */
  readonly more: number;
}

/** The bytes of a notice. The caller sends it from `<>`. */
export function composeReviewNotice(facts: ReviewNoticeFacts): Uint8Array {
  const { id, hostname, voice, postmaster, to } = facts;
  return compose({
    messageId: `${id}@${hostname}`,
    at: facts.at,
    from: { name: voice.name, address: postmaster },
    to: to.map((address) => ({ name: null, address })),
    subject: subjectOf(facts),
    inReplyTo: null,
    references: null,
    autoSubmitted: 'auto-generated',
    contentType: 'multipart/mixed',
    parts: [{ contentType: 'text/plain; charset=utf-8', description: null, disposition: 'inline', content: reviewNoticeText(facts) }],
  });
}

function subjectOf({ due, messages, more }: ReviewNoticeFacts): string {
  const [first] = messages;
  const what = messages.length + more === 1 && first !== undefined ? `message ${first.id}` : `${messages.length + more} messages`;
  return due === 'notice' ? `Held for review: ${what}` : `Still held, half of the time is over: ${what}`;
}

const LABEL_WIDTH = 12;

/** The words of a notice, in lines of at most 76 characters, except where a word is longer. */
export function reviewNoticeText(facts: ReviewNoticeFacts): string {
  const { messages, more, hostname } = facts;
  const many = messages.length + more > 1;
  const lines = [
    ...wrapWords(openingOf(facts), ''),
    '',
    ...messages.flatMap((message) => [...messageLines(message), '']),
    ...(more === 0 ? [] : [`And ${more} more: postern review list`, '']),
    'To look, and to decide, on the mail server:',
    '',
    ...commandsFor(messages, many),
    '',
    ...wrapWords('The messages themselves are not in this notice, to protect what they hold.', ''),
    '',
    `Mail server ${hostname}`,
    '',
  ];
  return lines.join('\r\n');
}

function openingOf({ due, messages, more }: ReviewNoticeFacts): string {
  const [first] = messages;
  const still = due === 'notice' ? '' : 'still ';
  if (messages.length + more === 1 && first !== undefined)
    return `A message is ${still}held and waits for you to look at it. It is not sent unless someone releases it. If nobody does by ${dateInWords(first.deadline)}, it goes back to its originator.`;
  return `${messages.length + more} messages are ${still}held and wait for you to look at them. They are not sent unless someone releases them. What nobody releases in its time goes back to its originator.`;
}

function commandsFor([first]: readonly HeldMessage[], many: boolean): readonly string[] {
  const id = many || first === undefined ? 'ID' : first.id;
  return [
    ...(many ? ['  postern review list'] : []),
    `  postern review show ${id}`,
    `  postern review release ${id} --why "..."`,
    `  postern review return ${id} --why "..." --tell "..."`,
  ];
}

function messageLines(message: HeldMessage): readonly string[] {
  const { id, acceptedAt, submitter, held, recipients, deadline, why, rules, words, found } = message;
  return [
    ...labelled('Message', id),
    ...labelled('Until', dateInWords(deadline)),
    ...labelled('Accepted', dateInWords(acceptedAt)),
    ...labelled('From', submitter),
    ...labelled('Recipients', held === recipients ? String(held) : `${held} of ${recipients}`),
    ...why.flatMap((one) => labelled('Why', one)),
    ...labelled('Rule', rules.join(', ')),
    ...words.flatMap((one) => labelled('In words', one)),
    ...(found === null ? labelled('PHI', 'not looked at yet') : foundLines(found)),
  ];
}

function foundLines({ level, kinds, reasons, blindSpots }: FoundInHeld): readonly string[] {
  return [
    ...labelled('PHI', kinds.length === 0 ? level : `${level}: ${kinds.join(', ')}`),
    ...reasons.flatMap((reason) => labelled('Found', reason)),
    ...(blindSpots.length === 0 ? [] : labelled('Not read', blindSpots.join(', '))),
  ];
}

function labelled(label: string, text: string): readonly string[] {
  const indent = ' '.repeat(LABEL_WIDTH);
  const [first = '', ...rest] = wrapWords(text, indent);
  return [`  ${label}`.padEnd(LABEL_WIDTH) + first.slice(LABEL_WIDTH), ...rest];
}
