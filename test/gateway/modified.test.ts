// The road from a decision with modifiers to what the next hop has: deliver, the relay's pack and the transport as they are, over real sockets.
import t from 'tap';
import { decidingBy, simplePolicy } from '../support/deciding.ts';
import { deliver, type DeliverDeps } from '../../src/gateway/deliver.ts';
import { type Decision, type Modifiers, NO_MODIFIERS } from '../../src/mail/decision.ts';
import { relayMethod } from '../../src/methods/relay/relay.ts';
import type { UnsubscribeUrl } from '../../src/methods/relay/changes.ts';
import type { ActiveDelivery, Settlement } from '../../src/store/queue.ts';
import { activeDelivery, messageRecord, NOW } from '../support/active-delivery.ts';
import { nextHop, PEER_NAME, startTransport } from '../support/send-request.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const identity = ca.issue({ names: [PEER_NAME] });
const MESSAGE = 'From: a@clinic.test\r\nSubject: [secure] Results\r\n\r\nHello.\r\n';
const HERE: UnsubscribeUrl = ({ n }) => ({ https: `https://mail.clinic.test/u/${n}`, mailto: `mailto:u+${n}@clinic.test` });

const decision = (changes: Partial<Decision>, modifiers: Partial<Modifiers> = {}): Decision => ({
  ...activeDelivery().decision,
  ...changes,
  modifiers: { ...NO_MODIFIERS, ...modifiers },
});

/** Two recipients of one message, as the queue holds them. */
function claimed(decisions: readonly Decision[]): readonly ActiveDelivery[] {
  const record = messageRecord();
  const recipients = decisions.map((_, n) => ({ address: `p${n}@peer.test`, notify: null, orcpt: null }));
  const message = { ...record, envelope: { ...record.envelope, recipients }, content: { ...record.content, sizeBytes: MESSAGE.length } };
  return decisions.map((one, n) =>
    activeDelivery({
      n,
      message,
      decision: one,
      recipient: `p${n}@peer.test`,
      lease: { deliveryId: `${message.id}/${n}`, owner: 'test', token: 1 },
    }),
  );
}

interface World {
  readonly decisions: readonly Decision[];
  readonly url?: UnsubscribeUrl;
  /** What policy says now, in order of the recipients; as it was, where there is none. */
  readonly again?: readonly Decision[];
  readonly peer?: PeerOptions;
}

async function sent(
  t: Parameters<typeof startPeer>[0],
  { decisions, url, again, peer: options }: World,
): Promise<{ peer: SmtpPeer; settled: readonly Settlement[] }> {
  const peer = await startPeer(t, options ?? { identity });
  const settled: Settlement[] = [];
  const bugs: Error[] = [];
  const asked = [...(again ?? [])];
  const deps: DeliverDeps = {
    journal: { readSealed: async () => new Uint8Array(100) },
    queue: {
      begin: async (starts) => starts.map(({ lease }) => lease),
      settle: async (settlements) => {
        settled.push(...settlements);
        return [];
      },
    },
    spool: {
      async *read() {
        yield Buffer.from(MESSAGE);
      },
    },
    keys: { unwrapDataKey: () => new Uint8Array(32) },
    methods: { relay: relayMethod({ signingKeys: () => new Map(), now: () => NOW, unsubscribeUrl: url ?? (() => null) }) },
    transport: startTransport(t, { trustAnchors: [ca.certificatePem] }),
    ...decidingBy(simplePolicy()),
    policy: () => ({
      ...simplePolicy(),
      version: again === undefined ? 'v' : 'w',
      decide: () => asked.shift() ?? decision({ action: 'hold' }),
    }),
    routes: () => [],
    lookups: {
      mx: async () => ({ kind: 'hops', hops: [nextHop(peer.port)] }),
      host: async () => ({ kind: 'deferred', code: 'route.dns-failed' }),
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
      bug: ({ where, error }) => void bugs.push(new Error(where, { cause: error })),
    },
    reportsOwed: () => undefined,
    destinationNews: async () => null,
    watchTls: async () => [],
  };
  await deliver({ deliveries: claimed(decisions), sealed: null }, deps, new AbortController().signal, () => undefined);
  for (const bug of bugs) throw bug;
  return { peer, settled };
}

const states = (settled: readonly Settlement[]): readonly string[] => settled.map(({ after }) => after.state);

await t.test('decided alike: changed once, sent once', async (t) => {
  const one = decision({}, { stripTags: ['[secure]'], addFields: [{ name: 'X-Checked', value: 'yes' }], appendText: 'Foot' });
  const { peer, settled } = await sent(t, { decisions: [one, one] });
  t.same(states(settled), ['relayed', 'relayed']);
  t.equal(peer.messages.length, 1);
  t.equal(peer.messages[0]?.rcpt.length, 2);
  const text = peer.messages[0]?.content.toString() ?? '';
  t.match(
    text,
    /^X-Checked: yes\r\nMIME-Version: 1.0\r\nContent-Type: multipart\/mixed; .*\r\nFrom: a@clinic.test\r\nSubject: Results\r\n\r\n--/,
  );
  t.match(text, '\r\n\r\nHello.\r\n\r\n--');
  t.match(text, '\r\n\r\nFoot\r\n\r\n--');
});

await t.test('decided otherwise: each as it was decided, whatever the group', async (t) => {
  const { peer, settled } = await sent(t, { decisions: [decision({}, { appendText: 'Foot' }), decision({}, {})] });
  t.same(states(settled), ['relayed', 'relayed']);
  t.match(
    peer.messages.map(({ rcpt }) => rcpt.length),
    [1, 1],
  );
  t.match(peer.messages[0]?.content.toString(), 'Foot');
  t.equal(peer.messages[1]?.content.toString(), MESSAGE);
});

await t.test('unsubscribing: a wire of their own for each, and none without a place', async (t) => {
  const one = decision({}, { unsubscribe: 'marketing' });
  const { peer, settled } = await sent(t, { decisions: [one, one], url: HERE });
  t.same(states(settled), ['relayed', 'relayed']);
  for (const [n, message] of peer.messages.entries()) {
    t.match(message.rcpt, [`RCPT TO:<p${n}@peer.test>`]);
    t.match(message.content.toString(), `List-Unsubscribe: <https://mail.clinic.test/u/${n}>`);
  }
  t.equal(peer.messages.length, 2);
  const without = await sent(t, { decisions: [one, one] });
  t.same(states(without.settled), ['held', 'held']);
  t.equal(without.settled[0]?.status?.code, 'delivery.no-unsubscribe');
  t.same(without.peer.sessions, []);
});

await t.test('a policy that says other floors now: no recipient goes under that of another', async (t) => {
  const free = decision({ policyVersion: 'w', floor: 'opportunistic' });
  const bound = decision({ policyVersion: 'w', floor: 'tls-verified' });
  for (const again of [
    [free, bound],
    [bound, free],
  ]) {
    const { peer, settled } = await sent(t, { decisions: [decision({}), decision({})], again, peer: {} });
    t.same(
      states(settled),
      again.map((one) => (one === free ? 'relayed' : 'held')),
    );
    t.match(
      peer.messages.map(({ rcpt }) => rcpt),
      [[`RCPT TO:<p${again.indexOf(free)}@peer.test>`]],
    );
    const relayed = settled[again.indexOf(free)]?.evidence.find(({ kind }) => kind === 'delivery.relayed');
    t.match(relayed?.codes, { tls: 'none' }, 'and the evidence says so');
  }
});
