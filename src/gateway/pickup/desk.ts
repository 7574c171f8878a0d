// The desk where pickups are handed out: what the portal, which faces the world, may ask of the gateway, which holds the data. Whoever runs the
// portal gets what a session has proved and nothing else: no key but the one message's, no address to try, no way to write evidence but these.
// Expected outcomes are values. Every call that shows or changes something leaves evidence here, not there.
import type { Assurance, EnrolledKind, PhoneWay, PickupState } from '../../mail/pickup.ts';
import type { StandIn } from '../../mail/stand-in.ts';

/** Who asks, for evidence (sealed) and for counting tries. */
export interface DeskClient {
  readonly address: string;
  readonly userAgent: string;
}

/** What may be told to anybody who has the link. */
export interface PickupFace {
  /** So that somebody whose session lists it gets there without a code. */
  readonly deliveryId: string;
  /** Name in the configuration: words, colours, whom to call. */
  readonly brand: string;
  readonly state: PickupState;
  /** Who wrote, where policy lets it be told: a display name or an address of the organisation; null: the organisation only. */
  readonly from: string | null;
  readonly sentAt: number;
  readonly expiresAt: number;
  /** Language of its notice, for a browser that asks for none of ours. */
  readonly language: string;
  readonly wants: Assurance;
  /** Ways in that make sense now. Whether anybody is enrolled at the address is not told before a code or a sign-in: 'password' and 'passkey' always stand. */
  readonly mailedCode: 'may-travel' | 'below-floor';
  /** How a code could get to a telephone; whether there is a number is not told here either. */
  readonly phone: readonly PhoneWay[];
  /** How the last mailed code fares, or null where none was asked for in the last minutes. */
  readonly code: 'on-its-way' | 'handed-over' | 'not-safe' | null;
}

/** Of a telephone, 'sent' says that a code goes to each number there is, and there may be none. 'no-more': the limit of the day or the hour. */
export type CodeSent = 'sent' | 'wait' | 'not-safe' | 'not-offered' | 'no-more' | 'gone';

/** A new session, always with a new token; an old one that was given is over. */
export interface SignedIn {
  readonly kind: 'signed-in';
  /** 256 bits, base64url: for the cookie. */
  readonly session: string;
}

/** 'wrong' counts as a failed try; 'wait': too many from this network, in `forMs` again; 'totp': the password is right and a code of the app is wanted. */
export type NotSignedIn =
  { readonly kind: 'wrong' } | { readonly kind: 'wait'; readonly forMs: number } | { readonly kind: 'totp' } | { readonly kind: 'gone' };

export interface SessionView {
  readonly brand: string;
  readonly assurance: Assurance;
  /** Null until it is known who of several people this is. */
  readonly person: PersonView | null;
  /** Everybody who reads at this address, for the question who this is. */
  readonly people: readonly { readonly id: number; readonly name: string | null }[];
  readonly idleUntil: number;
  readonly endsAt: number;
  /** How a code could get to this person's telephone, and the last two digits of its number; null where there is none or no way to it. */
  readonly phone: { readonly ways: readonly PhoneWay[]; readonly ends: string } | null;
  /** The delivery whose link the session came in by; null where it came by a passkey alone. */
  readonly cameFor: string | null;
  /** Newest first, at most 200. What needs more assurance is listed without who wrote. */
  readonly messages: readonly MessageLine[];
}

export interface PersonView {
  readonly id: number;
  readonly name: string | null;
  readonly language: string | null;
  readonly factors: readonly {
    readonly id: number;
    readonly kind: EnrolledKind;
    readonly label: string | null;
    readonly assurance: Assurance;
    readonly createdAt: number;
    readonly lastUsedAt: number | null;
  }[];
}

export interface MessageLine {
  readonly deliveryId: string;
  /** Token of its link: where a code for this one message is entered. */
  readonly link: string;
  readonly brand: string;
  readonly from: string | null;
  readonly sentAt: number;
  readonly expiresAt: number;
  readonly state: PickupState;
  readonly opened: boolean;
  readonly sizeBytes: number;
  readonly wants: Assurance;
}

/** One message, opened for one session. */
export interface OpenedPickup {
  readonly kind: 'open';
  readonly line: MessageLine;
  /** The envelope's recipient that this pickup is for: tells the portal which address of To and Cc is the reader. */
  readonly recipient: string;
  /** Addresses of ours in its header that stand for people: they are shown, and given out, as those (mail/stand-in.ts). */
  readonly standIns: readonly StandIn[];
  readonly contentKey: Uint8Array;
  readonly place: 'row' | 'file';
  readonly sizeBytes: number;
  /** May it be answered, and to whom: policy. */
  readonly answers: 'originator' | 'all' | 'none';
  readonly answered: readonly { readonly at: number; readonly state: 'on-its-way' | 'delivered' | 'not-delivered' }[];
}

export type NotOpened = { readonly kind: 'step-up' | 'recalled' | 'gone' | 'signed-out' };

/** An answer from the portal. The gateway writes the header; `body` is one MIME entity's body of the type given. */
export interface Answer {
  readonly deliveryId: string;
  readonly to: 'originator' | 'all';
  /** Of the original, as shown; the gateway encodes it and puts Re: before it. */
  readonly subject: string;
  /** Message-ID and References of the original with angle brackets, or null. */
  readonly headerMessageId: string | null;
  readonly references: string | null;
  /** Other people of the original's To and Cc, for 'all'; the gateway takes only those of its envelope that may be seen. */
  readonly others: readonly string[];
  /** Token of the form that it was written in: the same words sent twice from one form are one message, whatever became of the first reply. */
  readonly form: string;
  /** `text/plain; charset=utf-8` or `multipart/mixed`. */
  readonly contentType: string;
  readonly transferEncoding: '7bit' | 'quoted-printable';
}

export type Answered = { readonly kind: 'accepted' } | { readonly kind: 'refused' | 'too-large' | 'busy' | 'signed-out' | 'gone' };

/** A message that somebody begins from the portal's page, where the configuration allows it. */
export interface NewMessage extends Omit<Answer, 'deliveryId' | 'to' | 'others' | 'headerMessageId' | 'references'> {
  /** One of those that the brand lists. */
  readonly to: string;
}

export type PasskeyOptions = { readonly challengeId: string; readonly options: Readonly<Record<string, unknown>> };

export type Enrolled =
  | { readonly kind: 'enrolled' }
  | { readonly kind: 'refused'; readonly why: 'too-short' | 'too-long' | 'too-common' | 'wrong' | 'too-many' }
  /** 'prove-again': the last proof is too long ago to change by what somebody signs in (ASVS 5.0 7.5.1). */
  | { readonly kind: 'signed-out' | 'prove-again' };

export interface PickupDesk {
  /** Counts as 'looked' only; never spends or opens anything. Null: no such link. */
  look(link: string, client: DeskClient): Promise<PickupFace | null>;
  sendCode(link: string, by: 'mail' | PhoneWay, client: DeskClient): Promise<CodeSent>;
  /** A mailed code, one that went to a telephone, or one that the organisation gave: told apart by itself. */
  enterCode(
    request: { readonly link: string; readonly code: string; readonly session: string | null },
    client: DeskClient,
  ): Promise<SignedIn | NotSignedIn>;
  enterPassword(
    request: { readonly link: string; readonly password: string; readonly totp: string | null; readonly session: string | null },
    client: DeskClient,
  ): Promise<SignedIn | NotSignedIn>;
  /** @param brand whose host the page is of: a passkey belongs to a host */
  passkeyOptions(brand: string, client: DeskClient): Promise<PasskeyOptions>;
  enterPasskey(
    request: { readonly challengeId: string; readonly response: unknown; readonly session: string | null },
    client: DeskClient,
  ): Promise<SignedIn | NotSignedIn>;

  /** Null: there is none, or it has ended. Looking keeps it from idling out where `activity` says so. */
  session(session: string, activity: 'person' | 'none'): Promise<SessionView | null>;
  leave(session: string): Promise<void>;
  /** Says which of several people this is, or somebody new (name). Gives a new session. */
  choosePerson(
    request: { readonly session: string; readonly person: number | { readonly name: string } },
    client: DeskClient,
  ): Promise<SignedIn | NotSignedIn>;
  changePerson(
    request: { readonly session: string; readonly name: string | null; readonly language: string | null },
    client: DeskClient,
  ): Promise<'done' | 'signed-out'>;

  enrolPassword(request: { readonly session: string; readonly password: string }, client: DeskClient): Promise<Enrolled>;
  /**
   * The secret to show, as an otpauth URI; nothing is enrolled before `enrolTotp` has seen a right code. Asked again before that: the same one, so that a
   * wrong code costs no second scan.
   */
  newTotp(session: string): Promise<{ readonly uri: string; readonly secret: string } | null>;
  enrolTotp(request: { readonly session: string; readonly code: string }, client: DeskClient): Promise<Enrolled>;
  /** @param brand as above */
  newPasskey(session: string, brand: string): Promise<PasskeyOptions | null>;
  enrolPasskey(
    request: { readonly session: string; readonly challengeId: string; readonly response: unknown; readonly label: string },
    client: DeskClient,
  ): Promise<Enrolled>;
  removeFactor(
    request: { readonly session: string; readonly factorId: number },
    client: DeskClient,
  ): Promise<'done' | 'not-found' | 'signed-out' | 'prove-again'>;

  /** Records the reading; the first one ends the delivery as picked-up. */
  open(request: { readonly session: string; readonly deliveryId: string }, client: DeskClient): Promise<OpenedPickup | NotOpened>;
  /** The sealed octets of a message that `open` would open for this session: docs/spool-format.md. Null otherwise. */
  sealed(request: { readonly session: string; readonly deliveryId: string }): Promise<AsyncIterable<Uint8Array> | null>;
  /** An attachment or the whole message is about to leave for the reader's device; `part` is its place, never its name. */
  downloading(
    request: { readonly session: string; readonly deliveryId: string; readonly part: string },
    client: DeskClient,
  ): Promise<'go' | 'stop'>;
  answer(
    request: { readonly session: string; readonly answer: Answer; readonly body: AsyncIterable<Uint8Array> },
    client: DeskClient,
  ): Promise<Answered>;
  begin(
    request: { readonly session: string; readonly message: NewMessage; readonly body: AsyncIterable<Uint8Array> },
    client: DeskClient,
  ): Promise<Answered>;
}
