// Prometheus metrics with a registry of their own per instance. Labels are words of our catalogues only: few, and never a person's.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DeliveryState } from '../mail/delivery.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { BlindSpotKind } from '../mail/message.ts';
import type { TlsLevel } from '../mail/tls.ts';

export interface Metrics {
  messageAccepted(message: {
    readonly submitterKind: 'account' | 'certificate' | 'network' | 'gateway';
    readonly sizeBytes: number;
    readonly replySeconds: number;
  }): void;
  messageRefused(code: MailErrorCode): void;
  messageRepeated(kind: 'recognised' | 'likely'): void;
  messageRead(message: { readonly blindSpots: readonly BlindSpotKind[]; readonly seconds: number }): void;
  login(result: 'accepted' | 'remembered' | 'refused' | 'throttled'): void;
  connectionOpened(listener: string): void;
  connectionClosed(listener: string): void;
  /** What a TLS handshake with a client came to. */
  clientTls(result: 'TLSv1.2' | 'TLSv1.3' | 'failed'): void;
  deliverySettled(state: DeliveryState): void;
  /** `code` of the catalogue, or 'relayed', 'sandboxed'. */
  attemptEnded(attempt: { readonly code: string; readonly tlsLevel: TlsLevel | null; readonly seconds: number }): void;
  /** An attempt without a known result is sent again: a possible duplicate. */
  maybeDuplicate(): void;
  commit(units: number, seconds: number): void;
  bug(): void;
  /** The text for Prometheus, with its content type. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Asked at every render. */
export interface Gauges {
  readonly version: string;
  queue(): Promise<Readonly<Partial<Record<DeliveryState, number>>>>;
  freeDiskBytes(): Promise<number>;
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const counters = makeCounters(registry);
  const histograms = makeHistograms(registry);
  const open = new Gauge({
    name: 'postern_connections_open',
    help: 'Connections open now',
    labelNames: ['listener'],
    registers: [registry],
  });
  addGauges(registry, gauges);
  return {
    messageAccepted({ submitterKind, sizeBytes, replySeconds }) {
      counters.accepted.inc({ submitter: submitterKind });
      histograms.size.observe(sizeBytes);
      histograms.reply.observe(replySeconds);
    },
    messageRefused: (code) => counters.refused.inc({ code }),
    messageRepeated: (kind) => counters.repeated.inc({ kind }),
    messageRead({ blindSpots, seconds }) {
      for (const kind of new Set(blindSpots)) counters.blindSpots.inc({ kind });
      histograms.read.observe(seconds);
    },
    login: (result) => counters.logins.inc({ result }),
    connectionOpened(listener) {
      counters.connections.inc({ listener });
      open.inc({ listener });
    },
    connectionClosed: (listener) => open.dec({ listener }),
    clientTls: (result) => counters.clientTls.inc({ result }),
    deliverySettled: (state) => counters.deliveries.inc({ state }),
    attemptEnded({ code, tlsLevel, seconds }) {
      counters.attempts.inc({ code });
      if (tlsLevel !== null) counters.tlsLevels.inc({ level: tlsLevel });
      histograms.attempt.observe(seconds);
    },
    maybeDuplicate: () => counters.duplicates.inc(),
    commit(units, seconds) {
      histograms.commitUnits.observe(units);
      histograms.commit.observe(seconds);
    },
    bug: () => counters.bugs.inc(),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function makeCounters(registry: Registry) {
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    accepted: counter('postern_messages_accepted_total', 'Messages answered with 250', 'submitter'),
    refused: counter(
      'postern_messages_refused_total',
      'Refused commands, recipients and messages, each answered with a failure, by code',
      'code',
    ),
    repeated: counter('postern_messages_repeated_total', 'Messages recognised as repeats', 'kind'),
    blindSpots: counter('postern_blind_spots_total', 'Messages in which something could not be read, by why', 'kind'),
    logins: counter('postern_logins_total', 'Logins by result', 'result'),
    connections: counter('postern_connections_total', 'Connections taken', 'listener'),
    clientTls: counter('postern_client_tls_total', 'TLS handshakes with clients', 'result'),
    deliveries: counter('postern_deliveries_total', 'Deliveries that came to a state', 'state'),
    attempts: counter('postern_attempts_total', 'Delivery attempts by outcome', 'code'),
    tlsLevels: counter('postern_attempt_tls_total', 'TLS level that attempts found', 'level'),
    duplicates: counter('postern_possible_duplicates_total', 'Attempts repeated because the result of an earlier one is not known'),
    bugs: counter('postern_bugs_total', 'Unexpected errors'),
  };
}

function makeHistograms(registry: Registry) {
  const histogram = (name: string, help: string, buckets: number[]) => new Histogram({ name, help, buckets, registers: [registry] });
  const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4];
  return {
    reply: histogram('postern_reply_to_dot_seconds', 'Time from the final dot to the reply', seconds),
    size: histogram('postern_message_size_bytes', 'Size of accepted messages', [2e3, 2e4, 2e5, 2e6, 2e7, 5e7]),
    read: histogram('postern_read_seconds', 'Time to read a message with its attachments', [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120]),
    attempt: histogram('postern_attempt_seconds', 'Time of a delivery attempt', [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300]),
    commit: histogram('postern_commit_seconds', 'Time of a storage commit', seconds),
    commitUnits: histogram('postern_commit_units', 'Units of work in one commit', [1, 2, 5, 10, 20, 50, 100, 200]),
  };
}

function addGauges(registry: Registry, gauges: Gauges): void {
  const registers = [registry];
  new Gauge({ name: 'postern_info', help: 'Version', labelNames: ['version'], registers }).set({ version: gauges.version }, 1);
  new Gauge({
    name: 'postern_queue_deliveries',
    help: 'Deliveries not yet ended, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await gauges.queue())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'postern_disk_free_bytes',
    help: 'Free space where the data folder lies',
    registers,
    async collect() {
      this.set(await gauges.freeDiskBytes());
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the gateway process',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}
