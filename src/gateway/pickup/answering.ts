// What a person writes at the portal: the header is made here, the body is streamed behind it, and it is accepted like any message before they are
// told so. It goes by relay over the floor to people of the organisation; whoever is outside reads it at the portal, as they did.
import { createHash, type Hash } from 'node:crypto';
import { canonicalAddress } from '../../mail/address.ts';
import type { Decision } from '../../mail/decision.ts';
import type { Evidence } from '../../mail/evidence.ts';
import { isInside } from '../../mail/inside.ts';
import { MailError } from '../../mail/mail-error.ts';
import { returnAddress } from '../../mail/return-address.ts';
import { LineEndings } from '../../mime/line-endings.ts';
import { answerHeader, type AnswerFacts } from '../../mime/pickup-answer.ts';
import type { Pickup } from '../../store/pickups.ts';
import { acceptOwn, type OwnSender } from '../accept-own.ts';
import { atPortal } from '../to-portal.ts';
import { type ConversationDeps, conversationOf } from './conversation.ts';
import type { Answer, Answered, DeskClient, NewMessage } from './desk.ts';
import { addresseesOf, originalHeader } from './original-header.ts';
import type { PassOnDeps } from './pass-on.ts';
import { whoseReturn } from './return-door.ts';

export interface AnsweringDeps extends Omit<PassOnDeps, 'journal'>, ConversationDeps {
  readonly journal: PassOnDeps['journal'] & ConversationDeps['journal'];
  /** Whom a reader may answer. */
  readonly answers: () => 'originator' | 'all' | 'none';
  /** To whom anybody may begin a message, by brand. */
  readonly start: (brand: string) => readonly string[];
  readonly messageSizeBytes: () => number;
  readonly mayAccept: () => boolean;
}

/** Who writes, as the session has proved it. */
export interface Author {
  readonly personId: number | null;
  readonly name: string | null;
  readonly client: DeskClient;
}

export interface Answering {
  /** To a pickup that the session may open and has opened. */
  answer(
    by: Author & { readonly pickup: Pickup },
    answer: Omit<Answer, 'deliveryId'>,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Exclude<Answered['kind'], 'signed-out'>>;
  begin(
    by: Author & { readonly brand: string; readonly address: string },
    message: NewMessage,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Exclude<Answered['kind'], 'signed-out'>>;
}

type Kind = Exclude<Answered['kind'], 'signed-out'>;

export function answering(deps: AnsweringDeps): Answering {
  return {
    async answer({ pickup, ...author }, answer, body) {
      const allowed = deps.answers();
      if (allowed === 'none' || (allowed === 'originator' && answer.to === 'all')) return 'refused';
      const conversation = await conversationOf({ messageId: pickup.messageId, n: pickup.n }, deps);
      const header = conversation === null ? null : await originalHeader(conversation.message, deps);
      if (conversation === null || header === null) return 'gone';
      const { message, person, deliveryId } = conversation;
      const to = addresseesOf(message, header, deps.organisation());
      if (to.length === 0) return 'refused';
      const taken = new Set([...to, person].map(canonicalAddress));
      const asked = new Set(answer.others.map(canonicalAddress));
      const others = message.envelope.recipients
        .map(({ address }) => address)
        .filter((address) => isOther(canonicalAddress(address), { taken, asked, visible: header.visible }));
      const written: Written = {
        author,
        address: person,
        brand: pickup.brand,
        about: deliveryId,
        reference: () => conversation.reference,
        ...(await sorted(to, message.envelope.reversePath, deps)),
        cc: answer.to === 'all' ? await sorted(others, message.envelope.reversePath, deps) : NOBODY,
        answered: { headerMessageId: message.headerMessageId, references: message.references },
        evidence: (id, at) => answeredEvidence({ id, at, deliveryId, author, to: answer.to }),
      };
      return accept(written, answer, body, deps);
    },
    async begin({ brand, address, ...author }, message, body) {
      const to = deps.start(brand).find((one) => canonicalAddress(one) === canonicalAddress(message.to));
      if (to === undefined) return 'refused';
      const evidence = (id: string, at: number): Evidence => ({
        kind: 'pickup.started',
        at,
        messageId: id,
        deliveryId: null,
        codes: personOf(author),
        detail: { client: author.client.address, to },
      });
      const reference = (id: string): Reference => ({ messageId: id, n: 0 });
      return accept(
        { author, address, brand, about: null, reference, inside: [to], outside: [], cc: NOBODY, answered: null, evidence },
        message,
        body,
        deps,
      );
    },
  };
}

interface Sorted {
  /** As they are written to. */
  readonly inside: readonly string[];
  readonly outside: readonly string[];
}

const NOBODY: Sorted = { inside: [], outside: [] };

type Reference = Parameters<typeof returnAddress>[2];

interface Written extends Sorted {
  readonly author: Author;
  readonly address: string;
  readonly brand: string;
  readonly about: string | null;
  readonly reference: (id: string) => Reference;
  readonly cc: Sorted;
  readonly answered: AnswerFacts['answered'];
  readonly evidence: (id: string, at: number) => Evidence;
}

/** Those of the envelope only, who were seen, whom the person chose, each once; never who was in Bcc. */
function isOther(
  address: string,
  { taken, asked, visible }: { readonly taken: Set<string>; readonly asked: ReadonlySet<string>; readonly visible: ReadonlySet<string> },
): boolean {
  if (taken.has(address) || !asked.has(address) || !visible.has(address)) return false;
  taken.add(address);
  return true;
}

/** Whoever wrote from the portal is written to there, whatever address of ours stood for them. */
async function sorted(addresses: readonly string[], reversePath: string, deps: AnsweringDeps): Promise<Sorted> {
  const all = await Promise.all(
    addresses.map(async (address) => {
      const whose = await whoseReturn(address, deps);
      if (whose !== null && whose !== 'postmaster') return { address: whose.conversation.person, inside: false };
      return { address, inside: isInside(address, reversePath, deps.organisation()) };
    }),
  );
  return {
    inside: all.filter(({ inside }) => inside).map(({ address }) => address),
    outside: all.filter(({ inside }) => !inside).map(({ address }) => address),
  };
}

async function accept(
  written: Written,
  body: Pick<Answer, 'form' | 'subject' | 'contentType' | 'transferEncoding'>,
  pieces: AsyncIterable<Uint8Array>,
  deps: AnsweringDeps,
): Promise<Kind> {
  if (!deps.mayAccept()) return 'busy';
  const { inside, outside, cc } = written;
  const atThePortal = new Set([...outside, ...cc.outside]);
  const from = (id: string): string =>
    returnAddress((label, ...values) => deps.keys.digest(label, ...values), 'answer', written.reference(id), deps.returnDomain() ?? '');
  const octets = createHash('sha256');
  const decide = (address: string): Decision =>
    atThePortal.has(address) ? atPortal({ ...deps.ownMail(), rule: '<answer>' }) : deps.ownMail();
  try {
    await acceptOwn(
      {
        kind: 'answer',
        about: written.about,
        from: (id) => ({ reversePath: from(id), writer: written.address }),
        to: [...inside, ...outside, ...cc.inside, ...cc.outside],
        decide,
        smtpUtf8: false,
        failing: 'to-postmaster',
        references: written.answered?.references ?? null,
        compose: (sender) =>
          framed(headerOf(written, body, from(sender.id), sender, deps), hashed(pieces, octets), deps.messageSizeBytes()),
        repeatOf: () => repeatOf(written, body, octets.digest(), deps),
        evidence: (id, at) => [written.evidence(id, at)],
      },
      deps,
    );
    return 'accepted';
  } catch (error) {
    return outcomeOf(error, deps);
  }
}

/** Whoever hears nothing sends again, from the form that they have: known by it, by who wrote, and by every octet of what they wrote. */
function repeatOf(
  { about, author, address }: Written,
  { form, subject, contentType }: Pick<Answer, 'form' | 'subject' | 'contentType'>,
  octets: Uint8Array,
  { keys }: Pick<AnsweringDeps, 'keys'>,
): Uint8Array {
  return keys.digest('answer-form', form, about ?? '', String(author.personId), canonicalAddress(address), subject, contentType, octets);
}

/** Whoever wrote went away in the middle: nobody's fault here. */
class BrokenOff extends Error {}

async function* hashed(pieces: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  const each = pieces[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<Uint8Array>> =>
    each.next().catch((cause: unknown) => {
      throw new BrokenOff('', { cause });
    });
  for (let one = await next(); one.done !== true; one = await next()) {
    hash.update(one.value);
    yield one.value;
  }
}

/** @throws MailError content.bad-header where the portal hands in what it may not */
function headerOf(
  { author, address, brand, inside, outside, cc, answered }: Written,
  { subject, contentType, transferEncoding }: Pick<Answer, 'subject' | 'contentType' | 'transferEncoding'>,
  from: string,
  { id, at, hostname }: OwnSender,
  deps: AnsweringDeps,
): string {
  const header = answerHeader(
    {
      id,
      at,
      hostname,
      from,
      writer: { ...deps.voice(brand), name: author.name, address },
      to: [...inside, ...outside],
      cc: [...cc.inside, ...cc.outside],
      subject,
      answered,
    },
    { contentType, transferEncoding },
  );
  if (header === null) throw new MailError('content.bad-header');
  return header;
}

/** @throws MailError envelope.too-large, content.bare-line-ending */
async function* framed(header: string, body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  const endings = new LineEndings();
  let sizeBytes = header.length;
  yield Buffer.from(header);
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > mostBytes) throw new MailError('envelope.too-large');
    if (endings.push(piece) === 'broken') throw new MailError('content.bare-line-ending');
    yield piece;
  }
  if (endings.end() === 'broken') throw new MailError('content.bare-line-ending');
  yield Buffer.from('\r\n');
}

function outcomeOf(error: unknown, { events }: AnsweringDeps): Kind {
  const code = error instanceof MailError ? error.code : null;
  if (code === 'envelope.too-large') return 'too-large';
  if (code === 'content.bad-header' || code === 'content.bare-line-ending') return 'refused';
  if (code === null && !(error instanceof BrokenOff)) events.bug({ where: 'pickup.answer', error });
  return 'busy';
}

function answeredEvidence(about: {
  readonly id: string;
  readonly at: number;
  readonly deliveryId: string;
  readonly author: Author;
  readonly to: Answer['to'];
}): Evidence {
  const { id, at, deliveryId, author, to } = about;
  return {
    kind: 'pickup.answered',
    at,
    messageId: deliveryId.slice(0, 26),
    deliveryId,
    codes: { answer: id, to, ...personOf(author) },
    detail: { client: author.client.address },
  };
}

function personOf({ personId }: Pick<Author, 'personId'>): { readonly person?: number } {
  return personId === null ? {} : { person: personId };
}
