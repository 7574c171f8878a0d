// Passes a message on that came by ordinary mail: a reply to a notice to the originator, what is for the postmaster to ours. It is sealed and durable
// like any other before its sender hears 250, and says that it was not protected.
import { createHash, type Hash } from 'node:crypto';
import type { Evidence } from '../../mail/evidence.ts';
import { returnAddress } from '../../mail/return-address.ts';
import { MailError } from '../../mail/mail-error.ts';
import { fieldText, type HeaderBlock } from '../../mime/header-block.ts';
import { passedOn, type PassedOnFacts } from '../../mime/passed-on.ts';
import { readHead } from '../../mime/present/head.ts';
import { asBuffer } from '../../mime/octets.ts';
import { acceptOwn, type AcceptOwnDeps, type OwnSender } from '../accept-own.ts';
import { addresseesOf, type OriginalDeps, originalHeader } from './original-header.ts';
import type { Conversation } from './conversation.ts';
import { Pieces } from './pieces.ts';
import type { Voice } from './voice.ts';

export interface PassOnDeps extends Omit<AcceptOwnDeps, 'spool' | 'keys' | 'journal'>, OriginalDeps {
  readonly spool: AcceptOwnDeps['spool'] & OriginalDeps['spool'];
  readonly keys: AcceptOwnDeps['keys'];
  readonly journal: AcceptOwnDeps['journal'] & OriginalDeps['journal'];
  readonly returnDomain: () => string | null;
  readonly organisation: () => readonly string[];
  /** How the organisation names itself to the people of a brand. */
  readonly voice: Voice;
}

/** One that is on its way in. Calls follow one another. */
export interface PassingOn {
  /** Of the body. */
  write(piece: Uint8Array): Promise<void>;
  /** Durable when it resolves; gives its id. */
  finish(): Promise<string>;
  abort(): Promise<void>;
}

export interface ToPassOn {
  /** Null: it came to the postmaster. */
  readonly conversation: Conversation | null;
  readonly header: HeaderBlock;
  /** Sealed detail of the evidence. */
  readonly detail: Readonly<Record<string, string>>;
}

export async function passOn(what: ToPassOn, deps: PassOnDeps): Promise<PassingOn> {
  if (what.header.defects.some((defect) => defect !== 'no-end')) throw new MailError('content.bad-header');
  const to = await addressees(what, deps);
  const pieces = new Pieces();
  const accepting = accept(what, to, pieces, deps);
  // Told when it is asked for.
  accepting.catch(() => undefined);
  return {
    write: (piece) => pieces.push(piece),
    finish() {
      pieces.end();
      return accepting;
    },
    async abort() {
      pieces.break();
      await accepting.catch(() => undefined);
    },
  };
}

async function addressees({ conversation }: ToPassOn, deps: PassOnDeps): Promise<readonly string[]> {
  const { postmaster, hostname } = deps.settings();
  const ours = postmaster.length === 0 ? [`postmaster@${hostname}`] : postmaster;
  if (conversation === null) return ours;
  const { message } = conversation;
  const to = addresseesOf(message, await originalHeader(message, deps), deps.organisation());
  return to.length === 0 ? ours : to;
}

function accept(what: ToPassOn, to: readonly string[], pieces: Pieces, deps: PassOnDeps): Promise<string> {
  const { conversation, detail } = what;
  const domain = deps.returnDomain() ?? '';
  const from =
    conversation === null
      ? `postmaster@${domain}`
      : returnAddress((label, ...values) => deps.keys.digest(label, ...values), 'answer', conversation.reference, domain);
  const octets = createHash('sha256');
  return acceptOwn(
    {
      kind: 'notice',
      about: conversation?.message.id ?? null,
      from: () => ({ reversePath: conversation === null ? '' : from }),
      to,
      smtpUtf8: false,
      failing: conversation === null ? 'to-nobody' : 'to-postmaster',
      references: conversation?.message.headerMessageId ?? null,
      compose: (sender) => framed(factsOf(what, from, to, sender, deps), hashed(pieces, octets)),
      repeatOf: () => repeatOf(what, octets.digest(), deps),
      evidence: (id, at) => (conversation === null ? [] : [repliedEvidence(conversation, id, at, detail)]),
    },
    deps,
  );
}

function factsOf(
  { conversation, header }: ToPassOn,
  from: string,
  to: readonly string[],
  { id, at, hostname }: OwnSender,
  deps: PassOnDeps,
): PassedOnFacts {
  const [author] = readHead(asBuffer(header.bytes)).from;
  const message = conversation?.message ?? null;
  return {
    id,
    at,
    hostname,
    from,
    writer: { ...deps.voice(conversation?.pickup?.brand ?? null), name: author?.name ?? null, address: author?.address ?? '' },
    to,
    cc: [],
    answered: message === null ? null : { headerMessageId: message.headerMessageId, references: message.references },
    boundary: `passed-on-${Buffer.from(deps.random(16)).toString('hex')}`,
    cameTo: message === null ? 'postmaster' : 'reply',
    header,
  };
}

/** What a person calls their mail. Received and other fields of its way are left out: a mail system that sends it twice writes others. */
const OWN_FIELDS = ['message-id', 'date', 'from', 'subject', 'content-type'];

function repeatOf({ conversation, header }: ToPassOn, octets: Uint8Array, { keys }: Pick<PassOnDeps, 'keys'>): Uint8Array {
  const fields = OWN_FIELDS.flatMap((key) => [key, ...header.fields.filter((one) => one.key === key).map((one) => fieldText(header, one))]);
  return keys.digest('passed-on', conversation?.deliveryId ?? 'postmaster', JSON.stringify(fields), octets);
}

async function* hashed(pieces: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

async function* framed(facts: PassedOnFacts, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, tail } = passedOn(facts);
  yield head;
  yield* body;
  yield tail;
}

function repliedEvidence({ deliveryId, message }: Conversation, notice: string, at: number, detail: ToPassOn['detail']): Evidence {
  return { kind: 'pickup.replied', at, messageId: message.id, deliveryId, codes: { notice }, detail };
}
