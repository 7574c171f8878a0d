// The relay that a user would script from npm, as a peer.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, untilListening } from './peer.ts';
import type { Peer } from './peer.ts';

export const naive: Peer = {
  name: 'naive',
  about: 'smtp-server, a file fsynced per message, nodemailer pool; no retries, no DSNs, no recovery',
  missing: () => null,
  async start({ folder, certificates, sinkPort, port }) {
    const spool = join(folder, 'spool');
    mkdirSync(spool, { recursive: true });
    const running = startProgram(
      [fileURLToPath(new URL('naive-relay.ts', import.meta.url))],
      {
        BENCH_SPOOL: spool,
        BENCH_SINK_PORT: String(sinkPort),
        BENCH_PORT: String(port),
        BENCH_CA: certificates.ca,
        BENCH_KEY: certificates.mtaKey,
        BENCH_CERTIFICATE: certificates.mtaCertificate,
      },
      join(folder, 'log'),
    );
    await untilListening(port, 20_000);
    return running;
  },
};
