// Tells systemd how the service stands (sd_notify(3)), through the systemd-notify program: Node has no Unix datagram sockets.
// Where systemd did not start us, nothing is sent. A notice that fails is a value, never an exception: it must not stop mail.
import { execFile } from 'node:child_process';

export interface Notifier {
  /** How often to call `watchdog`: half of what systemd waits, or null where it does not watch. */
  readonly watchdogIntervalMs: number | null;
  /** Everything listens. */
  ready(): Promise<NoticeResult>;
  /** The event loop and the storage thread have just answered. */
  watchdog(): Promise<NoticeResult>;
  /** A stop has begun. */
  stopping(): Promise<NoticeResult>;
}

export type NoticeResult = 'sent' | 'failed' | 'not-under-systemd';

export type NotifyEnvironment = Readonly<Partial<Record<'NOTIFY_SOCKET' | 'WATCHDOG_USEC' | 'WATCHDOG_PID', string>>>;

const TIMEOUT_MS = 5_000;
const PATH = '/usr/bin:/bin';

/** @param pid of the process that systemd started: the watchdog is meant for it alone. */
export function systemdNotifier(environment: NotifyEnvironment, pid: number): Notifier {
  const socket = environment.NOTIFY_SOCKET ?? '';
  const send = (message: string): Promise<NoticeResult> => (socket === '' ? Promise.resolve('not-under-systemd') : notify(socket, message));
  return {
    watchdogIntervalMs: socket === '' ? null : watchdogInterval(environment, pid),
    ready: () => send('READY=1'),
    watchdog: () => send('WATCHDOG=1'),
    stopping: () => send('STOPPING=1'),
  };
}

/** sd_watchdog_enabled(3): microseconds, and for whom. */
function watchdogInterval(environment: NotifyEnvironment, pid: number): number | null {
  const usec = Number(environment.WATCHDOG_USEC ?? '');
  const meant = environment.WATCHDOG_PID;
  if (!Number.isInteger(usec) || usec < 2_000 || (meant !== undefined && meant !== String(pid))) return null;
  return Math.floor(usec / 2_000);
}

/** The child sees only the socket's name of our environment. */
function notify(socket: string, message: string): Promise<NoticeResult> {
  return new Promise((resolve) => {
    const options = { env: { PATH, NOTIFY_SOCKET: socket }, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' as const };
    execFile('systemd-notify', [message], options, (error) => {
      resolve(error === null ? 'sent' : 'failed');
    });
  });
}
