// The wire between portal and gateway: each call of PickupDesk as one HTTP request over a Unix socket. A request is one line of JSON, behind it the
// octets of an answer where there are any; the reply is JSON, or the octets of sealed content. Both sides check every shape.
import path from 'node:path';
import { z } from 'zod';
import { ASSURANCES, ENROLLED_KINDS, PHONE_WAYS } from '../mail/pickup.ts';

/** Beside the folder of the control socket, which only the service's own user may enter: this one the portal's group may. */
export function deskSocketPath(runFolder: string): string {
  return path.join(`${runFolder}-portal`, 'desk.sock');
}

export const WIRE_PREFIX = '/desk/1/';

export const WIRE_LIMITS = {
  /** The line of JSON: 500 addresses of an answer fit. */
  lineBytes: 256 * 1024,
  /** JSON of a reply: 200 lines and 100 people fit. */
  replyBytes: 1024 * 1024,
  /** An answer with its attachments, encoded: no gateway takes more. */
  bodyBytes: 256 * 1024 * 1024,
  /** Until the line is here. */
  lineMs: 10_000,
  /** Without an octet either way, while something is streamed. */
  idleMs: 60_000,
  /** From the line to the reply. */
  answerMs: 60_000,
  connections: 256,
} as const;

const text = (limit: number): z.ZodString => z.string().max(limit);
const id = z.int().min(1);
const session = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const link = text(100);
const deliveryId = text(40);
const count = z.int().min(0);
const time = z.int();
const client = z.strictObject({ address: text(64), userAgent: text(512) });
const assurance = z.enum(ASSURANCES);
const phoneWays = z.array(z.enum(PHONE_WAYS)).max(PHONE_WAYS.length).readonly();
const pickupState = z.enum(['open', 'recalled', 'expired', 'removed']);

const form = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const outgoing = { form, subject: text(998), contentType: text(200), transferEncoding: z.enum(['7bit', 'quoted-printable']) } as const;
const answer = z.strictObject({
  ...outgoing,
  deliveryId,
  to: z.enum(['originator', 'all']),
  headerMessageId: text(998).nullable(),
  references: text(8192).nullable(),
  others: z.array(text(320)).max(500),
});
const newMessage = z.strictObject({ ...outgoing, to: text(320) });

const face = z.strictObject({
  deliveryId,
  brand: text(100),
  state: pickupState,
  from: text(500).nullable(),
  sentAt: time,
  expiresAt: time,
  language: text(35),
  wants: assurance,
  mailedCode: z.enum(['may-travel', 'below-floor']),
  phone: phoneWays,
  code: z.enum(['on-its-way', 'handed-over', 'not-safe']).nullable(),
});

const signIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signed-in'), session }),
  z.strictObject({ kind: z.literal('wait'), forMs: count }),
  z.strictObject({ kind: z.enum(['wrong', 'totp', 'gone']) }),
]);

const passkeyOptions = z.strictObject({ challengeId: text(64), options: z.record(z.string(), z.unknown()) });

const line = z.strictObject({
  deliveryId,
  link,
  brand: text(100),
  from: text(500).nullable(),
  sentAt: time,
  expiresAt: time,
  state: pickupState,
  opened: z.boolean(),
  sizeBytes: count,
  wants: assurance,
});

const person = z.strictObject({
  id,
  name: text(200).nullable(),
  language: text(35).nullable(),
  factors: z.array(
    z.strictObject({
      id,
      kind: z.enum(ENROLLED_KINDS),
      label: text(100).nullable(),
      assurance,
      createdAt: time,
      lastUsedAt: time.nullable(),
    }),
  ),
});

const sessionView = z.strictObject({
  brand: text(100),
  assurance,
  person: person.nullable(),
  people: z.array(z.strictObject({ id, name: text(200).nullable() })),
  idleUntil: time,
  endsAt: time,
  phone: z.strictObject({ ways: phoneWays, ends: text(2) }).nullable(),
  cameFor: deliveryId.nullable(),
  messages: z.array(line).max(200),
});

const enrolled = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['enrolled', 'signed-out', 'prove-again']) }),
  z.strictObject({ kind: z.literal('refused'), why: z.enum(['too-short', 'too-long', 'too-common', 'wrong', 'too-many']) }),
]);

const opened = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('open'),
    line,
    recipient: text(320),
    standIns: z.array(z.strictObject({ address: text(320), person: text(320) })),
    contentKey: z.base64url().length(43),
    place: z.enum(['row', 'file']),
    sizeBytes: count,
    answers: z.enum(['originator', 'all', 'none']),
    answered: z.array(z.strictObject({ at: time, state: z.enum(['on-its-way', 'delivered', 'not-delivered']) })),
  }),
  z.strictObject({ kind: z.enum(['step-up', 'recalled', 'gone', 'signed-out']) }),
]);

const answered = z.strictObject({ kind: z.enum(['accepted', 'refused', 'too-large', 'busy', 'signed-out', 'gone']) });
const oldSession = session.nullable();
/** Counted in code points where it is checked; this bounds what travels. */
const password = text(4096);
const code = text(64);
const response = z.unknown();

/** Every call: what is asked, what is answered. `sealed` answers with octets and has no shape here. */
export const WIRE_CALLS = {
  look: { asks: z.strictObject({ link, client }), answers: face.nullable() },
  sendCode: {
    asks: z.strictObject({ link, by: z.enum(['mail', ...PHONE_WAYS]), client }),
    answers: z.enum(['sent', 'wait', 'not-safe', 'not-offered', 'no-more', 'gone']),
  },
  enterCode: { asks: z.strictObject({ link, code, session: oldSession, client }), answers: signIn },
  enterPassword: {
    asks: z.strictObject({ link, password, totp: code.nullable(), session: oldSession, client }),
    answers: signIn,
  },
  passkeyOptions: { asks: z.strictObject({ brand: text(100), client }), answers: passkeyOptions },
  enterPasskey: { asks: z.strictObject({ challengeId: text(64), response, session: oldSession, client }), answers: signIn },
  session: { asks: z.strictObject({ session, activity: z.enum(['person', 'none']) }), answers: sessionView.nullable() },
  leave: { asks: z.strictObject({ session }), answers: z.null() },
  choosePerson: {
    asks: z.strictObject({ session, person: z.union([id, z.strictObject({ name: text(200) })]), client }),
    answers: signIn,
  },
  changePerson: {
    asks: z.strictObject({ session, name: text(200).nullable(), language: text(35).nullable(), client }),
    answers: z.enum(['done', 'signed-out']),
  },
  enrolPassword: { asks: z.strictObject({ session, password, client }), answers: enrolled },
  newTotp: { asks: z.strictObject({ session }), answers: z.strictObject({ uri: text(1000), secret: text(200) }).nullable() },
  enrolTotp: { asks: z.strictObject({ session, code, client }), answers: enrolled },
  newPasskey: { asks: z.strictObject({ session, brand: text(100) }), answers: passkeyOptions.nullable() },
  enrolPasskey: {
    asks: z.strictObject({ session, challengeId: text(64), response, label: text(100), client }),
    answers: enrolled,
  },
  removeFactor: {
    asks: z.strictObject({ session, factorId: id, client }),
    answers: z.enum(['done', 'not-found', 'signed-out', 'prove-again']),
  },
  open: { asks: z.strictObject({ session, deliveryId, client }), answers: opened },
  downloading: { asks: z.strictObject({ session, deliveryId, part: text(64), client }), answers: z.enum(['go', 'stop']) },
  answer: { asks: z.strictObject({ session, answer, client }), answers: answered },
  begin: { asks: z.strictObject({ session, message: newMessage, client }), answers: answered },
} as const;

export const SEALED_ASKS = z.strictObject({ session, deliveryId });

export type WireCall = keyof typeof WIRE_CALLS;
export type WireAsks<C extends WireCall> = z.output<(typeof WIRE_CALLS)[C]['asks']>;
export type WireAnswers<C extends WireCall> = z.output<(typeof WIRE_CALLS)[C]['answers']>;

/** JSON of a line, or undefined where it is none. */
export function parseJson(octets: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
