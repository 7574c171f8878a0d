// Postern as it is served, with sealing, evidence and durability on: one account, everything to the sink as a smarthost that is final
// for all domains. Its name server is one in the bench's own process that knows the sink.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDnsServer } from '../../test/support/dns-server.ts';
import { MTA_NAME, PASSWORD, SINK_NAME, USER } from '../protocol.ts';
import { startProgram, untilListening } from './peer.ts';
import type { Peer, Surroundings } from './peer.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export const postern: Peer = {
  name: 'postern',
  about: 'Postern as served: content sealed, evidence chained, synchronous=FULL',
  missing: () => (existsSync(MAIN) ? null : 'src/main.ts is not there'),
  async start(surroundings) {
    const { folder, certificates, port } = surroundings;
    const names = await startDnsServer({ zone: { [SINK_NAME]: { A: ['127.0.0.1'] } } });
    for (const name of ['data', 'keys', 'run']) mkdirSync(join(folder, name), { mode: 0o700 });
    chmodSync(certificates.mtaKey, 0o600);
    const config = join(folder, 'postern.yaml');
    writeFileSync(config, configText(surroundings, names.port));
    const add = [MAIN, '--config', config, 'account', 'add', USER, '--may-use', USER, '--password-stdin'];
    execFileSync(process.execPath, add, { input: `${PASSWORD}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
    // As systemd/postern.service starts it.
    const running = startProgram(
      ['--max-semi-space-size=4', MAIN, '--config', config, 'serve'],
      { MALLOC_ARENA_MAX: '2' },
      join(folder, 'log'),
    );
    await untilListening(port, 20_000);
    return {
      pid: running.pid,
      async stop() {
        await running.stop();
        await names[Symbol.asyncDispose]();
      },
    };
  },
};

function configText({ certificates, sinkPort, port }: Surroundings, dnsPort: number): string {
  return `version: 1
hostname: ${MTA_NAME}
postmaster: [postmaster@bench.test]
folders: { data: data, keys: keys, run: run }
tls: { certificate: ${certificates.mtaCertificate}, key: ${certificates.mtaKey} }
listeners:
  submission: { address: 127.0.0.1, port: ${port} }
limits:
  messages_per_hour: 10000000
  messages_per_day: 10000000
  new_recipients_per_hour: 10000000
  new_recipients_per_day: 10000000
  connections_per_address: 500
  connections_per_account: 500
routes:
  - name: sink
    domains: ["*"]
    next_hops: [{ host: ${SINK_NAME}, port: ${sinkPort} }]
    final_for: all
dns: { servers: ["127.0.0.1:${dnsPort}"] }
trust_anchors: { file: ${certificates.ca} }
disk: { refuse_below: 500MB, stop_below: 200MB }
`;
}
