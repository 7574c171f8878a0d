// A domain that had verified TLS for days and loses it: an alarm and evidence; any other failure is none.
import t from 'tap';
import { tlsWatch } from '../../src/gateway/tls-watch.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import { noTls, type TlsEvidence, type TlsLevel } from '../../src/mail/tls.ts';
import { activeDelivery } from '../support/active-delivery.ts';
import { type GatewayGround, gatewayGround } from '../support/gateway-ground.ts';

const HOUR = 3_600_000;
const DOMAIN = 'partner.example';

const tls = (level: TlsLevel): TlsEvidence => ({ ...noTls('unsigned'), level });
const relayed = (level: TlsLevel): Outcome => ({
  kind: 'relayed',
  reply: { code: 250, enhanced: '2.0.0', text: 'ok' },
  tls: tls(level),
  dsn: 'not-offered',
});
const below = (level: TlsLevel): Outcome => ({ kind: 'not-reached', code: 'delivery.below-floor', tls: tls(level) });
const silent: Outcome = { kind: 'deferred', code: 'delivery.connect-failed', scope: 'next-hop', afterDot: 'no', reply: null, tls: null };
const refused: Outcome = { kind: 'failed', code: 'delivery.refused', reply: null, tls: tls('none') };
const tooLarge: Outcome = { kind: 'not-reached', code: 'delivery.too-large', tls: tls('none') };

interface Case {
  readonly name: string;
  /** What was seen before, and at which hour. */
  readonly before: readonly (readonly [hour: number, outcome: Outcome])[];
  readonly now: readonly [hour: number, outcome: Outcome];
  readonly alarm: TlsLevel | null;
}

const days = (count: number, level: TlsLevel = 'tls-verified'): Case['before'] =>
  Array.from({ length: count * 4 + 1 }, (_, i) => [i * 6, relayed(level)] as const);

const cases: readonly Case[] = [
  { name: 'TLS gone after four days', before: days(4), now: [100, below('none')], alarm: 'none' },
  { name: 'a wrong certificate after four days', before: days(4), now: [100, below('tls')], alarm: 'tls' },
  { name: 'after three days to the hour', before: days(3), now: [72, below('none')], alarm: 'none' },
  { name: 'after two days: it may not have settled yet', before: days(2), now: [100, below('none')], alarm: null },
  { name: 'seen once, long ago', before: [[0, relayed('tls-verified')]], now: [2_000, below('none')], alarm: null },
  { name: 'never verified', before: days(4, 'tls'), now: [100, below('none')], alarm: null },
  { name: 'a better level before', before: days(4, 'tls-authenticated'), now: [100, below('none')], alarm: 'none' },
  { name: 'never heard of', before: [], now: [0, below('none')], alarm: null },
  { name: 'the floor is higher, TLS is as good as ever', before: days(4), now: [100, below('tls-verified')], alarm: null },
  { name: 'no answer', before: days(4), now: [100, silent], alarm: null },
  { name: 'refused', before: days(4), now: [100, refused], alarm: null },
  { name: 'too large', before: days(4), now: [100, tooLarge], alarm: null },
  { name: 'relayed without verification, as a weaker floor lets it', before: days(4), now: [100, relayed('tls')], alarm: 'tls' },
];

type Watch = ReturnType<typeof tlsWatch>;

function watchOf({ store, keys, clock, events }: GatewayGround): { readonly watch: Watch; readonly writes: () => number } {
  let writes = 0;
  const domains = {
    readTlsHistory: (digest: Uint8Array) => store.domains.readTlsHistory(digest),
    writeTlsHistory: (...given: Parameters<typeof store.domains.writeTlsHistory>) => {
      writes++;
      return store.domains.writeTlsHistory(...given);
    },
  };
  return { watch: tlsWatch({ domains, keys, clock, events }), writes: () => writes };
}

for (const { name, before, now, alarm } of cases) {
  t.test(name, async (t) => {
    const ground = await gatewayGround(t);
    const { clock, events } = ground;
    const { watch } = watchOf(ground);
    const start = clock.at;
    const delivery = activeDelivery({ destination: Buffer.alloc(32, 3) });
    for (const [hour, outcome] of before) {
      clock.at = start + hour * HOUR;
      t.same(await watch(delivery, DOMAIN, outcome), []);
    }
    clock.at = start + now[0] * HOUR;
    // As after a start: what counts is in the store.
    const evidence = await watchOf(ground).watch(delivery, DOMAIN, now[1]);
    t.same(events.alarms, alarm === null ? [] : [{ what: 'tls-downgraded', destination: delivery.destination, level: alarm }]);
    t.equal(evidence.length, alarm === null ? 0 : 1);
    if (alarm === null) return;
    t.match(evidence[0], { kind: 'tls.downgraded', at: clock.at, codes: { found: alarm }, detail: { domain: DOMAIN } });
    t.notMatch(JSON.stringify(evidence[0]?.codes), /partner/, 'no name in the chained codes');
    t.same(await watch(delivery, 'other.example', now[1]), [], 'other domains have nothing to do with it');
  });
}

t.test('written at most once an hour for a domain', async (t) => {
  const ground = await gatewayGround(t);
  const { watch, writes } = watchOf(ground);
  const delivery = activeDelivery();
  for (let minute = 0; minute < 180; minute++) {
    await watch(delivery, DOMAIN, relayed('tls-verified'));
    ground.clock.at += 60_000;
  }
  t.equal(writes(), 3);
  const history = await ground.store.domains.readTlsHistory(ground.keys.digest('tls-history', DOMAIN));
  t.equal((history?.lastVerifiedAt ?? 0) - (history?.firstVerifiedAt ?? 0), 2 * HOUR);
});
