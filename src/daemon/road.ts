// The road assembled: from the door (accept) over the dispatcher to the reports, with its rounds.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { sendingCheck } from '../access/limits.ts';
import type { Config } from '../config/config.ts';
import { acceptOwn, type OwnMessage } from '../gateway/accept-own.ts';
import { acceptor } from '../gateway/accept.ts';
import type { AcceptDeps, AcceptSettings, LimitVerdict } from '../gateway/accept-deps.ts';
import type { Clock } from '../gateway/clock.ts';
import { deliver, type DeliverDeps } from '../gateway/deliver.ts';
import { destinationHealth, type DestinationHealth } from '../gateway/destination-health.ts';
import { type DiskWatch, diskWatch } from '../gateway/disk-watch.ts';
import { Dispatcher } from '../gateway/dispatcher.ts';
import type { RoadEvents } from '../gateway/events.ts';
import type { Accept, Submission } from '../gateway/intake.ts';
import { limitWatch } from '../gateway/limit-watch.ts';
import { createProcessor, type Processor } from '../gateway/process.ts';
import type { ConfiguredRoute } from '../gateway/route.ts';
import { tlsWatch } from '../gateway/tls-watch.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import { canonicalAddress } from '../mail/address.ts';
import { freeBytes } from '../spool/free-space.ts';
import type { Spool } from '../spool/spool.ts';
import type { OpenStore } from '../store/sqlite/direct-store.ts';
import type { WithdrawalBoard } from '../store/withdrawal.ts';
import type { Deciding } from './deciding.ts';
import { type Endings, endings, isInDoubt } from './endings.ts';
import type { Examiner } from './examiner.ts';
import type { Outgoing } from './outgoing.ts';
import { type PickupRoundParts, type PickupRounds, pickupRounds } from './pickup-rounds.ts';
import { type Returns, returnsOf } from './returns.ts';
import { type Round, round } from './rounds.ts';
import { type Telling, telling } from './telling.ts';

export interface RoadDeps {
  /** The configuration now in effect. */
  readonly config: () => Config;
  readonly keys: KeyFolder;
  readonly store: OpenStore;
  readonly board: WithdrawalBoard;
  readonly spool: Spool;
  readonly outgoing: Outgoing;
  /** Those that are set up. */
  readonly methods: DeliverDeps['methods'];
  /** Reads and inspects messages, until it is closed. */
  readonly examiner: Pick<Examiner, 'examine' | 'close'>;
  readonly deciding: Deciding;
  readonly clock: Clock;
  readonly events: RoadEvents;
  /** A code that the organisation gives for one pickup. */
  readonly makeCode: PickupRoundParts['makeCode'];
  readonly renewSealers: () => Promise<void>;
}

export interface Road {
  readonly accept: Accept;
  readonly returns: Returns;
  /** Takes in a message of ours. Gives its id. */
  readonly acceptOwn: (own: OwnMessage) => Promise<string>;
  readonly dispatcher: Dispatcher;
  readonly disk: DiskWatch;
  /** A report is owed, or something may be due. */
  readonly wake: () => void;
  /** What waited at the portal ended for somebody: its content goes without delay. */
  readonly waitingEnded: () => void;
  start(): Promise<void>;
  /** Finishes what is on the wire within `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** The reply to the final dot comes by then: Mirth gives up at 5 s. */
const REPLY_WITHIN_MS = 3_500;
const LEASE_MS = 900_000;
/** RFC 5321 4.5.3.1.8: a server takes at least so many. */
const RECIPIENTS_PER_GROUP = 100;
const PROCESS_EVERY_MS = 30_000;
/** Messages that come close together are decided in one round. */
const PROCESS_GATHER_MS = 20;
const DISK_EVERY_MS = 2_000;

export function assembleRoad(deps: RoadDeps): Road {
  const { config, keys, store, spool, clock, events, board, deciding } = deps;
  const owner = randomUUID();
  const chance = (): number => randomInt(2 ** 32) / 2 ** 32;
  const routes = () => routesOf(config());
  const failed = (where: string) => (error: unknown) => events.bug({ where, error });
  let tells: Telling | null = null;
  let waiting: PickupRounds | null = null;
  let ends: Endings | null = null;
  const disk = diskOf(deps);
  const health = destinationHealth({
    queue: store.queue,
    clock,
    get retry() {
      return config().delivery.retry;
    },
    chance,
  });
  const reportsOwed = (): void => {
    tells?.wake();
    waiting?.wake();
  };
  const delivering = deliveryOf(deps, { deciding, routes, chance, health, reportsOwed });
  const dispatcher = new Dispatcher({
    queue: store.queue,
    deliver: (group, signal, offTheWire) => deliver(group, delivering, signal, offTheWire),
    settings: {
      total: config().delivery.concurrency.total,
      perDestination: config().delivery.concurrency.perDestination,
      perDestinationPerMinute: config().delivery.ratePerDestination,
      recipientsPerGroup: RECIPIENTS_PER_GROUP,
      leaseMs: LEASE_MS,
    },
    owner,
    clock,
    events,
    mayTry: health.mayTry,
    mayDeliver: disk.mayDeliver,
  });
  const limits = limitsOf(deps, failed('limits'));
  const processor = processorOf(deps, () => {
    dispatcher.wake();
    reportsOwed();
  });
  const processing = round(PROCESS_EVERY_MS, () => processor.round(), failed('process'));
  const accepting: AcceptDeps = {
    journal: store.journal,
    spool,
    keys,
    board,
    processor,
    audit: store.audit,
    routes,
    dispatcher,
    owner,
    settings: () => acceptSettings(config()),
    limits: limits.verdict,
    mayAccept: disk.mayAccept,
    clock,
    random: (bytes) => randomBytes(bytes),
    reportsOwed,
    events,
  };
  const own = { ...accepting, ownMail: deciding.ownMail };
  const returns = returnsOf({ ...deps, own, mayAccept: disk.mayAccept });
  const rounds: Round[] = [];
  return {
    accept: returns.before(wakingAfter(acceptor(accepting), processing)),
    returns,
    acceptOwn: (message) => acceptOwn(message, own),
    dispatcher,
    disk,
    wake() {
      dispatcher.wake();
      reportsOwed();
    },
    waitingEnded: () => ends?.waitingEnded(),
    async start() {
      await disk.look();
      dispatcher.start();
      tells = telling(own, store, failed);
      const portal = (): Config['portal'] => config().portal;
      const ending = endings(deps, reportsOwed, failed);
      ends = ending;
      const mayEnd = (): boolean => !isInDoubt(clock);
      waiting = pickupRounds({ own, store, portal, makeCode: deps.makeCode, mayEnd, ended: ending.waitingEnded, failed });
      const watching = round(DISK_EVERY_MS, () => watchDisk(disk, dispatcher), failed('disk'));
      rounds.push(...tells.rounds, ...waiting.rounds, watching, processing, ...ending.rounds);
      processing.wake();
    },
    async stop(graceMs) {
      // What is being read is read again after the next start.
      await deps.examiner.close();
      await Promise.all(rounds.map((each) => each.stop()));
      await dispatcher.stop(graceMs);
      await limits.flush();
    },
  };
}

/** Reads, inspects and decides what comes in. */
function processorOf({ config, store, keys, examiner, deciding, clock, events }: RoadDeps, decided: () => void): Processor {
  return createProcessor({
    ...deciding,
    readings: store.readings,
    journal: store.journal,
    keys,
    examine: examiner.examine,
    holdFor: () => config().delivery.holdFor,
    clock,
    events,
    decided,
  });
}

/** The door, with a call to decide what has come in undecided. */
function wakingAfter(accept: Accept, processing: Round): Accept {
  return {
    async open(submission) {
      const intake = await accept.open(submission);
      return {
        write: (piece) => intake.write(piece),
        abort: () => intake.abort(),
        async end() {
          const reply = await intake.end();
          processing.wakeAfter(PROCESS_GATHER_MS);
          return reply;
        },
      };
    },
  };
}

/** What delivery works with. */
function deliveryOf(
  deps: RoadDeps,
  {
    deciding,
    routes,
    chance,
    health,
    reportsOwed,
  }: Pick<DeliverDeps, 'routes' | 'chance' | 'reportsOwed'> & { readonly deciding: Deciding; readonly health: DestinationHealth },
): DeliverDeps {
  const { config, keys, store, spool, outgoing, clock, events } = deps;
  return {
    journal: store.journal,
    queue: store.queue,
    spool,
    keys,
    methods: deps.methods,
    transport: outgoing.transport,
    ...deciding,
    routes,
    lookups: outgoing.lookups,
    // Asked for every group: a reload takes effect without a restart.
    get rules() {
      const { mode, delivery } = config();
      const { retry, holdFor, delayReportAfterMs, nextMethodAfterMs } = delivery;
      return { mode, retry, holdFor, delayReportAfterMs, nextMethodAfterMs };
    },
    clock,
    chance,
    events,
    reportsOwed,
    destinationNews: health.news,
    watchTls: tlsWatch({ domains: store.domains, keys, clock, events }),
  };
}

function acceptSettings(config: Config): AcceptSettings {
  return {
    mode: config.mode,
    hostname: config.hostname,
    postmaster: config.postmaster,
    expireAfterMs: config.delivery.expireAfterMs,
    holdFor: config.delivery.holdFor,
    repeatWindowMs: config.repeats.windowMs,
    replyWithinMs: REPLY_WITHIN_MS,
    decideWithinMs: config.reading.beforeReplyMs,
    recipientsPerGroup: RECIPIENTS_PER_GROUP,
    leaseMs: LEASE_MS,
    clientAddress: 'hide',
    voice: config.dsn,
  };
}

/** Routes of the configuration, as the road knows them. */
export function routesOf(config: Config): readonly ConfiguredRoute[] {
  return config.routes.map(({ name, domains, nextHops, finalFor, onwardEnforced, credentials }) => ({
    name,
    domains,
    nextHops,
    finalFor,
    onward: onwardEnforced ?? 'unknown',
    credentials,
  }));
}

interface Limits {
  readonly verdict: (submission: Submission) => Promise<LimitVerdict>;
  /** Writes what is not counted yet. */
  readonly flush: () => Promise<void>;
}

/** Limits per account on messages and new recipients: 4xx first, then hold; alarm and evidence of both. */
function limitsOf({ config, keys, store, clock, events }: RoadDeps, failed: (error: unknown) => void): Limits {
  const sending = sendingCheck(store.counts, () => config().limits, failed);
  const atLimit = limitWatch({ append: (evidence) => store.audit.append(evidence), clock, events });
  return {
    flush: sending.flush,
    async verdict({ submitter, envelope }) {
      const recipients = envelope.recipients.map(({ address }) => keys.digest('recipient', submitter.name, canonicalAddress(address)));
      const { verdict, reached } = await sending.check({ account: submitter.name, at: clock.steady(), recipients });
      if (reached !== null) await atLimit(submitter.name, reached, verdict === 'hold' ? 'held' : 'refused');
      return verdict;
    },
  };
}

function diskOf({ config, store, clock, events }: RoadDeps): DiskWatch {
  return diskWatch({
    freeBytes: () => freeBytes(config().folders.data),
    get refuseBelowBytes() {
      return config().disk.refuseBelowBytes;
    },
    get stopBelowBytes() {
      return config().disk.stopBelowBytes;
    },
    append: (evidence) => store.audit.append(evidence),
    clock,
    events,
  });
}

/** Delivery that a full disk had stopped goes on as soon as there is room. */
async function watchDisk(disk: DiskWatch, dispatcher: Dispatcher): Promise<'done'> {
  const before = disk.mayDeliver();
  await disk.look();
  if (!before && disk.mayDeliver()) dispatcher.wake();
  return 'done';
}
