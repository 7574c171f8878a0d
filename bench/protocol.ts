// What the bench's programs say to one another over Node's channel between parent and child. Times are of the monotonic clock in ms,
// which all processes of a machine share.
import type { SizeName } from './corpus.ts';

export const SINK_NAME = 'sink.bench.test';
export const MTA_NAME = 'mta.bench.test';
export const USER = 'bench@bench.test';
export const PASSWORD = 'bench-pass-1-of-the-bench';
export const SEED = 20_261_122;

export interface LoadOrder {
  readonly port: number;
  readonly ca: string;
  /** Starts every id, so that messages of an earlier order are known as such. */
  readonly run: string;
  readonly size: SizeName;
  readonly connections: number;
  /** One connection for many messages, or a new one for each. */
  readonly mode: 'kept' | 'new';
  readonly count: number;
}

export interface SentMessage {
  readonly id: string;
  /** MAIL was written; in mode 'new', the connection was begun. */
  readonly startedAt: number;
  /** The final dot was handed to the kernel. */
  readonly dotAt: number;
  readonly repliedAt: number;
  readonly bodyBytes: number;
}

export interface LoadResult {
  readonly accepted: readonly SentMessage[];
  readonly errors: number;
  readonly firstError: string | null;
  readonly cpuMs: number;
}

export type SinkOrder =
  | { readonly kind: 'listen'; readonly key: string; readonly cert: string }
  | { readonly kind: 'count' }
  /** Gives what has arrived and forgets it. */
  | { readonly kind: 'take' };

export interface Arrival {
  readonly id: string;
  readonly at: number;
  readonly bodyBytes: number;
  readonly tls: 'yes' | 'no';
}

export type SinkAnswer =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'counted'; readonly count: number }
  | { readonly kind: 'taken'; readonly arrivals: readonly Arrival[]; readonly cpuMs: number };

/** Milliseconds of the monotonic clock. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
