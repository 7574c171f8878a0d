// What a report about delivery says: the machine-readable part where there is one (RFC 3464, RFC 6533), else its subject and first words. Nothing
// of its text goes further than a status. Pure.
import { readBase64 } from './base64-reading.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { fieldText, parseHeaderBlock } from './header-block.ts';
import { type Entity, MimeWalk } from './mime-walk.ts';
import { asBuffer } from './octets.ts';
import { readQuotedPrintable } from './quoted-printable-reading.ts';

export interface ReportedDelivery {
  /** 'unclear': it says neither that the message is gone nor that it is late. */
  readonly action: 'failed' | 'delayed' | 'delivered' | 'unclear';
  /** Enhanced status (RFC 3463) of the one that failed, or null. */
  readonly status: string | null;
  /** Message-ID of the message that it gives back, without brackets, or null. */
  readonly original: string | null;
}

/** So many octets of a report are looked at: what it gives back of our own notice stands behind what it says. */
export const REPORT_OCTETS = 256 * 1024;
const LONGEST_STATUS_PART = 64 * 1024;
const LONGEST_TEXT = 8 * 1024;
const MOST_RECIPIENTS = 1_000;

/** @param message its first octets, header included. Never throws. */
export function readDeliveryReport(message: Uint8Array): ReportedDelivery {
  const bytes = asBuffer(message).subarray(0, REPORT_OCTETS);
  const walk = new MimeWalk();
  walk.push(bytes);
  const { entities } = walk.finish();
  const status = entities.find(isStatus);
  const told = status === undefined ? null : fromStatus(decoded(bytes, status));
  return { ...(told ?? fromWords(bytes, entities)), original: originalOf(bytes, entities) };
}

type Told = Omit<ReportedDelivery, 'original'>;

/** RFC 3464 section 2: the third part is the message or its header; RFC 6533 has both in UTF-8. */
function originalOf(bytes: Buffer, entities: readonly Entity[]): string | null {
  const part = entities.find(({ header: { contentType } }) => {
    const { type, subtype } = contentType;
    return (type === 'message' && /^(?:rfc822|global)(?:-headers)?$/.test(subtype)) || (type === 'text' && subtype === 'rfc822-headers');
  });
  if (part === undefined) return null;
  const [header = ''] = decoded(bytes, part).split(/\r?\n\r?\n/, 1);
  const [, id] = /^message-id[ \t]*:\s*<([^<>\s]{1,200})>/im.exec(header) ?? [];
  return id ?? null;
}

function isStatus({ header: { contentType } }: Entity): boolean {
  return contentType.type === 'message' && /^(?:global-)?delivery-status$/.test(contentType.subtype);
}

/** RFC 3464 section 2 allows no encoding, RFC 6533 does, and some do it all the same. */
function decoded(bytes: Buffer, { header, bodyStart, bodyEnd }: Entity): string {
  const body = bytes.subarray(bodyStart, Math.min(bodyEnd, bodyStart + LONGEST_STATUS_PART));
  if (header.encoding === 'base64') return readBase64(body).bytes.toString('latin1');
  return (header.encoding === 'quoted-printable' ? readQuotedPrintable(body).bytes : body).toString('latin1');
}

/** The worst of its recipients: our notice had one, but a list behind it may have had more. Null where no recipient is told of. */
function fromStatus(text: string): Told | null {
  const recipients = text
    .split(/\r?\n[ \t]*\r?\n/)
    .slice(0, MOST_RECIPIENTS)
    .flatMap((block) => {
      const [, action] = /^action[ \t]*:[ \t]*([A-Za-z-]+)/im.exec(block) ?? [];
      const [, status] = /^status[ \t]*:[ \t]*([245]\.\d{1,3}\.\d{1,3})\b/im.exec(block) ?? [];
      return action === undefined ? [] : [{ action: action.toLowerCase(), status: status ?? null }];
    });
  if (recipients.length === 0) return null;
  const failed = recipients.find(({ action }) => action === 'failed');
  if (failed !== undefined) return { action: 'failed', status: failed.status };
  const delayed = recipients.find(({ action }) => action === 'delayed');
  if (delayed !== undefined) return { action: 'delayed', status: delayed.status };
  return { action: 'delivered', status: null };
}

const DELAYED =
  /\b(?:delay(?:ed)?|still (?:being )?(?:trying|retried|attempted)|not yet been delivered|will (?:be retried|keep trying|retry)|warning:)/i;
const FAILED =
  /\b(?:undeliver(?:ed|able)|returned (?:mail|to sender|message)|delivery (?:has )?(?:status notification \(failure\)|failure|failed|problem|incomplete)|failure notice|mail (?:system error|delivery failed)|could ?n[o']t be delivered|could not be (?:delivered|sent)|wasn't able to deliver|unable to deliver|permanent (?:error|failure|fatal)|(?:message|mail) (?:was )?(?:rejected|blocked|not delivered)|(?:user|address|mailbox|recipient) (?:unknown|not found|does(?: not|n't) exist|unavailable|full)|no such (?:user|mailbox|address|recipient)|unzustellbar|non remis|no se ha podido entregar|no se pudo entregar)/i;

/** A permanent word settles it unless the report says that it is only late; delay warnings often warn of what comes after. */
function fromWords(bytes: Buffer, entities: readonly Entity[]): Told {
  const header = parseHeaderBlock(bytes);
  const field = header.fields.find(({ key }) => key === 'subject');
  const subject = field === undefined ? '' : decodeEncodedWords(fieldText(header, field).slice(0, 1_000)).text;
  const text = textOf(bytes, entities);
  const [, status] = /(?:^|[\s#(])([45]\.\d{1,3}\.\d{1,3})(?![.\w]*\d)/m.exec(text) ?? [];
  const said = (words: RegExp, where: string): boolean => words.test(where);
  if (said(DELAYED, subject)) return { action: 'delayed', status: null };
  if (said(FAILED, subject)) return { action: 'failed', status: status ?? null };
  if (said(DELAYED, text)) return { action: 'delayed', status: null };
  return said(FAILED, text) ? { action: 'failed', status: status ?? null } : { action: 'unclear', status: null };
}

/** The beginning of the first text. */
function textOf(bytes: Buffer, entities: readonly Entity[]): string {
  const text = entities.find(({ header: { kind, contentType } }) => kind === 'leaf' && contentType.type === 'text');
  return text === undefined ? '' : decoded(bytes, { ...text, bodyEnd: Math.min(text.bodyEnd, text.bodyStart + LONGEST_TEXT) });
}
