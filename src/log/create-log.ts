// The operational log over pino: JSON lines, written without holding up the event loop. Lines beyond the buffer are dropped,
// never waited for. Alarms, which a person must look at, have the level `error`.
import { constants, fchmodSync, openSync } from 'node:fs';
import pino from 'pino';
import { bugFacts } from './bug.ts';
import type { Log } from './log.ts';
import { safeFields, safeText } from './safe.ts';

export interface LogOptions {
  readonly level: Level;
  readonly destination: LogDestination;
  /** A fresh correlation id for a bug. */
  readonly newId: () => string;
}

/** A file is appended to, and only its owner may read it. */
export type LogDestination = 'stdout' | 'stderr' | { readonly file: string } | LineSink;

/** Takes finished lines, each with its line end. */
export interface LineSink {
  write(line: string): void;
}

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Lines that wait for a slow reader of stdout or stderr. */
const BUFFER_BYTES = 4 * 1024 * 1024;

export function createLog(options: LogOptions): Log {
  const output = openOutput(options.destination);
  const lines = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {},
    },
    output.sink,
  );
  const at = (level: Level) => (event: string) => (fields: object) => {
    if (lines.isLevelEnabled(level)) lines[level]({ event, ...safeFields(fields) });
  };
  const [debug, info, warn, alarm] = [at('debug'), at('info'), at('warn'), at('error')];
  return {
    started: info('service.started'),
    listening: info('service.listening'),
    stopping: info('service.stopping'),
    stopped: info('service.stopped'),
    configLoaded: info('config.loaded'),
    configRefused: alarm('config.refused'),
    certificateLoaded: info('certificate.loaded'),
    recovered: info('service.recovered'),
    sessionEnded: debug('session.ended'),
    tlsFailed: info('session.tls-failed'),
    loginAccepted: debug('login.accepted'),
    loginRefused: warn('login.refused'),
    messageAccepted: info('message.accepted'),
    messageRefused: info('message.refused'),
    messageRead: info('message.read'),
    limitReached: (event) => (event.then === 'held' ? alarm : warn)('limit.reached')(event),
    deliverySettled: info('delivery.settled'),
    destinationBackedOff: warn('destination.backed-off'),
    tlsDowngraded: alarm('tls.downgraded'),
    reportAccepted: info('report.accepted'),
    contentDamaged: alarm('content.damaged'),
    controlRequest: info('control.request'),
    personActed: info('person.acted'),
    diskLow: alarm('disk.low'),
    diskRecovered: info('disk.recovered'),
    clockStepped: warn('clock.stepped'),
    storageFailed: alarm('storage.failed'),
    stsUnavailable: warn('sts-policy.missed'),
    phoneCodeFailed: warn('phone-code.failed'),
    slow: warn('service.slow'),
    retentionRan: info('retention.ran'),
    bug(where, error) {
      const id = safeText(options.newId());
      const { errorClass, errorCode, frames } = bugFacts(error);
      lines.error({ event: 'bug', id, where: safeText(where), errorClass, errorCode, frames });
      return id;
    },
    close: output.close,
  };
}

interface Output {
  readonly sink: LineSink;
  readonly close: () => void;
}

function openOutput(destination: LogOptions['destination']): Output {
  if (typeof destination === 'object' && 'write' in destination) return { sink: destination, close: () => undefined };
  const fd = typeof destination === 'object' ? openFile(destination.file) : destination === 'stdout' ? 1 : 2;
  const stream = pino.destination({ fd, sync: false, minLength: 0, maxLength: BUFFER_BYTES });
  // A reader that went away (EPIPE) must not end the service.
  stream.on('error', () => undefined);
  return {
    sink: stream,
    close() {
      try {
        stream.flushSync();
      } catch {
        // Nobody reads any more: nothing can be said, and the process is ending.
      }
    },
  };
}

/** Opened by us and not by the library: no link is followed, and one that was there with wider rights is narrowed. */
function openFile(path: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const fd = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  fchmodSync(fd, 0o600);
  return fd;
}
