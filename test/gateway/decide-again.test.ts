// Decisions do not go stale: when one is asked again, from which facts, and what of a release by a person stands.
import t from 'tap';
import { decideAgain, type DecideAgainDeps, isStale, released, standingUnknown } from '../../src/gateway/decide-again.ts';
import { codeMail, noticeMail, ownMail } from '../../src/gateway/decided.ts';
import { examinedAs } from '../support/deciding.ts';
import { unexaminable } from '../../src/gateway/examination.ts';
import { factsFor, messageFactsOf, type OnFile, sessionFactsOf } from '../../src/gateway/facts.ts';
import { type Decision, NO_MODIFIERS, notDecided } from '../../src/mail/decision.ts';
import type { Facts } from '../../src/mail/facts.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { MessageRecord } from '../../src/store/journal.ts';
import { decidingBy, simplePolicy } from '../support/deciding.ts';
import { gatewayGround } from '../support/gateway-ground.ts';
import { policyOf } from '../support/policy-facts.ts';
import { acceptUnit, DECISION, reading, storedFacts } from '../support/store-units.ts';

const RECIPIENTS = ['bob@partner.example', 'Eve@Other.example'];
const POLICY = policyOf(
  'version: 1\nrules:\n  - { id: phi, when: { phi: medium }, hold: Look, then: [relay] }\n  - { id: rest, deliver: [relay] }\n',
);
const message = (change: Partial<MessageRecord> = {}): MessageRecord =>
  acceptUnit({ number: 1, recipients: RECIPIENTS, message: change }).message;

const about = (before: Decision = DECISION, n = 0) => ({ n, recipient: RECIPIENTS[n] ?? '', before });
const withFacts = (change: Partial<DecideAgainDeps> = {}, policy: Policy = POLICY): DecideAgainDeps =>
  decidingBy(policy, { readings: { facts: async () => storedFacts(RECIPIENTS.map((one) => one.toLowerCase())) }, ...change });

await t.test('could it be another now', async (t) => {
  const deps = decidingBy(simplePolicy(), { consentsRevision: () => 7 });
  const now = { ...DECISION, policyVersion: deps.policy().version };
  const unsubscribe = { ...NO_MODIFIERS, unsubscribe: 'marketing' } as const;
  const table: readonly (readonly [name: string, decision: Decision, stale: boolean])[] = [
    ['same policy, no consent in it', now, false],
    ['another policy', { ...now, policyVersion: 'older' }, true],
    ['another policy, though consents are the same', { ...now, policyVersion: 'older', consents: 7 }, true],
    ['consents as they are', { ...now, consents: 7 }, false],
    ['consents have changed', { ...now, consents: 6 }, true],
    ['consents of a registry that was set back', { ...now, consents: 8 }, true],
    ['the first revision is one', { ...now, consents: 0 }, true],
    ['no protection, by consent: may end by itself', { ...now, consents: 7, floor: 'opportunistic' }, true],
    ['marketing, by authorisation: may end by itself', { ...now, consents: 7, modifiers: unsubscribe }, true],
    ['unsubscribe that no consent could change', { ...now, modifiers: unsubscribe }, false],
    ['held or returned is asked like any other', { ...now, action: 'hold', consents: 6 }, true],
    ['a release is asked as well', { ...now, released: true, policyVersion: 'older' }, true],
    ['not decided, by the same policy', notDecided('<undecided>', now.policyVersion), false],
  ];
  for (const [name, decision, stale] of table) t.equal(isStale(decision, deps), stale, name);
});

await t.test('from the facts that are kept', async (t) => {
  const asked: Facts[] = [];
  const spy = { ...POLICY, decide: (facts: Facts) => (asked.push(facts), POLICY.decide(facts)) };
  const onFile: OnFile = { consents: [['plain-mail'], ['marketing']], attested: true, revision: 4 };
  const { decision } = await decideAgain(message(), about(DECISION, 1), {
    ...withFacts({ onFile: async () => onFile }),
    policy: () => spy,
  });
  t.match(decision, { rule: 'phi', action: 'hold', policyVersion: POLICY.version });
  t.match(asked, [{ recipient: { address: 'eve@other.example' }, sender: { attested: true, consentsRevision: 4 } }]);
  t.same(asked[0]?.recipient.consents, ['marketing'], 'consents of this recipient, as they are now');
  t.same(asked[0]?.message, storedFacts().message, 'the message as it was read');
});

await t.test('without facts nothing is known of the content', async (t) => {
  const asked: Facts[] = [];
  const spy = { ...POLICY, decide: (facts: Facts) => (asked.push(facts), POLICY.decide(facts)) };
  await decideAgain(message(), about(DECISION, 1), { ...decidingBy(POLICY, { organisation: () => ['other.example'] }), policy: () => spy });
  t.same(asked[0]?.message.blindSpots, ['broken'], 'a blind spot, whatever policy makes of that');
  t.match(asked[0], {
    message: { reversePath: 'ann@hospital.example', client: '192.0.2.7', submitter: { name: 'ehr' }, sizeBytes: 2_000 },
    recipient: { address: 'eve@other.example', inside: true, seen: { address: false, domain: false } },
  });
  const { decision } = await decideAgain(message(), about(), decidingBy(POLICY));
  t.equal(decision.action, 'hold', 'it does not go where only mail without PHI may');
});

await t.test('for one recipient and no other', async (t) => {
  const other = { n: 0, recipient: 'eve@other.example', before: DECISION };
  await t.rejects(decideAgain(message(), other, withFacts()), /facts of another recipient/);
  await t.rejects(decideAgain(message(), { ...about(), n: 5 }, withFacts()), /facts of another recipient/);
  await t.resolves(decideAgain(message(), { ...about(DECISION, 1), recipient: 'EVE@OTHER.example' }, withFacts()), 'however it is spelt');
});

await t.test('own mail is decided by the configuration', async (t) => {
  for (const kind of ['dsn', 'notice'] as const) {
    const own = ownMail('configured', 'tls', 'return');
    const { decision, settings } = await decideAgain(message({ kind }), about(), withFacts({ ownMail: () => own }));
    t.equal(decision, own, kind);
    t.same(settings, { reviewers: [], holdFor: null });
  }
});

await t.test('a notice and a code keep their way, under whatever policy', async (t) => {
  const own = ownMail('configured', 'tls', 'hold');
  for (const before of [noticeMail('before'), codeMail('before', 'tls-authenticated')]) {
    const { decision } = await decideAgain(message({ kind: 'notice' }), about(before), withFacts({ ownMail: () => own }));
    t.same(decision, { ...before, policyVersion: POLICY.version }, before.rule);
  }
  t.match([noticeMail('p').floor, codeMail('p', 'tls').floor], ['opportunistic', 'tls']);
});

await t.test('settings of sender and recipient come with it', async (t) => {
  const policy = policyOf(`version: 1
settings:
  - for: { sender: hospital.example }
    reviewers: [desk@hospital.example]
    hold_for: 2h
rules: [{ id: rest, deliver: [relay] }]
`);
  const { settings } = await decideAgain(message(), about(), withFacts({}, policy));
  t.match(settings, { reviewers: ['desk@hospital.example'], holdFor: { clockMs: 7_200_000 } });
});

await t.test('what a person released', async (t) => {
  const rules = (text: string, more = ''): Policy => policyOf(`version: 1\n${more}\nrules:\n${text}\n  - { id: rest, deliver: [relay] }\n`);
  const holds = (methods: string): Policy => rules(`  - { id: look, hold: Look, then: [${methods}] }`);
  const before: Decision = { ...DECISION, rule: 'look', action: 'deliver', released: true, methods: ['relay', 'portal'] };
  const floor = 'require:\n  - { id: phi, when: { phi: medium }, protection: sealed }';
  const table: readonly (readonly [name: string, policy: Policy, before: Decision, expected: Partial<Decision>])[] = [
    ['the same rule: stays released', holds('relay, portal'), before, { action: 'deliver', released: true, methods: ['relay', 'portal'] }],
    ['fewer methods now', holds('portal'), before, { action: 'deliver', released: true, methods: ['portal'] }],
    [
      'a method that the person did not see is none',
      holds('pdf, portal'),
      before,
      { action: 'deliver', released: true, methods: ['portal'] },
    ],
    ['only such methods: held again', holds('pdf'), before, { action: 'hold', released: false }],
    [
      'stricter after a reload',
      rules('  - { id: look, hold: Look, then: [relay, portal] }', floor),
      before,
      { action: 'deliver', floor: 'sealed', methods: ['portal'] },
    ],
    [
      'so strict that nothing is left',
      rules('  - { id: look, hold: Look, then: [relay] }', floor),
      before,
      { action: 'hold', released: false },
    ],
    [
      'another rule holds now',
      rules('  - { id: other, hold: Look, then: [relay, portal] }'),
      before,
      { rule: 'other', action: 'hold', released: false },
    ],
    ['the rule is gone', rules(''), before, { rule: 'rest', action: 'deliver', released: false }],
    [
      'the rule returns now',
      rules('  - { id: look, return: Not by mail }'),
      before,
      { action: 'return', released: false, reason: 'Not by mail' },
    ],
    [
      'the rule delivers now',
      rules('  - { id: look, deliver: [relay] }'),
      before,
      { action: 'deliver', released: true, methods: ['relay'] },
    ],
    ['nobody has released it', holds('relay'), { ...before, released: false }, { action: 'hold', released: false }],
  ];
  for (const [name, policy, was, expected] of table) {
    const { decision } = await decideAgain(message(), about(was), withFacts({}, policy));
    t.match(decision, { policyVersion: policy.version, ...expected }, name);
    if (expected.methods !== undefined) t.same(decision.methods, expected.methods, `${name}: the methods, in order`);
  }
});

await t.test('released', async (t) => {
  t.match(released({ ...DECISION, action: 'hold' }), {
    action: 'deliver',
    released: true,
    floor: DECISION.floor,
    methods: DECISION.methods,
  });
  for (const action of ['deliver', 'return'] as const) {
    const decision = { ...DECISION, action };
    t.equal(released(decision), decision, `${action} is no hold`);
  }
});

await t.test('facts over the real store', async (t) => {
  const ground = await gatewayGround(t);
  const facts = storedFacts(['bob@partner.example']);
  const low = { ...facts, message: { ...facts.message, phi: { ...facts.message.phi, level: 'none' as const } } };
  const unit = acceptUnit({ number: 1, at: ground.clock.at }, { reading: reading({ facts: low }) });
  await ground.store.journal.accept(unit);
  const record = await ground.store.journal.readMessage(unit.message.id);
  if (record === null) throw new Error('no record');
  const deps = decidingBy(POLICY, { readings: ground.store.readings });
  const { decision } = await decideAgain(record, about(), deps);
  t.match(decision, { rule: 'rest', action: 'deliver' }, 'by what was read: nothing');
  const unread = acceptUnit({ number: 2, at: ground.clock.at });
  await ground.store.journal.accept(unread);
  const other = await ground.store.journal.readMessage(unread.message.id);
  if (other === null) throw new Error('no record');
  t.match((await decideAgain(other, about(), deps)).decision, { rule: 'phi', action: 'hold' }, 'what was not read is not let go');
});

await t.test('facts of a message', async (t) => {
  const session = { ...sessionFactsOf(message()), reversePath: 'Ann@Hospital.EXAMPLE' };
  const found = examinedAs();
  const content = { ...found.content, visible: ['a@hospital.example', 'b@lab.example', 'c@partner.example', 'd@partner.example'] };
  const blindSpots = (['encrypted', 'broken', 'encrypted'] as const).map((kind, n) => ({ part: `${n}`, kind }));
  const examination = { ...found, content, message: { ...found.message, blindSpots } };
  const facts = messageFactsOf(session, examination, ['lab.example']);
  t.match(facts, { reversePath: 'ann@hospital.example', visibleOutside: 2, automatic: false, sizeBytes: 2_000 });
  t.same(facts.blindSpots, ['encrypted', 'broken'], 'each kind once');
  t.notMatch(JSON.stringify(facts), /partner/, 'how many see it is kept, not who');
  t.equal(messageFactsOf(session, examination, []).visibleOutside, 3, 'another domain is outside');
  t.match(
    messageFactsOf({ ...session, reversePath: '' }, examination, []),
    { automatic: true, visibleOutside: 4 },
    'nobody to answer to: a machine',
  );
  t.match(messageFactsOf(session, { ...examination, content: { ...content, automatic: true } }, []), { automatic: true });
  t.same(messageFactsOf(session, unexaminable(), []).blindSpots, ['broken']);
});

await t.test('facts of a recipient', async (t) => {
  const facts = storedFacts(RECIPIENTS);
  const onFile: OnFile = { consents: [['plain-mail']], attested: false, revision: 3 };
  t.same(factsFor(0, facts, onFile)?.recipient.consents, ['plain-mail']);
  t.same(factsFor(1, facts, onFile)?.recipient.consents, [], 'nothing on file');
  t.equal(factsFor(2, facts, onFile), null, 'not a recipient');
  t.equal(factsFor(-1, facts, onFile), null);
  const table: readonly (readonly [address: string, reversePath: string, inside: boolean])[] = [
    ['Bob@HOSPITAL.example', 'ann@hospital.example', true],
    ['bob@lab.example', 'ann@hospital.example', true],
    ['bob@sub.lab.example', 'ann@hospital.example', false],
    ['bob@partner.example', 'ann@hospital.example', false],
    ['bob@partner.example', '', false],
    ['bob', '', false],
  ];
  for (const [address, reversePath, inside] of table) {
    const standing = standingUnknown(address, reversePath, ['lab.example']);
    t.equal(standing.inside, inside, `${address} for ${reversePath}`);
    t.match(standing, { seen: { address: false, domain: false }, oneSlipFromKnown: false });
  }
  t.equal(standingUnknown('Bob@HOSPITAL.example', '', []).address, 'bob@hospital.example');
});
