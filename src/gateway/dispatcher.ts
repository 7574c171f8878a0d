// Decides what is delivered when: a bounded number of groups at once, a share of it for each destination, the rest waits in the queue.
// Owns the places and the timer; all state that must survive is in the queue.
import type { ActiveDelivery, Lease, Queue } from '../store/queue.ts';
import type { Clock } from './clock.ts';
import type { DeliveryGroup } from './deliver.ts';
import type { RoadEvents } from './events.ts';
import { togetherKey } from './together.ts';

export interface DispatcherSettings {
  /** Groups under way at once, in all and to one destination. */
  readonly total: number;
  readonly perDestination: number;
  /** Groups begun per minute to one destination, or null for no limit. */
  readonly perDestinationPerMinute: number | null;
  /** Recipients of one message in one transaction (RFC 5321 4.5.3.1.8). */
  readonly recipientsPerGroup: number;
  readonly leaseMs: number;
}

export interface DispatcherDeps {
  readonly queue: Pick<Queue, 'claim' | 'renew' | 'reclaim'>;
  readonly deliver: (group: DeliveryGroup, signal: AbortSignal, offTheWire: () => void) => Promise<number | null>;
  readonly settings: DispatcherSettings;
  readonly owner: string;
  readonly clock: Clock;
  readonly events: RoadEvents;
  /** False for a destination that is silent: its mail waits for the queue's probe. */
  readonly mayTry: (destination: string) => boolean;
  /** False while the disk is too full to record what a delivery came to. */
  readonly mayDeliver: () => boolean;
}

const RECHECK_MS = 30_000;
const RATE_WINDOW_MS = 60_000;
const NOBODY = '';

export class Dispatcher implements AsyncDisposable {
  readonly #deps: DispatcherDeps;
  readonly #busy = new Map<string, number>();
  readonly #begun = new Map<string, { windowAt: number; count: number }>();
  readonly #leases = new Map<string, Lease>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #inUse = 0;
  #stopped = false;
  /** The look that is under way, or null. */
  #pumping: Promise<void> | null = null;
  #wanted = false;
  #maybeWaiting = true;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer wakes, on the monotonic clock. */
  #sleepsUntil = Infinity;
  #renewal: NodeJS.Timeout | null = null;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** Begins to claim what waits. */
  start(): void {
    this.#renewal = setInterval(() => void this.#renew(), this.#deps.settings.leaseMs / 3);
    this.wake();
  }

  /** A place for a group to this destination, at once: true, and then `run` or `release` must follow. */
  reserve(destination: string): boolean {
    const { total, perDestination } = this.#deps.settings;
    if (this.#stopped || !this.#deps.mayDeliver() || this.#inUse >= total || (this.#busy.get(destination) ?? 0) >= perDestination)
      return false;
    if (!this.#deps.mayTry(destination) || this.#rateLeft(destination) <= 0) return false;
    this.#take(destination);
    return true;
  }

  /** Gives back a place that was reserved and is not needed. */
  release(destination: string): void {
    this.#give(destination);
  }

  /** Works a claimed group in the place reserved for it. */
  run(destination: string, group: DeliveryGroup): void {
    for (const { lease } of group.deliveries) this.#leases.set(lease.deliveryId, lease);
    let place: 'taken' | 'given' = 'taken';
    const give = (): void => {
      if (place === 'given') return;
      place = 'given';
      this.#give(destination);
      if (this.#maybeWaiting) this.wake();
    };
    const work = this.#deps
      .deliver(group, this.#abort.signal, give)
      .then((dueAt) => (dueAt === null ? undefined : this.lookBy(dueAt)))
      .catch((error: unknown) => this.#deps.events.bug({ where: 'dispatcher', error }))
      .finally(() => {
        for (const { lease } of group.deliveries) this.#leases.delete(lease.deliveryId);
        this.#running.delete(work);
        give();
      });
    this.#running.add(work);
  }

  /** Works a group that came with one that had a place: the recipients of one message beyond one transaction. */
  runExtra(destination: string, group: DeliveryGroup): void {
    this.#take(destination);
    this.run(destination, group);
  }

  /** Something may be due: claims it as far as places go. */
  wake(): void {
    this.#maybeWaiting = true;
    this.#wanted = true;
    if (this.#pumping !== null || this.#stopped) return;
    this.#pumping = this.#pump()
      .catch((error: unknown) => {
        this.#deps.events.bug({ where: 'dispatcher', error });
        this.#sleep(RECHECK_MS);
      })
      .finally(() => {
        this.#pumping = null;
        // Someone may have called between the last look and now.
        if (this.#wanted) this.wake();
      });
  }

  /** A delivery falls due then: looks no later. */
  lookBy(dueAt: number): void {
    const ms = dueAt - this.#deps.clock.steady();
    // A look that is under way may have been too early to see it.
    if (this.#pumping !== null) this.#wanted = true;
    else if (performance.now() + ms < this.#sleepsUntil) this.#sleep(ms);
  }

  /** Groups under way. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Claims no more; what is on the wire may finish within `graceMs`, then it is cut off before its final dot. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#renewal !== null) clearInterval(this.#renewal);
    const cut = setTimeout(() => this.#abort.abort(), graceMs);
    // A claim that is under way may still bring work.
    while (this.#running.size > 0 || this.#pumping !== null) await Promise.all([...this.#running, this.#pumping]);
    clearTimeout(cut);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
  }

  async #pump(): Promise<void> {
    while (this.#wanted && !this.#stopped) {
      this.#wanted = false;
      const { total, leaseMs, recipientsPerGroup } = this.#deps.settings;
      const perDestination = Math.min(this.#deps.settings.perDestination, this.#deps.settings.perDestinationPerMinute ?? Infinity);
      const limit = total - this.#inUse;
      if (limit <= 0 || !this.#deps.mayDeliver()) return this.#sleep(RECHECK_MS);
      const now = this.#deps.clock.steady();
      const capped = this.#capped(perDestination);
      const { claimed, nextDueAt } = await this.#deps.queue.claim({
        owner: this.#deps.owner,
        now,
        until: now + leaseMs,
        limit,
        perDestination,
        busy: capped,
      });
      for (const [destination, group] of groupsOf(claimed, recipientsPerGroup)) {
        this.#take(destination);
        this.run(destination, group);
      }
      this.#maybeWaiting = claimed.length > 0 || Object.values(capped).some((count) => count >= perDestination);
      if (claimed.length > 0) this.#wanted = true;
      else this.#sleep(nextDueAt === null ? RECHECK_MS : Math.max(0, nextDueAt - now));
    }
  }

  #sleep(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const forMs = Math.min(RECHECK_MS, Math.max(1, ms));
    this.#sleepsUntil = performance.now() + forMs;
    this.#timer = setTimeout(() => this.wake(), forMs);
  }

  /** Busy counts for a claim of at most so many to one destination; one near its rate counts as that much busier. */
  #capped(perDestination: number): Record<string, number> {
    const counts = Object.fromEntries(this.#busy);
    for (const destination of [...this.#begun.keys()]) {
      const left = this.#rateLeft(destination);
      if (left < perDestination) counts[destination] = Math.max(counts[destination] ?? 0, perDestination - Math.max(0, left));
    }
    return counts;
  }

  /** Groups that may still be begun to a destination in its minute. */
  #rateLeft(destination: string): number {
    const limit = this.#deps.settings.perDestinationPerMinute;
    if (limit === null) return Infinity;
    const window = this.#begun.get(destination);
    if (window !== undefined && performance.now() - window.windowAt < RATE_WINDOW_MS) return limit - window.count;
    this.#begun.delete(destination);
    return limit;
  }

  #take(destination: string): void {
    this.#inUse++;
    this.#busy.set(destination, (this.#busy.get(destination) ?? 0) + 1);
    if (this.#deps.settings.perDestinationPerMinute === null) return;
    const window = this.#begun.get(destination) ?? { windowAt: performance.now(), count: 0 };
    window.count++;
    this.#begun.set(destination, window);
  }

  #give(destination: string): void {
    this.#inUse--;
    const left = (this.#busy.get(destination) ?? 1) - 1;
    if (left <= 0) this.#busy.delete(destination);
    else this.#busy.set(destination, left);
  }

  async #renew(): Promise<void> {
    const now = this.#deps.clock.steady();
    try {
      if (this.#leases.size > 0) await this.#deps.queue.renew([...this.#leases.values()], now + this.#deps.settings.leaseMs);
      // Ours too: what is worked on has just been renewed, so a lease that ran out is one whose settlement failed.
      const found = await this.#deps.queue.reclaim({ owner: NOBODY, now, scope: 'expired', limit: 1_000 });
      if (found > 0) this.wake();
    } catch (error) {
      this.#deps.events.bug({ where: 'dispatcher.renew', error });
    }
  }
}

/** Deliveries of one message to one destination that are sent alike travel together, in the order of the claim. */
export function groupsOf(claimed: readonly ActiveDelivery[], recipientsPerGroup: number): readonly (readonly [string, DeliveryGroup])[] {
  const open = new Map<string, ActiveDelivery[]>();
  const groups: [string, ActiveDelivery[]][] = [];
  for (const delivery of claimed) {
    const destination = Buffer.from(delivery.destination).toString('hex');
    const key = `${destination} ${togetherKey(delivery)}`;
    let group = open.get(key);
    if (group === undefined || group.length >= recipientsPerGroup) {
      group = [];
      open.set(key, group);
      groups.push([destination, group]);
    }
    group.push(delivery);
  }
  return groups.map(([destination, deliveries]) => [destination, { deliveries, sealed: null }]);
}
