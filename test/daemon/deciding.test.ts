// What decisions are made from, over the real store: consents by scope, attestations, whom the organisation has written to; and past mail
// as a draft is tried on it.
import t from 'tap';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/default-config.ts';
import { type Deciding, decidingOf } from '../../src/daemon/deciding.ts';
import { policyCommands } from '../../src/daemon/policy-commands.ts';
import { methodsSetUp } from '../../src/daemon/methods-set-up.ts';
import { isStale, type PolicyInEffect } from '../../src/gateway/decide-again.ts';
import type { BaseSettings } from '../../src/policy/source.ts';
import type { SessionFacts } from '../../src/gateway/facts.ts';
import { sealerFrom } from '../../src/keys/column-sealer.ts';
import { type Consent, consentSubject } from '../../src/mail/consent.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { ATTESTATION, GIVEN, MARKETING, OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../support/consents.ts';
import { simplePolicy, someFacts } from '../support/deciding.ts';
import { portalConfig } from '../support/portal-config.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { BASE, policyOf } from '../support/policy-facts.ts';
import { acceptUnit, DECISION, reading, storedFacts } from '../support/store-units.ts';

const DAY = 86_400_000;
const PAT = 'pat@home.example';
const session = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  reversePath: 'ann@hospital.example',
  submitter: { kind: 'account', name: 'newsletter' },
  client: null,
  sizeBytes: 1,
  acceptedAt: NOON,
  ...change,
});

async function decidingOn(
  ground: GatewayGround,
  policy: PolicyInEffect = simplePolicy(),
  draft: PolicyInEffect | null = null,
  change: Partial<Config> = {},
): Promise<Deciding> {
  const plain = defaultConfig(ground.dataFolder);
  const config = { ...plain, portal: null, ...change, inspection: { ...plain.inspection, organisation: ['lab.example'] } };
  const { store, keys, clock } = ground;
  return decidingOf({ config: () => config, policy: () => policy, draft: () => draft, store, keys, now: clock.steady });
}

async function record(ground: GatewayGround, { consents }: Deciding, ...given: readonly Consent[]): Promise<readonly number[]> {
  const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => ground.keys.digest(label, ...values);
  const evidence = { kind: 'consent.recorded', at: NOON, messageId: null, deliveryId: null, codes: {}, detail: null } as const;
  const records = given.map((consent) => ({ consent, subject: consentSubject(digest, consent), evidence }));
  return (await consents.record({ records, who: 'kim', at: NOON })).map(({ id }) => id);
}

await t.test('consents by whom they are given to, and by whom', async (t) => {
  const ground = await gatewayGround(t);
  const deciding = await decidingOn(ground);
  const before = deciding.consentsRevision();
  await record(
    ground,
    deciding,
    PLAIN_MAIL,
    MARKETING,
    { ...OTHER_WAY, scope: 'ann@hospital.example' },
    { ...OPT_OUT, address: 'eve@home.example' },
    { ...PLAIN_MAIL, address: 'old@home.example', until: GIVEN + DAY },
  );
  t.not(deciding.consentsRevision(), before, 'what was decided before is asked again');
  const table: readonly (readonly [name: string, sender: string, recipient: string, kinds: readonly string[]])[] = [
    ['to the domain, and to the sender alone', 'ann@hospital.example', PAT, ['plain-mail', 'marketing', 'other-way']],
    ['however it is spelt', 'Ann@HOSPITAL.example', 'Pat@Home.EXAMPLE', ['plain-mail', 'marketing', 'other-way']],
    ['another sender of the domain', 'bob@hospital.example', PAT, ['plain-mail', 'marketing']],
    ['another domain', 'ann@lab.example', PAT, []],
    ['a domain below it', 'ann@mail.hospital.example', PAT, []],
    ['another person', 'ann@hospital.example', 'eve@home.example', ['fundraising-opt-out']],
    ['one that has ended', 'ann@hospital.example', 'old@home.example', []],
    ['nobody asked', 'ann@hospital.example', 'new@home.example', []],
    ['the empty sender', '', PAT, []],
  ];
  for (const [name, reversePath, recipient, kinds] of table) {
    const found = await deciding.onFile(session({ reversePath }), [recipient]);
    t.same(found.consents, [kinds], name);
    t.equal(found.revision, deciding.consentsRevision(), name);
  }
  const several = await deciding.onFile(session(), ['eve@home.example', 'new@home.example', PAT]);
  t.same(several.consents, [['fundraising-opt-out'], [], ['plain-mail', 'marketing', 'other-way']], 'in the order of the recipients');
  t.same((await deciding.onFile(session(), [])).consents, []);
});

await t.test('consents end', async (t) => {
  const ground = await gatewayGround(t);
  const deciding = await decidingOn(ground);
  const [id = 0] = await record(ground, deciding, { ...PLAIN_MAIL, until: NOON + DAY });
  const now = async (): Promise<unknown> => (await deciding.onFile(session(), [PAT])).consents;
  t.same(await now(), [['plain-mail']]);
  ground.clock.at = NOON + DAY + 1;
  t.same(await now(), [[]], 'by themselves');
  ground.clock.at = NOON;
  const before = deciding.consentsRevision();
  const evidence = { kind: 'consent.revoked', at: NOON, messageId: null, deliveryId: null, codes: {}, detail: null } as const;
  t.same(await deciding.consents.revoke({ ids: [id], at: NOON, who: 'kim', why: 'asked by telephone', evidence }), ['revoked']);
  t.same(await now(), [[]], 'when the person says so');
  t.not(deciding.consentsRevision(), before);
  t.equal((await decidingOn(ground)).consentsRevision(), deciding.consentsRevision(), 'a new start knows the revision');
});

await t.test('attestations are of accounts', async (t) => {
  const ground = await gatewayGround(t);
  const deciding = await decidingOn(ground);
  await record(ground, deciding, ATTESTATION, PLAIN_MAIL);
  const table: readonly (readonly [name: string, submitter: SessionFacts['submitter'], attested: boolean])[] = [
    ['the account', { kind: 'account', name: 'newsletter' }, true],
    ['another account', { kind: 'account', name: 'ehr' }, false],
    ['a network of that name', { kind: 'network', name: 'newsletter' }, false],
    ['a certificate of that name', { kind: 'certificate', name: 'newsletter' }, false],
    ['the gateway itself', { kind: 'gateway', name: 'newsletter' }, false],
  ];
  for (const [name, submitter, attested] of table) {
    const found = await deciding.onFile(session({ submitter }), [PAT]);
    t.equal(found.attested, attested, name);
    t.same(found.consents, [['plain-mail']], `${name}: the consents are those of the recipient`);
  }
});

await t.test('whom the organisation writes to', async (t) => {
  const ground = await gatewayGround(t);
  const deciding = await decidingOn(ground);
  const look = async (...recipients: readonly string[]) => deciding.acquaintance('ann@hospital.example', recipients);
  const write = async (number: number, ...recipients: readonly string[]): Promise<void> => {
    const correspondents = (await look(...recipients)).map(({ correspondent }) => correspondent);
    const unit = acceptUnit(
      { number, recipients, at: ground.clock.at },
      { reading: reading({ facts: storedFacts(recipients), correspondents }) },
    );
    await ground.store.journal.accept(unit);
  };
  t.match(
    (await look(PAT, 'bo@lab.example', 'Kim@Hospital.example')).map(({ standing }) => standing),
    [
      { address: PAT, inside: false, seen: { address: false, domain: false }, oneSlipFromKnown: false },
      { address: 'bo@lab.example', inside: true },
      { address: 'kim@hospital.example', inside: true },
    ],
    'nobody yet; who is of the organisation',
  );
  await write(1, PAT);
  const [pat, neighbour, slip] = (await look('PAT@home.example', 'someone@home.example', 'pta@home.example')).map(
    ({ standing }) => standing,
  );
  t.same(pat?.seen, { address: true, domain: true }, 'written to, however it is spelt');
  t.same(neighbour?.seen, { address: false, domain: true }, 'only somebody there');
  t.equal(slip?.oneSlipFromKnown, false, 'one message makes nobody regular');
  await write(2, PAT);
  ground.clock.at += DAY;
  await write(3, PAT);
  const table: readonly (readonly [address: string, slip: boolean])[] = [
    ['pta@home.example', true],
    ['pt@home.example', true],
    ['paat@home.example', true],
    ['pat@hone.example', true],
    ['pat@home.exampel', true],
    [PAT, false],
    ['tap@home.example', false],
    ['patty@home.example', false],
  ];
  for (const [address, expected] of table) t.equal((await look(address))[0]?.standing.oneSlipFromKnown, expected, address);
});

await t.test('methods that are not set up reach nobody', async (t) => {
  const ground = await gatewayGround(t);
  const policy = policyOf('version: 1\nrules: [{ id: rest, deliver: [portal, relay, smime] }]\n');
  const deciding = await decidingOn(ground, policy, policyOf('version: 1\nrules: [{ id: rest, deliver: [portal] }]\n'));
  t.same(deciding.policy().decide(someFacts()).methods, ['relay']);
  t.same(deciding.draft()?.decide(someFacts()).methods, [], 'nor by a draft');
  t.equal(deciding.policy().version, policy.version, 'it is the same policy all the same');
  t.equal((await decidingOn(ground)).draft(), null);
  t.match(deciding.ownMail(), { policyVersion: policy.version, methods: ['relay'], rule: '<own-mail>' });
});

await t.test('past mail for a draft, page by page, with what is on file today', async (t) => {
  const ground = await gatewayGround(t);
  const deciding = await decidingOn(ground);
  for (const number of [1, 2, 3]) {
    const recipients = number === 2 ? ['bob@partner.example', PAT] : ['bob@partner.example'];
    await ground.store.journal.accept(
      acceptUnit({ number, recipients, at: ground.clock.at + number }, { reading: reading({ facts: storedFacts(recipients) }) }),
    );
  }
  await ground.store.journal.accept(acceptUnit({ number: 4, at: ground.clock.at + 4, state: 'undecided' }));
  await record(ground, deciding, PLAIN_MAIL);
  const reader = openReader({ dataFolder: ground.dataFolder, sealer: sealerFrom(ground.keys.sealerMaterial(), ground.clock.now) });
  t.teardown(() => reader.close());
  const ask = policyCommands({ reader: reader.facts, onFile: deciding.onFile })['policy.facts'];
  const page = async (after: string | null, since = 0) => {
    const answer = await ask({ since, after, limit: 2 });
    if (answer.kind !== 'done') throw new Error(answer.kind);
    return answer.value;
  };
  const first = await page(null);
  t.equal(first.messages.length, 2);
  t.same(first.messages[1]?.onFile.consents, [[], ['plain-mail']], 'each recipient with what is on file');
  t.same(first.messages[0]?.decisions, [{ n: 0, decision: DECISION }], 'and what was decided then');
  const second = await page(first.next);
  t.equal(second.messages.length, 1, 'what is not decided is not past mail');
  t.equal(second.next, null);
  t.equal((await page(null, ground.clock.at + 3)).messages.length, 1, 'only since then');
});

await t.test('methods: what is not set up is left out, and what is set up is part of what a decision is checked against', async (t) => {
  const ground = await gatewayGround(t);
  const text = 'version: 1\nrules: [{ id: all, deliver: [portal, relay, smime] }]';
  const by = (setUp: BaseSettings['methodsSetUp']): PolicyInEffect => policyOf(text, {}, { ...BASE, methodsSetUp: setUp });
  const deciding = await decidingOn(ground, by(methodsSetUp({ portal: null })));
  t.same(deciding.policy().decide(someFacts()).methods, ['relay']);
  const decided = { ...DECISION, policyVersion: deciding.policy().version };
  t.equal(isStale(decided, deciding), false);
  const withPortal = await decidingOn(ground, by(methodsSetUp({ portal: portalConfig() })), null, { portal: portalConfig() });
  t.equal(isStale(decided, withPortal), true, 'the portal is set up: decided again');
  t.same(withPortal.policy().decide(someFacts()).methods, ['portal', 'relay']);
});
