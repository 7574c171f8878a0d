// The gateway's end of the wire: serves a PickupDesk over a Unix socket that the portal's group may connect to. Whoever runs the portal is not
// trusted: shapes, sizes, times and connections are bounded, and what goes wrong here is a status without a word.
import http from 'node:http';
import type { DeskClient, PickupDesk } from '../gateway/pickup/desk.ts';
import { MailError, type MailErrorCode } from '../mail/mail-error.ts';
import { prepareDeskSocket } from './desk-socket.ts';
import {
  parseJson,
  SEALED_ASKS,
  WIRE_CALLS,
  WIRE_LIMITS,
  WIRE_PREFIX,
  type WireAnswers,
  type WireAsks,
  type WireCall,
} from './desk-wire.ts';
import { BodyCutOff, type LineAndBody, lineAndBody } from './desk-request.ts';

export interface DeskServer {
  /** Takes no new calls, cuts those under way, removes the socket. */
  close(): Promise<void>;
}

export interface DeskServerEvents {
  /** An exception of the desk. */
  readonly bug: (call: string, error: unknown) => void;
}

export type DeskServerStart =
  { readonly kind: 'listening'; readonly server: DeskServer } | { readonly kind: 'refused'; readonly text: string };

export type DeskLimits = { readonly [L in keyof typeof WIRE_LIMITS]: number };

/** No bugs: too many tries at once, a disk that is full or failing. It is over in a moment, or the gateway starts anew. */
const BUSY: readonly MailErrorCode[] = ['auth.busy', 'store.disk-full', 'store.unavailable', 'store.too-slow'];

/** Listens at `socketPath`. */
export async function startDeskServer(
  socketPath: string,
  desk: PickupDesk,
  events: DeskServerEvents,
  limits: DeskLimits = WIRE_LIMITS,
): Promise<DeskServerStart> {
  const place = await prepareDeskSocket(socketPath);
  if (place.kind === 'refused') return place;
  const server = http.createServer(
    { maxHeaderSize: 8192, headersTimeout: limits.lineMs, requestTimeout: 0, keepAliveTimeout: 1, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      request.on('error', () => response.destroy());
      response.on('error', () => response.destroy());
      response.setHeader('connection', 'close');
      serve(request, response, desk, limits).catch((error: unknown) => {
        const busy = error instanceof MailError && BUSY.includes(error.code);
        if (!busy && !(error instanceof BodyCutOff)) events.bug(request.url ?? '', error);
        if (response.headersSent) response.destroy();
        else end(request, response, busy ? 503 : 500);
      });
    },
  );
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleMs, (socket) => socket.destroy());
  await place.listen(server);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { kind: 'listening', server: { close } };
}

async function serve(request: http.IncomingMessage, response: http.ServerResponse, desk: PickupDesk, limits: DeskLimits): Promise<void> {
  const call = request.url?.startsWith(WIRE_PREFIX) === true ? request.url.slice(WIRE_PREFIX.length) : '';
  if (request.method !== 'POST' || !(call === 'sealed' || Object.hasOwn(WIRE_CALLS, call))) return end(request, response, 404);
  const read = await lineAndBody(request, limits);
  if (read === 'refused') return end(request, response, 400);
  if (call === 'sealed') return serveSealed(read, request, response, desk);
  const reply = await perform(call as WireCall, read, desk);
  if (reply === undefined) return end(request, response, 400);
  const json = Buffer.from(JSON.stringify(reply));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
  response.end(json);
  // What is left of an answer that was not wanted is read away: the caller sees the reply and stops.
  request.resume();
}

async function serveSealed(
  { line }: LineAndBody,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  desk: PickupDesk,
): Promise<void> {
  const asked = SEALED_ASKS.safeParse(parseJson(line));
  if (!asked.success) return end(request, response, 400);
  const sealed = await desk.sealed(asked.data);
  if (sealed === null) return end(request, response, 204);
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  for await (const piece of sealed) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

/** Resolves when more may be written, or nobody reads any more. */
function drained(response: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

type Serve<C extends WireCall> = (asked: WireAsks<C>, desk: PickupDesk, body: AsyncIterable<Uint8Array>) => Promise<WireAnswers<C>>;

/** Undefined: the request is not of this version. */
async function perform(call: WireCall, { line, body }: LineAndBody, desk: PickupDesk): Promise<unknown> {
  const asked = WIRE_CALLS[call].asks.safeParse(parseJson(line));
  if (!asked.success) return undefined;
  const work: (asked: never, desk: PickupDesk, body: AsyncIterable<Uint8Array>) => Promise<unknown> = SERVE[call];
  return work(asked.data as never, desk, body);
}

function split<T extends { readonly client: DeskClient }>(asked: T): readonly [Omit<T, 'client'>, DeskClient] {
  const { client, ...rest } = asked;
  return [rest, client];
}

const SERVE: { readonly [C in WireCall]: Serve<C> } = {
  look: async ({ link, client }, desk) => desk.look(link, client),
  sendCode: ({ link, by, client }, desk) => desk.sendCode(link, by, client),
  enterCode: (asked, desk) => desk.enterCode(...split(asked)),
  enterPassword: (asked, desk) => desk.enterPassword(...split(asked)),
  passkeyOptions: ({ brand, client }, desk) => desk.passkeyOptions(brand, client),
  enterPasskey: (asked, desk) => desk.enterPasskey(...split(asked)),
  session: async ({ session, activity }, desk) => mutable(await desk.session(session, activity)),
  leave: async ({ session }, desk) => {
    await desk.leave(session);
    return null;
  },
  choosePerson: (asked, desk) => desk.choosePerson(...split(asked)),
  changePerson: (asked, desk) => desk.changePerson(...split(asked)),
  enrolPassword: (asked, desk) => desk.enrolPassword(...split(asked)),
  newTotp: ({ session }, desk) => desk.newTotp(session),
  enrolTotp: (asked, desk) => desk.enrolTotp(...split(asked)),
  newPasskey: ({ session, brand }, desk) => desk.newPasskey(session, brand),
  enrolPasskey: (asked, desk) => desk.enrolPasskey(...split(asked)),
  removeFactor: (asked, desk) => desk.removeFactor(...split(asked)),
  open: async (asked, desk) => {
    const opened = await desk.open(...split(asked));
    if (opened.kind !== 'open') return opened;
    return {
      ...opened,
      standIns: [...opened.standIns],
      answered: [...opened.answered],
      contentKey: Buffer.from(opened.contentKey).toString('base64url'),
    };
  },
  downloading: (asked, desk) => desk.downloading(...split(asked)),
  answer: ({ session, answer, client }, desk, body) => desk.answer({ session, answer, body }, client),
  begin: ({ session, message, client }, desk, body) => desk.begin({ session, message, body }, client),
};

/** Shapes of zod may be changed by whoever holds them: a copy is theirs. */
function mutable(view: Awaited<ReturnType<PickupDesk['session']>>): WireAnswers<'session'> {
  if (view === null) return null;
  const person = view.person === null ? null : { ...view.person, factors: [...view.person.factors] };
  return { ...view, person, people: [...view.people], messages: [...view.messages] };
}

function end(request: http.IncomingMessage, response: http.ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 });
  response.end();
  request.resume();
}
