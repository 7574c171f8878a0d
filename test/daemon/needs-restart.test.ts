// What a reload cannot change is named, and stays as it was; what it can change takes effect without a word.
import t from 'tap';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/default-config.ts';
import type { Loaded } from '../../src/config/load.ts';
import { keepingReadOnce } from '../../src/daemon/needs-restart.ts';
import { portalConfig } from '../support/portal-config.ts';

const before = defaultConfig('/nowhere');
const { delivery } = before;

function read(config: Config): Loaded {
  const secrets = { tls: null, dkimKeys: new Map(), nextHops: new Map(), tenantProofs: new Map(), smsAuthorization: null };
  return { kind: 'loaded', config, secrets, warnings: [], fingerprint: 'f' };
}

const READ_ONCE: readonly (readonly [name: string, change: Partial<Config>])[] = [
  ['hostname', { hostname: 'other.example' }],
  ['listeners', { listeners: [] }],
  ['login', { login: { ...before.login, rememberForMs: 1 } }],
  ['delivery.concurrency', { delivery: { ...delivery, concurrency: { total: 1, perDestination: 1 } } }],
  ['delivery.rate_per_destination', { delivery: { ...delivery, ratePerDestination: 7 } }],
  ['delivery.connection', { delivery: { ...delivery, connection: { ...delivery.connection, messages: 1 } } }],
  ['delivery.timeouts', { delivery: { ...delivery, timeouts: { ...delivery.timeouts, connectMs: 1 } } }],
  ['delivery.mx_port', { delivery: { ...delivery, mxPort: 26 } }],
  ['dns', { dns: { ...before.dns, servers: ['192.0.2.1'] } }],
  ['trust_anchors', { trustAnchors: { file: '/ca.pem', pem: 'PEM' } }],
  ['retention', { retention: { ...before.retention, contentMs: 1 } }],
  ['health', { health: { address: '127.0.0.1', port: 1 } }],
  [
    'unsubscribe',
    { unsubscribe: { url: 'https://a.example', mailto: 'a@a.example', name: 'A', address: '127.0.0.1', port: 1, proxies: [] } },
  ],
  ['portal', { portal: portalConfig() }],
  ['log.level', { log: { level: 'error' } }],
];

for (const [name, change] of READ_ONCE) {
  t.test(name, async (t) => {
    const { config, warnings } = keepingReadOnce(before, read({ ...before, ...change }));
    t.same(
      warnings.map(({ what, weight }) => `${weight} ${what}`),
      [`warning ${name}: needs a restart`],
    );
    t.same(config, before);
  });
}

t.test('the rest takes effect without a word', async (t) => {
  const changed: Config = {
    ...before,
    postmaster: ['other@clinic.test'],
    limits: { ...before.limits, hardFactor: 9 },
    delivery: { ...delivery, floor: 'tls', holdFor: { clockMs: 1 }, retry: { ...delivery.retry, firstMs: 1 } },
    repeats: { windowMs: 1 },
    disk: { refuseBelowBytes: 2, stopBelowBytes: 1 },
  };
  const { config, warnings } = keepingReadOnce(before, read(changed));
  t.same(warnings, []);
  t.same(config, changed);
});
