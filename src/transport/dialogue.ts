// One transaction: MAIL, RCPT, DATA, content, final dot (RFC 5321 3.3), pipelined where the next hop offers it (RFC 2920). Gives one outcome
// per recipient, whatever the next hop does, and says what became of the session.
import type { Outcome } from '../mail/outcome.ts';
import type { TlsEvidence } from '../mail/tls.ts';
import type { Broken, Connection, Received } from './connection.ts';
import { sendContent, type Sent } from './content-sender.ts';
import { exchangeEnvelope, isTaken, type Replies, type Transaction } from './envelope-exchange.ts';
import { broken, isClosing, refusedData, refusedMail, refusedRcpt, toReply } from './outcome-of-reply.ts';
import type { Session } from './session.ts';
import type { Stop } from './stop.ts';
import type { Timeouts } from './timeouts.ts';

export interface TransactionLimits {
  readonly timeouts: Timeouts;
  /** A whole transaction takes no longer. */
  readonly transactionMs: number;
  /** After a stop the reply to a final dot that has gone out is waited for so long. */
  readonly stopGraceMs: number;
}

export interface Transacted {
  /** In the order of `going`. */
  readonly outcomes: readonly Outcome[];
  /** `reset`: usable after RSET. `gone`: not usable. */
  readonly session: 'clean' | 'reset' | 'gone';
  /** The connection was lost, or closed with 421, before MAIL had an answer: on a kept connection that says nothing about this mail. */
  readonly mail: 'answered' | 'unanswered';
}

/** @throws what content or beforeFinalDot throws, with the connection cut */
export async function transact(session: Session, transaction: Transaction, limits: TransactionLimits, stop: Stop): Promise<Transacted> {
  const { connection } = session;
  connection.limit(limits.transactionMs);
  stop.hear(() => connection.cut('delivery.stopped'));
  try {
    const replies = await exchangeEnvelope(session, transaction, limits.timeouts);
    if ('broken' in replies) return gone(transaction, broken(replies.broken, 'next-hop', 'no', transaction.tls), 'unanswered');
    return await afterEnvelope(session, transaction, replies, limits, stop);
  } catch (error) {
    connection.cut('delivery.stopped');
    throw error;
  } finally {
    stop.hear(null);
  }
}

async function afterEnvelope(
  session: Session,
  transaction: Transaction,
  replies: Replies,
  limits: TransactionLimits,
  stop: Stop,
): Promise<Transacted> {
  const { connection } = session;
  const { tls } = transaction;
  const { mail, data } = replies;
  if (!isTaken(mail)) {
    const outcome = refusedMail(mail, tls, transaction.requireTls);
    // 354 for a transaction that was never begun: the next hop and we no longer mean the same.
    const confused = data !== null && ('broken' in data || data.code === 354);
    if (confused || isClosing(mail)) return gone(transaction, outcome, isClosing(mail) ? 'unanswered' : 'answered');
    return { outcomes: transaction.going.map(() => outcome), session: 'reset', mail: 'answered' };
  }
  const closing = replies.rcpt.find((reply) => !('broken' in reply) && isClosing(reply)) ?? null;
  const outcomes = replies.rcpt.map((reply) => outcomeOfRcpt(reply, closing, tls));
  const taken = outcomes.some((outcome) => outcome === null);
  const fill = (outcome: Outcome): readonly Outcome[] => outcomes.map((one) => one ?? outcome);
  if (data === null)
    return { outcomes: fill(broken('delivery.protocol-error', 'next-hop', 'no', tls)), session: 'reset', mail: 'answered' };
  if ('broken' in data) return { outcomes: fill(unanswered(data, closing, tls)), session: 'gone', mail: 'answered' };
  if (data.code !== 354) {
    return { outcomes: fill(refusedData(data, tls)), session: isClosing(data) || data.code < 400 ? 'gone' : 'reset', mail: 'answered' };
  }
  if (!taken) return { outcomes: fill(refusedData(data, tls)), session: await endEmpty(connection, limits.timeouts), mail: 'answered' };
  return content(session, transaction, fill, limits, stop);
}

/** Null where the recipient was taken. */
function outcomeOfRcpt(reply: Received, closing: Received | null, tls: TlsEvidence): Outcome | null {
  if ('broken' in reply) return unanswered(reply, closing, tls);
  return isTaken(reply) ? null : refusedRcpt(reply, tls);
}

/** The connection broke before the content. A 421 to one recipient speaks for those that got no answer. */
function unanswered(lost: Broken, closing: Received | null, tls: TlsEvidence): Outcome {
  return closing === null || 'broken' in closing ? broken(lost.broken, 'next-hop', 'no', tls) : refusedRcpt(closing, tls);
}

/** DATA was pipelined and taken although no recipient was: the mail without a recipient is ended (RFC 2920 3.1). Its reply means nothing. */
async function endEmpty(connection: Connection, timeouts: Timeouts): Promise<'clean' | 'gone'> {
  if (!connection.inStep) return 'gone';
  connection.write('.\r\n');
  const reply = await connection.next(timeouts.commandMs);
  return 'broken' in reply || isClosing(reply) ? 'gone' : 'clean';
}

async function content(
  session: Session,
  transaction: Transaction,
  fill: (outcome: Outcome) => readonly Outcome[],
  limits: TransactionLimits,
  stop: Stop,
): Promise<Transacted> {
  const { connection } = session;
  const { request, tls } = transaction;
  const sent = await sendContent(connection, {
    content: request.content,
    beforeFinalDot: request.beforeFinalDot,
    dataBlockMs: limits.timeouts.dataBlockMs,
  });
  if (sent.kind !== 'sent') return { outcomes: fill(outcomeOfUnsent(sent, tls)), session: 'gone', mail: 'answered' };
  // From here on the next hop may have the message: a stop no longer cuts, it only shortens the wait.
  stop.hear(() => connection.limit(limits.stopGraceMs));
  const reply = await connection.next(limits.timeouts.dataEndMs);
  if ('broken' in reply) return { outcomes: fill(broken(reply.broken, 'message', 'yes', tls)), session: 'gone', mail: 'answered' };
  if (!isTaken(reply)) return { outcomes: fill(refusedData(reply, tls)), session: isClosing(reply) ? 'gone' : 'clean', mail: 'answered' };
  const dsn = session.offer.has('DSN') ? 'passed-on' : 'not-offered';
  return { outcomes: fill({ kind: 'relayed', reply: toReply(reply), tls, dsn }), session: 'clean', mail: 'answered' };
}

function outcomeOfUnsent(sent: Exclude<Sent, { kind: 'sent' }>, tls: TlsEvidence): Outcome {
  switch (sent.kind) {
    case 'stopped':
      return broken('delivery.stopped', 'message', 'no', tls);
    case 'broken':
      return broken(sent.code, 'message', 'no', tls);
    case 'early':
      // A refusal is one at any time; anything else before the dot is no answer to it.
      return sent.reply !== null && sent.reply.code >= 400
        ? refusedData(sent.reply, tls)
        : broken('delivery.protocol-error', 'message', 'no', tls);
  }
}

function gone(transaction: Transaction, outcome: Outcome, mail: Transacted['mail']): Transacted {
  return { outcomes: transaction.going.map(() => outcome), session: 'gone', mail };
}
