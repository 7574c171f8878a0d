// A gateway at work: everything joined for one configuration, from the locked data folder to the open listeners.
import type { Config } from '../config/config.ts';
import { formatIssue } from '../config/issue.ts';
import type { Loaded } from '../config/load.ts';
import type { Secrets } from '../config/secrets.ts';
import type { RoadEvents } from '../gateway/events.ts';
import { RefusalCounts } from '../gateway/refusals.ts';
import type { Log } from '../log/log.ts';
import { createMetrics } from '../log/metrics.ts';
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import { isOfPrefix } from '../mail/phone.ts';
import { relayMethod } from '../methods/relay/relay.ts';
import { type Ground, openGround } from './ground.ts';
import { systemdNotifier } from './notify.ts';
import { outgoing, type Outside } from './outgoing.ts';
import { type Deciding, decidingOf } from './deciding.ts';
import { openDoors } from './doors.ts';
import { type Examiner, openExaminer } from './examiner.ts';
import { type InEffect, inEffectFrom, type ReloadDeps, reloader } from './reload.ts';
import { loadPolicies, type PoliciesInEffect } from './policy.ts';
import { activation, failingCases, policyWatch, preparing } from './policy-activation.ts';
import { roadEvents } from './road-events.ts';
import { clinicCodes } from './clinic-codes.ts';
import { enrolledAt } from './pickup-rounds.ts';
import { portalMethodOf } from './portal-method.ts';
import { assembleRoad, type Road } from './road.ts';
import { sessionEvents } from './session-events.ts';
import { stsMissed } from './sts-missed.ts';
import { startListeners, type Submission } from './submission.ts';
import { unsubscribeUrlOf } from './unsubscribe.ts';
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
  const opened = await openRoad({ ...deps, ground, config, secrets, inEffect: () => inEffect, events }, undo);
  if (opened.kind === 'not-reached') return opened;
  const { road, deciding, examiner } = opened;
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
    mayReceive: road.returns.mayReceive,
    events: sessions,
  });
  if (started.kind === 'not-reached') return started;
  const { submission } = started;
  undo.defer(async () => void (await submission.stop(STOP_GRACE_MS)));
  for (const { name, port } of submission.listeners) log.listening({ listener: name, port });

  const reload = reloadingOf(deps, ground, {
    inEffect: () => inEffect,
    takeEffect(next) {
      inEffect = next;
      submission.reload();
    },
    prepare: preparing(examiner, config),
    activate,
    note,
    bug: (error) => events.bug({ where: 'reload', error }),
  });
  const watching = policyWatch(
    () => inEffect.policies,
    reload,
    (error) => events.bug({ where: 'policy-watch', error }),
  );
  undo.defer(() => watching.stop());
  const notOpened = await openDoors(
    { log, version, ground, outside: deps.outside, deciding, road, submission, metrics, inEffect: () => inEffect, reload },
    undo,
  );
  if (notOpened !== null) return notOpened;
  await notifier.ready();
  undo.defer(async () => void (await notifier.stopping()));
  log.started({ version, mode: config().mode, startMs: performance.now() - startedAt });
  return runningService(undo.move(), submission, reload, ground, log);
}

interface RoadParts extends Pick<ServiceDeps, 'log' | 'outside'> {
  readonly ground: Ground;
  readonly config: () => Config;
  readonly secrets: () => Secrets;
  readonly inEffect: () => InEffect;
  readonly events: RoadEvents;
}

type RoadOpened =
  | { readonly kind: 'open'; readonly road: Road; readonly deciding: Deciding; readonly examiner: Examiner }
  | { readonly kind: 'not-reached'; readonly text: string };

/** The road with what it goes by: ways out, methods, reading and inspection, decisions. Not yet started. */
async function openRoad(parts: RoadParts, undo: AsyncDisposableStack): Promise<RoadOpened> {
  const { ground, config, secrets, inEffect, outside, events, log } = parts;
  const { keys, clock, store } = ground;
  const leaving = outgoing({
    config: config(),
    secrets,
    outside,
    domains: store.domains,
    keys,
    now: clock.steady,
    stsUnavailable: stsMissed({ log, keys, store, clock, events }),
  });
  undo.defer(() => leaving.transport.close());
  const relay = relayMethod({
    signingKeys: () => inEffect().signingKeys,
    now: clock.now,
    unsubscribeUrl: unsubscribeUrlOf(config().unsubscribe, keys),
  });
  const examiner = await openExaminer({
    config: config(),
    findingKey: keys.digest('findings'),
    readChild: null,
    lost: (why) => events.bug({ where: 'examiner', error: new Error(why) }),
  });
  if (examiner.kind === 'refused') return { kind: 'not-reached', text: examiner.issues.map(formatIssue).join('\n') };
  undo.defer(() => examiner.close());
  const failing = await failingCases(inEffect().policies, config(), examiner);
  if (failing.length > 0) return { kind: 'not-reached', text: failing.map(formatIssue).join('\n') };
  const deciding = await decidingOf({
    config,
    policy: () => inEffect().policies.live.policy,
    draft: () => inEffect().policies.draft?.policy ?? null,
    store,
    keys,
    now: clock.steady,
  });
  const enrolled = (address: Uint8Array): ReturnType<typeof enrolledAt> =>
    enrolledAt(store.people, address, (number) => isOfPrefix(number, config().portal?.sms?.countries ?? []));
  const portal = portalMethodOf({ config, deciding, store, keys, clock, enrolled });
  const road = assembleRoad({
    ...ground,
    config,
    outgoing: leaving,
    methods: { relay, portal },
    makeCode: clinicCodes({ people: store.people, keys, clock }),
    examiner,
    deciding,
    events,
  });
  return { kind: 'open', road, deciding, examiner };
}

interface ReloadParts extends Pick<ReloadDeps, 'inEffect' | 'takeEffect' | 'prepare' | 'bug'> {
  readonly activate: (next: PoliciesInEffect) => Promise<void>;
  readonly note: (kind: EvidenceKind, codes: Evidence['codes']) => Promise<void>;
}

/** What took effect is evidence. */
function reloadingOf({ readAgain, log }: ServiceDeps, { clock }: Ground, parts: ReloadParts): Service['reload'] {
  const { activate, note, ...rest } = parts;
  return reloader({
    ...rest,
    readAgain,
    now: clock.now,
    log,
    async note({ loaded: { fingerprint }, policies: next }, before) {
      await note('config.loaded', { config: fingerprint, policy: next.live.policy.version });
      if (next.live.policy.version !== before.policies.live.policy.version) await activate(next);
    },
  });
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
