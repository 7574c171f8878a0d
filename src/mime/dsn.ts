// Delivery status notifications (RFC 3464, RFC 3461 section 6; RFC 6533 where an address is not US-ASCII). They carry facts, never
// content: no subject, no header field of the message but its ids, no text of another server. The caller sends them from `<>`.
import { isAscii } from '../mail/address.ts';
import { compose, composeField, type ComposedPart } from './compose.ts';
import { headerDate } from './date-time.ts';
import { dsnSubject, dsnText, type DsnRecipient } from './dsn-text.ts';
import { messageIdIn, referencesIn } from './message-ids.ts';
import { decodeXtext } from './xtext.ts';

/** Who the report is from, in words. */
export interface DsnVoice {
  /** Display name of From. */
  readonly name: string;
  /** Who helps ("the IT desk, telephone 4711"), or null. */
  readonly contact: string | null;
}

export interface DsnFacts {
  /** Our id of this report. */
  readonly id: string;
  readonly at: number;
  /** Our own name. */
  readonly hostname: string;
  /** Address of From. */
  readonly postmaster: string;
  readonly to: string;
  readonly voice: DsnVoice;
  /** The message and what became of it: OwedReport of the store fits. */
  readonly owed: {
    readonly message: {
      readonly acceptedAt: number;
      readonly envelope: { readonly envid: string | null; readonly recipients: readonly unknown[] };
      readonly headerMessageId: string | null;
      readonly references: string | null;
    };
    readonly deliveries: readonly DsnRecipient[];
  };
}

/** The bytes of a DSN: 7-bit but for an internationalised `to`, in lines of at most 998 octets. */
export function composeDsn(facts: DsnFacts): Uint8Array {
  const { owed, hostname, voice } = facts;
  const { message, deliveries } = owed;
  const originalId = message.headerMessageId === null ? null : messageIdIn(message.headerMessageId);
  const references = referencesIn([message.references, originalId].join(' '), null);
  const parts: ComposedPart[] = [
    {
      contentType: 'text/plain; charset=utf-8',
      description: 'What happened',
      content: dsnText({ acceptedAt: message.acceptedAt, hostname, contact: voice.contact, deliveries }),
    },
    statusPart(facts),
  ];
  if (originalId !== null) parts.push(headersPart(originalId, message.references));
  return compose({
    messageId: `${facts.id}@${hostname}`,
    at: facts.at,
    from: { name: voice.name, address: facts.postmaster },
    to: [{ name: null, address: facts.to }],
    subject: dsnSubject(message.acceptedAt, message.envelope.recipients.length, deliveries),
    inReplyTo: originalId,
    references,
    autoSubmitted: 'auto-replied',
    contentType: 'multipart/report; report-type=delivery-status',
    parts,
  });
}

function statusPart({ owed, hostname }: DsnFacts): ComposedPart {
  const { message, deliveries } = owed;
  const envelopeId = message.envelope.envid === null ? null : decodeXtext(message.envelope.envid);
  const perMessage = [
    envelopeId === null ? '' : composeField('Original-Envelope-Id', envelopeId),
    composeField('Reporting-MTA', `dns; ${hostname}`),
    composeField('Arrival-Date', headerDate(message.acceptedAt)),
  ].join('');
  const content = [perMessage, ...deliveries.map(recipientFields)].join('\r\n');
  const contentType = isAscii(content) ? 'message/delivery-status' : 'message/global-delivery-status';
  return { contentType, description: 'Delivery report', content };
}

const ACTIONS = {
  failed: 'failed',
  delayed: 'delayed',
  held: 'delayed',
  unopened: 'delayed',
  'picked-up': 'delivered',
  relayed: 'relayed',
  expanded: 'expanded',
} as const;

/** RFC 3464 2.3. What a next hop said is given as number and status only. */
function recipientFields(delivery: DsnRecipient): string {
  const { kind, recipient, orcpt, status } = delivery;
  const original = orcpt === null ? null : originalRecipient(orcpt);
  const action = ACTIONS[kind];
  const fields = [
    original === null ? '' : composeField('Original-Recipient', original),
    composeField('Final-Recipient', `${isAscii(recipient) ? 'rfc822' : 'utf-8'}; ${recipient}`),
    composeField('Action', action),
    composeField('Status', statusOf(action, status.status)),
  ];
  if (status.remoteMta !== null && HOST_NAME.test(status.remoteMta)) fields.push(composeField('Remote-MTA', `dns; ${status.remoteMta}`));
  if (status.diagnostic !== null && NUMBER_AND_STATUS.test(status.diagnostic)) {
    fields.push(composeField('Diagnostic-Code', `smtp; ${status.diagnostic}`));
  }
  if (kind !== 'expanded' && kind !== 'unopened') fields.push(composeField('Last-Attempt-Date', headerDate(status.at)));
  if (kind === 'delayed') fields.push(composeField('Will-Retry-Until', headerDate(delivery.expiresAt)));
  return fields.join('');
}

const HOST_NAME = /^[A-Za-z0-9.-]{1,255}$/;
const NUMBER_AND_STATUS = /^[2-5][0-9]{2}(?: [245]\.[0-9]{1,3}\.[0-9]{1,3})?$/;
const STATUS = /^[245]\.[0-9]{1,3}\.[0-9]{1,3}$/;

/** A status whose class fits the action (RFC 3464 2.3.4): a delay is never permanent, a success never a failure. */
function statusOf(action: (typeof ACTIONS)[DsnRecipient['kind']], status: string): string {
  const known = STATUS.test(status) ? status : '0.0.0';
  if (action === 'failed') return /^[45]/.test(known) ? known : '5.0.0';
  if (action === 'delayed') return `4${known.slice(1)}`;
  return known.startsWith('2') ? known : '2.0.0';
}

/** ORCPT as the client gave it, decoded (RFC 3461 4.2, 6.3); a `utf-8` address stays in the encoding it came in (RFC 6533 3). */
function originalRecipient(orcpt: string): string | null {
  const [, type, address] = /^([A-Za-z0-9-]{1,60});(.{1,500})$/u.exec(orcpt) ?? [];
  if (type === undefined || address === undefined) return null;
  if (type.toLowerCase() === 'utf-8') return /[\p{Cc}\p{Cs}\p{Z}]/u.test(address) ? null : `${type}; ${address}`;
  const decoded = decodeXtext(address);
  return decoded === null ? null : `${type}; ${decoded}`;
}

/** The portion of the original that is given back: its ids, so that the originator's mail program finds it. Nothing else, ever. */
function headersPart(originalId: string, references: string | null): ComposedPart {
  const thread = references === null ? null : referencesIn(references, null);
  return {
    contentType: 'text/rfc822-headers',
    description: 'Ids of the message',
    content: composeField('Message-ID', originalId) + (thread === null ? '' : composeField('References', thread)),
  };
}
