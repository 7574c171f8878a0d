// A sweep of faults over the system calls that one message makes: first they are counted, then each chosen one fails, or the process dies
// there. The client does what clients do: it sends again what got no 250. A process that ended is started again.
import type { Test } from 'tap';
import { setTimeout as wait } from 'node:timers/promises';
import { type FaultKind, type FaultPoint, nameOf, type ThreadName, Tracer } from './fault.ts';
import { type Accepted, type LoadMessage, loadMessage, openSession, submit } from './load.ts';
import { breaches } from './conservation.ts';
import { readDurable, untilSettled } from './evidence.ts';
import { Postern } from './postern.ts';
import { Sink } from './sink.ts';
import { createTestCa } from './test-ca.ts';

/** A fresh Postern swept by a plan; the law of conservation afterwards. */
export async function sweep(t: Test, plan: SweepPlan, environment: Readonly<Record<string, string>>): Promise<void> {
  const ca = createTestCa();
  const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
  const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }], environment });
  const running = new FaultSweep(postern);
  const points = await running.points(plan);
  for (const point of points) {
    const { struck, firstReply, process } = await running.strike(point, plan.sizeBytes);
    t.match(firstReply, /^(?:250 |4\d\d |$)/, nameOf(point));
    t.comment(`${struck}; said: ${firstReply.slice(0, 9) || 'nothing'}; the process ${process}`);
  }
  const { results } = running;
  const struck = results.filter((result) => result.struck === 'struck').length;
  t.ok(struck > 0 && struck >= points.length / 2, `${struck} of ${points.length} faults struck`);
  await untilSettled(postern, 20_000);
  // A file that could not be taken away at once is swept at a start.
  await postern.restart();
  await untilSettled(postern, 20_000);
  sink.look();
  const accepted = results.map((result) => result.accepted);
  t.same(breaches({ durable: await readDurable(postern), accepted, sinks: [sink] }), [], 'the law of conservation');
}

export interface PointResult {
  readonly point: FaultPoint;
  /** Did the fault happen at all? */
  readonly struck: 'struck' | 'not-reached';
  /** Reply to the first try; '' where the connection was lost. */
  readonly firstReply: string;
  /** Did the process end? */
  readonly process: 'went-on' | 'ended';
  readonly accepted: Accepted;
}

/** What a message is like, and which calls of which thread it is about. */
export interface SweepPlan {
  readonly sizeBytes: number;
  readonly thread: ThreadName;
  readonly calls: readonly string[];
  readonly faults: readonly FaultKind[];
  /** At most so many points of one call, evenly chosen. */
  readonly pointsPerCall: number;
}

class FaultSweep {
  readonly results: PointResult[] = [];
  readonly #postern: Postern;
  #messages = 0;

  constructor(postern: Postern) {
    this.#postern = postern;
  }

  /** Counts the calls of one message, and gives the points to strike at. */
  async points(plan: SweepPlan): Promise<readonly FaultPoint[]> {
    const tracer = await Tracer.count(this.#postern.pid, plan.thread, plan.calls);
    const from = this.#postern.log.length;
    const { messageId } = await this.#send(messageOf(`count-${this.#messages++}`, plan.sizeBytes), 1);
    await this.#postern.until('delivery.settled', ({ deliveryId }) => deliveryId === `${messageId}/0`, from);
    if (plan.thread === 'files') await wait(HEAD_WITHIN_MS);
    await tracer.detach();
    return plan.calls.flatMap((call) =>
      chosen(tracer.calls.get(call) ?? 0, plan.pointsPerCall).flatMap((nth) =>
        plan.faults.map((fault) => ({ thread: plan.thread, call, nth, fault })),
      ),
    );
  }

  /** One point: the fault is set, a message sent until it is taken, a process that ended started again. */
  async strike(point: FaultPoint, sizeBytes: number): Promise<PointResult> {
    const postern = this.#postern;
    const testId = `${nameOf(point)}-${this.#messages++}`;
    const message = messageOf(testId, sizeBytes);
    const from = postern.log.length;
    const tracer = await Tracer.inject(postern.pid, point);
    const firstReply = await this.#try(message);
    const firstId = ACCEPTED.exec(firstReply)?.[1];
    const over = new AbortController();
    const passed = this.#passed(point, firstId, from, over.signal).then(() => 'not-reached' as const);
    const strike = await Promise.race([tracer.struck, passed]);
    over.abort();
    await tracer.detach();
    // After a failure of the database the process ends by itself; a KILL ends it too.
    const endsIt = strike !== 'not-reached' && (point.fault === 'KILL' || point.thread === 'storage');
    if (endsIt) await Promise.race([postern.ended, wait(END_WITHIN_MS, null, { ref: false })]);
    const process = postern.running ? 'went-on' : 'ended';
    if (process === 'ended') await postern.start();
    const accepted = firstId === undefined ? await this.#send(message, 2) : { messageId: firstId, message, tries: 1 };
    const result: PointResult = { point, struck: strike === 'struck' ? 'struck' : 'not-reached', firstReply, process, accepted };
    this.results.push(result);
    return result;
  }

  /** Resolves when the message can make no more calls of this kind. */
  async #passed({ thread }: FaultPoint, messageId: string | undefined, from: number, over: AbortSignal): Promise<void> {
    const settled = (): boolean => this.#postern.log.slice(from).some(({ deliveryId }) => deliveryId === `${messageId ?? ''}/0`);
    while (messageId !== undefined && !settled() && !over.aborted) await this.#postern.happened();
    // The head is signed once a second, by the thread for files; other threads only finish what they do.
    await wait(thread === 'files' ? HEAD_WITHIN_MS : END_WITHIN_MS, undefined, { ref: false });
  }

  async #send(message: LoadMessage, firstTry: number): Promise<Accepted> {
    for (let tries = firstTry; ; tries++) {
      const messageId = ACCEPTED.exec(await this.#try(message))?.[1];
      if (messageId !== undefined) return { messageId, message, tries };
      if (!this.#postern.running) await this.#postern.start();
      await wait(RETRY_MS);
    }
  }

  async #try(message: LoadMessage): Promise<string> {
    const session = await openSession(this.#postern);
    const reply = session === null ? '' : await submit(session, message);
    session?.destroy();
    return reply;
  }
}

const ACCEPTED = /^250 .* accepted as ([0-9A-Z]{26})$/;
const RETRY_MS = 20;
/** The head is signed once a second. */
const HEAD_WITHIN_MS = 1_200;
const END_WITHIN_MS = 1_000;

function messageOf(testId: string, sizeBytes: number): LoadMessage {
  return loadMessage(testId, [`ok-${testId.toLowerCase()}@good.test`], sizeBytes);
}

/** At most `most` numbers from 1 to `count`, the first and the last among them. */
export function chosen(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i + 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (count - 1)) / (most - 1)));
}
