// From the file as read to the Config that the program uses: absolute paths, names with units, deeply frozen.
import path from 'node:path';
import { DEFAULT_READ_LIMITS } from '../mail/read-limits.ts';
import type {
  Config,
  DeliveryConfig,
  Folders,
  InspectionConfig,
  Limits,
  ListenerConfig,
  ReadingConfig,
  Route,
  ServerTls,
  Trust,
} from './config.ts';
import { buildPortal } from './build-portal.ts';
import { credentialFiles, credentialsName } from './gather-secrets.ts';
import type { RawConfig } from './shape.ts';

export interface BuildSources {
  /** Folder that relative paths start from. */
  readonly base: string;
  /** Contents of public files (certificate authorities), by absolute path. */
  readonly contents: ReadonlyMap<string, string>;
}

export function buildConfig(raw: RawConfig, sources: BuildSources): Config {
  const absolute = (file: string): string => path.resolve(sources.base, file);
  const optional = (file: string | null): string | null => (file === null ? null : absolute(file));
  const pem = (file: string | null): string | null => (file === null ? null : (sources.contents.get(absolute(file)) ?? null));
  const { tls } = raw;
  const serverTls: ServerTls | null =
    tls.certificate === null || tls.key === null
      ? null
      : {
          certificateFile: absolute(tls.certificate),
          keyFile: absolute(tls.key),
          clientCaFile: optional(tls.client_ca),
          clientCaPem: pem(tls.client_ca),
        };
  const config: Config = {
    version: raw.version,
    mode: raw.mode,
    hostname: raw.hostname,
    postmaster: raw.postmaster,
    folders: absoluteFolders(raw.folders, sources.base),
    tls: serverTls,
    listeners: listeners(raw),
    trust: trust(raw, absolute),
    login: { failuresAllowed: raw.login.failures_allowed, windowMs: raw.login.window, rememberForMs: raw.login.remember_for },
    limits: limits(raw),
    reading: reading(raw),
    inspection: inspection(raw, sources.base),
    policy: { file: optional(raw.policy.file), draft: optional(raw.policy.draft) },
    delivery: delivery(raw),
    routes: raw.routes.map((route) => buildRoute(route, sources.base)),
    dns: { servers: raw.dns.servers, validating: raw.dns.validating, timeoutMs: raw.dns.timeout },
    dkim: raw.dkim.map(({ domain, selector, key_file }) => ({ domain, selector, keyFile: absolute(key_file) })),
    trustAnchors: { file: optional(raw.trust_anchors.file), pem: pem(raw.trust_anchors.file) },
    repeats: { windowMs: raw.repeats.window },
    retention: { contentMs: raw.retention.content, factsMs: raw.retention.facts, evidenceMs: raw.retention.evidence },
    disk: { refuseBelowBytes: raw.disk.refuse_below, stopBelowBytes: raw.disk.stop_below },
    dsn: raw.dsn,
    health: raw.health,
    unsubscribe: unsubscribe(raw),
    portal: buildPortal(raw.portal, sources),
    log: raw.log,
  };
  return frozen(config);
}

export function absoluteFolders({ data, keys, run }: RawConfig['folders'], base: string): Folders {
  return { data: path.resolve(base, data), keys: path.resolve(base, keys), run: path.resolve(base, run) };
}

function listeners(raw: RawConfig): ListenerConfig[] {
  const unwritten = raw.mode === 'sandbox' ? '127.0.0.1' : null;
  const named = (kind: ListenerConfig['kind'], i: number): string => (i === 0 ? kind : `${kind}-${i + 1}`);
  const { submissions, submission, relay } = raw.listeners;
  return [
    ...submissions.map(({ address, port }, i) => ({
      name: named('submissions', i),
      kind: 'submissions' as const,
      address: address ?? unwritten,
      port,
      tls: 'implicit' as const,
    })),
    ...submission.map(({ address, port }, i) => ({
      name: named('submission', i),
      kind: 'submission' as const,
      address: address ?? unwritten,
      port,
      tls: 'required' as const,
    })),
    ...relay.map(({ address, port, tls }, i) => ({
      name: named('relay', i),
      kind: 'relay' as const,
      address: address ?? unwritten,
      port,
      tls,
    })),
  ];
}

function trust(raw: RawConfig, absolute: (file: string) => string): Trust {
  const shared = ({
    name,
    may_use,
    reports,
    likely_repeats,
  }: RawConfig['trust']['certificates'][number] | RawConfig['trust']['networks'][number]) => ({
    name,
    mayUse: may_use,
    reports,
    likelyRepeats: likely_repeats,
  });
  return {
    networks: raw.trust.networks.map((network) => ({
      ...shared(network),
      ranges: network.ranges,
      tenantProof:
        network.tenant_proof === null
          ? null
          : { headerName: network.tenant_proof.header, valuesFile: absolute(network.tenant_proof.values_file) },
    })),
    certificates: raw.trust.certificates.map((certificate) => ({ ...shared(certificate), sha256: certificate.sha256 })),
  };
}

function limits({ limits: given }: RawConfig): Limits {
  return {
    connectionsTotal: given.connections_total,
    connectionsPerAddress: given.connections_per_address,
    connectionsPerAccount: given.connections_per_account,
    recipientsPerMessage: given.recipients_per_message,
    messageSizeBytes: given.message_size,
    sessionTimeMs: given.session_time,
    idleTimeMs: given.idle_time,
    errorsPerSession: given.errors_per_session,
    messagesPerHour: given.messages_per_hour,
    messagesPerDay: given.messages_per_day,
    newRecipientsPerHour: given.new_recipients_per_hour,
    newRecipientsPerDay: given.new_recipients_per_day,
    hardFactor: given.hard_factor,
  };
}

function reading({ reading: given }: RawConfig): ReadingConfig {
  return {
    limits: {
      ...DEFAULT_READ_LIMITS,
      messageBytes: given.message_size,
      partBytes: given.part_size,
      unpackedBytes: given.unpacked,
      depth: given.depth,
      parts: given.parts,
    },
    processes: given.processes,
    memoryBytes: given.memory,
    partMs: given.part_time,
    messageMs: given.message_time,
    beforeReplyMs: given.before_reply,
    ocrMs: given.ocr === 'on' ? given.ocr_time : null,
  };
}

function inspection({ inspection: given, folders }: RawConfig, base: string): InspectionConfig {
  const { organisation, sends, senders, rules_file, patients_file, patient_columns } = given;
  return {
    organisation,
    sends,
    senders,
    rulesFile: rules_file === null ? null : path.resolve(base, rules_file),
    patientsFile: path.resolve(base, patients_file ?? path.join(folders.data, 'patients.hashes')),
    patientColumns: patient_columns,
  };
}

function delivery({ delivery: given }: RawConfig): DeliveryConfig {
  return {
    floor: given.floor,
    otherwise: given.otherwise,
    holdFor: given.hold_for,
    expireAfterMs: given.expire_after,
    delayReportAfterMs: given.delay_report_after,
    nextMethodAfterMs: given.next_method_after,
    retry: { firstMs: given.retry.first, factor: given.retry.factor, longestMs: given.retry.longest, jitter: given.retry.jitter },
    concurrency: { total: given.concurrency.total, perDestination: given.concurrency.per_destination },
    ratePerDestination: given.rate_per_destination,
    connection: { idleMs: given.connection.idle, messages: given.connection.messages },
    timeouts: {
      connectMs: given.timeouts.connect,
      greetingMs: given.timeouts.greeting,
      commandMs: given.timeouts.command,
      dataStartMs: given.timeouts.data_start,
      dataBlockMs: given.timeouts.data_block,
      dataEndMs: given.timeouts.data_end,
    },
    mxPort: given.mx_port,
  };
}

function buildRoute(route: RawConfig['routes'][number], base: string): Route {
  return {
    name: route.name,
    domains: route.domains,
    nextHops: route.next_hops,
    finalFor: route.final_for === 'all' ? ['*'] : route.final_for,
    onwardEnforced:
      route.onward_enforced === null ? null : { promisedBy: route.onward_enforced.promised_by, since: route.onward_enforced.since },
    credentials: credentialsName(route, base),
    credentialFiles: credentialFiles(route, base),
  };
}

function unsubscribe({ unsubscribe: given }: RawConfig): Config['unsubscribe'] {
  return given === null ? null : { ...given, name: given.name ?? new URL(given.url).hostname };
}

/** Nothing changes a configuration after it was read: a reload makes another. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}
