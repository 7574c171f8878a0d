// Unsubscribing over the real store, keys and journal: what a token stops, that it stops nothing else, and what evidence says.
import t from 'tap';
import { unsubscribe, type Unsubscribe, unsubscribeUris } from '../../src/gateway/unsubscribe.ts';
import { type Consent, consentSubject, consentSubjects } from '../../src/mail/consent.ts';
import { unsubscribeToken } from '../../src/mail/unsubscribe-token.ts';
import { NO_MODIFIERS } from '../../src/mail/decision.ts';
import { activeDelivery, messageRecord } from '../support/active-delivery.ts';
import { GIVEN, MARKETING, OPT_OUT, PLAIN_MAIL } from '../support/consents.ts';
import { gatewayGround, type GatewayGround } from '../support/gateway-ground.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, evidence } from '../support/store-units.ts';

const MESSAGE = idOf(1);

interface World extends GatewayGround {
  readonly use: Unsubscribe;
  readonly token: (n: number, purpose: 'marketing' | 'fundraising', messageId?: string) => string;
  /** Ids in force for the sender's mail to an address. */
  inForce(address: string): Promise<readonly number[]>;
}

/** One message of ann@hospital.example to pat and to joe, and what is on file. */
async function world(t: Parameters<typeof gatewayGround>[0], ...consents: readonly Consent[]): Promise<World> {
  const ground = await gatewayGround(t);
  const { store, keys, clock } = ground;
  const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => keys.digest(label, ...values);
  await store.journal.accept(acceptUnit({ number: 1, recipients: ['Pat@Home.example', 'joe@home.example'] }));
  const records = consents.map((consent) => ({
    consent,
    subject: consentSubject(digest, consent),
    evidence: evidence('consent.recorded', null),
  }));
  await store.consents.record({ records, who: 'ann', at: clock.at });
  return {
    ...ground,
    use: unsubscribe({ consents: store.consents, journal: store.journal, keys, clock }),
    token: (n, purpose, messageId = MESSAGE) => unsubscribeToken(digest, { messageId, n, purpose }),
    async inForce(address) {
      const found = await store.consents.inForce(consentSubjects(digest, 'ann@hospital.example', address), clock.at);
      return found.consents.flat().map(({ id }) => id);
    },
  };
}

/** Evidence of what the recipient did. */
const byRecipient = (ground: GatewayGround): readonly object[] => ground.evidence().filter(({ codes }) => codes['by'] === 'recipient');

t.test('marketing: every authorisation of this person for this sender, and nothing else', async (t) => {
  const ground = await world(
    t,
    MARKETING,
    { ...MARKETING, scope: 'ann@hospital.example' },
    { ...MARKETING, givenAt: GIVEN + 1, note: 'a second form' },
    { ...MARKETING, scope: 'bob@hospital.example' },
    { ...MARKETING, scope: 'lab.example' },
    { ...MARKETING, address: 'joe@home.example' },
    PLAIN_MAIL,
    OPT_OUT,
  );
  const { use, token } = ground;
  t.same(await ground.inForce('pat@home.example'), [1, 3, 7, 8, 2]);
  t.equal(await use.purposeOf(token(0, 'marketing')), 'marketing');
  t.equal(ground.evidence().filter(({ kind }) => kind === 'consent.revoked').length, 0, 'to ask changes nothing');
  t.equal(await use.stop(token(0, 'marketing')), 'marketing');
  t.same(await ground.inForce('pat@home.example'), [7, 8], 'plain mail and the opt-out stay');
  t.same(await ground.inForce('joe@home.example'), [6], 'and all of the other recipient');
  t.match(ground.consentReader.find(1)?.revocation, { at: ground.clock.at, said: { who: 'recipient', why: 'one-click unsubscribe' } });
  t.match(
    byRecipient(ground),
    [1, 3, 2].map((consent) => ({ codes: { consent, consentKind: 'marketing' } })),
  );
  t.match(byRecipient(ground)[0], {
    kind: 'consent.revoked',
    messageId: MESSAGE,
    deliveryId: `${MESSAGE}/0`,
    detail: { address: 'pat@home.example', scope: 'hospital.example', who: 'recipient', why: 'one-click unsubscribe' },
  });
  const before = await ground.store.consents.revision();
  t.equal(await use.stop(token(0, 'marketing')), 'marketing', 'again');
  t.equal(await ground.store.consents.revision(), before, 'changes nothing more');
});

t.test('marketing: one that begins tomorrow is revoked too', async (t) => {
  const ground = await world(t);
  const tomorrow = ground.clock.at + 20 * 3_600_000;
  const consent = { ...MARKETING, givenAt: tomorrow };
  const subject = consentSubject((label, ...values) => ground.keys.digest(label, ...values), consent);
  await ground.store.consents.record({
    records: [{ consent, subject, evidence: evidence('consent.recorded', null) }],
    who: 'ann',
    at: ground.clock.at,
  });
  await ground.use.stop(ground.token(0, 'marketing'));
  ground.clock.at = tomorrow + 1;
  t.same(await ground.inForce('pat@home.example'), []);
});

t.test('fundraising: one opt-out, however often and however fast it is said', async (t) => {
  const ground = await world(t, MARKETING);
  const stopping = Array.from({ length: 5 }, () => ground.use.stop(ground.token(1, 'fundraising')));
  t.same(
    await Promise.all(stopping),
    Array.from({ length: 5 }, () => 'fundraising'),
  );
  ground.clock.at += 1_000;
  t.equal(await ground.use.stop(ground.token(1, 'fundraising')), 'fundraising');
  t.same(await ground.inForce('joe@home.example'), [2]);
  t.same(await ground.inForce('pat@home.example'), [1]);
  t.match(byRecipient(ground), [
    {
      kind: 'consent.recorded',
      deliveryId: `${MESSAGE}/1`,
      codes: { consent: 2, consentKind: 'fundraising-opt-out' },
      detail: { address: 'joe@home.example', scope: 'hospital.example', who: 'recipient' },
    },
  ]);
  t.match(ground.consentReader.find(2)?.said, { who: 'recipient', consent: { scope: 'hospital.example', until: null } });
});

t.test('fundraising: one that ends does not stand for one that does not', async (t) => {
  const ground = await world(t, { ...OPT_OUT, until: Date.UTC(2030, 0, 1) });
  await ground.use.stop(ground.token(0, 'fundraising'));
  t.same(await ground.inForce('pat@home.example'), [1, 2]);
});

t.test('a token that stops nothing', async (t) => {
  const ground = await world(t, MARKETING);
  const { use, token } = ground;
  const cases: readonly (readonly [name: string, token: string])[] = [
    ['of nobody', 'x'],
    ['with another number', token(1, 'marketing').replace('-1-', '-0-')],
    ['a recipient that is not there', token(2, 'marketing')],
    ['a message that is not there', token(0, 'marketing', idOf(2))],
  ];
  for (const [name, wrong] of cases) {
    t.equal(await use.purposeOf(wrong), null, name);
    t.equal(await use.stop(wrong), null, name);
  }
  t.same(await ground.inForce('pat@home.example'), [1]);
});

t.test('a registry that fails is said, and the next one is served', async (t) => {
  const ground = await world(t, MARKETING);
  const failures = [new Error('no storage')];
  const consents = {
    ...ground.store.consents,
    revoke: (request: Parameters<GatewayGround['store']['consents']['revoke']>[0]) => {
      const failure = failures.pop();
      return failure === undefined ? ground.store.consents.revoke(request) : Promise.reject(failure);
    },
  };
  const use = unsubscribe({ consents, journal: ground.store.journal, keys: ground.keys, clock: ground.clock });
  await t.rejects(use.stop(ground.token(0, 'marketing')), /no storage/);
  t.equal(await use.stop(ground.token(0, 'marketing')), 'marketing');
  t.same(await ground.inForce('pat@home.example'), []);
});

t.test('the URIs of a delivery', async (t) => {
  const { keys, token } = await world(t);
  const place = { url: 'https://mail.hospital.example/u', mailto: "o'neil+news&%?@hospital.example" };
  const decision = { ...activeDelivery().decision, modifiers: { ...NO_MODIFIERS, unsubscribe: 'marketing' as const } };
  const delivery = activeDelivery({ message: messageRecord({ id: MESSAGE }), n: 1, decision });
  t.same(unsubscribeUris(place, keys, delivery), {
    https: `https://mail.hospital.example/u/${token(1, 'marketing')}`,
    mailto: `mailto:o'neil%2Bnews%26%25%3F@hospital.example?subject=unsubscribe%20${MESSAGE}%2F1`,
  });
  t.equal(unsubscribeUris(place, keys, activeDelivery()), null, 'none is offered');
  const envelope = { ...delivery.message.envelope, reversePath: '' };
  t.equal(unsubscribeUris(place, keys, { ...delivery, message: { ...delivery.message, envelope } }), null, 'nobody sends it');
});
