// Notices to systemd, with the real systemd-notify and a datagram socket that plays systemd (Debian: systemd, python3).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { systemdNotifier } from '../../src/daemon/notify.ts';

/** Prints each datagram as one line. Descriptors sent along are closed by not being taken, which is what systemd's barrier waits for. */
const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    print(s.recv(4096).decode().replace('\\n', ' '), flush=True)
`;

await t.test('ready, watchdog and stopping arrive', async (t) => {
  const socket = join(t.testdir(), 'notify.sock');
  const receiver = spawn('python3', ['-c', RECEIVER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => receiver.kill());
  const lines: string[] = [];
  const arrived = createInterface(receiver.stdout);
  await once(arrived, 'line');
  arrived.on('line', (line) => lines.push(line));

  const notifier = systemdNotifier({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '77' }, 77);
  t.equal(notifier.watchdogIntervalMs, 15_000);
  t.equal(await notifier.ready(), 'sent');
  t.equal(await notifier.watchdog(), 'sent');
  t.equal(await notifier.stopping(), 'sent');
  const notices = (): readonly string[] => lines.flatMap((line) => /^(READY|WATCHDOG|STOPPING)=1/.exec(line)?.[1] ?? []);
  while (notices().length < 3) await once(arrived, 'line');
  t.same(notices(), ['READY', 'WATCHDOG', 'STOPPING']);
});

await t.test('not under systemd: nothing is sent', async (t) => {
  const notifier = systemdNotifier({ WATCHDOG_USEC: '30000000' }, 77);
  t.equal(notifier.watchdogIntervalMs, null);
  t.equal(await notifier.ready(), 'not-under-systemd');
  t.equal(await notifier.watchdog(), 'not-under-systemd');
  t.equal(await notifier.stopping(), 'not-under-systemd');
});

await t.test('a socket that is gone is a value, not an exception', async (t) => {
  const notifier = systemdNotifier({ NOTIFY_SOCKET: join(t.testdir(), 'gone.sock') }, 77);
  t.equal(await notifier.ready(), 'failed');
});

const INTERVALS: readonly (readonly [name: string, usec: string | undefined, pid: string | undefined, intervalMs: number | null])[] = [
  ['none asked for', undefined, undefined, null],
  ['for whom is not said', '10000000', undefined, 5_000],
  ['for this process', '10000000', '77', 5_000],
  ['for another process', '10000000', '78', null],
  ['not a number', 'soon', '77', null],
  ['nothing', '0', '77', null],
  ['empty', '', '77', null],
];

await t.test('how often the watchdog is fed', async (t) => {
  for (const [name, usec, pid, intervalMs] of INTERVALS) {
    const environment = {
      NOTIFY_SOCKET: '/run/notify',
      ...(usec === undefined ? {} : { WATCHDOG_USEC: usec }),
      ...(pid === undefined ? {} : { WATCHDOG_PID: pid }),
    };
    t.equal(systemdNotifier(environment, 77).watchdogIntervalMs, intervalMs, name);
  }
});
