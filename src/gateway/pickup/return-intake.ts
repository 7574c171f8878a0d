// Takes what comes back: a bounce or an automatic answer becomes an event of its pickup and its content goes nowhere; a person's reply is passed on.
// Its sender hears 250 only when the event, or the message, is on stable storage with its evidence.
import type { Evidence } from '../../mail/evidence.ts';
import { MailError, type MailErrorCode, replyOf } from '../../mail/mail-error.ts';
import type { Reply } from '../../mail/reply.ts';
import { allowance, type Allowance } from '../../http/allowance.ts';
import { composeAnswerBounced } from '../../mime/answer-bounced.ts';
import { type CameBack, cameBack } from '../../mime/automatic-mail.ts';
import { readDeliveryReport, REPORT_OCTETS, type ReportedDelivery } from '../../mime/delivery-report.ts';
import { parseHeaderBlock } from '../../mime/header-block.ts';
import { HeaderCollector } from '../../mime/header-collector.ts';
import type { AuditLog } from '../../store/audit-log.ts';
import type { PickupChange, Pickups } from '../../store/pickups.ts';
import { acceptOwn, type OwnSender } from '../accept-own.ts';
import type { Intake, Submission } from '../intake.ts';
import { until } from '../until.ts';
import type { Conversation } from './conversation.ts';
import { type PassingOn, passOn, type PassOnDeps } from './pass-on.ts';
import { bouncedReport } from './reports.ts';

export interface ReturnDeps extends PassOnDeps {
  readonly pickups: Pick<Pickups, 'find' | 'change'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly mayAccept: () => boolean;
  readonly returned: Allowance;
}

/** Whose it is: a notice's, an answer's, or the postmaster's. */
export type Whose = { readonly use: 'notice' | 'answer'; readonly conversation: Conversation } | 'postmaster';

/** For each address: 20 messages at once that are passed on, and as many a day beside; of what machines say five times as much. */
export function returnedAllowance(): Allowance {
  return allowance({ most: 100, perSecond: 100 / 86_400, clients: 10_000 });
}
const PASSED_ON = 5;
const NOTED = 1;

export function openReturn(submission: Submission, whose: Whose, deps: ReturnDeps): Promise<Intake> {
  if (!deps.mayAccept()) throw new MailError('store.disk-full');
  return Promise.resolve(new ReturnIntake(submission, whose, deps));
}

type Way =
  | { readonly kind: 'header' }
  /** Looked at, as far as its first octets go. */
  | {
      readonly kind: 'noted';
      readonly said: Exclude<CameBack, { kind: 'person' | 'loop' }>;
      readonly pieces: Uint8Array[];
      sizeBytes: number;
    }
  | { readonly kind: 'passed-on'; readonly passing: PassingOn };

class ReturnIntake implements Intake {
  readonly #submission: Submission;
  readonly #whose: Whose;
  readonly #deps: ReturnDeps;
  readonly #collector = new HeaderCollector();
  #way: Way = { kind: 'header' };
  #failure: MailErrorCode | null = null;

  constructor(submission: Submission, whose: Whose, deps: ReturnDeps) {
    this.#submission = submission;
    this.#whose = whose;
    this.#deps = deps;
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.#failure !== null) return;
    try {
      if (this.#way.kind !== 'header') return await this.#body(piece, this.#way);
      const collected = this.#collector.push(piece);
      if (collected.kind === 'too-large') throw new MailError('content.bad-header');
      if (collected.kind === 'header') await this.#begin(collected.header, collected.rest);
    } catch (error) {
      this.#fail(error);
    }
  }

  async end(): Promise<Reply> {
    const deadline = performance.now() + this.#deps.settings().replyWithinMs;
    const ending = this.#end();
    const reply = await until(deadline, ending).catch((error: unknown) => this.#fail(error));
    if (reply !== 'late') return reply;
    ending.catch((error: unknown) => this.#deps.events.bug({ where: 'return.late', error }));
    return replyOf('store.too-slow');
  }

  async abort(): Promise<void> {
    this.#failure ??= 'session.timeout';
    if (this.#way.kind === 'passed-on') await this.#way.passing.abort();
  }

  async #begin(header: Uint8Array, rest: Uint8Array): Promise<void> {
    const block = parseHeaderBlock(Uint8Array.from(header));
    const said = cameBack(block, this.#submission.envelope.reversePath);
    if (said.kind === 'loop') throw new MailError('content.loop');
    const conversation = this.#whose === 'postmaster' ? null : this.#whose.conversation;
    const way = conversation === null || said.kind === 'person' ? 'passed-on' : 'noted';
    const spent = this.#deps.returned.spend(conversation?.deliveryId ?? '', way === 'noted' ? NOTED : PASSED_ON, this.#deps.clock.steady());
    if (spent === 'over') throw new MailError('limit.returned');
    if (way === 'passed-on' || said.kind === 'person') {
      this.#way = { kind: 'passed-on', passing: await passOn({ conversation, header: block, detail: this.#detail() }, this.#deps) };
    } else {
      this.#way = { kind: 'noted', said, pieces: [block.bytes], sizeBytes: block.bytes.length };
    }
    if (rest.length > 0) await this.#body(rest, this.#way);
  }

  async #body(piece: Uint8Array, way: Way): Promise<void> {
    if (way.kind === 'passed-on') return way.passing.write(piece);
    if (way.kind !== 'noted' || way.sizeBytes >= REPORT_OCTETS) return;
    way.pieces.push(Uint8Array.from(piece.subarray(0, REPORT_OCTETS - way.sizeBytes)));
    way.sizeBytes += piece.length;
  }

  async #end(): Promise<Reply> {
    if (this.#failure === null && this.#way.kind === 'header') await this.#begin(this.#collector.end(), new Uint8Array());
    if (this.#failure !== null) return replyOf(this.#failure);
    const id = this.#way.kind === 'passed-on' ? await this.#way.passing.finish() : await this.#note();
    return { code: 250, enhanced: '2.0.0', text: id === null ? 'noted' : `accepted as ${id}` };
  }

  /** Null: nothing of it is kept but what it says. */
  async #note(): Promise<null> {
    if (this.#way.kind !== 'noted' || this.#whose === 'postmaster') return null;
    const { said, pieces } = this.#way;
    const { use, conversation } = this.#whose;
    const report = said.kind === 'report' ? readDeliveryReport(Buffer.concat(pieces)) : null;
    const at = this.#deps.clock.now();
    const codes = {
      of: use,
      sign: said.sign,
      ...(report === null ? {} : { action: report.action }),
      ...(report?.status == null ? {} : { status: report.status }),
    };
    const about = { at, messageId: conversation.message.id, deliveryId: conversation.deliveryId, codes, detail: this.#detail() };
    if (use === 'notice' && report?.action === 'failed')
      await this.#change({ what: 'bounced' }, { ...about, kind: 'pickup.bounced' }, report.status);
    else if (use === 'notice' && said.kind === 'away') await this.#change({ what: 'away' }, { ...about, kind: 'pickup.away' }, null);
    else if (use === 'answer' && report?.action === 'failed') await this.#answerBounced({ ...about, kind: 'pickup.noted' }, report);
    else await this.#deps.audit.append([{ ...about, kind: 'pickup.noted' }]);
    return null;
  }

  /** It was handed over, so its delivery has ended; that it did not arrive its writer sees, and the postmaster looks after. */
  async #answerBounced(evidence: Evidence, { status, original }: ReportedDelivery): Promise<void> {
    const answer = /^([0-9A-Z]{26})@/.exec(original ?? '')?.[1] ?? null;
    const codes = answer === null ? evidence.codes : { ...evidence.codes, answer };
    await this.#change({ what: 'answer-bounced', answer }, { ...evidence, codes }, null);
    const { postmaster, hostname } = this.#deps.settings();
    const to = postmaster.length === 0 ? [`postmaster@${hostname}`] : postmaster;
    const deliveryId = evidence.deliveryId ?? '';
    const compose = (from: OwnSender): Uint8Array => composeAnswerBounced({ ...from, to, deliveryId, status });
    await acceptOwn(
      { kind: 'notice', about: deliveryId, to, smtpUtf8: false, failing: 'to-nobody', compose, evidence: () => [] },
      this.#deps,
    );
  }

  /** A pickup that is over, or does not stand so, is changed no more. */
  async #change(event: PickupChange['event'], evidence: Evidence, status: string | null): Promise<void> {
    const { deliveryId } = evidence;
    if (deliveryId === null) return;
    const said = status === null ? null : { status, diagnostic: null };
    const report = event.what === 'bounced' ? bouncedReport(evidence.at, said) : null;
    const changed = await this.#deps.pickups.change({ deliveryId, at: this.#deps.clock.steady(), event, report, evidence: [evidence] });
    if (changed.kind !== 'done') await this.#deps.audit.append([{ ...evidence, kind: 'pickup.noted' }]);
    else if (report !== null) this.#deps.reportsOwed();
  }

  #detail(): Readonly<Record<string, string>> {
    const { client, envelope } = this.#submission;
    return { reversePath: envelope.reversePath, client: client.address };
  }

  #fail(error: unknown): Reply {
    if (this.#failure === null) {
      this.#failure = error instanceof MailError ? error.code : 'store.unavailable';
      if (!(error instanceof MailError)) this.#deps.events.bug({ where: 'return', error });
      const { submitter, client } = this.#submission;
      this.#deps.events.refused({ messageId: '', submitter, address: client.address, code: this.#failure });
    }
    return replyOf(this.#failure);
  }
}
