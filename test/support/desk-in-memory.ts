// A desk in memory: a handful of messages of two brands, every outcome within reach, codes that a test can read. It keeps the contract of
// PickupDesk without a store, a road or a clock of its own.
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type {
  Answer,
  Answered,
  MessageLine,
  NewMessage,
  NotOpened,
  NotSignedIn,
  OpenedPickup,
  PersonView,
  PickupDesk,
  SessionView,
  SignedIn,
} from '../../src/gateway/pickup/desk.ts';
import { type Assurance, type EnrolledKind, isEnough, PHONE_WAYS, type PhoneWay } from '../../src/mail/pickup.ts';
import { endsOf } from '../../src/mail/phone.ts';
import { ChunkSequence, newHeader, PREFIX_BYTES } from '../../src/spool/sealed-format.ts';
import { CHUNK_BYTES, ROW_BYTES } from '../../src/spool/spool.ts';

export interface MemoryMessage extends Omit<MessageLine, 'link' | 'sizeBytes'> {
  readonly address: string;
  readonly content: Uint8Array;
  readonly mailedCode: 'may-travel' | 'below-floor';
}

export interface MemoryDesk extends PickupDesk {
  /** Of each message, in order: what its notice would link to. */
  readonly links: readonly string[];
  /** The last code that was sent for a link, or null. */
  codeOf(link: string): string | null;
  /** A code that the organisation gives for a link. */
  clinicCode(link: string): string;
  recall(link: string): void;
  expire(link: string): void;
  /** Every session ends: what a lost factor or a restart does. */
  endSessions(): void;
  /** How many sessions stand. */
  openSessions(): number;
  /** Adds somebody who reads at the address, and gives the id. */
  addPerson(address: string, name: string): number;
  /** A number that the organisation gives for somebody at the address. */
  phoneFor(address: string, number: string): void;
  readonly said: readonly string[];
  readonly answers: readonly { readonly answer: Answer | NewMessage; readonly body: Buffer }[];
  /** What the next call answers instead: `wait`, or a failure. */
  nextSignIn(outcome: NotSignedIn | Error | null): void;
  nextAnswer(outcome: Answered | null): void;
}

interface Session {
  readonly address: string;
  readonly assurance: Assurance;
  readonly cameFor: string | null;
  person: number | null;
  /** When a person did something. */
  seenAt: number;
}

interface Reader {
  readonly id: number;
  readonly address: string;
  name: string | null;
  language: string | null;
  readonly factors: {
    readonly id: number;
    readonly kind: EnrolledKind;
    readonly label: string | null;
    readonly assurance: Assurance;
    secret: string;
  }[];
}

const PASSWORD_LENGTH = 15;
const IDLE_MS = 15 * 60_000;
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** The only code that the app of this desk shows. */
export const MEMORY_TOTP = '246810';
/** What a passkey of this desk answers, whatever the challenge. */
export const MEMORY_PASSKEY = { id: 'memory-passkey' } as const;

/** @param now milliseconds since the epoch */
export function deskInMemory(messages: readonly MemoryMessage[], now: () => number): MemoryDesk {
  const places = messages.map((message, i) => ({
    message,
    link: linkOf(message.deliveryId, i),
    key: randomBytes(32),
    state: message.state,
    opened: message.opened,
  }));
  const sessions = new Map<string, Session>();
  const codes = new Map<string, { code: string; assurance: Assurance; person?: number }>();
  const readers: Reader[] = [];
  const said: string[] = [];
  const answers: { answer: Answer | NewMessage; body: Buffer }[] = [];
  const challenges = new Set<string>();
  let next: NotSignedIn | Error | null = null;
  let nextAnswered: Answered | null = null;
  let ids = 0;

  const find = (link: string): (typeof places)[number] | null => places.find((place) => place.link === link) ?? null;
  const forced = (): NotSignedIn | null => {
    const outcome = next;
    next = null;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const begin = (old: string | null, session: Omit<Session, 'seenAt'>): SignedIn => {
    if (old !== null) sessions.delete(old);
    const token = randomBytes(32).toString('base64url');
    sessions.set(token, { ...session, seenAt: now() });
    return { kind: 'signed-in', session: token };
  };
  /** A number or none: the same is said. */
  const phoned = (address: string, link: string, by: PhoneWay): 'sent' => {
    codes.set(`${by} ${link}`, { code: '', assurance: 'address' });
    const reader = peopleOf(address).find(({ factors }) => factors.some(({ kind }) => kind === 'phone'));
    if (reader !== undefined) codes.set(link, { code: '55556666', assurance: 'clinic', person: reader.id });
    return 'sent';
  };
  const peopleOf = (address: string): readonly Reader[] => readers.filter((reader) => reader.address === address);
  const onlyOne = (address: string): number | null => {
    const people = peopleOf(address);
    if (people.length > 0) return people.length === 1 ? (people[0]?.id ?? null) : null;
    readers.push({ id: ++ids, address, name: null, language: null, factors: [] });
    return ids;
  };
  const readerOf = (session: Session | undefined): Reader | null => readers.find(({ id }) => id === session?.person) ?? null;
  const line = ({ message, link, state, opened }: (typeof places)[number], shown: Assurance): MessageLine => {
    const { deliveryId, brand, from, sentAt, expiresAt, wants } = message;
    const told = isEnough(shown, wants) ? from : null;
    return { deliveryId, link, brand, from: told, sentAt, expiresAt, state, opened, sizeBytes: message.content.length, wants };
  };
  const openable = (token: string, deliveryId: string): (typeof places)[number] | NotOpened => {
    const session = sessions.get(token);
    const place = places.find(({ message }) => message.deliveryId === deliveryId);
    if (session === undefined) return { kind: 'signed-out' };
    if (place === undefined || place.message.address !== session.address) return { kind: 'gone' };
    if (place.state !== 'open') return { kind: place.state === 'recalled' ? 'recalled' : 'gone' };
    return isEnough(session.assurance, place.message.wants) && session.person !== null ? place : { kind: 'step-up' };
  };
  const take = async (token: string, answer: Answer | NewMessage, body: AsyncIterable<Uint8Array>): Promise<Answered> => {
    if (!sessions.has(token)) return { kind: 'signed-out' };
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    const outcome = nextAnswered ?? { kind: 'accepted' };
    nextAnswered = null;
    if (outcome.kind === 'accepted') answers.push({ answer, body: Buffer.concat(pieces) });
    return outcome;
  };
  const enrol = (token: string, kind: 'password' | 'totp' | 'passkey', secret: string, label: string | null): 'enrolled' | 'signed-out' => {
    const session = sessions.get(token);
    const reader = readerOf(session);
    if (session === undefined || reader === null) return 'signed-out';
    reader.factors.push({ id: ++ids, kind, label, assurance: session.assurance, secret });
    return 'enrolled';
  };

  return {
    links: places.map(({ link }) => link),
    said,
    answers,
    codeOf: (link) => codes.get(link)?.code ?? null,
    clinicCode(link) {
      codes.set(link, { code: '87654321', assurance: 'clinic' });
      return '8765-4321';
    },
    recall: (link) => void Object.assign(find(link) ?? {}, { state: 'recalled' }),
    expire: (link) => void Object.assign(find(link) ?? {}, { state: 'expired' }),
    endSessions: () => sessions.clear(),
    openSessions: () => sessions.size,
    addPerson(address, name) {
      readers.push({ id: ++ids, address, name, language: null, factors: [] });
      return ids;
    },
    phoneFor(address, number) {
      const only = onlyOne(address);
      const reader = readers.find(({ id }) => id === only);
      reader?.factors.push({ id: ++ids, kind: 'phone', label: `··· ${endsOf(number)}`, assurance: 'clinic', secret: number });
    },
    nextSignIn: (outcome) => void (next = outcome),
    nextAnswer: (outcome) => void (nextAnswered = outcome),

    async look(link, client) {
      said.push(`looked ${client.userAgent}`);
      const place = find(link);
      if (place === null) return null;
      const { deliveryId, brand, from, sentAt, expiresAt, wants, mailedCode } = place.message;
      const code = mailedCode === 'below-floor' ? null : codes.has(link) ? 'handed-over' : null;
      return { deliveryId, brand, state: place.state, from, sentAt, expiresAt, language: 'en', wants, mailedCode, phone: PHONE_WAYS, code };
    },
    async sendCode(link, by) {
      const place = find(link);
      if (place === null) return 'gone';
      if (by !== 'mail' && codes.has(`${by} ${link}`)) return 'wait';
      if (by !== 'mail') return phoned(place.message.address, link, by);
      if (place.message.mailedCode === 'below-floor') return 'not-safe';
      if (codes.has(link)) return 'wait';
      codes.set(link, { code: '12345678', assurance: 'address' });
      return 'sent';
    },
    async enterCode({ link, code, session }) {
      const outcome = forced();
      if (outcome !== null) return outcome;
      const place = find(link);
      const known = codes.get(link);
      if (place === null) return { kind: 'gone' };
      if (known === undefined || code.replace(/[\s-]/g, '') !== known.code) return { kind: 'wrong' };
      codes.delete(link);
      const { address, deliveryId } = place.message;
      return begin(session, { address, assurance: known.assurance, cameFor: deliveryId, person: known.person ?? onlyOne(address) });
    },
    async enterPassword({ link, password, totp, session }) {
      const outcome = forced();
      if (outcome !== null) return outcome;
      const place = find(link);
      if (place === null) return { kind: 'gone' };
      const reader = peopleOf(place.message.address).find(({ factors }) =>
        factors.some(({ kind, secret }) => kind === 'password' && secret === password),
      );
      const factor = reader?.factors.find(({ kind }) => kind === 'password');
      if (reader === undefined || factor === undefined) return { kind: 'wrong' };
      if (reader.factors.some(({ kind }) => kind === 'totp') && totp !== MEMORY_TOTP) return { kind: totp === null ? 'totp' : 'wrong' };
      const { address, deliveryId } = place.message;
      return begin(session, { address, assurance: factor.assurance, cameFor: deliveryId, person: reader.id });
    },
    async passkeyOptions() {
      const challengeId = randomBytes(16).toString('base64url');
      challenges.add(challengeId);
      return { challengeId, options: { challenge: challengeId, rpId: 'localhost', userVerification: 'required' } };
    },
    async enterPasskey({ challengeId, response, session }) {
      const outcome = forced();
      if (outcome !== null) return outcome;
      const reader = readers.find(({ factors }) => factors.some(({ secret }) => secret === JSON.stringify(response)));
      const factor = reader?.factors.find(({ kind }) => kind === 'passkey');
      if (!challenges.delete(challengeId) || reader === undefined || factor === undefined) return { kind: 'wrong' };
      return begin(session, { address: reader.address, assurance: factor.assurance, cameFor: null, person: reader.id });
    },

    async session(token, activity): Promise<SessionView | null> {
      const session = sessions.get(token);
      if (session === undefined) return null;
      if (now() - session.seenAt >= IDLE_MS) sessions.delete(token);
      if (!sessions.has(token)) return null;
      if (activity === 'person') session.seenAt = now();
      const mine = places.filter(({ message }) => message.address === session.address);
      return {
        brand: mine[0]?.message.brand ?? 'default',
        assurance: session.assurance,
        person: viewOf(readerOf(session), now()),
        people: peopleOf(session.address).map(({ id, name }) => ({ id, name })),
        idleUntil: session.seenAt + IDLE_MS,
        endsAt: now() + 12 * 3_600_000,
        phone: phoneOf(readerOf(session)),
        cameFor: session.cameFor,
        messages: mine.map((place) => line(place, session.assurance)),
      };
    },
    async leave(token) {
      sessions.delete(token);
    },
    async choosePerson({ session: token, person }) {
      const session = sessions.get(token);
      if (session === undefined) return { kind: 'gone' };
      if (typeof person !== 'number') {
        readers.push({ id: ++ids, address: session.address, name: person.name, language: null, factors: [] });
        return begin(token, { ...session, person: ids });
      }
      const reader = peopleOf(session.address).find(({ id }) => id === person);
      // Whoever has a factor is told by it, not by a click.
      if (reader === undefined || reader.factors.some(({ kind }) => kind !== 'phone')) return { kind: 'wrong' };
      return begin(token, { ...session, person });
    },
    async changePerson({ session, name, language }) {
      const reader = readerOf(sessions.get(session));
      if (reader === null) return 'signed-out';
      Object.assign(reader, { name: name ?? reader.name, language: language ?? reader.language });
      return 'done';
    },
    async enrolPassword({ session, password }) {
      const length = [...password].length;
      if (length < PASSWORD_LENGTH) return { kind: 'refused', why: 'too-short' };
      if (length > 128) return { kind: 'refused', why: 'too-long' };
      if (/^password/i.test(password)) return { kind: 'refused', why: 'too-common' };
      return { kind: enrol(session, 'password', password, null) };
    },
    async newTotp(token) {
      return sessions.has(token) ? { uri: `otpauth://totp/Riverside%20Clinic?secret=${SECRET}`, secret: SECRET } : null;
    },
    async enrolTotp({ session, code }) {
      return code === MEMORY_TOTP ? { kind: enrol(session, 'totp', SECRET, null) } : { kind: 'refused', why: 'wrong' };
    },
    async newPasskey(token) {
      if (!sessions.has(token)) return null;
      const challengeId = randomBytes(16).toString('base64url');
      challenges.add(challengeId);
      return { challengeId, options: { challenge: challengeId, rp: { id: 'localhost', name: 'Riverside Clinic' } } };
    },
    async enrolPasskey({ session, challengeId, response, label }) {
      if (!challenges.delete(challengeId)) return { kind: 'refused', why: 'wrong' };
      return { kind: enrol(session, 'passkey', JSON.stringify(response), label) };
    },
    async removeFactor({ session, factorId }) {
      const reader = readerOf(sessions.get(session));
      if (reader === null) return 'signed-out';
      const at = reader.factors.findIndex(({ id }) => id === factorId);
      if (at < 0) return 'not-found';
      reader.factors.splice(at, 1);
      return 'done';
    },

    async open({ session, deliveryId }): Promise<OpenedPickup | NotOpened> {
      const place = openable(session, deliveryId);
      if ('kind' in place) return place;
      place.opened = true;
      said.push(`opened ${deliveryId}`);
      const { message, key } = place;
      const sizeBytes = message.content.length;
      return {
        kind: 'open',
        line: line(place, 'clinic'),
        recipient: message.address,
        standIns: [],
        contentKey: key,
        place: sizeBytes > ROW_BYTES ? 'file' : 'row',
        sizeBytes,
        answers: 'all',
        answered: answers.map(() => ({ at: now(), state: 'on-its-way' as const })),
      };
    },
    async sealed({ session, deliveryId }) {
      const place = openable(session, deliveryId);
      return 'kind' in place ? null : sealedPieces(deliveryId.slice(0, 26), place.key, place.message.content);
    },
    async downloading({ session, deliveryId, part }) {
      if ('kind' in openable(session, deliveryId)) return 'stop';
      said.push(`downloaded ${deliveryId} ${part}`);
      return 'go';
    },
    answer: ({ session, answer, body }) => take(session, answer, body),
    begin: ({ session, message, body }) => take(session, message, body),
  };
}

function phoneOf(reader: Reader | null): SessionView['phone'] {
  const number = reader?.factors.find(({ kind }) => kind === 'phone')?.secret;
  return number === undefined ? null : { ways: PHONE_WAYS, ends: endsOf(number) };
}

function linkOf(deliveryId: string, i: number): string {
  const [id = '', n = '0'] = deliveryId.toLowerCase().split('/');
  return `${id}-${n}-${'abcdefghij'.charAt(i).repeat(26)}`;
}

function viewOf(reader: Reader | null, at: number): PersonView | null {
  if (reader === null) return null;
  const { id, name, language, factors } = reader;
  return {
    id,
    name,
    language,
    factors: factors.map(({ id: factor, kind, label, assurance }) => ({
      id: factor,
      kind,
      label,
      assurance,
      createdAt: at,
      lastUsedAt: null,
    })),
  };
}

/** As the spool keeps it (docs/spool-format.md). */
async function* sealedPieces(messageId: string, key: Uint8Array, content: Uint8Array): AsyncGenerator<Uint8Array> {
  const header = newHeader(randomBytes(PREFIX_BYTES));
  const chunks = new ChunkSequence(messageId, key, header);
  yield header;
  for (let at = 0; at === 0 || at < content.length; at += CHUNK_BYTES) {
    const last = at + CHUNK_BYTES >= content.length;
    yield Buffer.concat(chunks.seal(content.subarray(at, at + CHUNK_BYTES), last ? 'last' : 'more-follow'));
    await turn();
  }
}

const T = Date.UTC(2026, 10, 27, 9);
const PAT = 'pat@home.example';
const text = (subject: string, from: string, body: string): Uint8Array =>
  Buffer.from(
    [
      `From: ${from}`,
      `To: ${PAT}`,
      `Subject: ${subject}`,
      'Date: Fri, 27 Nov 2026 09:00:00 +0000',
      'Message-ID: <one@clinic.example>',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      body,
      '',
    ].join('\r\n'),
  );

/** Five messages: one that a mailed code opens, one that wants more, one whose mail system fell short, one recalled, one to somebody else. */
export function memoryMessages(): readonly MemoryMessage[] {
  const usual = {
    brand: 'default',
    from: 'Dr. Jane Roe',
    sentAt: T,
    expiresAt: T + 30 * 86_400_000,
    state: 'open',
    opened: false,
    wants: 'address',
    address: PAT,
    mailedCode: 'may-travel',
  } as const;
  const id = (letter: string): string => `01M000000000000000000000A${letter}/0`;
  const jane = 'Jane Roe <jane.roe@clinic.example>';
  return [
    { ...usual, deliveryId: id('A'), content: text('Your visit on Friday', jane, 'Please come at nine.') },
    { ...usual, deliveryId: id('B'), wants: 'clinic', content: text('Result', jane, 'The result is here.') },
    { ...usual, deliveryId: id('C'), wants: 'clinic', mailedCode: 'below-floor', content: text('Result', jane, 'It is normal.') },
    { ...usual, deliveryId: id('D'), state: 'recalled', content: text('Sent by mistake', jane, 'Not for you.') },
    {
      ...usual,
      deliveryId: id('E'),
      address: 'ann@home.example',
      brand: 'lab',
      content: Buffer.alloc(300_000, 'Content-Type: text/plain\r\n\r\n'),
    },
  ];
}
