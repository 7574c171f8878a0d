// A gateway at work: everything joined for one configuration, from the locked data folder to the open listeners.
import type { Config } from '../config/config.ts';
import { formatIssue } from '../config/issue.ts';
import type { Loaded } from '../config/load.ts';
import type { Secrets } from '../config/secrets.ts';
import { CONTROL_LIMITS, startControlServer } from '../control/server.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import { RefusalCounts } from '../gateway/refusals.ts';
import { type HealthState, startHealthServer } from '../http/health.ts';
import type { Log } from '../log/log.ts';
import { logDigest } from '../log/safe.ts';
import { createMetrics, type Metrics } from '../log/metrics.ts';
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import { relayMethod } from '../methods/relay/relay.ts';
import { accountCommands } from './account-commands.ts';
import { consentCommands } from './consent-commands.ts';
import { type Ground, openGround } from './ground.ts';
import { systemdNotifier } from './notify.ts';
import { outgoing, type Outside } from './outgoing.ts';
import { type Deciding, decidingOf } from './deciding.ts';
import { openExaminer } from './examiner.ts';
import { policyCommands } from './policy-commands.ts';
import { type QueueCommandDeps, queueCommands } from './queue-commands.ts';
import { revealer } from './reveal.ts';
import { reviewCommands } from './review-commands.ts';
import { type InEffect, inEffectFrom, reloader } from './reload.ts';
import { loadPolicies } from './policy.ts';
import { activation, failingCases, policyWatch, preparing } from './policy-activation.ts';
import { roadEvents } from './road-events.ts';
import { assembleRoad, type Road } from './road.ts';
import { sessionEvents } from './session-events.ts';
import { statusCommands } from './status-commands.ts';
import { listenFault, startListeners, type Submission } from './submission.ts';
import { startUpkeep } from './upkeep.ts';

export interface ServiceDeps {
  readonly loaded: Loaded;
  readonly version: string;
  readonly outside: Outside;
  readonly log: Log;
  /** Reads the configuration anew for a reload; null where it is refused (said to the log already). */
  readonly readAgain: () => Promise<Loaded | null>;
}

export interface Service {
  readonly kind: 'running';
  /** Port of each listener by name. */
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
  reload(): Promise<Loaded | null>;
  readonly ended: Promise<'stopped' | 'failed'>;
}

export type ServiceStart = Service | { readonly kind: 'not-reached'; readonly text: string };

const STOP_GRACE_MS = 20_000;

/** Starts a gateway. What cannot be started safely is refused with a sentence for the administrator, and nothing is left running. */
export async function startService(deps: ServiceDeps): Promise<ServiceStart> {
  const startedAt = performance.now();
  await using undo = new AsyncDisposableStack();
  const { log, version } = deps;
  const ground = await openGround(deps.loaded.config, log, undo);
  if (ground.kind === 'not-reached') return ground;
  const { keys, clock, store, reader } = ground;
  const policies = await loadPolicies(deps.loaded.config);
  if (policies.kind === 'refused') return { kind: 'not-reached', text: policies.issues.map(formatIssue).join('\n') };
  let inEffect = inEffectFrom(deps.loaded, policies, clock.now());
  const config = (): Config => inEffect.loaded.config;
  const secrets = (): Secrets => inEffect.loaded.secrets;

  const metrics = createMetrics({ version, queue: () => reader.queue.counts(), freeDiskBytes: async () => road.disk.freeBytes() });
  const refusals = new RefusalCounts();
  const events = roadEvents(log, metrics, refusals, keys);
  const leaving = outgoing({
    config: config(),
    secrets,
    outside: deps.outside,
    domains: store.domains,
    keys,
    now: clock.steady,
    stsUnavailable: ({ domain, reason, applied }) => {
      log.stsUnavailable({ destination: logDigest(keys.digest('log', domain)), reason, applied });
      const evidence: Evidence = {
        kind: 'sts-policy.missed',
        at: clock.now(),
        messageId: null,
        deliveryId: null,
        codes: { reason, applied },
        detail: { domain },
      };
      store.audit.append([evidence]).catch((error: unknown) => events.bug({ where: 'sts', error }));
    },
  });
  undo.defer(() => leaving.transport.close());
  const relay = relayMethod({ signingKeys: () => inEffect.signingKeys, now: clock.now, unsubscribeUrl: () => null });
  const examiner = await openExaminer({
    config: config(),
    findingKey: keys.digest('findings'),
    readChild: null,
    lost: (why) => events.bug({ where: 'examiner', error: new Error(why) }),
  });
  if (examiner.kind === 'refused') return { kind: 'not-reached', text: examiner.issues.map(formatIssue).join('\n') };
  undo.defer(() => examiner.close());
  const failing = await failingCases(policies, config(), examiner);
  if (failing.length > 0) return { kind: 'not-reached', text: failing.map(formatIssue).join('\n') };
  const deciding = await decidingOf({
    config,
    policy: () => inEffect.policies.live.policy,
    draft: () => inEffect.policies.draft?.policy ?? null,
    store,
    keys,
    now: clock.steady,
  });
  const road = assembleRoad({
    ...ground,
    config,
    outgoing: leaving,
    relay,
    examiner,
    deciding,
    events,
  });
  const notifier = systemdNotifier(process.env, process.pid);
  const sealNow = startUpkeep(
    { store, keys, clock, refusals, notifier, renewSealers: ground.renewSealers, failed: (where, error) => events.bug({ where, error }) },
    undo,
  );
  const note = (kind: EvidenceKind, codes: Evidence['codes']): Promise<void> =>
    store.audit.append([{ kind, at: clock.now(), messageId: null, deliveryId: null, codes, detail: null }]);
  await note('gateway.started', { version, mode: config().mode, config: deps.loaded.fingerprint, policy: deciding.policy().version });
  const activate = activation({ policies: store.policies, clock });
  await activate(inEffect.policies);
  await sealNow();
  undo.defer(() => note('gateway.stopped', {}));
  undo.defer(() => road.stop(STOP_GRACE_MS));
  await road.start();

  const sessions = sessionEvents(log, metrics, refusals, keys);
  const started = await startListeners({
    config,
    secrets,
    accounts: store.accounts,
    accept: road.accept,
    events: sessions,
  });
  if (started.kind === 'not-reached') return started;
  const { submission } = started;
  undo.defer(async () => void (await submission.stop(STOP_GRACE_MS)));
  for (const { name, port } of submission.listeners) log.listening({ listener: name, port });

  const reload = reloader({
    readAgain: deps.readAgain,
    prepare: preparing(examiner, config),
    inEffect: () => inEffect,
    takeEffect(next) {
      inEffect = next;
      submission.reload();
    },
    now: clock.now,
    log,
    bug: (error) => events.bug({ where: 'reload', error }),
    async note({ loaded: { fingerprint }, policies: next }, before) {
      await note('config.loaded', { config: fingerprint, policy: next.live.policy.version });
      if (next.live.policy.version !== before.policies.live.policy.version) await activate(next);
    },
  });
  const watching = policyWatch(
    () => inEffect.policies,
    reload,
    (error) => events.bug({ where: 'policy-watch', error }),
  );
  undo.defer(() => watching.stop());
  const opened = await openDoors({ deps, ground, deciding, road, submission, metrics, inEffect: () => inEffect, reload }, undo);
  if (opened !== null) return opened;
  await notifier.ready();
  undo.defer(async () => void (await notifier.stopping()));
  log.started({ version, mode: config().mode, startMs: performance.now() - startedAt });
  return runningService(undo.move(), submission, reload, ground, log);
}

interface DoorParts {
  readonly deciding: Deciding;
  readonly deps: ServiceDeps;
  readonly ground: Ground;
  readonly road: Road;
  readonly submission: Submission;
  readonly metrics: Metrics;
  readonly inEffect: () => InEffect;
  readonly reload: () => Promise<Loaded | null>;
}

/** The control socket and the health endpoint. */
async function openDoors(
  parts: DoorParts,
  undo: AsyncDisposableStack,
): Promise<{ readonly kind: 'not-reached'; readonly text: string } | null> {
  const { deps, ground, road, submission, inEffect, metrics, deciding } = parts;
  const { store, reader, clock } = ground;
  const { log, version } = deps;
  const { config } = inEffect().loaded;
  const startedAt = clock.now();
  const reviewing: QueueCommandDeps = {
    reader: reader.queue,
    review: {
      queue: store.queue,
      reader: reader.queue,
      accounts: store.accounts,
      ...deciding,
      clock,
      holdForMs: () => inEffect().loaded.config.delivery.holdForMs,
      wake: road.wake,
    },
    acted: (kind, deliveryId) => log.personActed({ kind, deliveryId }),
  };
  const handlers = {
    ...statusCommands({
      version,
      loaded: () => inEffect().loaded,
      configLoadedAt: () => inEffect().loadedAt,
      store,
      reader: reader.queue,
      disk: road.disk,
      running: { pid: process.pid, startedAt, listeners: () => submission.listeners },
      reload: parts.reload,
    }),
    ...queueCommands(reviewing),
    ...reviewCommands({
      ...reviewing,
      reviews: store.reviews,
      audit: store.audit,
      explain: (facts) => inEffect().policies.live.policy.explain(facts),
      reveal: revealer({ config: () => inEffect().loaded.config, keys: ground.keys, spool: ground.spool, journal: store.journal }),
    }),
    ...accountCommands({ accounts: store.accounts, passwords: submission.passwords, sessions: submission.sessions, clock }),
    ...policyCommands({ reader: reader.facts, onFile: deciding.onFile }),
    ...consentCommands({ consents: deciding.consents, reader: reader.consents, accounts: store.accounts, keys: ground.keys, clock }),
  };
  const control = await startControlServer(controlSocketPath(config.folders.run), handlers, {
    ...CONTROL_LIMITS,
    answered: (command, result, tookMs) => log.controlRequest({ command, result, tookMs }),
    bug: (command, error) => log.bug(`control ${command}`, error),
  });
  if (control.kind === 'refused') return { kind: 'not-reached', text: control.text };
  undo.defer(() => control.server.close());
  if (config.health === null) return null;
  const state = async (): Promise<HealthState> => {
    const answered = await store.ping().then(
      () => true,
      () => false,
    );
    return !answered ? 'storage-failing' : road.disk.mayAccept() ? 'ok' : 'disk-full';
  };
  const { address, port } = config.health;
  const health = await startHealthServer(config.health, {
    state,
    metrics: () => metrics.render(),
    bug: (where, error) => void log.bug(where, error),
  }).catch((error: unknown) => {
    const why = listenFault(error);
    if (why === null) throw error;
    return `health cannot listen on ${address} port ${port}: ${why}.`;
  });
  if (typeof health === 'string') return { kind: 'not-reached', text: health };
  undo.defer(() => health.close());
  return null;
}

function runningService(
  undo: AsyncDisposableStack,
  submission: Submission,
  reload: Service['reload'],
  { store }: Ground,
  log: Log,
): Service {
  const ended = Promise.withResolvers<'stopped' | 'failed'>();
  let stopping = false;
  void store.failed.then((code) => {
    if (stopping) return;
    // Nothing is retried on a file that failed: the process ends, and the next start recovers from what is durable.
    log.storageFailed({ code });
    ended.resolve('failed');
  });
  return {
    kind: 'running',
    ports: Object.fromEntries(submission.listeners.map(({ name, port }) => [name, port])),
    reload,
    ended: ended.promise,
    async stop() {
      const stoppedAt = performance.now();
      stopping = true;
      log.stopping({ why: 'signal' });
      await undo.disposeAsync();
      log.stopped({ stopMs: performance.now() - stoppedAt, unfinished: 0 });
      ended.resolve('stopped');
    },
  };
}
