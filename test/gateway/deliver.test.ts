// One group from claim to settlement: what routes have separated since is sent apart, and what a next hop has taken stays taken.
import t from 'tap';
import { deliver, type DeliverDeps } from '../../src/gateway/deliver.ts';
import type { ConfiguredRoute } from '../../src/gateway/route.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import type { NextHop } from '../../src/mail/next-hop.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import { noTls } from '../../src/mail/tls.ts';
import type { Settlement } from '../../src/store/queue.ts';
import type { SendRequest } from '../../src/transport/transport.ts';
import { decidingBy, someFacts, simplePolicy } from '../support/deciding.ts';
import { activeDelivery, NOW } from '../support/active-delivery.ts';

const policy = simplePolicy();
const RELAYED: Outcome = {
  kind: 'relayed',
  reply: { code: 250, enhanced: '2.0.0', text: 'ok' },
  tls: noTls('unsigned'),
  dsn: 'not-offered',
};
const LATER: Outcome = {
  kind: 'deferred',
  code: 'delivery.refused-temporarily',
  scope: 'recipient',
  afterDot: 'no',
  reply: { code: 451, enhanced: null, text: 'later' },
  tls: null,
};

const hop = (host: string): NextHop => ({
  host,
  addresses: ['192.0.2.1'],
  port: 25,
  tls: 'starttls',
  referenceNames: [host],
  authenticity: 'unsigned',
  tlsa: null,
  published: null,
  reach: 'recipient-domain',
  credentials: null,
});

const group = ['ann@a.example', 'bob@b.example'].map((recipient, n) =>
  activeDelivery({
    recipient,
    n,
    decision: policy.decide(someFacts()),
    lease: { deliveryId: `01JD9Z0000000000000000TEST/${n}`, owner: 'test', token: 1 },
  }),
);

interface World {
  readonly routes: readonly ConfiguredRoute[];
  readonly mx: readonly string[];
  readonly send: (request: SendRequest) => Promise<readonly Outcome[]>;
}

/** Delivers the group in a world, and gives what was sent where and what each delivery became. */
async function delivered({ routes, mx, send }: World) {
  const sent: { host: string; reach: string; to: readonly string[] }[] = [];
  const settled: Settlement[] = [];
  const bugs: string[] = [];
  const deps: DeliverDeps = {
    journal: { readSealed: async () => new Uint8Array(100) },
    queue: {
      begin: async (starts) => starts.map(({ lease }) => lease),
      settle: async (settlements) => {
        settled.push(...settlements);
        return [];
      },
    },
    spool: { read: () => nothing() },
    keys: { unwrapDataKey: () => new Uint8Array(32) },
    methods: {
      relay: {
        name: 'relay',
        does: 'send',
        reach: async () => ({ reach: 'yes' }),
        pack: async (_, content) => ({ ...content, body: '7bit', needs: 'nothing' }),
      },
    },
    transport: {
      send: (request) => {
        sent.push({ host: request.hop.host, reach: request.hop.reach, to: request.recipients.map(({ address }) => address) });
        return send(request);
      },
    },
    ...decidingBy(policy),
    routes: () => routes,
    lookups: {
      mx: async () => ({ kind: 'hops', hops: mx.map(hop) }),
      host: async (host) => ({ kind: 'found', addresses: ['192.0.2.9'], tlsa: null, serverName: host }),
    },
    rules: {
      mode: 'live',
      retry: { firstMs: 60_000, factor: 2, longestMs: 3_600_000, jitter: 0 },
      holdFor: { clockMs: 1_000 },
      delayReportAfterMs: 10_000_000,
      nextMethodAfterMs: 10_000_000,
    },
    clock: { now: () => NOW, steady: () => NOW },
    chance: () => 0.5,
    events: {
      accepted: () => undefined,
      refused: () => undefined,
      read: () => undefined,
      settled: () => undefined,
      backedOff: () => undefined,
      reported: () => undefined,
      alarm: () => undefined,
      bug: ({ where }) => void bugs.push(where),
    },
    reportsOwed: () => undefined,
    destinationNews: async () => null,
    watchTls: async () => [],
  };
  await deliver({ deliveries: group, sealed: null }, deps, new AbortController().signal, () => undefined);
  return { sent, states: settled.map(({ after }) => after.state), bugs };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(0);
}

const smarthost = (domains: readonly string[], finalFor: readonly string[]): ConfiguredRoute => ({
  name: '0',
  domains,
  nextHops: [{ host: 'smart.example', port: 25, tls: 'starttls' }],
  finalFor,
  onward: 'unknown',
  credentials: null,
});

await t.test('recipients that share a next hop travel together', async (t) => {
  const { sent } = await delivered({
    routes: [smarthost(['*'], ['*'])],
    mx: [],
    send: async ({ recipients }) => recipients.map(() => RELAYED),
  });
  t.same(sent, [{ host: 'smart.example', reach: 'recipient-domain', to: ['ann@a.example', 'bob@b.example'] }]);
});

await t.test('routes that changed since the queue put them together: each under its own reach', async (t) => {
  const { sent, states } = await delivered({
    routes: [smarthost(['a.example', 'b.example'], ['a.example'])],
    mx: [],
    send: async ({ recipients }) => recipients.map(() => RELAYED),
  });
  t.same(sent, [
    { host: 'smart.example', reach: 'recipient-domain', to: ['ann@a.example'] },
    { host: 'smart.example', reach: 'smarthost-only', to: ['bob@b.example'] },
  ]);
  t.same(states, ['relayed', 'relayed']);
});

const FAULTS: readonly (readonly [name: string, error: Error, state: string, bugs: readonly string[]])[] = [
  ['a fault of ours', new Error('broken'), 'deferred', ['deliver']],
  ['content that cannot be read', new MailError('content.unreadable'), 'held', []],
];

for (const [name, error, state, told] of FAULTS) {
  await t.test(`${name} at the second next hop leaves what the first has taken`, async (t) => {
    const routes = [smarthost(['*'], ['*'])].map((route) => ({
      ...route,
      nextHops: ['one.example', 'two.example', 'three.example'].map((host) => ({ host, port: 25, tls: 'starttls' as const })),
    }));
    const { sent, states, bugs } = await delivered({
      routes,
      mx: [],
      send: async ({ hop: { host } }) => {
        if (host !== 'one.example') throw error;
        return [RELAYED, LATER];
      },
    });
    t.same(
      sent.map(({ host }) => host),
      ['one.example', 'two.example'],
    );
    t.same(states, ['relayed', state]);
    t.same(bugs, told);
  });
}
