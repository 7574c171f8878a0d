// The header fields that a reader sees above a message (RFC 5322 3.6), decoded and without what would disguise them. Bounded.
import addressparser from 'nodemailer/lib/addressparser';
import { decodeText } from '../charset.ts';
import { headerDateIn } from '../date-time.ts';
import { decodeEncodedWords } from '../encoded-words.ts';
import { readFieldText } from '../field-text.ts';
import { fieldText, parseHeaderBlock } from '../header-block.ts';
import { messageIdIn, referencesIn } from '../message-ids.ts';
import { asBuffer } from '../octets.ts';
import type { Presented, ShownMailbox } from './presented.ts';

export type Head = Pick<Presented, 'from' | 'to' | 'cc' | 'date' | 'subject' | 'headerMessageId' | 'references' | 'end'>;

const LONGEST_FIELD = 64 * 1024;
const MOST_MAILBOXES = 500;
const LONGEST_SUBJECT = 1_000;
const LONGEST_NAME = 200;
const LONGEST_ADDRESS = 320;

/** @param octets of the header of the message */
export function readHead(octets: Buffer): Head {
  const block = parseHeaderBlock(octets);
  const valuesOf = (key: string): readonly Buffer[] =>
    block.fields.filter((field) => field.key === key).map(({ valueStart, end }) => asBuffer(block.bytes).subarray(valueStart, end));
  const textOf = (key: string): string | null => {
    const field = block.fields.find((one) => one.key === key);
    return field === undefined ? null : fieldText(block, field).slice(0, LONGEST_FIELD);
  };
  const [subject] = valuesOf('subject');
  const lists = { from: mailboxesIn(valuesOf('from')), to: mailboxesIn(valuesOf('to')), cc: mailboxesIn(valuesOf('cc')) };
  const id = messageIdIn(textOf('message-id') ?? '');
  const date = textOf('date');
  return {
    from: lists.from.mailboxes,
    to: lists.to.mailboxes,
    cc: lists.cc.mailboxes,
    date: date === null ? null : headerDateIn(date),
    subject: subject === undefined ? null : subjectOf(subject),
    headerMessageId: id === null || id.startsWith('<') ? id : `<${id}>`,
    references: referencesIn(textOf('references'), textOf('in-reply-to')),
    end: Object.values(lists).every(({ end }) => end === 'complete') ? 'complete' : 'over-limits',
  };
}

/** @returns null for an empty one */
export function subjectOf(value: Buffer): string | null {
  const text = plainLine(readFieldText(value.subarray(0, LONGEST_FIELD)).readings[0] ?? '', LONGEST_SUBJECT);
  return text === '' ? null : text;
}

interface MailboxList {
  readonly mailboxes: readonly ShownMailbox[];
  readonly end: Presented['end'];
}

/** Groups (RFC 5322 3.4) give their members. */
function mailboxesIn(values: readonly Buffer[]): MailboxList {
  const octets = Buffer.concat(values.flatMap((value, i) => (i === 0 ? [value] : [Buffer.from(','), value])));
  const text = decodeText(octets.subarray(0, LONGEST_FIELD), null).text.replace(/\r?\n/g, '');
  const found = addressparser(text, { flatten: true }).map(({ name, address }) => ({
    name: plainLine(decodeEncodedWords(name).text, LONGEST_NAME),
    address: plainLine(address ?? '', LONGEST_ADDRESS),
  }));
  const mailboxes = found
    .filter(({ name, address }) => name !== '' || address !== '')
    .map(({ name, address }) => ({ name: name === '' || name === address ? null : name, address }));
  const whole = octets.length <= LONGEST_FIELD && mailboxes.length <= MOST_MAILBOXES;
  return { mailboxes: mailboxes.slice(0, MOST_MAILBOXES), end: whole ? 'complete' : 'over-limits' };
}

/** Controls, and what turns the direction of writing or has no width. */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Cs}\p{Co}]+/gu;

/** One line that shows all that it says. */
function plainLine(text: string, longest: number): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(UNSEEN, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, longest)
    .replace(/[\ud800-\udbff]$/, '');
}
