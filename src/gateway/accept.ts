// accept: content streamed, hashed, sealed; journal row and evidence in one commit; only then 250 (promise 1).
// The reply to the final dot comes within the time set, whatever the disk does.
import { createHmac, createSecretKey, type Hmac, type KeyObject } from 'node:crypto';
import { endOfTerm } from '../mail/hold-term.ts';
import { MailError, type MailErrorCode, replyOf } from '../mail/mail-error.ts';
import type { Reply } from '../mail/reply.ts';
import type { SealingKeys } from '../keys/keys.ts';
import { ContentScan } from '../mime/content-scan.ts';
import { type FixedHeader, fixUpHeader } from '../mime/fix-up.ts';
import { HeaderCollector } from '../mime/header-collector.ts';
import { Likeness } from '../mime/likeness.ts';
import type { SealingWriter } from '../spool/spool.ts';
import type { AcceptResult, AcceptUnit } from '../store/journal.ts';
import { type AcceptDeps, isStorageFailure, type LimitVerdict } from './accept-deps.ts';
import { acceptUnitOf, handOver } from './accept-unit.ts';
import { type Admission, type Expanded, expandRecipients } from './admission.ts';
import type { Accept, Intake, Submission } from './intake.ts';
import { declinedBy, declinedEvidence } from './declined.ts';
import { messageIdOf } from './message-id.ts';
import type { Processed } from './process.ts';
import { refusalOf } from './refusal.ts';
import { until } from './until.ts';

/** The door of the road for messages. */
export function acceptor(deps: AcceptDeps): Accept {
  const secrets: IntakeSecrets = {
    content: createSecretKey(deps.keys.digest('content')),
    likeness: createSecretKey(deps.keys.digest('likeness')),
    traceMark: Buffer.from(deps.keys.digest('trace')).toString('hex').slice(0, 32),
  };
  return {
    open: async (submission) => {
      if (!deps.mayAccept()) throw new MailError('store.disk-full');
      return new MessageIntake(submission, deps, secrets);
    },
  };
}

/** Derived once: each would cost a digest per message, and keys of plain octets more than the digest of a small one. */
interface IntakeSecrets {
  readonly content: KeyObject;
  readonly likeness: KeyObject;
  readonly traceMark: string;
}

/** Kept for the commit, of the time that a reply has. */
const COMMIT_MS = 1_000;

class MessageIntake implements Intake {
  readonly #deps: AcceptDeps;
  readonly #submission: Submission;
  readonly #traceMark: string;
  readonly #id: string;
  readonly #at: number;
  readonly #dataKey: ReturnType<SealingKeys['newDataKey']>;
  readonly #writer: SealingWriter;
  readonly #collector = new HeaderCollector();
  readonly #digest: Hmac;
  readonly #likeness: Likeness;
  readonly #scan = new ContentScan();
  readonly #limits: Promise<LimitVerdict>;
  #header: FixedHeader | null = null;
  #failure: MailErrorCode | null = null;
  #sizeBytes = 0;
  #repeated = 0;
  #acceptedId: string;

  constructor(submission: Submission, deps: AcceptDeps, secrets: IntakeSecrets) {
    this.#deps = deps;
    this.#traceMark = secrets.traceMark;
    this.#submission = submission;
    this.#at = deps.clock.now();
    this.#id = messageIdOf(this.#at, deps.random(10));
    this.#acceptedId = this.#id;
    // By the clock that retention destroys periods by: one that ended long ago for it must not get a new message.
    this.#dataKey = deps.keys.newDataKey(this.#id, deps.clock.steady());
    this.#writer = deps.spool.writer(this.#id, this.#dataKey.key);
    this.#digest = createHmac('sha256', secrets.content);
    this.#likeness = new Likeness(secrets.likeness);
    this.#limits = deps.limits(submission).catch((error: unknown) => {
      deps.events.bug({ where: 'accept.limits', error });
      return { refuse: 'store.unavailable' } as const;
    });
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.#failure !== null) return;
    try {
      this.#sizeBytes += piece.length;
      this.#digest.update(piece);
      if (this.#header !== null) return await this.#body(piece);
      const collected = this.#collector.push(piece);
      if (collected.kind === 'too-large') throw new MailError('content.bad-header');
      if (collected.kind === 'header') await this.#begin(collected.header, collected.rest);
    } catch (error) {
      await this.#fail(error);
    }
  }

  async end(): Promise<Reply> {
    const startedAt = performance.now();
    const reply = await this.#end(startedAt + this.#deps.settings().replyWithinMs).catch((error: unknown) => this.#fail(error));
    const { submitter, client } = this.#submission;
    if (this.#failure !== null) this.#deps.events.refused({ messageId: this.#id, submitter, address: client.address, code: this.#failure });
    else this.#tellAccepted(performance.now() - startedAt);
    return reply;
  }

  async abort(): Promise<void> {
    this.#failure ??= 'session.timeout';
    await this.#writer.abort();
  }

  #tellAccepted(replyMs: number): void {
    const { submitter, client, envelope } = this.#submission;
    const recipients = envelope.recipients.length;
    const { listener } = client;
    this.#deps.events.accepted({
      messageId: this.#acceptedId,
      listener,
      submitter,
      sizeBytes: this.#sizeBytes,
      recipients,
      repeated: this.#repeated,
      replyMs,
    });
  }

  async #body(piece: Uint8Array): Promise<void> {
    this.#scan.update(piece);
    this.#likeness.update(piece);
    await this.#writer.write(piece);
  }

  async #begin(block: Uint8Array, rest: Uint8Array): Promise<void> {
    const { settings, clock } = this.#deps;
    const { hostname, clientAddress } = settings();
    const { client, tenantProof } = this.#submission;
    const header = fixUpHeader(block, {
      messageId: this.#id,
      at: clock.now(),
      hostname,
      client,
      clientAddress,
      traceMark: this.#traceMark,
      tenantProof,
    });
    const refusal = refusalOf(header, this.#submission);
    if (refusal !== null) throw new MailError(refusal);
    this.#header = header;
    if (header.boundary !== null) this.#likeness.declare(header.boundary);
    this.#scan.update(header.bytes);
    await this.#writer.write(header.bytes);
    if (rest.length > 0) await this.#body(rest);
  }

  async #end(deadline: number): Promise<Reply> {
    if (this.#failure === null && this.#header === null) {
      await this.#begin(this.#collector.end(), new Uint8Array());
    }
    const verdict = await until(deadline, this.#limits);
    if (verdict === 'late') throw new MailError('store.too-slow');
    if (typeof verdict === 'object') throw new MailError(verdict.refuse);
    if (this.#failure !== null || this.#header === null) return replyOf(this.#failure ?? 'content.bad-header');
    const finishing = this.#writer.finish();
    const finished = await until(deadline, finishing);
    if (finished === 'late') {
      this.#failure = 'store.too-slow';
      void finishing.then(
        (stored) => this.#discard(stored.place),
        (error: unknown) => this.#deps.events.bug({ where: 'accept.finish', error }),
      );
      return replyOf('store.too-slow');
    }
    return this.#commit(finished, this.#header, verdict, deadline);
  }

  async #commit(
    stored: Awaited<ReturnType<SealingWriter['finish']>>,
    header: FixedHeader,
    verdict: 'take' | 'hold',
    deadline: number,
  ): Promise<Reply> {
    const { hostname, postmaster } = this.#deps.settings();
    const expanded = expandRecipients(this.#submission.envelope.recipients, hostname, postmaster);
    const processed = await this.#process(stored, expanded, deadline);
    if (processed !== 'later') {
      const declined = declinedBy(processed);
      if (declined !== null) return this.#declined(declined, expanded, processed, deadline);
    }
    const ticket = this.#deps.board.open();
    if (ticket === null) {
      this.#deps.processor.forget(this.#id);
      await this.#discard(stored.place);
      throw new MailError('store.unavailable');
    }
    const admission = this.#admission(stored, header, verdict, expanded, processed);
    const { unit, reserved } = this.#unit(admission, stored.sealed, ticket);
    let slot: 'ours' | 'closed' = 'ours';
    const isOurs = (): boolean => slot === 'ours';
    const accepting = this.#deps.journal.accept(unit).finally(() => {
      slot = 'closed';
      this.#deps.board.close(ticket);
    });
    const settled = accepting.then(
      (result) => this.#accepted(result, unit, reserved),
      async (error: unknown) => {
        reserved.forEach((destination) => this.#deps.dispatcher.release(destination));
        // After a storage failure nobody knows whether the journal has it: the next start does, and sweeps what belongs to nothing.
        this.#deps.processor.forget(this.#id);
        if (!isStorageFailure(error)) await this.#discard(stored.place);
        throw error;
      },
    );
    const reply = await until(deadline, settled);
    if (reply !== 'late') return reply;
    // A slot that was closed may be another message's by now.
    if (isOurs()) this.#deps.board.withdraw(ticket);
    this.#failure = 'store.too-slow';
    settled.catch((error: unknown) => this.#deps.events.bug({ where: 'accept.late', error }));
    return replyOf('store.too-slow');
  }

  /** Decided before the reply where it can be: content that lies in a row, and soon. */
  async #process(
    stored: Awaited<ReturnType<SealingWriter['finish']>>,
    expanded: readonly Expanded[],
    deadline: number,
  ): Promise<Processed | 'later'> {
    if (stored.place !== 'row') return 'later';
    const { submitter, client, envelope } = this.#submission;
    const { sizeBytes, sealed, place } = stored;
    const session = { reversePath: envelope.reversePath, submitter, client: client.address, sizeBytes, acceptedAt: this.#at };
    const content = { messageId: this.#id, place, sealed, sizeBytes, key: this.#dataKey.key };
    const recipients = expanded.map(({ recipient }) => recipient);
    const within = Math.min(deadline - COMMIT_MS, performance.now() + this.#deps.settings().decideWithinMs);
    return this.#deps.processor.early({ session, content, recipients }, within);
  }

  /** Policy returns it for every recipient: nothing is kept but the evidence, and the reply says why. */
  async #declined(reply: Reply, expanded: readonly Expanded[], processed: Processed, deadline: number): Promise<Reply> {
    const { clock, audit } = this.#deps;
    const recipients = expanded.map(({ recipient }) => recipient.address);
    const evidence = declinedEvidence({ messageId: this.#id, at: clock.now(), submission: this.#submission, recipients, processed });
    const kept = await until(deadline, audit.append(evidence));
    if (kept === 'late') throw new MailError('store.too-slow');
    this.#failure = 'policy.returned';
    return reply;
  }

  #admission(
    stored: Awaited<ReturnType<SealingWriter['finish']>>,
    header: FixedHeader,
    verdict: 'take' | 'hold',
    expanded: readonly Expanded[],
    processed: Processed | 'later',
  ): Admission {
    const { settings, clock } = this.#deps;
    const { expireAfterMs, holdFor } = settings();
    const now = clock.steady();
    const { envelope, reports } = this.#submission;
    return {
      id: this.#id,
      kind: 'message',
      about: null,
      at: this.#at,
      now,
      submission: this.#submission,
      expanded,
      content: {
        place: stored.place,
        sizeBytes: stored.sizeBytes,
        wrappedKey: this.#dataKey.wrappedKey,
        periodId: this.#dataKey.periodId,
        digest: this.#digest.digest(),
        needs: this.#scan.needs,
      },
      facts: {
        headerMessageId: header.headerMessageId,
        messageIdFrom: header.messageIdFrom,
        references: header.references,
        likeness: this.#likeness.digest(header.subject ?? '', ...header.from),
      },
      // The null reverse-path asks for no DSN, whoever sends it (RFC 5321 4.5.5).
      reportTo: envelope.reversePath === '' ? null : (reports ?? envelope.reversePath),
      decided: processed === 'later' ? null : processed.decisions,
      reading: processed === 'later' ? null : processed.reading,
      evidence: processed === 'later' ? [] : processed.evidence,
      expireAfterMs,
      holdFor,
      hold: verdict === 'hold' ? { reason: 'limit.reached', owner: 'administrator', deadline: endOfTerm(holdFor, now) } : null,
    };
  }

  #unit(admission: Admission, sealed: Uint8Array | null, ticket: number): { unit: AcceptUnit; reserved: readonly string[] } {
    return acceptUnitOf(admission, sealed, ticket, this.#deps, {
      likelyRepeats: this.#submission.likelyRepeats,
      settlesReports: [],
      tellsOf: [],
      noticesOf: [],
    });
  }

  async #accepted(result: AcceptResult, unit: AcceptUnit, reserved: readonly string[]): Promise<Reply> {
    handOver(result, unit, reserved, this.#deps);
    if (result.kind !== 'accepted') {
      this.#deps.processor.forget(this.#id);
      await this.#discard(unit.message.content.place);
    }
    if (result.kind === 'withdrawn') {
      this.#failure = 'store.too-slow';
      return replyOf('store.too-slow');
    }
    this.#repeated = result.kind === 'accepted' ? result.repeated.length : unit.deliveries.length;
    if (result.kind === 'repeated') this.#acceptedId = result.earlierMessageId;
    const text =
      this.#deps.settings().mode === 'sandbox' ? `sandbox: not sent, kept as ${this.#acceptedId}` : `accepted as ${this.#acceptedId}`;
    return { code: 250, enhanced: '2.0.0', text };
  }

  /** Takes finished content away that no commit has. A file that cannot be removed now is swept at the next start. */
  async #discard(place: 'row' | 'file'): Promise<void> {
    if (place === 'row') return;
    await this.#deps.spool.remove(this.#id).catch((error: unknown) => this.#deps.events.bug({ where: 'accept.discard', error }));
  }

  async #fail(error: unknown): Promise<Reply> {
    if (this.#failure === null) {
      if (error instanceof MailError) this.#failure = error.code;
      else {
        this.#failure = 'store.unavailable';
        this.#deps.events.bug({ where: 'accept', error });
      }
      await this.#writer.abort().catch((cause: unknown) => this.#deps.events.bug({ where: 'accept.abort', error: cause }));
    }
    return replyOf(this.#failure);
  }
}
