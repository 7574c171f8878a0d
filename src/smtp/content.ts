// The content of one message on its way from the wire to the intake: line endings watched, size counted, back-pressure both ways.
// Guarantees: what was refused is read to its end but never kept and never taken for commands; the reply to the dot is not late;
// when the client goes away the intake is aborted.
import { PassThrough } from 'node:stream';
import type { Intake } from '../gateway/intake.ts';
import { MailError } from '../mail/mail-error.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { Reply } from '../mail/reply.ts';
import { LineEndings } from '../mime/line-endings.ts';
import { within } from './within.ts';

export interface ContentRules {
  readonly messageSizeBytes: number;
  readonly times: ContentTimes;
  bug(where: string, error: unknown): void;
}

export interface ContentTimes {
  /** A client whose message was refused and that says no more waits for us: it took something else for the end. It is told then. */
  readonly silenceMs: number;
  /** From the dot until the intake has taken what came before it. */
  readonly lastWritesMs: number;
  /** From then to the reply (Mirth gives up at 5 s). The intake keeps its own, shorter limit; this one holds if that fails. */
  readonly replyMs: number;
}

export const CONTENT_TIMES: ContentTimes = { silenceMs: 3_000, lastWritesMs: 400, replyMs: 3_600 };

export type ContentEnd =
  | { readonly kind: 'answered'; readonly reply: Reply; readonly sizeBytes: number; readonly replyMs: number }
  /** 'cut-off': the client is not at the end of its message, so the session cannot go on. */
  | { readonly kind: 'refused'; readonly code: MailErrorCode; readonly client: 'at-end' | 'cut-off' }
  | { readonly kind: 'lost' };

type DataEnd = 'complete' | Exclude<ContentEnd, { kind: 'answered' }>;

/**
 * What smtp-server writes the content to, dots unstuffed; it ends it at CRLF.CRLF and nowhere else. Only the writing half is used:
 * a piece is done when the intake has taken it, and until then the client is held back.
 */
export class ContentSink extends PassThrough {
  byteLength = 0;
  sizeExceeded = false;
  sizeBytes = 0;
  /** When the final dot was seen. */
  dotAt = 0;
  readonly ended: Promise<DataEnd>;
  readonly #intake: Intake;
  readonly #rules: ContentRules;
  readonly #endings = new LineEndings();
  #settle: (end: DataEnd) => void = () => undefined;
  #refusal: MailErrorCode | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;
  /** The intake is between two pieces. */
  #writing: Promise<void> = Promise.resolve();

  constructor(intake: Intake, rules: ContentRules) {
    super();
    this.#intake = intake;
    this.#rules = rules;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  override _write(piece: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.sizeBytes += piece.length;
    if (this.#refusal === null) this.#take(piece, done);
    else this.#drain(done);
  }

  override end(piece?: unknown): this {
    this.dotAt = performance.now();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#refuse('store.too-slow');
      this.#over('at-end');
    }, this.#rules.times.lastWritesMs);
    return piece === undefined ? super.end() : super.end(piece);
  }

  override _final(done: () => void): void {
    if (this.#refusal === null && this.#endings.end() === 'broken') this.#refuse('content.bare-line-ending');
    this.#over('at-end');
    done();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.#over('gone');
    done();
  }

  #take(piece: Uint8Array, done: () => void): void {
    if (this.sizeBytes > this.#rules.messageSizeBytes) this.#refuse('envelope.too-large');
    else if (this.#endings.push(piece) === 'broken') this.#refuse('content.bare-line-ending');
    if (this.#refusal !== null) return done();
    this.#writing = this.#intake.write(piece);
    this.#writing.then(done, (error: unknown) => {
      if (!(error instanceof MailError)) this.#rules.bug('content.write', error);
      this.#refuse(error instanceof MailError ? error.code : 'session.internal');
      done();
    });
  }

  /** Reads on without keeping anything. Somebody who sends far more than is taken is cut off. */
  #drain(done: () => void): void {
    if (this.sizeBytes > 2 * this.#rules.messageSizeBytes + 1_048_576) this.#over('cut-off');
    else if (!this.writableEnded) this.#timer?.refresh();
    done();
  }

  #refuse(code: MailErrorCode): void {
    if (this.#refusal !== null || this.#isOver) return;
    this.#refusal = code;
    this.#abort();
    if (!this.writableEnded) this.#timer = setTimeout(() => this.#over('cut-off'), this.#rules.times.silenceMs);
  }

  #over(client: 'at-end' | 'cut-off' | 'gone'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#refusal === null && client === 'gone') this.#abort();
    if (client === 'gone') this.#settle({ kind: 'lost' });
    else this.#settle(this.#refusal === null ? 'complete' : { kind: 'refused', code: this.#refusal, client });
  }

  /** Calls of an intake follow one another. */
  #abort(): void {
    const abort = (): Promise<void> => this.#intake.abort();
    this.#writing.then(abort, abort).catch((error: unknown) => this.#rules.bug('content.abort', error));
  }
}

/** Waits for the dot, then for the reply of the intake. */
export async function answerContent(sink: ContentSink, intake: Intake, rules: ContentRules): Promise<ContentEnd> {
  const end = await sink.ended;
  if (end !== 'complete') return end;
  const late = (error: unknown): void => rules.bug('content.end', error);
  try {
    const reply = await within(rules.times.replyMs, intake.end(), late);
    if (reply === 'late') return { kind: 'refused', code: 'store.too-slow', client: 'at-end' };
    return { kind: 'answered', reply, sizeBytes: sink.sizeBytes, replyMs: performance.now() - sink.dotAt };
  } catch (error) {
    late(error);
    return { kind: 'refused', code: 'session.internal', client: 'at-end' };
  }
}
