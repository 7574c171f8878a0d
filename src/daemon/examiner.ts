// The examining thread as the gateway sees it. A thread that ends or does not answer is replaced, and what was in it is tried again one by
// one: a message that costs a thread then too is taken as one that cannot be read, which policy treats as a blind spot; the others go on.
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Config } from '../config/config.ts';
import type { Issue } from '../config/issue.ts';
import { type Examination, type Examine, unexaminable } from '../gateway/examination.ts';
import { MailError } from '../mail/mail-error.ts';
import type { SealedContent } from '../spool/spool.ts';
import { tight } from '../store/sqlite/tight.ts';
import type { ExamineThreadStart, FromExaminer, ToExaminer } from './examine-thread.ts';
import type { InspectedEnvelope } from './inspector.ts';
import { lossesOf } from './losses.ts';
import { Turns } from './turns.ts';

/** Reads and inspects octets as mail. 'stopped': not now. */
export type ExamineLetter = (octets: Uint8Array, envelope: InspectedEnvelope) => Promise<Omit<Examination, 'tookMs'> | 'stopped'>;

export interface Examiner {
  readonly kind: 'open';
  readonly examine: Examine;
  /** The same for a message that is in no spool. */
  readonly examineLetter: ExamineLetter;
  /** Inspection by this configuration from now on. Gives what is wrong with what it names: then the one before stays. */
  take(config: Config): Promise<readonly Issue[]>;
  /** What is being examined ends as 'stopped'. */
  close(): Promise<void>;
}

export interface ExaminerOptions extends ExamineThreadStart {
  /** A thread ended that nobody had asked to. */
  readonly lost: (why: string) => void;
  /** Program of the thread, where it is not the usual one. */
  readonly entry?: URL;
}

const ENTRY = new URL('./examine-thread.ts', import.meta.url);
const COMPILE_CACHE = ['--import', new URL('./compile-cache.ts', import.meta.url).href];
/** Beyond the time for reading a message, inspecting it has so long. */
const INSPECT_MS = 60_000;
const MOST_LOSSES = 2;
const MOST_REMEMBERED = 1_000;

type Thread =
  | { readonly kind: 'ready'; readonly port: MessagePort; readonly worker: Worker }
  | { readonly kind: 'refused'; readonly issues: readonly Issue[] };

export async function openExaminer(
  options: ExaminerOptions,
): Promise<Examiner | { readonly kind: 'refused'; readonly issues: readonly Issue[] }> {
  const threads = new Threads(options);
  const first = await threads.ready();
  if (first.kind === 'refused') return first;
  return {
    kind: 'open',
    examine: (content, envelope) =>
      threads.examine(content.messageId, (id, losses) => ({
        kind: 'examine',
        id,
        content: tightContent(content),
        envelope,
        // What a thread was lost with shows in a child whether its reading was to blame, and which part.
        plain: losses === 0 ? 'here' : 'in-child',
      })),
    examineLetter: (octets, envelope) => threads.examine(null, (id) => ({ kind: 'examine-letter', id, octets, envelope })),
    take: (config) => threads.take(config),
    close: () => threads.close(),
  };
}

/** Only the octets themselves cross to the thread, not the pool that they may lie in. */
function tightContent(content: SealedContent): SealedContent {
  return { ...content, sealed: content.sealed === null ? null : tight(content.sealed), key: tight(content.key) };
}

interface Pending {
  readonly resolve: (answer: FromExaminer | 'lost') => void;
}

class Threads {
  readonly #options: ExaminerOptions;
  readonly #pending = new Map<number, Pending>();
  /** Messages that a thread was lost with, and how often. With one loss it may have been a neighbour's doing: from then on it is alone. */
  readonly #losses = lossesOf(MOST_REMEMBERED);
  readonly #turns = new Turns();
  #config: Config;
  #thread: Promise<Thread> | null = null;
  #closing = false;
  #next = 0;

  constructor(options: ExaminerOptions) {
    this.#options = options;
    this.#config = options.config;
  }

  /** The thread that works, or a new one. */
  ready(): Promise<Thread> {
    this.#thread ??= this.#start();
    return this.#thread;
  }

  /** @param messageId by which a message that costs threads is known again; null for what has none, which costs one at most */
  async examine(messageId: string | null, request: (id: number, losses: number) => ToExaminer): Promise<Examination | 'stopped'> {
    while (!this.#closing) {
      const losses = messageId === null ? 0 : this.#losses.of(messageId);
      if (losses >= MOST_LOSSES) return unexaminable();
      const answer = await this.#turns[losses === 0 ? 'beside' : 'alone'](async () =>
        this.#closing ? 'closing' : this.#ask((id) => request(id, losses), this.#withinMs()),
      );
      if (answer === 'closing') return 'stopped';
      if (answer === 'lost') {
        if (messageId === null) return unexaminable();
        this.#losses.count(messageId);
        continue;
      }
      if (messageId !== null) this.#losses.forgive(messageId);
      if (answer.kind === 'examined') return answer.examination;
      if (answer.kind === 'stopped') return 'stopped';
      if (answer.kind === 'failed' && answer.code !== null) throw new MailError(answer.code);
      throw new Error(`examining failed: ${answer.kind === 'failed' ? answer.name : answer.kind}`);
    }
    return 'stopped';
  }

  /** Whoever asks may have to wait for all before: that is not the thread's fault. */
  #withinMs(): number {
    const { messageMs, processes } = this.#config.reading;
    return (messageMs + INSPECT_MS) * Math.ceil((this.#pending.size + 1) / processes);
  }

  async take(config: Config): Promise<readonly Issue[]> {
    const answer = await this.#ask((id) => ({ kind: 'take', id, config }), INSPECT_MS);
    if (answer === 'lost' || answer.kind !== 'taken') throw new Error('the examining thread did not take a configuration');
    if (answer.issues.length === 0) this.#config = config;
    return answer.issues;
  }

  async close(): Promise<void> {
    this.#closing = true;
    const thread = await this.#thread;
    if (thread?.kind !== 'ready') return;
    const closed = new Promise<void>((resolve) => {
      thread.worker.once('exit', () => resolve());
      thread.port.on('message', (answer: FromExaminer) => {
        if (answer.kind === 'closed') resolve();
      });
    });
    thread.port.postMessage({ kind: 'close' } satisfies ToExaminer);
    await closed;
    await thread.worker.terminate();
  }

  async #ask(request: (id: number) => ToExaminer, withinMs: number): Promise<FromExaminer | 'lost'> {
    const thread = await this.ready();
    if (thread.kind === 'refused') throw new Error('inspection cannot start again: what the configuration names has errors now');
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<FromExaminer | 'lost'>();
    this.#pending.set(id, { resolve });
    const timer = setTimeout(() => void thread.worker.terminate(), withinMs);
    thread.port.postMessage(request(id));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#pending.delete(id);
    }
  }

  #start(): Promise<Thread> {
    const { port1: port, port2 } = new MessageChannel();
    const worker = new Worker(this.#options.entry ?? ENTRY, { name: 'examiner', execArgv: COMPILE_CACHE });
    const { promise, resolve, reject } = Promise.withResolvers<Thread>();
    port.on('message', (answer: FromExaminer) => {
      if (answer.kind === 'ready') resolve({ kind: 'ready', port, worker });
      else if (answer.kind === 'refused') {
        resolve(answer);
        void worker.terminate();
      } else if (answer.kind !== 'closed') this.#pending.get(answer.id)?.resolve(answer);
    });
    worker.once('error', () => undefined);
    worker.once('exit', (code) => {
      port.close();
      this.#thread = null;
      reject(new Error('the examining thread did not start'));
      if (!this.#closing) this.#options.lost(`exit-${code}`);
      for (const { resolve: lost } of this.#pending.values()) lost('lost');
    });
    const { findingKey, readChild } = this.#options;
    worker.postMessage({ config: this.#config, findingKey, readChild, port: port2 }, [port2]);
    return promise;
  }
}
