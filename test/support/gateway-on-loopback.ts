// Runs a gateway as `postern serve` does, with one difference: mail servers found by MX and hosts of MTA-STS policies may have private
// addresses, and policies are fetched from the port in $STS_PORT. So a test can play the whole world on loopback.
import { randomUUID } from 'node:crypto';
import { loadConfig } from '../../src/config/load.ts';
import { realOutside } from '../../src/daemon/outgoing.ts';
import { startService } from '../../src/daemon/service.ts';
import { stsFetcher } from '../../src/dns/sts-fetch.ts';
import { createLog } from '../../src/log/create-log.ts';

const configPath = process.argv.at(-1) ?? '';
const read = async () => {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'loaded') return loaded;
  process.stderr.write(`${JSON.stringify(loaded.issues)}\n`);
  return null;
};
const loaded = await read();
if (loaded === null) process.exit(1);
const log = createLog({ level: loaded.config.log.level, destination: 'stdout', newId: randomUUID });
const real = realOutside(loaded.config);
const privateAddresses = 'allowed';
const port = Number(process.env['STS_PORT'] ?? 443);
const fetchPolicy = stsFetcher({ resolver: real.resolver, random: Math.random, ca: real.trustAnchors, privateAddresses, port });
const service = await startService({ loaded, version: 'test', outside: { ...real, privateAddresses, fetchPolicy }, log, readAgain: read });
if (service.kind === 'not-reached') {
  process.stderr.write(`${service.text}\n`);
  process.exit(1);
}
process.on('SIGTERM', () => void service.stop()).on('SIGHUP', () => void service.reload());
await service.ended;
log.close();
process.exit(0);
