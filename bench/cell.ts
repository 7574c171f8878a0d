// One measurement: one peer, one size, one number of connections, some thousand messages; from the first byte to the last arrival.
import type { RunningPeer } from './peers/peer.ts';
import { machineBusyMs, usageOf } from './process-meter.ts';
import type { Generator, Sink } from './programs.ts';
import { cpuMs } from './protocol.ts';
import type { Arrival, LoadOrder, LoadResult } from './protocol.ts';

export interface Cell {
  readonly peer: string;
  readonly order: Omit<LoadOrder, 'ca' | 'port'>;
  readonly accepted: number;
  readonly deliveredPerSecond: number;
  readonly acceptedPerSecond: number;
  /** MAIL (or connect, where each message has its own connection) to the reply to the dot. */
  readonly mailMs: Percentiles;
  /** The final dot to its reply. */
  readonly dotMs: Percentiles;
  /** The reply to the arrival at the sink. */
  readonly onwardMs: Percentiles;
  readonly cpuSecondsPer1000: number;
  readonly peakRssMb: number;
  readonly errors: number;
  readonly firstError: string | null;
  readonly lost: number;
  readonly duplicates: number;
  readonly changed: number;
  readonly clear: number;
  /** CPU that neither peer, generator, sink nor this program used, in cores: other load on the machine. */
  readonly otherCores: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** How long nothing may arrive before what is missing counts as lost. */
const IDLE_MS = 20_000;
const SAMPLE_MS = 200;

export async function measure(name: string, peer: RunningPeer, order: LoadOrder, generator: Generator, sink: Sink): Promise<Cell> {
  const sinkBefore = (await sink.take()).cpuMs;
  const before = { usage: usageOf(peer.pid), busy: machineBusyMs(), own: cpuMs(), at: performance.now() };
  let peakRss = before.usage.rssBytes;
  const sampler = setInterval(() => {
    peakRss = Math.max(peakRss, usageOf(peer.pid).rssBytes);
  }, SAMPLE_MS);
  const result = await generator.run(order);
  await untilArrived(sink, result.accepted.length);
  clearInterval(sampler);
  const after = { usage: usageOf(peer.pid), busy: machineBusyMs(), own: cpuMs(), at: performance.now() };
  const { arrivals, cpuMs: sinkAfter } = await sink.take();
  const peerCpuMs = after.usage.cpuMs - before.usage.cpuMs;
  const ours = peerCpuMs + result.cpuMs + (sinkAfter - sinkBefore) + (after.own - before.own);
  return {
    ...compare(result, arrivals, order),
    peer: name,
    order: { run: order.run, size: order.size, connections: order.connections, mode: order.mode, count: order.count },
    cpuSecondsPer1000: peerCpuMs / Math.max(1, result.accepted.length),
    peakRssMb: Math.max(peakRss, after.usage.rssBytes) / 2 ** 20,
    otherCores: Math.max(0, after.busy - before.busy - ours) / (after.at - before.at),
  };
}

async function untilArrived(sink: Sink, wanted: number): Promise<void> {
  let last = -1;
  for (let since = performance.now(); ;) {
    const count = await sink.count();
    if (count >= wanted || performance.now() - since > IDLE_MS) return;
    if (count !== last) since = performance.now();
    last = count;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

type Compared = Omit<Cell, 'peer' | 'order' | 'cpuSecondsPer1000' | 'peakRssMb' | 'otherCores'>;

function compare(result: LoadResult, arrivals: readonly Arrival[], order: LoadOrder): Compared {
  const sent = new Map(result.accepted.map((message) => [message.id, message]));
  const seen = new Map<string, number>();
  const onward: number[] = [];
  let changed = 0;
  let clear = 0;
  let lastAt = 0;
  for (const { id, at, bodyBytes, tls } of arrivals.filter((arrival) => arrival.id.startsWith(`${order.run}-`))) {
    const message = sent.get(id);
    seen.set(id, (seen.get(id) ?? 0) + 1);
    lastAt = Math.max(lastAt, at);
    if (tls === 'no') clear++;
    if (message === undefined) continue;
    if (message.bodyBytes !== bodyBytes) changed++;
    onward.push(at - message.repliedAt);
  }
  const firstAt = result.accepted.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
  const lastReply = result.accepted.reduce((most, { repliedAt }) => Math.max(most, repliedAt), 0);
  const perSecond = (count: number, until: number): number => (until > firstAt ? (count * 1_000) / (until - firstAt) : 0);
  return {
    accepted: result.accepted.length,
    deliveredPerSecond: perSecond(seen.size, lastAt),
    acceptedPerSecond: perSecond(result.accepted.length, lastReply),
    mailMs: percentiles(result.accepted.map(({ startedAt, repliedAt }) => repliedAt - startedAt)),
    dotMs: percentiles(result.accepted.map(({ dotAt, repliedAt }) => repliedAt - dotAt)),
    onwardMs: percentiles(onward),
    errors: result.errors,
    firstError: result.firstError,
    lost: result.accepted.filter(({ id }) => !seen.has(id)).length,
    duplicates: [...seen.values()].filter((times) => times > 1).length,
    changed,
    clear,
  };
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
