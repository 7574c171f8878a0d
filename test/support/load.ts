// Load for a real Postern: raw submission over kept TLS connections, as mail clients do it. Every 250 is noted with Postern's id, every
// failure too; what got no 250 is sent again, the same octets, until it has one. So whoever reads the notes knows what was promised.
import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Postern } from './postern.ts';
import { Dialogue } from './smtp-dialogue.ts';

export interface LoadMessage {
  /** Also the left part of its Message-ID. */
  readonly testId: string;
  readonly recipients: readonly string[];
  readonly content: string;
  /** SHA-256 of the body, hex: what arrives must have the same. */
  readonly bodySha256: string;
}

export interface Accepted {
  /** Postern's id, out of the 250. */
  readonly messageId: string;
  readonly message: LoadMessage;
  /** How often the whole message was sent until then. */
  readonly tries: number;
}

export interface Failure {
  readonly testId: string;
  /** The reply, or '' where the connection was lost. */
  readonly reply: string;
}

export const SENDER = 'nurse@clinic.test';

/** @param sizeBytes about how large */
export function loadMessage(testId: string, recipients: readonly string[], sizeBytes: number): LoadMessage {
  const line = `${testId} ${'0123456789 '.repeat(6)}\r\n`;
  const header = `From: Nurse <${SENDER}>\r\nTo: undisclosed-recipients:;\r\nMessage-ID: <${testId}@load.test>\r\nX-Test-Id: ${testId}\r\n`;
  const body = line.repeat(Math.max(1, Math.floor(sizeBytes / line.length)));
  return { testId, recipients, content: `${header}\r\n${body}`, bodySha256: hash('sha256', body, 'hex') };
}

export interface LoadOptions {
  readonly postern: Postern;
  readonly messages: Iterable<LoadMessage>;
  readonly connections: number;
  /** What has no 250 yet is sent again; 'once' leaves it. */
  readonly again: 'until-taken' | 'once';
}

/** The notes of a load: they grow while it runs. */
export class Load {
  readonly accepted: Accepted[] = [];
  readonly failures: Failure[] = [];
  readonly done: Promise<void>;
  #stopped = false;

  constructor(options: LoadOptions) {
    const messages = options.messages[Symbol.iterator]();
    const work = Array.from({ length: options.connections }, () => this.#connection(messages, options));
    this.done = Promise.all(work).then(() => undefined);
  }

  /** No new messages; those under way get their 250 first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.done;
  }

  async #connection(messages: Iterator<LoadMessage>, options: LoadOptions): Promise<void> {
    let session: Dialogue | null = null;
    for (let next = messages.next(); next.done !== true && !this.#stopped; next = messages.next()) {
      for (let tries = 1; ; tries++) {
        session ??= await openSession(options.postern);
        const reply: string = session === null ? '' : await submit(session, next.value);
        const messageId = /^250 .*(?:accepted as|kept as) ([0-9A-Z]{26})$/.exec(reply)?.[1];
        if (messageId !== undefined) {
          this.accepted.push({ messageId, message: next.value, tries });
          break;
        }
        this.failures.push({ testId: next.value.testId, reply });
        session?.destroy();
        session = null;
        if (options.again === 'once') break;
        await wait(RETRY_MS);
      }
    }
    session?.destroy();
  }
}

/** How long a client waits before it comes again. */
const RETRY_MS = 20;

/** A session logged in, or null where nobody listens just now. */
export async function openSession(postern: Postern): Promise<Dialogue | null> {
  if (!postern.running) return null;
  const { name, password } = postern.login;
  try {
    const session = await Dialogue.connect(postern.port, { tls: { ca: postern.ca.certificatePem }, mode: 'implicit' });
    await session.reply();
    await session.say('EHLO load.test');
    if ((await session.login(name, password)).startsWith('235')) return session;
    session.destroy();
    return null;
  } catch {
    return null;
  }
}

/** One transaction, pipelined (RFC 2920). Gives the reply to the dot, the first refusal, or '' where the connection was lost. */
export async function submit(session: Dialogue, { recipients, content }: LoadMessage): Promise<string> {
  const commands = [`MAIL FROM:<${SENDER}>`, ...recipients.map((address) => `RCPT TO:<${address}>`), 'DATA'];
  session.write(commands.map((line) => `${line}\r\n`).join(''));
  const replies: string[] = [];
  for (let i = 0; i < commands.length; i++) replies.push(await session.reply());
  const refused = replies.slice(0, -1).find((reply) => !reply.startsWith('250'));
  if (refused !== undefined || !replies.at(-1)?.startsWith('354')) return refused ?? replies.at(-1) ?? '';
  session.write(`${content}.\r\n`);
  return session.reply();
}
