// Postern as it is served, with sealing, evidence and durability on: one account, everything to the sink as a smarthost by name.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export const postern: Peer = {
  name: 'postern',
  about: 'Postern: sealed queue, evidence, synchronous=FULL',
  missing: () => (existsSync(MAIN) ? null : 'src/main.ts is not there yet'),
  start() {
    return Promise.reject(new Error('not written yet'));
  },
};
