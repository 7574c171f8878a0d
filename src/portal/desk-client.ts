// The portal's end of the wire: a PickupDesk whose every call is one request over the gateway's socket. What fails is a DeskUnavailable with a
// code of our own; nothing that the other side wrote gets into its text.
import http from 'node:http';
import type { DeskClient, PickupDesk } from '../gateway/pickup/desk.ts';
import type { z } from 'zod';
import { parseJson, WIRE_CALLS, WIRE_LIMITS, WIRE_PREFIX, type WireAnswers, type WireAsks, type WireCall } from './desk-wire.ts';

/**
 * 'no-service': nobody listens, or the socket is another user's. 'busy': try again. 'late': no reply in time. 'cut-off': it went away in the middle.
 * 'failed': the gateway says so. 'broken': not of this version. 'body': what was to be sent failed on our side.
 */
export type DeskFailure = 'no-service' | 'busy' | 'late' | 'cut-off' | 'failed' | 'broken' | 'body';

export class DeskUnavailable extends Error {
  readonly code: DeskFailure;

  constructor(code: DeskFailure) {
    super(`the gateway cannot be asked: ${code}`);
    this.name = 'DeskUnavailable';
    this.code = code;
  }
}

/** Nobody's fault here, and over in a moment: the gateway starts, stops or has much to do. What was asked may have been done. */
export function isPassing(error: unknown): boolean {
  return error instanceof DeskUnavailable && PASSING.includes(error.code);
}

const PASSING: readonly DeskFailure[] = ['no-service', 'busy', 'late', 'cut-off'];

export interface DeskClientLimits {
  readonly answerMs: number;
  readonly idleMs: number;
  readonly replyBytes: number;
}

/** A desk over the socket at `socketPath`. Every method may reject with a DeskUnavailable, and with nothing else. */
export function deskClient(socketPath: string, limits: DeskClientLimits = WIRE_LIMITS): PickupDesk {
  const wire: Wire = { socketPath, limits };
  const ask = async <C extends WireCall>(
    call: C,
    asks: WireAsks<C>,
    body: AsyncIterable<Uint8Array> | null = null,
  ): Promise<WireAnswers<C>> => {
    const reply = await request(wire, call, asks, body);
    if (reply.statusCode !== 200) throw gaveUp(reply);
    const shape: z.ZodType<WireAnswers<C>> = WIRE_CALLS[call].answers as never;
    const parsed = shape.safeParse(parseJson(await wholeOf(reply, limits.replyBytes)));
    if (!parsed.success) throw new DeskUnavailable('broken');
    return parsed.data;
  };
  const from = ({ address, userAgent }: DeskClient): DeskClient => ({ address, userAgent: userAgent.slice(0, 512) });
  return {
    look: (link, client) => ask('look', { link, client: from(client) }),
    sendCode: (link, by, client) => ask('sendCode', { link, by, client: from(client) }),
    enterCode: (asked, client) => ask('enterCode', { ...asked, client: from(client) }),
    enterPassword: (asked, client) => ask('enterPassword', { ...asked, client: from(client) }),
    passkeyOptions: (brand, client) => ask('passkeyOptions', { brand, client: from(client) }),
    enterPasskey: (asked, client) => ask('enterPasskey', { ...asked, client: from(client) }),
    session: (session, activity) => ask('session', { session, activity }),
    async leave(session) {
      await ask('leave', { session });
    },
    choosePerson: (asked, client) => ask('choosePerson', { ...asked, client: from(client) }),
    changePerson: (asked, client) => ask('changePerson', { ...asked, client: from(client) }),
    enrolPassword: (asked, client) => ask('enrolPassword', { ...asked, client: from(client) }),
    newTotp: (session) => ask('newTotp', { session }),
    enrolTotp: (asked, client) => ask('enrolTotp', { ...asked, client: from(client) }),
    newPasskey: (session, brand) => ask('newPasskey', { session, brand }),
    enrolPasskey: (asked, client) => ask('enrolPasskey', { ...asked, client: from(client) }),
    removeFactor: (asked, client) => ask('removeFactor', { ...asked, client: from(client) }),
    async open(asked, client) {
      const opened = await ask('open', { ...asked, client: from(client) });
      return opened.kind === 'open' ? { ...opened, contentKey: Buffer.from(opened.contentKey, 'base64url') } : opened;
    },
    async sealed(asked) {
      const reply = await request(wire, 'sealed', asked, null);
      if (reply.statusCode === 204) return discarded(reply);
      if (reply.statusCode !== 200) throw gaveUp(reply);
      return piecesOf(reply);
    },
    downloading: (asked, client) => ask('downloading', { ...asked, client: from(client) }),
    answer: ({ session, answer, body }, client) =>
      ask('answer', { session, answer: { ...answer, others: [...answer.others] }, client: from(client) }, body),
    begin: ({ session, message, body }, client) => ask('begin', { session, message, client: from(client) }, body),
  };
}

interface Wire {
  readonly socketPath: string;
  readonly limits: DeskClientLimits;
}

/** Resolves with the head of the reply, which may come before the body is sent: then the rest of it is not. */
function request(
  { socketPath, limits }: Wire,
  call: string,
  asks: object,
  body: AsyncIterable<Uint8Array> | null,
): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const outgoing = http.request({ socketPath, path: `${WIRE_PREFIX}${call}`, method: 'POST', agent: false });
  const fail = (code: DeskFailure): void => {
    reject(new DeskUnavailable(code));
    outgoing.destroy();
  };
  outgoing.setTimeout(limits.idleMs, () => fail('late'));
  outgoing.on('error', (error: NodeJS.ErrnoException) => fail(failureOf(error.code)));
  outgoing.on('response', (reply) => {
    clearTimeout(late);
    reply.on('error', () => undefined);
    resolve(reply);
  });
  let late = setTimeout(() => undefined, 0);
  const waitForReply = (): void => {
    clearTimeout(late);
    late = setTimeout(() => fail('late'), limits.answerMs);
  };
  outgoing.on('close', () => clearTimeout(late));
  const line = `${JSON.stringify(asks)}\n`;
  if (body === null) {
    // In one piece: a gateway that replies and closes before the end of a request is here would cut its own reply off.
    outgoing.end(line);
    waitForReply();
  } else {
    outgoing.write(line);
    send(outgoing, body).then(waitForReply, () => fail('body'));
  }
  return promise;
}

/** Sends the body with back-pressure, until its end or until nobody wants more. */
async function send(outgoing: http.ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    outgoing.once('response', () => resolve());
    outgoing.once('close', () => resolve());
  });
  let wanted = true;
  void answered.then(() => (wanted = false));
  for await (const piece of body) {
    if (!wanted) break;
    if (!outgoing.write(piece)) await Promise.race([answered, new Promise<void>((resolve) => outgoing.once('drain', () => resolve()))]);
  }
  outgoing.end();
}

async function* piecesOf(reply: http.IncomingMessage): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of reply) yield piece as Uint8Array;
  } catch {
    throw new DeskUnavailable('cut-off');
  }
}

async function wholeOf(reply: http.IncomingMessage, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of piecesOf(reply)) {
    sizeBytes += piece.length;
    if (sizeBytes > limit) throw new DeskUnavailable('broken');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function gaveUp(reply: http.IncomingMessage): DeskUnavailable {
  const { statusCode } = reply;
  discarded(reply);
  return new DeskUnavailable(statusCode === 503 ? 'busy' : statusCode === 500 ? 'failed' : 'broken');
}

function discarded(reply: http.IncomingMessage): null {
  reply.resume();
  return null;
}

function failureOf(code: string | undefined): DeskFailure {
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EACCES' || code === 'EPERM' ? 'no-service' : 'cut-off';
}
