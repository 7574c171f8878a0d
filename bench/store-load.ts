// Load on a store: messages taken in, begun and settled, and waiting deliveries claimed and deferred, so many at a time.
import type { Store } from '../src/store/store.ts';
import { acceptUnit, evidence, settlement, T0 } from '../test/support/store-units.ts';

export interface Rate {
  readonly perSecond: number;
  readonly cpuSecondsPer1000: number;
  /** Latency of one step in milliseconds: of accept, or of claim. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Messages that are accepted as active, begun and relayed. Numbers start at `first`. */
export async function roads(
  store: Store,
  load: { readonly first: number; readonly messages: number; readonly underWay: number },
): Promise<Rate> {
  let next = load.first;
  return measured(load.messages, async (latencies) => {
    const one = async (): Promise<void> => {
      while (next < load.first + load.messages) {
        const number = next++;
        const start = performance.now();
        const accepted = await store.journal.accept(acceptUnit({ number, recipients: [`p@d${number % 500}.example`], state: 'active' }));
        latencies.push(performance.now() - start);
        const lease = accepted.kind === 'accepted' ? accepted.active[0]?.lease : undefined;
        if (lease === undefined) throw new Error('not claimed');
        const messageId = lease.deliveryId.slice(0, 26);
        await store.queue.begin([{ lease, at: T0, evidence: evidence('attempt.started', messageId, lease.deliveryId) }]);
        await store.queue.settle([settlement(lease)], null);
      }
    };
    await Promise.all(Array.from({ length: load.underWay }, one));
  });
}

/** Waiting deliveries that are claimed ten at a time, begun and deferred. */
export async function retries(store: Store, load: { readonly deliveries: number; readonly now: number }): Promise<Rate> {
  return measured(load.deliveries, async (latencies) => {
    for (let done = 0; done < load.deliveries;) {
      const start = performance.now();
      const { claimed } = await store.queue.claim({
        owner: 'gateway-1',
        now: load.now,
        until: load.now + 60_000,
        limit: 10,
        perDestination: 5,
        busy: {},
      });
      latencies.push(performance.now() - start);
      if (claimed.length === 0) throw new Error('nothing is due');
      await store.queue.begin(
        claimed.map(({ lease, message }) => ({ lease, at: load.now, evidence: evidence('attempt.started', message.id, lease.deliveryId) })),
      );
      await store.queue.settle(
        claimed.map(({ lease }) => settlement(lease, { after: { state: 'deferred', dueAt: load.now + 900_000 } })),
        null,
      );
      done += claimed.length;
    }
  });
}

async function measured(count: number, work: (latencies: number[]) => Promise<void>): Promise<Rate> {
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work(latencies);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    perSecond: count / seconds,
    cpuSecondsPer1000: (user + system) / 1e3 / count,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
}

export function inWords(what: string, rate: Rate): string {
  const ms = (value: number): string => value.toFixed(2);
  return (
    `${what}: ${rate.perSecond.toFixed(0)}/s, CPU ${rate.cpuSecondsPer1000.toFixed(3)} s per 1000, ` +
    `ms p50 ${ms(rate.p50)} p95 ${ms(rate.p95)} p99 ${ms(rate.p99)} max ${ms(rate.max)}`
  );
}
