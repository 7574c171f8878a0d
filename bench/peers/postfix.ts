// Postfix as a private instance: AUTH over STARTTLS in, a durable queue, certificate and name checked on the way out. `tuned` keeps
// outgoing TLS connections and does not slow down its input. Needs root and the Debian packages postfix, sasl2-bin, libsasl2-modules.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MTA_NAME, PASSWORD, SINK_NAME, USER } from '../protocol.ts';
import { stopChild, untilListening } from './peer.ts';
import type { Peer, RunningPeer, Surroundings } from './peer.ts';

const PROGRAMS = ['/usr/sbin/postfix', '/usr/sbin/saslpasswd2'];
const DAEMONS = '/usr/lib/postfix/sbin';

export function postfix(kind: 'tuned' | 'stock'): Peer {
  return {
    name: kind === 'tuned' ? 'postfix' : 'postfix-stock',
    about: kind === 'tuned' ? 'Postfix, outgoing TLS connections kept, in_flow_delay=0' : 'Postfix as it comes',
    missing() {
      if (process.getuid?.() !== 0) return 'needs root';
      return PROGRAMS.every(existsSync) ? null : 'apt-get install postfix sasl2-bin libsasl2-modules';
    },
    start: (surroundings) => start(kind, surroundings),
  };
}

async function start(kind: 'tuned' | 'stock', surroundings: Surroundings): Promise<RunningPeer> {
  const { folder, port } = surroundings;
  const etc = join(folder, 'etc');
  const postfixUser = Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' }));
  for (const name of ['etc', 'etc/sasl', 'queue', 'data']) mkdirSync(join(folder, name), { recursive: true });
  chownSync(join(folder, 'data'), postfixUser, 0);
  writeLogin(join(etc, 'sasl'), postfixUser);
  writeFileSync(join(etc, 'main.cf'), mainCf(kind, surroundings));
  writeFileSync(join(etc, 'master.cf'), masterCf(port));
  const log = openSync(join(folder, 'log'), 'a');
  // Stays in front, so that its processes are ours to count and to stop.
  const child = spawn('/usr/sbin/postfix', ['-c', etc, 'start-fg'], { stdio: ['ignore', log, log] });
  await untilListening(port, 20_000);
  return {
    pid: Number(readFileSync(join(folder, 'queue/pid/master.pid'), 'utf8')),
    async stop() {
      try {
        execFileSync('/usr/sbin/postfix', ['-c', etc, 'stop'], { stdio: 'ignore', timeout: 20_000 });
      } catch {
        // The master is ended below.
      }
      await stopChild(child);
    },
  };
}

function writeLogin(folder: string, postfixUser: number): void {
  const database = join(folder, 'sasldb2');
  const [user = '', realm = ''] = USER.split('@');
  execFileSync('/usr/sbin/saslpasswd2', ['-p', '-c', '-f', database, '-u', realm, user], { input: PASSWORD });
  chownSync(database, postfixUser, 0);
  chmodSync(database, 0o600);
  writeFileSync(
    join(folder, 'smtpd.conf'),
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${database}\nmech_list: PLAIN LOGIN\n`,
  );
}

function mainCf(kind: 'tuned' | 'stock', { folder, certificates, sinkPort }: Surroundings): string {
  const settings: Readonly<Record<string, string>> = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    command_directory: '/usr/sbin',
    daemon_directory: DAEMONS,
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    myhostname: MTA_NAME,
    mydestination: '',
    mynetworks: '',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    alias_maps: '',
    local_recipient_maps: '',
    maillog_file: join(folder, 'maillog'),
    maillog_file_prefixes: folder,
    relayhost: `[127.0.0.1]:${sinkPort}`,
    message_size_limit: '52428800',
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_path: 'smtpd',
    cyrus_sasl_config_path: join(folder, 'etc/sasl'),
    smtpd_tls_security_level: 'encrypt',
    smtpd_tls_auth_only: 'yes',
    smtpd_tls_cert_file: certificates.mtaCertificate,
    smtpd_tls_key_file: certificates.mtaKey,
    smtp_tls_security_level: 'secure',
    smtp_tls_secure_cert_match: SINK_NAME,
    smtp_tls_CAfile: certificates.ca,
    ...(kind === 'stock'
      ? {}
      : {
          in_flow_delay: '0',
          smtp_tls_connection_reuse: 'yes',
          smtp_connection_cache_on_demand: 'yes',
          smtp_connection_cache_destinations: `[127.0.0.1]:${sinkPort}`,
        }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** Service, type, private, unprivileged, chroot, wake-up, process limit, command: only what this work needs, nothing in a chroot. */
function masterCf(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
cleanup  unix n - n -     0 cleanup
qmgr     unix n - n 300   1 qmgr
tlsmgr   unix - - n 1000? 1 tlsmgr
rewrite  unix - - n -     - trivial-rewrite
bounce   unix - - n -     0 bounce
defer    unix - - n -     0 bounce
trace    unix - - n -     0 bounce
flush    unix n - n 1000? 0 flush
proxymap unix - - n -     - proxymap
smtp     unix - - n -     - smtp
relay    unix - - n -     - smtp
error    unix - - n -     - error
retry    unix - - n -     - error
anvil    unix - - n -     1 anvil
scache   unix - - n -     1 scache
tlsproxy unix - - n -     0 tlsproxy
postlog  unix-dgram n - n - 1 postlogd
`;
}
