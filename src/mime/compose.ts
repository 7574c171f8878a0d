// The one place where header fields of our own messages are written (DSNs, notices). Values are encoded by nodemailer, so that no value
// can end its line: CR and LF become spaces, other controls and non-ASCII encoded words. The result has CRLF lines of 7-bit text.
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';
import { isAscii } from '../mail/address.ts';
import { headerDate } from './date-time.ts';

export interface MailboxField {
  readonly name: string | null;
  readonly address: string;
}

export interface ComposedPart {
  /** Media type with parameters, chosen by our own code: never text from outside. */
  readonly contentType: string;
  readonly description: string | null;
  /** Shown within the message (RFC 2183 2.1); what has no disposition is shown or not, as a program likes. */
  readonly disposition?: 'inline';
  /** Lines end with CRLF or LF. */
  readonly content: string;
}

export interface ComposedHeader {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly at: number;
  readonly from: MailboxField;
  readonly to: readonly MailboxField[];
  readonly cc?: readonly MailboxField[];
  readonly replyTo?: MailboxField | null;
  readonly subject: string;
  /** Message-IDs with angle brackets, or null. */
  readonly inReplyTo: string | null;
  readonly references: string | null;
  /** Auto-Submitted (RFC 3834 5); null where a person wrote it. */
  readonly autoSubmitted: 'auto-replied' | 'auto-generated' | null;
  /** Fields of ours, by names that our own code chose. */
  readonly further?: readonly (readonly [name: string, value: string])[];
  /** With its parameters. */
  readonly contentType: string;
  readonly transferEncoding?: '7bit' | 'quoted-printable';
}

export interface ComposedMessage extends Omit<ComposedHeader, 'autoSubmitted' | 'transferEncoding'> {
  readonly autoSubmitted: 'auto-replied' | 'auto-generated';
  /** `multipart/...` with its parameters but the boundary. The Message-ID is its seed, so it must be unique. */
  readonly contentType: string;
  readonly parts: readonly ComposedPart[];
}

/** The bytes of a message. */
export function compose(message: ComposedMessage): Uint8Array {
  const boundary = `=_${message.messageId
    .slice(0, message.messageId.indexOf('@'))
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 60)}`;
  const parts = message.parts.map((part) => composePart(part, boundary));
  const header = composeHeader({ ...message, contentType: `${message.contentType}; boundary="${boundary}"` });
  const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return Buffer.from(`${header}${body}--${boundary}--\r\n`);
}

/** A header alone, with its empty line, for a body that is streamed behind it. */
export function composeHeader(message: ComposedHeader): string {
  const node = new MimeNode(message.contentType);
  node.setHeader('From', mailbox(message.from));
  if (message.to.length > 0) node.setHeader('To', message.to.map(mailbox));
  if (message.cc !== undefined && message.cc.length > 0) node.setHeader('Cc', message.cc.map(mailbox));
  if (message.replyTo !== undefined && message.replyTo !== null) node.setHeader('Reply-To', mailbox(message.replyTo));
  node.setHeader('Subject', oneLine(message.subject));
  node.setHeader('Date', headerDate(message.at));
  node.setHeader('Message-ID', oneLine(message.messageId));
  if (message.inReplyTo !== null) node.setHeader('In-Reply-To', oneLine(message.inReplyTo));
  if (message.references !== null) node.setHeader('References', oneLine(message.references));
  if (message.autoSubmitted !== null) node.setHeader('Auto-Submitted', message.autoSubmitted);
  for (const [name, value] of message.further ?? []) node.setHeader(name, oneLine(value));
  if (message.transferEncoding !== undefined) node.setHeader('Content-Transfer-Encoding', message.transferEncoding);
  node.setHeader('MIME-Version', '1.0');
  return `${node.buildHeaders()}\r\n\r\n`;
}

function mailbox({ name, address }: MailboxField): { name?: string; address: string } {
  return name === null ? { address: oneLine(address) } : { name: oneLine(name), address: oneLine(address) };
}

/** A part with its header, without delimiters: 7-bit text, whatever the content. */
export function composePart(part: ComposedPart, boundary: string): string {
  const content = part.content.replace(/\r?\n/g, '\r\n');
  const plain = isAscii(content) && content.split('\r\n').every((line) => line.length <= 78 && !line.startsWith(`--${boundary}`));
  // A part is no root: nodemailer then adds nothing of its own.
  const node = new MimeNode(part.contentType, { rootNode: new MimeNode() });
  if (part.description !== null) node.setHeader('Content-Description', part.description);
  if (part.disposition !== undefined) node.setHeader('Content-Disposition', part.disposition);
  node.setHeader('Content-Transfer-Encoding', plain ? '7bit' : 'quoted-printable');
  return `${node.buildHeaders()}\r\n\r\n${plain ? content : wrap(encode(content))}`;
}

/** One field of a part that itself holds header fields (RFC 3464 2.1.1, RFC 6522 4), folded, with CRLF at its end. */
export function composeField(name: string, value: string): string {
  return `${foldLines(`${name}: ${oneLine(value)}`, 76)}\r\n`;
}

/**
 * Controls and every kind of white space become plain spaces. Not only CR and LF matter: nodemailer folds before any white space that
 * JavaScript knows, and a continuation line that begins with U+2028 is none to a mail program.
 */
function oneLine(value: string): string {
  return value.replace(/[\s\p{Cc}\p{Z}]+/gu, ' ').trim();
}
