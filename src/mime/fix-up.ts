// What a submission service does to the header of a message it takes in (RFC 6409 section 8), and what the gateway needs to know of it.
// Fields are only put in front or taken out whole: every other octet stays as it was, so that signatures hold.
import { createHash, timingSafeEqual } from 'node:crypto';
import { parseContentType } from './content-type.ts';
import { headerDate } from './date-time.ts';
import { fieldText, parseHeaderBlock, type HeaderBlock, type HeaderDefect, type HeaderField } from './header-block.ts';
import { messageIdIn, referencesIn } from './message-ids.ts';
import { readOriginators } from './originators.ts';
import { receivedField, type ReceivedFacts } from './received.ts';

/** More Received fields than this are a loop (RFC 5321 6.3). */
const MOST_RECEIVED = 50;

const TRACE_FIELD = 'X-Postern-Trace';

export interface FixUpFacts extends ReceivedFacts {
  /** Keyed digest that says that a message has passed this gateway: letters and digits. */
  readonly traceMark: string;
  /** The proof of our own tenant that mail from a shared provider must carry, or null. */
  readonly tenantProof: { readonly headerName: string; readonly values: readonly string[] } | null;
}

/** Defects of the fields that say who a message is from. Mail of a submitter bound to certain addresses is refused for any of them. */
export type OriginDefect =
  | 'no-from'
  /** RFC 5322 3.6 allows one; readers differ in which they show. */
  | 'several-from'
  /** From, Sender or a Resent field that has no address, or something else in its place. */
  | 'unreadable';

export interface FixedHeader {
  /** The new block with its empty line, as far as the old one had one. */
  readonly bytes: Uint8Array;
  /** What the header says now: the client's or the one we added. Null where the client's is nothing that another message could refer to. */
  readonly headerMessageId: string | null;
  /** 'client': the message had one when it came. */
  readonly messageIdFrom: 'client' | 'gateway';
  readonly dateFrom: 'client' | 'gateway';
  /** For the References field of a DSN, without the message's own id. */
  readonly references: string | null;
  /** Addresses as written, in every reading of every field of that name. Check them all. */
  readonly from: readonly string[];
  readonly sender: readonly string[];
  /** Resent-From and Resent-Sender. */
  readonly resentFrom: readonly string[];
  readonly originDefects: readonly OriginDefect[];
  /** As written; null where there is none. Content: it goes into digests only. */
  readonly subject: string | null;
  /** Of the Content-Type, where it names one that can be matched. */
  readonly boundary: string | null;
  /** How the block itself reads. All but 'no-end' mean that readers may differ about what the header is. */
  readonly defects: readonly HeaderDefect[];
  readonly receivedCount: number;
  /** 'own-trace': it has passed here since it was last submitted. */
  readonly loop: 'none' | 'own-trace' | 'too-many-received';
  readonly tenantProof: 'proved' | 'missing' | 'not-asked';
}

/**
 * Fixes up a header block. Never throws, whatever the block holds.
 * @param header with its empty line, where the message has one
 */
export function fixUpHeader(header: Uint8Array, facts: FixUpFacts): FixedHeader {
  const block = parseHeaderBlock(header);
  const found = sortFields(block, facts);
  const date = firstText(block, found.date);
  const clientMessageId = firstText(block, found.messageId);
  const ourMessageId = `<${facts.messageId}@${facts.hostname}>`;
  const added = [receivedField(facts), `${TRACE_FIELD}: ${facts.traceMark}\r\n`];
  const removed = new Set(found.removed);
  if (date === null) {
    added.push(`Date: ${headerDate(facts.at)}\r\n`);
    for (const empty of found.date) removed.add(empty);
  }
  if (clientMessageId === null) {
    added.push(`Message-ID: ${ourMessageId}\r\n`);
    for (const empty of found.messageId) removed.add(empty);
  }
  return {
    bytes: assemble(block, removed, added.join('')),
    headerMessageId: clientMessageId === null ? ourMessageId : messageIdIn(clientMessageId),
    messageIdFrom: clientMessageId === null ? 'gateway' : 'client',
    dateFrom: date === null ? 'gateway' : 'client',
    references: referencesIn(firstText(block, found.references), firstText(block, found.inReplyTo)),
    ...originOf(block, found),
    subject: firstText(block, found.subject),
    boundary: parseContentType(firstText(block, found.contentType) ?? '')?.boundary ?? null,
    defects: block.defects,
    receivedCount: found.receivedCount,
    loop: found.ownTrace ? 'own-trace' : found.receivedCount > MOST_RECEIVED ? 'too-many-received' : 'none',
    tenantProof: facts.tenantProof === null ? 'not-asked' : found.proved ? 'proved' : 'missing',
  };
}

interface Found {
  readonly removed: HeaderField[];
  readonly date: HeaderField[];
  readonly messageId: HeaderField[];
  readonly references: HeaderField[];
  readonly inReplyTo: HeaderField[];
  readonly from: HeaderField[];
  readonly sender: HeaderField[];
  readonly resentFrom: HeaderField[];
  readonly subject: HeaderField[];
  readonly contentType: HeaderField[];
  receivedCount: number;
  ownTrace: boolean;
  proved: boolean;
}

const TRACE_KEY = TRACE_FIELD.toLowerCase();

function sortFields(block: HeaderBlock, facts: FixUpFacts): Found {
  const found: Found = {
    removed: [],
    date: [],
    messageId: [],
    references: [],
    inReplyTo: [],
    from: [],
    sender: [],
    resentFrom: [],
    subject: [],
    contentType: [],
    receivedCount: 0,
    ownTrace: false,
    proved: false,
  };
  const proofKey = facts.tenantProof?.headerName.toLowerCase() ?? null;
  // Resent fields stand above the trace of the earlier journey (RFC 5322 3.6.6): what is below them is no loop.
  let resent = false;
  for (const field of block.fields) {
    if (field.key === proofKey) {
      found.removed.push(field);
      if (provesTenant(fieldText(block, field), facts.tenantProof?.values ?? [])) found.proved = true;
    } else if (field.key === TRACE_KEY) {
      if (!resent && equalSecrets(fieldText(block, field), facts.traceMark)) found.ownTrace = true;
    } else if (field.key.startsWith('resent-')) {
      resent = true;
      sortField(field, found);
    } else {
      sortField(field, found);
    }
  }
  return found;
}

function sortField(field: HeaderField, found: Found): void {
  switch (field.key) {
    case 'bcc':
    case 'resent-bcc':
      found.removed.push(field);
      break;
    case 'received':
      found.receivedCount++;
      break;
    case 'date':
      found.date.push(field);
      break;
    case 'message-id':
      found.messageId.push(field);
      break;
    case 'references':
      found.references.push(field);
      break;
    case 'in-reply-to':
      found.inReplyTo.push(field);
      break;
    case 'from':
      found.from.push(field);
      break;
    case 'sender':
      found.sender.push(field);
      break;
    case 'subject':
      found.subject.push(field);
      break;
    case 'content-type':
      found.contentType.push(field);
      break;
    case 'resent-from':
    case 'resent-sender':
      found.resentFrom.push(field);
      break;
  }
}

function originOf(block: HeaderBlock, found: Found): Pick<FixedHeader, 'from' | 'sender' | 'resentFrom' | 'originDefects'> {
  const defects = new Set<OriginDefect>();
  if (found.from.length === 0) defects.add('no-from');
  if (found.from.length > 1) defects.add('several-from');
  const addressesOf = (fields: readonly HeaderField[]): readonly string[] =>
    fields.flatMap((field) => {
      const { addresses, reading } = readOriginators(fieldText(block, field));
      if (reading === 'unclear') defects.add('unreadable');
      return addresses;
    });
  const from = addressesOf(found.from);
  const sender = addressesOf(found.sender);
  const resentFrom = addressesOf(found.resentFrom);
  return { from, sender, resentFrom, originDefects: [...defects] };
}

/** The first of these fields that says anything. */
function firstText(block: HeaderBlock, fields: readonly HeaderField[]): string | null {
  for (const field of fields) {
    const text = fieldText(block, field);
    if (text !== '') return text;
  }
  return null;
}

/** The added fields, then the block without the removed ones. */
function assemble(block: HeaderBlock, removed: ReadonlySet<HeaderField>, added: string): Uint8Array {
  const pieces: Uint8Array[] = [Buffer.from(added, 'latin1')];
  let from = 0;
  for (const field of removed.size === 0 ? [] : block.fields) {
    if (!removed.has(field)) continue;
    if (field.start > from) pieces.push(block.bytes.subarray(from, field.start));
    from = field.end;
  }
  pieces.push(block.bytes.subarray(from));
  return Buffer.concat(pieces);
}

/** Looks at every value, whichever proves it: how long it takes says nothing. */
function provesTenant(given: string, values: readonly string[]): boolean {
  return values.map((value) => equalSecrets(given, value)).includes(true);
}

function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
