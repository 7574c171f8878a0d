// A sweep of faults over the system calls that one message makes: first they are counted, then each chosen one fails, or the process dies
// there. The client does what clients do: it sends again what got no 250. A process that ended is started again.
import { setTimeout as wait } from 'node:timers/promises';
import { type FaultKind, type FaultPoint, nameOf, type ThreadName, Tracer } from './fault.ts';
import { type Accepted, loadMessage, openSession, submit } from './load.ts';
import type { Postern } from './postern.ts';

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

const STRIKE_WITHIN_MS = 3_000;
const RETRY_MS = 20;

export class FaultSweep {
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
    const { messageId } = await this.#send(`count-${this.#messages++}`, plan.sizeBytes, 1);
    await this.#postern.until('delivery.settled', ({ deliveryId }) => deliveryId === `${messageId}/0`, from);
    if (plan.calls.includes('rename')) await wait(HEAD_WITHIN_MS);
    await tracer.detach();
    return plan.calls.flatMap((call) =>
      chosen(tracer.calls.get(call) ?? 0, plan.pointsPerCall).flatMap((nth) => plan.faults.map((fault) => ({ thread: plan.thread, call, nth, fault }))),
    );
  }

  /** One point: the fault is set, a message sent until it is taken, a process that ended started again. */
  async strike(point: FaultPoint, sizeBytes: number): Promise<PointResult> {
    const postern = this.#postern;
    const from = postern.log.length;
    const tracer = await Tracer.inject(postern.pid, point);
    const testId = `${nameOf(point)}-${this.#messages++}`;
    let process: PointResult['process'] = 'went-on';
    const message = loadMessage(testId, [`ok-${testId.toLowerCase()}@good.test`], sizeBytes);
    const session = await openSession(postern);
    const firstReply = session === null ? '' : await submit(session, message);
    session?.destroy();
    const strike = await Promise.race([tracer.struck, wait(STRIKE_WITHIN_MS, 'late' as const, { ref: false })]);
    await tracer.detach();
    // After an I/O error of the database the process ends by itself; a KILL ends it too.
    if (strike !== 'late' && (point.fault === 'KILL' || point.thread === 'storage')) {
      process = await Promise.race([postern.ended.then(() => 'ended' as const), wait(STRIKE_WITHIN_MS, 'went-on' as const, { ref: false })]);
    }
    if (!postern.running) {
      process = 'ended';
      await postern.start();
    }
    const accepted = /accepted as ([0-9A-Z]{26})$/.exec(firstReply)?.[1];
    const taken = accepted === undefined ? await this.#send(testId, sizeBytes, 2) : { messageId: accepted, message, tries: 1 };
    if (process === 'went-on') await postern.until('delivery.settled', ({ deliveryId }) => deliveryId === `${taken.messageId}/0`, from);
    const result: PointResult = { point, struck: strike === 'struck' ? 'struck' : 'not-reached', firstReply, process, accepted: taken };
    this.results.push(result);
    return result;
  }

  async #send(testId: string, sizeBytes: number, firstTry: number): Promise<Accepted> {
    const message = loadMessage(testId, [`ok-${testId.toLowerCase()}@good.test`], sizeBytes);
    for (let tries = firstTry; ; tries++) {
      const session = await openSession(this.#postern);
      const reply = session === null ? '' : await submit(session, message);
      session?.destroy();
      const messageId = /accepted as ([0-9A-Z]{26})$/.exec(reply)?.[1];
      if (messageId !== undefined) return { messageId, message, tries };
      if (!this.#postern.running) await this.#postern.start();
      await wait(RETRY_MS);
    }
  }
}

/** The head is signed once a second. */
const HEAD_WITHIN_MS = 1_200;

/** At most `most` numbers from 1 to `count`, the first and the last among them. */
function chosen(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i + 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (count - 1)) / (most - 1)));
}
