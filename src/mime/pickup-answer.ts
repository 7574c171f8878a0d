// The header of what a person writes at the portal, and of what they reply to a notice: from an address of ours that passes DMARC (RFC 7489 3.1), with
// their name shown and where it came from. Names and subjects are text of outsiders: they end no line and look like no address.
import type { Language } from '../mail/language.ts';
import { composeHeader, type MailboxField } from './compose.ts';
import { parseContentType } from './content-type.ts';
import { messageIdIn, referencesIn } from './message-ids.ts';

export interface AnswerFacts {
  /** Our id of this message. */
  readonly id: string;
  readonly at: number;
  readonly hostname: string;
  /** The answer address of the pickup. */
  readonly from: string;
  readonly writer: Writer;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  /** Of the message that is answered, or null where it begins a conversation. */
  readonly answered: { readonly headerMessageId: string | null; readonly references: string | null } | null;
}

export interface Writer {
  /** As they gave it; null: nobody has said. */
  readonly name: string | null;
  readonly address: string;
  /** As its patients know it. */
  readonly organisation: string;
  readonly language: Language;
}

/** One MIME entity's body and how it is encoded. */
export interface AnswerBody {
  readonly contentType: string;
  readonly transferEncoding: '7bit' | 'quoted-printable';
}

/** The header with its empty line; null where the body is of no type that the portal may hand in. */
export function answerHeader(facts: AnswerFacts, body: AnswerBody): string | null {
  const contentType = answerContentType(body);
  if (contentType === null) return null;
  return composeHeader({ ...addressed(facts), contentType, transferEncoding: body.transferEncoding });
}

const VIA: Readonly<Record<Language, (name: string, organisation: string) => string>> = {
  en: (name, organisation) => `${name} (via ${organisation} portal)`,
  es: (name, organisation) => `${name} (por el portal de ${organisation})`,
};

/** All but the fields of the body. */
export function addressed(facts: AnswerFacts): Omit<Parameters<typeof composeHeader>[0], 'contentType' | 'transferEncoding'> {
  const { id, hostname, at, from, writer, to, cc, subject, answered } = facts;
  const name = VIA[writer.language](shownName(writer), writer.organisation);
  const plain = (address: string): MailboxField => ({ name: null, address });
  return {
    messageId: `${id}@${hostname}`,
    at,
    from: { name, address: from },
    to: to.map(plain),
    cc: cc.map(plain),
    subject: answered === null ? shown(subject, LONGEST_SUBJECT) : replyTo(shown(subject, LONGEST_SUBJECT)),
    ...threadOf(answered),
    autoSubmitted: null,
  };
}

const LONGEST_SUBJECT = 250;
const LONGEST_NAME = 60;

/** What reads as an address, or as another's comment on the name, is taken out: only our own words stand in the brackets. */
export function shownName({ name, address }: Pick<Writer, 'name' | 'address'>): string {
  const said = shown((name ?? '').replace(/[<>()[\]"\\,;:@]+/g, ' '), LONGEST_NAME);
  return said === '' ? shown(address.replace('@', ' at '), LONGEST_NAME + 40) : said;
}

/** Without controls, marks that turn text around, white space of other kinds, and what would be read as an encoded word; whole characters only. */
function shown(text: string, longest: number): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replaceAll('=?', '= ?')
    .trim();
  return [...plain].slice(0, longest).join('');
}

function replyTo(subject: string): string {
  return /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`.trim();
}

/** RFC 5322 3.6.4. */
function threadOf(answered: AnswerFacts['answered']): { readonly inReplyTo: string | null; readonly references: string | null } {
  const headerMessageId = answered?.headerMessageId ?? null;
  const inReplyTo = headerMessageId === null ? null : messageIdIn(headerMessageId);
  return { inReplyTo, references: referencesIn([answered?.references, inReplyTo].join(' '), null) };
}

/** RFC 2046 5.1.1 without what quotes and white space would need. */
const BOUNDARY = /^[A-Za-z0-9'+_./=?-]{1,70}$/;

function answerContentType({ contentType, transferEncoding }: AnswerBody): string | null {
  const parsed = parseContentType(contentType);
  if (parsed?.type === 'text' && parsed.subtype === 'plain' && parsed.boundary === null) return 'text/plain; charset=utf-8';
  if (parsed?.type !== 'multipart' || parsed.subtype !== 'mixed' || transferEncoding !== '7bit') return null;
  return parsed.boundary !== null && BOUNDARY.test(parsed.boundary) ? `multipart/mixed; boundary="${parsed.boundary}"` : null;
}
