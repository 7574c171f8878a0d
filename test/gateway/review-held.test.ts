// Review of what policy holds, over the real store: a release decides again and never goes below the floor, a stricter reload refuses it,
// nobody releases their own, a method may only get stronger, and what a reviewer says is counted.
import t from 'tap';
import { decideAgain } from '../../src/gateway/decide-again.ts';
import { NO_MORE, review, type ReviewDeps, type ReviewRequest, type ReviewResult } from '../../src/gateway/review.ts';
import type { MethodName } from '../../src/mail/decision.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { decidingBy } from '../support/deciding.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { policyOf } from '../support/policy-facts.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, DECISION, reading } from '../support/store-units.ts';

const ID = `${idOf(1)}/0`;
const HOUR = 3_600_000;

const held = (methods: string, more = ''): Policy =>
  policyOf(`version: 1
${more}
rules:
  - id: look-first
    when: { phi: medium }
    hold: Somebody looks first
    then: [${methods}]
  - id: rest
    deliver: [relay]
`);
const RETURNS = policyOf('version: 1\nrules:\n  - { id: look-first, return: Not by mail }\n');
const FLOOR = 'require:\n  - { id: phi, when: { phi: medium }, protection: sealed }';

async function scene(t: Parameters<typeof gatewayGround>[0], policy: Policy, owner = 'review@hospital.example') {
  const ground = await gatewayGround(t);
  const { store, clock } = ground;
  const delivery = () => ({
    decision: { ...DECISION, rule: 'look-first', action: 'hold', policyVersion: policy.version } as const,
    hold: { reason: 'policy.held', owner, deadline: NOON + 48 * HOUR },
  });
  const read = reading();
  const { facts } = read;
  const reasons = [{ code: 'person-and-health', weight: 0.6, part: '1', place: { area: 'text' }, kinds: ['name', 'condition'] }] as const;
  await store.journal.accept(
    acceptUnit({ number: 1, state: 'held', at: clock.at, delivery }, { reading: { ...read, facts: { ...facts, reasons } } }),
  );
  return ground;
}

function ask(
  ground: GatewayGround,
  policy: Policy,
  request: Partial<ReviewRequest> = {},
  change: Partial<ReviewDeps> = {},
): Promise<ReviewResult> {
  return review(
    { ...NO_MORE, deliveryId: ID, change: 'release', who: 'kim', why: 'an empty form', ...request },
    {
      ...decidingBy(policy, { readings: ground.store.readings }),
      queue: ground.store.queue,
      reader: ground.reader,
      accounts: ground.store.accounts,
      clock: ground.clock,
      holdFor: () => ({ clockMs: HOUR }),
      wake: () => undefined,
      ...change,
    },
  );
}

async function decisionNow(ground: GatewayGround): Promise<unknown> {
  return (await ground.deliveries())[0]?.decision;
}

t.test('released: at the floor that policy has now, by the methods of the rule that meet it', async (t) => {
  const policy = held('relay, portal', FLOOR);
  const ground = await scene(t, held('relay'));
  t.equal(await ask(ground, policy), 'done');
  t.match(await decisionNow(ground), {
    action: 'deliver',
    released: true,
    floor: 'sealed',
    methods: ['portal'],
    policyVersion: policy.version,
  });
});

for (const [name, policy, reason] of [
  ['policy returns it now', RETURNS, 'Not by mail'],
  ['no method meets the floor any more', held('relay', FLOOR), 'Somebody looks first'],
] as const) {
  t.test(`a release after a stricter reload is refused: ${name}`, async (t) => {
    const ground = await scene(t, held('relay'));
    const before = ground.evidence().length;
    t.same(await ask(ground, policy), { not: 'policy', reason });
    t.match((await ground.deliveries())[0], { state: 'held', decision: { action: 'hold' } });
    t.equal(ground.evidence().length, before, 'nothing happened');
    t.equal(await ask(ground, held('relay')), 'done', 'and with the policy of before it may go');
  });
}

for (const [name, request, settings, expected] of [
  ['their own', { as: 'ann@hospital.example' }, '', { not: 'own' }],
  ['their own, by the name of the system user', { who: 'ann' }, '', { not: 'own' }],
  ['their own account', { as: 'ehr' }, '', { not: 'own' }],
  ['their own to one method', { as: 'ehr', method: 'relay' }, '', { not: 'own' }],
  ['their own where policy lets them', { as: 'ehr' }, 'settings:\n  - { for: all, release_own: yes }', 'done'],
  [
    'their own where policy lets others',
    { as: 'ehr' },
    'settings:\n  - { for: { sender: other.example }, release_own: yes }',
    { not: 'own' },
  ],
  ['somebody else’s', { as: 'kim@hospital.example' }, '', 'done'],
  ['their own may go back', { as: 'ehr', change: 'return' }, '', 'done'],
] as const) {
  t.test(`who releases: ${name}`, async (t) => {
    const policy = held('relay', settings);
    const ground = await scene(t, policy);
    t.same(await ask(ground, policy, request), expected);
    const released = ground.evidence().find(({ kind }) => kind === 'delivery.released');
    const own = expected === 'done' && request.as === 'ehr' && !('change' in request);
    t.equal(released?.codes['own'], own ? true : undefined);
    if (expected === 'done') t.match(ground.evidence().at(-1)?.detail, { who: 'kim', as: request.as, why: 'an empty form' });
  });
}

const routes: readonly (readonly [allowed: string, method: MethodName, expected: ReviewResult])[] = [
  ['relay, portal', 'portal', 'done'],
  ['relay, portal', 'relay', 'done'],
  ['portal, relay', 'relay', { not: 'method', methods: ['portal'] }],
  ['smime, portal', 'portal', 'done'],
  ['relay', 'portal', { not: 'method', methods: ['relay'] }],
];
for (const [allowed, method, expected] of routes) {
  t.test(`reroute from [${allowed}] to ${method}: ${expected === 'done' ? 'done' : 'refused'}`, async (t) => {
    const policy = held(allowed);
    const ground = await scene(t, policy);
    t.same(await ask(ground, policy, { method }), expected);
    const [entry] = await ground.deliveries();
    if (expected !== 'done') return void t.equal(entry?.state, 'held');
    t.match(entry, { state: 'queued', decision: { methods: [method], released: true } });
    t.match(ground.evidence().at(-1), { kind: 'delivery.rerouted', codes: { method } });
  });
}

t.test('reroute to a method that is not set up is refused at once, whatever policy allows', async (t) => {
  for (const allowed of ['relay, portal', 'portal', 'relay']) {
    const policy = held(allowed);
    const ground = await scene(t, policy);
    const before = ground.evidence().length;
    const refused = { not: 'set-up', method: 'portal', methods: ['relay'] } as const;
    t.same(await ask(ground, policy, { method: 'portal' }, { methodsSetUp: ['relay'] }), refused, allowed);
    t.match((await ground.deliveries())[0], { state: 'held', decision: { action: 'hold' } });
    t.equal(ground.evidence().length, before, 'nothing happened');
  }
});

t.test('a delivery keeps to the method that it was rerouted to, whatever policy allows later', async (t) => {
  const ground = await scene(t, held('relay, portal'));
  await ask(ground, held('relay, portal'), { method: 'portal' });
  const shown = await ground.reader.show(idOf(1));
  const before = shown?.entries[0]?.decision;
  if (shown === null || before === undefined) throw new Error('it is not there');
  const by = async (policy: Policy) =>
    (
      await decideAgain(
        shown.message,
        { n: 0, recipient: 'bob@partner.example', before },
        decidingBy(policy, { readings: ground.store.readings }),
      )
    ).decision;
  t.match(await by(held('smime, portal, relay')), { action: 'deliver', released: true, methods: ['portal'] });
  t.match(await by(held('relay')), { action: 'hold', released: false }, 'held again: what it was let go by is allowed no more');
  t.match(await by(RETURNS), { action: 'return' });
});

for (const verdict of ['phi', 'not-phi'] as const) {
  for (const change of ['release', 'return'] as const) {
    t.test(`${change}, said to be ${verdict}: counted by reason and kind, with evidence`, async (t) => {
      const policy = held('relay');
      const ground = await scene(t, policy);
      t.equal(await ask(ground, policy, { change, verdict }), 'done');
      const one = verdict === 'phi' ? { phi: 1, notPhi: 0 } : { phi: 0, notPhi: 1 };
      t.same(await ground.store.reviews.verdicts(0), {
        messages: one,
        reasons: [{ code: 'person-and-health', ...one }],
        kinds: [
          { kind: 'condition', ...one },
          { kind: 'name', ...one },
        ],
      });
      t.match(ground.evidence().at(-1), { kind: 'review.judged', codes: { verdict, level: 'medium', reasons: 'person-and-health' } });
    });
  }
}

for (const [owner, words, expected] of [
  ['review@hospital.example', 'Use the portal', { words: 'Use the portal', ask: 'review@hospital.example' }],
  ['administrator', null, {}],
] as const) {
  t.test(`returned, held by ${owner}: the originator is told ${words ?? 'no more than that'}`, async (t) => {
    const ground = await scene(t, held('relay'), owner);
    t.equal(await ask(ground, held('relay'), { change: 'return', words }), 'done');
    const [owed] = await ground.store.queue.owedReports({ limit: 9 });
    const { words: said, ask: whom } = owed?.deliveries[0]?.status ?? {};
    t.same({ ...(said === undefined ? {} : { words: said }), ...(whom === undefined ? {} : { ask: whom }) }, expected);
  });
}
