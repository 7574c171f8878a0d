import t from 'tap';
import { CONFIGURED } from '../../src/gateway/decided.ts';
import { givenBack, heldForFault, settlementOf, type SettlementFacts, type SettlementRules } from '../../src/gateway/settlement.ts';
import { isLegalStep } from '../../src/mail/delivery.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import { noTls, type TlsEvidence } from '../../src/mail/tls.ts';
import type { ActiveDelivery, Settlement } from '../../src/store/queue.ts';
import { activeDelivery, messageRecord, NOW } from '../support/active-delivery.ts';

const HOUR = 3_600_000;
const rules: SettlementRules = {
  mode: 'live',
  retry: { firstMs: 60_000, factor: 2, longestMs: HOUR, jitter: 0 },
  holdFor: { clockMs: 72 * HOUR },
  delayReportAfterMs: 4 * HOUR,
  nextMethodAfterMs: HOUR,
};
const facts = (now = NOW): SettlementFacts => ({ at: now, now, chance: 0.5, remoteMta: 'mx.example.test', route: null, holds: CONFIGURED });

const tls: TlsEvidence = {
  ...noTls('unsigned'),
  level: 'tls-verified',
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  group: 'X25519',
  certificate: 'chain-and-name',
  leafSha256: 'ab',
};
const relayed = (dsn: 'passed-on' | 'not-offered'): Outcome => ({
  kind: 'relayed',
  reply: { code: 250, enhanced: '2.6.0', text: 'queued for Ms Smith' },
  tls,
  dsn,
});
const later = (scope: 'recipient' | 'next-hop' = 'recipient', afterDot: 'yes' | 'no' = 'no'): Outcome => ({
  kind: 'deferred',
  code: 'delivery.refused-temporarily',
  scope,
  afterDot,
  reply: { code: 451, enhanced: '4.7.1', text: 'greylisted' },
  tls,
});
const weak: Outcome = { kind: 'not-reached', code: 'delivery.below-floor', tls: noTls('unsigned') };
const two = (): ActiveDelivery['decision'] => ({ ...activeDelivery().decision, methods: ['relay', 'relay'] });
const returns = (): ActiveDelivery['decision'] => ({ ...activeDelivery().decision, otherwise: 'return' });

interface Case {
  readonly name: string;
  readonly delivery?: Partial<ActiveDelivery>;
  readonly outcome: Outcome;
  readonly now?: number;
  readonly rules?: Partial<SettlementRules>;
  readonly expect: Partial<Settlement>;
  readonly kinds: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'relayed', outcome: relayed('not-offered'), expect: { after: { state: 'relayed' }, report: null }, kinds: ['delivery.relayed'] },
  {
    name: 'relayed in the sandbox is never called relayed in evidence',
    outcome: relayed('passed-on'),
    rules: { mode: 'sandbox' },
    expect: { after: { state: 'relayed' } },
    kinds: ['delivery.sandboxed'],
  },
  {
    name: 'success was asked for and the next hop knows no DSN',
    delivery: { notify: ['success'] },
    outcome: relayed('not-offered'),
    expect: { report: 'relayed' },
    kinds: ['delivery.relayed'],
  },
  {
    name: 'success was asked for and handed on',
    delivery: { notify: ['success'] },
    outcome: relayed('passed-on'),
    expect: { report: null },
    kinds: ['delivery.relayed'],
  },
  {
    name: 'refused for good',
    outcome: { kind: 'failed', code: 'delivery.refused', reply: { code: 550, enhanced: '5.1.1', text: 'no such person' }, tls },
    expect: { after: { state: 'returned' }, report: 'failed' },
    kinds: ['delivery.returned'],
  },
  {
    name: 'later: the first retry',
    outcome: later(),
    expect: { after: { state: 'deferred', dueAt: NOW + 60_000 }, report: null, outcome: 'known' },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'lost after the dot: the outcome is unknown',
    outcome: later('next-hop', 'yes'),
    expect: { outcome: 'unknown' },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'later, never beyond the expiry',
    outcome: later(),
    now: NOW + 86_400_000 - 5_000,
    expect: { after: { state: 'deferred', dueAt: NOW + 86_400_000 }, report: 'delayed' },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'expired after an attempt',
    outcome: later(),
    now: NOW + 86_400_000,
    expect: { after: { state: 'expired' }, report: 'failed' },
    kinds: ['delivery.expired'],
  },
  {
    name: 'late: the delay is reported',
    outcome: later(),
    now: NOW + 4 * HOUR,
    expect: { report: 'delayed' },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'late, reported before',
    delivery: { delayReported: true },
    outcome: later(),
    now: NOW + 5 * HOUR,
    expect: { report: null },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'late, and NOTIFY leaves delays out',
    delivery: { notify: ['failure'] },
    outcome: later(),
    now: NOW + 5 * HOUR,
    expect: { report: null },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'late, but a DSN itself',
    delivery: { message: messageRecord({ kind: 'dsn' }) },
    outcome: later(),
    now: NOW + 5 * HOUR,
    expect: { report: null },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'too long with one method: the next',
    delivery: { decision: two(), methodSince: NOW - HOUR },
    outcome: later('next-hop'),
    expect: { after: { state: 'queued', dueAt: NOW }, methodIndex: 1, methodSince: null },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'below the floor: the next method at once',
    delivery: { decision: two() },
    outcome: weak,
    expect: { after: { state: 'queued', dueAt: NOW }, methodIndex: 1 },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'below the floor, no method left: held with an owner and a deadline, and the originator is told',
    outcome: weak,
    expect: {
      after: { state: 'held', hold: { reason: 'delivery.below-floor', owner: 'administrator', deadline: NOW + 72 * HOUR } },
      report: 'held',
    },
    kinds: ['delivery.held'],
  },
  {
    name: 'no place to unsubscribe: as the rule says, held',
    outcome: { kind: 'not-reached', code: 'delivery.no-unsubscribe', tls: null },
    expect: { after: { state: 'held', hold: { reason: 'delivery.no-unsubscribe', owner: 'administrator', deadline: NOW + 72 * HOUR } } },
    kinds: ['delivery.held'],
  },
  {
    name: 'no place to unsubscribe: or returned, at once',
    delivery: { decision: returns(), methodSince: NOW },
    outcome: { kind: 'not-reached', code: 'delivery.no-unsubscribe', tls: null },
    expect: { after: { state: 'returned' }, report: 'failed' },
    kinds: ['delivery.returned'],
  },
  {
    name: 'below the floor, the rule returns: it waits first',
    delivery: { decision: returns(), methodSince: NOW },
    outcome: weak,
    expect: { after: { state: 'deferred', dueAt: NOW + 60_000 } },
    kinds: ['delivery.deferred'],
  },
  {
    name: 'below the floor for as long as the rule waits',
    delivery: { decision: returns(), methodSince: NOW - HOUR },
    outcome: weak,
    expect: { after: { state: 'returned' }, report: 'failed' },
    kinds: ['delivery.returned'],
  },
  {
    name: 'REQUIRETLS is missing: back at once',
    outcome: { kind: 'not-reached', code: 'delivery.requiretls-missing', tls },
    expect: { after: { state: 'returned' }, report: 'failed' },
    kinds: ['delivery.returned'],
  },
  {
    name: 'too large for the next hop',
    outcome: { kind: 'not-reached', code: 'delivery.too-large', tls },
    expect: { after: { state: 'returned' }, report: 'failed' },
    kinds: ['delivery.returned'],
  },
];

for (const { name, delivery, outcome, now, expect, kinds, rules: changed } of cases) {
  t.test(name, async (t) => {
    const settlement = settlementOf(activeDelivery(delivery), outcome, { ...rules, ...changed }, facts(now));
    t.match(settlement, expect);
    t.same(
      settlement.evidence.map(({ kind }) => kind),
      kinds,
    );
    t.ok(isLegalStep('active', settlement.after.state), 'a legal step');
    t.notMatch(
      JSON.stringify(settlement.evidence.map(({ codes }) => codes)),
      /Smith|person|greylisted|example/,
      'no remote text and no name in the chained codes',
    );
  });
}

t.test('status is never empty, and remote text never stands in it', async (t) => {
  const failed = settlementOf(
    activeDelivery(),
    { kind: 'failed', code: 'delivery.refused', reply: { code: 550, enhanced: null, text: 'Jane Doe is dead' }, tls },
    rules,
    facts(),
  );
  t.match(failed.status, { status: '5.0.0', code: 'delivery.refused', diagnostic: '550' });
  t.notMatch(JSON.stringify(failed.status), /Jane/);
  t.match(failed.evidence[0]?.detail, { reply: 'Jane Doe is dead' });
});

t.test('why a message goes another way stands in the evidence: what was found on the first', async (t) => {
  const { evidence } = settlementOf(activeDelivery({ decision: two() }), weak, rules, facts());
  t.match(evidence, [{ kind: 'delivery.deferred', codes: { code: 'delivery.below-floor', next: two().methods[1], tls: 'none' } }]);
  const slow = settlementOf(activeDelivery({ decision: two(), methodSince: NOW - HOUR }), later('next-hop'), rules, facts());
  t.match(slow.evidence, [{ codes: { next: two().methods[1], reply: 451 } }]);
});

t.test('evidence names the route, and who promised the way beyond it where that counted', async (t) => {
  const route = { name: 'smart', onward: { promisedBy: 'Provider, contract 7', since: '2026-01-01' } };
  const codesOf = (taken: SettlementFacts['route'], reach: TlsEvidence['reach']) => {
    const outcome: Outcome = { kind: 'relayed', reply: { code: 250, enhanced: null, text: '' }, tls: { ...tls, reach }, dsn: 'passed-on' };
    const { route, promisedBy, promisedSince } =
      settlementOf(activeDelivery(), outcome, rules, { ...facts(), route: taken }).evidence[0]?.codes ?? {};
    return [route, promisedBy, promisedSince];
  };
  t.same(codesOf(null, 'recipient-domain'), [undefined, undefined, undefined]);
  t.same(codesOf(route, 'onward-enforced'), ['smart', 'Provider, contract 7', '2026-01-01']);
  t.same(codesOf(route, 'recipient-domain'), ['smart', undefined, undefined], 'final: the promise did not count');
  t.same(codesOf({ ...route, onward: 'unknown' }, 'smarthost-only'), ['smart', undefined, undefined]);
});

t.test('a possible duplicate is marked', async (t) => {
  const settlement = settlementOf(activeDelivery({ outcomeUnknown: true }), relayed('not-offered'), rules, facts());
  t.equal(settlement.evidence[0]?.codes['possibleDuplicate'], true);
});

t.test('a fault of ours holds, a stop gives the lease back', async (t) => {
  const held = heldForFault(activeDelivery(), 'content.unreadable', 'content.damaged', rules, facts());
  t.match(held, { after: { state: 'held', hold: { reason: 'content.unreadable' } }, report: 'held' });
  t.same(
    held.evidence.map(({ kind }) => kind),
    ['content.damaged', 'delivery.held'],
  );
  t.match(givenBack(activeDelivery(), facts()), { after: { state: 'queued', dueAt: NOW }, report: null, evidence: [] });
});

t.test('what cannot reach its floor is held by the reviewers whom policy names, and the originator hears whom to ask', async (t) => {
  const holds = { reviewers: ['privacy@clinic.example', 'desk@clinic.example'], holdFor: { clockMs: 2 * HOUR } };
  const settled = settlementOf(activeDelivery(), weak, rules, { ...facts(), holds });
  const hold = { reason: 'delivery.below-floor', owner: 'privacy@clinic.example, desk@clinic.example', deadline: NOW + 2 * HOUR };
  t.match(settled, { after: { state: 'held', hold }, report: 'held', status: { ask: 'privacy@clinic.example or desk@clinic.example' } });
  t.match(settled.evidence, [{ kind: 'delivery.held', codes: { owner: hold.owner } }]);
  const fault = heldForFault(activeDelivery(), 'content.unreadable', 'content.damaged', rules, { ...facts(), holds });
  t.match(fault, { after: { state: 'held', hold: { ...hold, reason: 'content.unreadable' } }, status: { ask: /privacy/ } });
  t.equal(settlementOf(activeDelivery(), weak, rules, facts()).status?.ask, undefined, 'nobody named: the administrator, as before');
});
