// MAIL, RCPT and DATA, and the replies to them: in one write where the next hop offers PIPELINING (RFC 2920), else one after another and no
// further than makes sense. Replies are sorted to their commands; what they mean is dialogue.ts.
import type { TlsEvidence } from '../mail/tls.ts';
import type { Broken, Connection, Received } from './connection.ts';
import { mailCommand, rcptCommand } from './envelope-commands.ts';
import type { RawReply } from './reply-reader.ts';
import type { Session } from './session.ts';
import type { Timeouts } from './timeouts.ts';
import type { SendRequest } from './transport.ts';

export interface Transaction {
  readonly request: SendRequest;
  /** Indexes into request.recipients that can be sent over this session. */
  readonly going: readonly number[];
  readonly smtpUtf8: 'ask' | 'leave';
  readonly requireTls: 'ask' | 'leave';
  /** Evidence for this message. */
  readonly tls: TlsEvidence;
  /** An earlier transaction of this session was left open: RSET goes first. */
  readonly reset: 'first' | 'no';
}

export interface Replies {
  readonly mail: RawReply;
  /** In the order of `going`. */
  readonly rcpt: readonly Received[];
  /** Null where DATA was not sent. */
  readonly data: Received | null;
}

/** So many commands are in flight at once: MAIL, the 100 recipients that every server takes (RFC 5321 4.5.3.1.8), DATA, RSET. */
const WINDOW = 103;

/** Broken where MAIL got no answer. */
export async function exchangeEnvelope(session: Session, transaction: Transaction, timeouts: Timeouts): Promise<Replies | Broken> {
  const { connection, offer } = session;
  const { request, smtpUtf8, requireTls, reset } = transaction;
  if (!connection.inStep) return { broken: connection.broken ?? 'delivery.protocol-error' };
  const facts = { envelope: request.envelope, content: request.content, smtpUtf8, requireTls };
  const texts = reset === 'first' ? ['RSET\r\n', mailCommand(facts, offer)] : [mailCommand(facts, offer)];
  const mailAt = texts.length - 1;
  for (const i of transaction.going) {
    const recipient = request.recipients[i];
    if (recipient !== undefined) texts.push(rcptCommand(recipient, smtpUtf8, offer));
  }
  texts.push('DATA\r\n');
  const commands: Commands = { texts, mailAt, encoding: smtpUtf8 === 'ask' ? 'utf8' : 'latin1' };
  const replies = await (offer.has('PIPELINING') ? pipelined(connection, commands, timeouts) : inTurn(connection, commands, timeouts));
  return collected(replies, mailAt, transaction.going.length);
}

export function isTaken(reply: Received): boolean {
  return !('broken' in reply) && reply.code >= 200 && reply.code < 300;
}

interface Commands {
  /** RSET where there is one, MAIL, every RCPT, DATA. */
  readonly texts: readonly string[];
  readonly mailAt: number;
  readonly encoding: 'latin1' | 'utf8';
}

async function pipelined(connection: Connection, { texts, encoding }: Commands, timeouts: Timeouts): Promise<readonly Received[]> {
  const replies: Received[] = [];
  for (let i = 0; i < texts.length; i++) {
    if (i % WINDOW === 0) connection.write(texts.slice(i, i + WINDOW).join(''), encoding);
    const reply = await connection.next(limitOf(i, texts, timeouts));
    replies.push(reply);
    if ('broken' in reply) break;
  }
  return replies;
}

async function inTurn(connection: Connection, { texts, mailAt, encoding }: Commands, timeouts: Timeouts): Promise<readonly Received[]> {
  const replies: Received[] = [];
  for (const [i, text] of texts.entries()) {
    const isData = i === texts.length - 1;
    if (isData && !replies.slice(mailAt + 1).some(isTaken)) break;
    // A reply that is already here would pass for the answer to a command not yet sent.
    if (!connection.inStep) connection.cut('delivery.protocol-error');
    if (connection.broken !== null) return [...replies, { broken: connection.broken }];
    connection.write(text, encoding);
    const reply = await connection.next(limitOf(i, texts, timeouts));
    replies.push(reply);
    if ('broken' in reply || (i === mailAt && !isTaken(reply))) break;
  }
  return replies;
}

function limitOf(i: number, texts: readonly string[], timeouts: Timeouts): number {
  return i === texts.length - 1 ? timeouts.dataStartMs : timeouts.commandMs;
}

/** Sorts replies to the commands; what was not answered is broken for the reason that the last one was. */
function collected(replies: readonly Received[], mailAt: number, recipients: number): Replies | Broken {
  const last = replies.at(-1);
  const missing: Broken = last !== undefined && 'broken' in last ? last : { broken: 'delivery.connection-lost' };
  const mail = replies[mailAt] ?? missing;
  if ('broken' in mail) return mail;
  const rcpt = Array.from({ length: recipients }, (_, i) => replies[mailAt + 1 + i] ?? missing);
  return { mail, rcpt, data: replies[mailAt + 1 + recipients] ?? (last === missing ? missing : null) };
}
