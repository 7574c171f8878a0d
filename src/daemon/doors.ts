// The doors of a gateway beside those that mail comes in by: the control socket, the health endpoint, the place to unsubscribe, the portal's desk.
import { type PortalSessions, portalSessions } from '../access/portal-sessions.ts';
import type { Config } from '../config/config.ts';
import type { Loaded } from '../config/load.ts';
import { CONTROL_LIMITS, startControlServer } from '../control/server.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import { type HealthState, startHealthServer } from '../http/health.ts';
import type { ListeningServer } from '../http/listen.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../log/metrics.ts';
import type { Deciding } from './deciding.ts';
import { openDesk } from './desk.ts';
import type { Ground } from './ground.ts';
import { controlHandlers } from './handlers.ts';
import type { Outside } from './outgoing.ts';
import type { InEffect } from './reload.ts';
import type { Road } from './road.ts';
import { listenFault } from './listen-fault.ts';
import type { Submission } from './submission.ts';
import { startUnsubscribing } from './unsubscribe.ts';

type NotOpened = { readonly kind: 'not-reached'; readonly text: string };

export interface DoorParts {
  readonly deciding: Deciding;
  readonly log: Log;
  readonly version: string;
  readonly ground: Ground;
  readonly outside: Outside;
  readonly road: Road;
  readonly submission: Submission;
  readonly metrics: Metrics;
  readonly inEffect: () => InEffect;
  readonly reload: () => Promise<Loaded | null>;
}

/** The control socket, the health endpoint, the place to unsubscribe. */
export async function openDoors(parts: DoorParts, undo: AsyncDisposableStack): Promise<NotOpened | null> {
  const { log, version, ground, road, submission, inEffect, deciding } = parts;
  const { config } = inEffect().loaded;
  const startedAt = ground.clock.now();
  const sessions = portalSessions(ground.clock.steady);
  const handlers = controlHandlers({
    version,
    loaded: () => inEffect().loaded,
    configLoadedAt: () => inEffect().loadedAt,
    disk: road.disk,
    running: { pid: process.pid, startedAt, listeners: () => submission.listeners },
    reload: parts.reload,
    ...ground,
    passwords: submission.passwords,
    sessions: submission.sessions,
    acted: (kind, deliveryId) => log.personActed({ kind, deliveryId }),
    deciding,
    live: () => inEffect().policies.live,
    wake: road.wake,
    waitingEnded: road.waitingEnded,
    portalSessions: sessions,
  });
  const control = await startControlServer(controlSocketPath(config.folders.run), handlers, {
    ...CONTROL_LIMITS,
    answered: (command, result, tookMs) => log.controlRequest({ command, result, tookMs }),
    bug: (command, error) => log.bug(`control ${command}`, error),
  });
  if (control.kind === 'refused') return { kind: 'not-reached', text: control.text };
  undo.defer(() => control.server.close());
  return (
    (await openHealth(config.health, parts, undo)) ??
    (await openUnsubscribing(config.unsubscribe, parts, undo)) ??
    (await openPortalDesk(sessions, parts, undo))
  );
}

async function openPortalDesk(
  sessions: PortalSessions,
  { ground, road, deciding, outside, log, inEffect }: DoorParts,
  undo: AsyncDisposableStack,
): Promise<NotOpened | null> {
  const { config, secrets } = { config: () => inEffect().loaded.config, secrets: () => inEffect().loaded.secrets };
  const text = await openDesk({ config, secrets, ground, road, deciding, outside, sessions, log }, undo);
  return text === null ? null : { kind: 'not-reached', text };
}

async function openHealth(
  place: Config['health'],
  { ground, road, metrics, log }: DoorParts,
  undo: AsyncDisposableStack,
): Promise<NotOpened | null> {
  if (place === null) return null;
  const state = async (): Promise<HealthState> => {
    const answered = await ground.store.ping().then(
      () => true,
      () => false,
    );
    return !answered ? 'storage-failing' : road.disk.mayAccept() ? 'ok' : 'disk-full';
  };
  const bug = (where: string, error: unknown): void => void log.bug(where, error);
  const server = await opened('health', place, startHealthServer(place, { state, metrics: () => metrics.render(), bug }));
  if ('kind' in server) return server;
  undo.defer(() => server.close());
  return null;
}

async function openUnsubscribing(
  place: Config['unsubscribe'],
  { ground, deciding, log }: DoorParts,
  undo: AsyncDisposableStack,
): Promise<NotOpened | null> {
  if (place === null) return null;
  const { store, keys, clock } = ground;
  const deps = { consents: deciding.consents, journal: store.journal, keys, clock };
  const starting = startUnsubscribing(place, deps, (where, error) => void log.bug(where, error));
  const server = await opened('unsubscribe', place, starting);
  if ('kind' in server) return server;
  undo.defer(() => server.close());
  log.listening({ listener: 'unsubscribe', port: server.port });
  return null;
}

/** A sentence for the administrator where the port cannot be had. */
async function opened(
  name: string,
  { address, port }: { readonly address: string; readonly port: number },
  starting: Promise<ListeningServer>,
): Promise<ListeningServer | NotOpened> {
  try {
    return await starting;
  } catch (error) {
    const why = listenFault(error);
    if (why === null) throw error;
    return { kind: 'not-reached', text: `${name} cannot listen on ${address} port ${port}: ${why}.` };
  }
}
