// A real validating resolver for tests: Unbound, with a zone signed by ldns-signzone as its trust anchor, on loopback.
// Needs the Debian packages unbound and ldnsutils.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { startDnsServer } from './dns-server.ts';

const UNBOUND = '/usr/sbin/unbound';

export class Unbound implements AsyncDisposable {
  readonly address = '127.0.0.1';
  readonly port: number;
  readonly #process: ChildProcess;

  constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}

export interface SignedZone {
  /** Signed, and vouched for by the trust anchor. */
  readonly name: string;
  /** Records in zone-file form, without SOA and NS. */
  readonly records: string;
  /** Changes the zone after it was signed: what it changes is bogus. */
  readonly spoil: (signed: string) => string;
  /** Records of names that are not signed, one in each string. */
  readonly unsigned: readonly string[];
}

/** @param folder an empty folder of the test */
export async function startUnbound(folder: string, zone: SignedZone): Promise<Unbound> {
  if (![UNBOUND, '/usr/bin/ldns-signzone'].every(existsSync)) throw new Error('apt-get install unbound ldnsutils');
  const apex = `$ORIGIN ${zone.name}.\n$TTL 300\n@ IN SOA ns root 1 3600 600 86400 77\n@ IN NS ns\nns IN A 127.0.0.1\n`;
  writeFileSync(join(folder, 'zone'), `${apex}${zone.records}\n`);
  const key = execFileSync('ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', zone.name], { cwd: folder, encoding: 'utf8' }).trim();
  execFileSync('ldns-signzone', ['-n', 'zone', key], { cwd: folder });
  const signed = join(folder, 'zone.signed');
  writeFileSync(signed, zone.spoil(readFileSync(signed, 'utf8')));
  const port = await freePort();
  writeFileSync(join(folder, 'unbound.conf'), configuration(folder, zone, key, port));
  const server = spawn(UNBOUND, ['-c', join(folder, 'unbound.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: server.stderr }))
    if (line.includes('start of service')) return new Unbound(server, port);
  throw new Error('Unbound did not start');
}

function configuration(folder: string, zone: SignedZone, key: string, port: number): string {
  return `
server:
  interface: 127.0.0.1@${port}
  port: ${port}
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "${folder}"
  pidfile: "${folder}/pid"
  use-syslog: no
  verbosity: 1
  num-threads: 1
  module-config: "validator iterator"
  trust-anchor-file: "${folder}/${key}.key"
  local-zone: "test." nodefault
${zone.unsigned.map((record) => `  local-data: "${record}"`).join('\n')}
auth-zone:
  name: "${zone.name}"
  zonefile: "${folder}/zone.signed"
  for-downstream: no
  for-upstream: yes
remote-control:
  control-enable: no
`;
}

/** A port that was free for UDP and TCP a moment ago. */
async function freePort(): Promise<number> {
  await using server = await startDnsServer({ zone: {} });
  return server.port;
}
