// Notices to recipients, over a real store, spool and keys: once for each that is owed, by the best TLS there is, and what became of them.
import t from 'tap';
import type { PortalConfig } from '../../../src/config/portal.ts';
import { makeReports } from '../../../src/gateway/report.ts';
import { notifyRecipients, type NotifyDeps } from '../../../src/gateway/pickup/notify.ts';
import { tellCodes, type TellCodesDeps } from '../../../src/gateway/pickup/tell-codes.ts';
import { noticeBounced, watchPickups } from '../../../src/gateway/pickup/watch.ts';
import { MailError } from '../../../src/mail/mail-error.ts';
import { readPickupToken } from '../../../src/mail/pickup-token.ts';
import { readReturnAddress } from '../../../src/mail/return-address.ts';
import { type GatewayGround, gatewayGround } from '../../support/gateway-ground.ts';
import { openedMessages } from '../../support/opened-messages.ts';
import { acceptingOwn, POSTMASTER } from '../../support/own-mail.ts';
import { waitingOn } from '../../support/pickups.ts';
import { brand, portalConfig } from '../../support/portal-config.ts';
import { idOf } from '../../support/store-names.ts';
import { DAY } from '../../support/store-units.ts';

const RETURNS = portalConfig({ returns: { domain: 'return.clinic.test', address: null, port: 25 } });

function depsOf(ground: GatewayGround, portal: PortalConfig | null = RETURNS, change: Partial<NotifyDeps> = {}): NotifyDeps {
  return { ...acceptingOwn(t, ground), pickups: ground.store.pickups, portal: () => portal, languageOf: async () => null, ...change };
}

const notices = (ground: GatewayGround) => openedMessages(ground, 'notice');
const kinds = (ground: GatewayGround, kind: string): readonly object[] =>
  ground
    .evidence()
    .filter((one) => one.kind === kind)
    .map(({ deliveryId, codes, detail }) => ({ deliveryId, codes, detail }));

t.test('one notice, from the organisation, back to an address that only it has, by the best TLS there is', async (t) => {
  const ground = await gatewayGround(t);
  const [deliveryId] = await waitingOn(ground, 1);
  t.equal(await notifyRecipients(depsOf(ground)), 1);
  t.equal(await notifyRecipients(depsOf(ground)), 0, 'once');
  const [notice, ...more] = await notices(ground);
  t.same(more, []);
  t.match(notice?.message, { kind: 'notice', about: deliveryId, reportTo: POSTMASTER });
  const { reversePath, recipients } = notice?.message.envelope ?? { reversePath: '', recipients: [] };
  t.match(recipients, [{ address: 'jane@home.test', notify: ['failure'] }]);
  const reference = { messageId: idOf(1), n: 0 };
  const digest: typeof ground.keys.digest = (label, ...values) => ground.keys.digest(label, ...values);
  t.same(readReturnAddress(digest, reversePath, 'return.clinic.test'), { kind: 'pickup', use: 'notice', reference });
  t.match(notice?.text, new RegExp(`^Reply-To: [^<]*<${reversePath}>`, 'm'));
  const [, token = ''] = /https:\/\/portal\.clinic\.test\/m\/(\S+)/.exec((notice?.text ?? '').replace(/=\r\n/g, '')) ?? [];
  t.same(readPickupToken(digest, 'link', token), reference, 'the link is a token of that pickup');
  const [entry] = (await ground.deliveries()).filter(({ kind }) => kind === 'notice');
  t.match(entry?.decision, { floor: 'opportunistic', methods: ['relay'], rule: '<notice>' });
  t.match(kinds(ground, 'pickup.noticed'), [{ deliveryId, codes: { kind: 'first', notice: notice?.message.id }, detail: null }]);
  t.match(await ground.store.pickups.find(deliveryId ?? ''), { notice: 'sent', owed: null, noticedAt: ground.clock.at });
});

const ABOUT: readonly (readonly [name: string, portal: PortalConfig, language: string | null, expected: RegExp])[] = [
  ['without a return domain it has a null reverse-path', portalConfig(), null, /^(?![^]*Reply-To)[^]*Nobody reads answers/],
  ['in the language that somebody there has chosen', RETURNS, 'es', /^Content-Language: es/m],
  ['but in one that we write', RETURNS, 'xx', /^Content-Language: en/m],
  ['who wrote is told where it may be', RETURNS, null, /ann@hospital\.example/],
  ['and else not', portalConfig({ tellSender: 'no' }), null, /^(?![^]*ann@hospital)/],
  [
    'from its brand',
    portalConfig({ brands: [brand({ organisation: 'Lakeside Practice', from: 'post@lake.test' })] }),
    null,
    /^From: Lakeside Practice <post@lake\.test>/m,
  ],
];

for (const [name, portal, language, expected] of ABOUT) {
  t.test(name, async (t) => {
    const ground = await gatewayGround(t);
    await waitingOn(ground, 1);
    await notifyRecipients(depsOf(ground, portal, { languageOf: async () => language }));
    const [notice] = await notices(ground);
    t.match((notice?.text ?? '').replace(/=\r\n/g, ''), expected);
    if (portal.returns === null) t.equal(notice?.message.envelope.reversePath, '');
  });
}

t.test('a crash before the commit makes it later, never two', async (t) => {
  const ground = await gatewayGround(t);
  await waitingOn(ground, 1);
  const { store } = ground;
  const failing = { ...store.journal, accept: async (): Promise<never> => Promise.reject(new MailError('store.unavailable')) };
  t.equal(await notifyRecipients(depsOf(ground, RETURNS, { journal: failing })), 0);
  t.equal((await notices(ground)).length, 0);
  t.equal(await notifyRecipients(depsOf(ground)), 1);
  t.equal((await notices(ground)).length, 1);
});

t.test('what cannot be made keeps no other from being made', async (t) => {
  const ground = await gatewayGround(t);
  for (const number of [1, 2]) await waitingOn(ground, number);
  let first = true;
  const languageOf = async (): Promise<null> => {
    if (!first) return null;
    first = false;
    throw new Error('secret');
  };
  t.equal(await notifyRecipients(depsOf(ground, RETURNS, { languageOf })), 1);
  t.match(ground.events.bugs, [{ where: 'pickup.notices' }]);
  ground.events.bugs.length = 0;
});

t.test('no portal any more: nothing is sent, and nothing is lost', async (t) => {
  const ground = await gatewayGround(t);
  await waitingOn(ground, 1);
  t.equal(await notifyRecipients(depsOf(ground, null)), 0);
  t.equal((await ground.store.pickups.owedNotices(9)).length, 1);
});

t.test('a reminder after its time, once, of what is unopened', async (t) => {
  const ground = await gatewayGround(t);
  const [first, second] = [(await waitingOn(ground, 1))[0] ?? '', (await waitingOn(ground, 2))[0] ?? ''];
  await notifyRecipients(depsOf(ground));
  await ground.store.pickups.change({ deliveryId: second, at: ground.clock.at, event: { what: 'opened' }, report: null, evidence: [] });
  ground.clock.at += 3 * DAY;
  t.same([await notifyRecipients(depsOf(ground)), await notifyRecipients(depsOf(ground))], [1, 0]);
  t.match(kinds(ground, 'pickup.noticed').at(-1), { deliveryId: first, codes: { kind: 'reminder' } });
  t.match((await notices(ground)).at(-1)?.text, /^Subject: .*still waiting/m);
});

t.test('the originator is alarmed once, and told that it was not opened at its end', async (t) => {
  const ground = await gatewayGround(t);
  const [deliveryId] = await waitingOn(ground, 1);
  let owed = 0;
  const watching = { pickups: ground.store.pickups, portal: () => RETURNS, clock: ground.clock, reportsOwed: () => void owed++ };
  const reporting = { ...acceptingOwn(t, ground), queue: ground.store.queue, noticeFailed: async () => t.fail('no notice has failed') };
  t.equal(await watchPickups(watching), 0);
  ground.clock.at += 7 * DAY;
  t.same([await watchPickups(watching), await watchPickups(watching)], [1, 0]);
  await makeReports(reporting);
  ground.clock.at += 23 * DAY;
  t.same([await watchPickups(watching), await watchPickups(watching)], [1, 0]);
  await makeReports(reporting);
  t.equal(owed, 2);
  const [alarm, end, ...more] = await openedMessages(ground, 'dsn');
  t.same(more, []);
  t.match(alarm?.text, /^Subject: Not opened yet/m);
  t.match(alarm?.text, /Action: delayed\r\nStatus: 4\.4\.7/);
  t.match(alarm?.text.replace(/\s+/g, ' '), /waits at the portal.*It waits there until \d+ \w+ 20.*\+1 555 0100/);
  t.match(end?.text, /^Subject: Not delivered/m);
  t.match(end?.text, /Action: failed\r\nStatus: 5\.4\.7/);
  t.match(kinds(ground, 'pickup.alarmed'), [{ deliveryId }]);
  t.match(kinds(ground, 'delivery.expired'), [{ deliveryId, codes: { code: 'pickup.not-opened' } }]);
});

t.test('a notice that cannot be delivered ends the waiting: the originator is told, the postmaster is not', async (t) => {
  const ground = await gatewayGround(t);
  const [deliveryId] = await waitingOn(ground, 1);
  await notifyRecipients(depsOf(ground));
  const [notice] = await notices(ground);
  const { store, clock } = ground;
  const { claimed } = await store.queue.claim({ owner: 'g', now: clock.at, until: clock.at + DAY, limit: 9, perDestination: 9, busy: {} });
  const status = { at: clock.at, status: '5.1.1', code: 'delivery.refused', diagnostic: '550 5.1.1', remoteMta: null };
  await store.queue.settle(
    claimed.map(({ lease, decision }) => ({
      lease,
      at: clock.at,
      after: { state: 'returned' },
      decision,
      methodIndex: 0,
      methodSince: null,
      outcome: 'known',
      report: 'failed',
      status,
      evidence: [],
    })),
    null,
  );
  const deps = { pickups: store.pickups, clock, reportsOwed: () => undefined };
  const reporting = {
    ...acceptingOwn(t, ground),
    queue: store.queue,
    noticeFailed: (id: string, said: Parameters<typeof noticeBounced>[1]) => noticeBounced(id, said, 'delivery', deps),
  };
  while ((await makeReports(reporting)) > 0);
  t.match(await store.pickups.find(deliveryId ?? ''), { state: 'returned', bouncedAt: clock.at, overAt: clock.at });
  t.match(kinds(ground, 'pickup.bounced'), [{ deliveryId, codes: { by: 'delivery', status: '5.1.1' }, detail: null }]);
  const dsns = await openedMessages(ground, 'dsn');
  t.equal(dsns.length, 1);
  t.match(dsns[0]?.message.envelope.recipients, [{ address: 'ann@hospital.example' }]);
  t.match(dsns[0]?.text.replace(/\s+/g, ' '), /the link to it could not be delivered/);
  t.match(kinds(ground, 'report.withheld'), [{ deliveryId: `${notice?.message.id ?? ''}/0`, codes: { because: 'pickup' } }]);
  t.equal(await noticeBounced(deliveryId ?? '', null, 'bounce', deps), 'not-legal', 'a second bounce ends nothing again');
});

function telling(ground: GatewayGround, change: Partial<TellCodesDeps> = {}): TellCodesDeps {
  const { store, clock } = ground;
  let made = 0;
  const makeCode = async (): Promise<{ code: string; expiresAt: number }> => ({ code: `1234-000${++made}`, expiresAt: clock.at + DAY });
  return { ...acceptingOwn(t, ground), pickups: store.pickups, journal: store.journal, portal: () => RETURNS, makeCode, ...change };
}

t.test('codes: to the originator, one notice for a message, over the floor of our own mail, never to the recipient', async (t) => {
  const ground = await gatewayGround(t);
  const recipients = ['jane@home.test', 'joe@home.test'];
  await waitingOn(ground, 1, { tells: 'code', opening: { minimum: 'clinic', mailedCode: 'below-floor' } }, { recipients });
  await waitingOn(ground, 2);
  t.equal(await tellCodes(telling(ground)), 2);
  t.equal(await tellCodes(telling(ground)), 0, 'once');
  const [notice, ...more] = await notices(ground);
  t.same(more, []);
  t.match(notice?.message, {
    kind: 'notice',
    about: idOf(1),
    envelope: { reversePath: '', recipients: [{ address: 'ann@hospital.example' }] },
  });
  t.match(notice?.text, /1234-0001[^]*1234-0002/);
  t.match(notice?.text, /^In-Reply-To: <1@hospital\.example>/m, 'beside what they sent');
  const [entry] = (await ground.deliveries()).filter(({ kind }) => kind === 'notice');
  t.match(entry?.decision, { floor: 'tls-verified', rule: 'simple' });
  t.equal((await ground.store.pickups.owedNotices(9)).length, 3, 'the recipients have their own');
  t.notMatch(JSON.stringify(ground.evidence()), /1234-000/, 'a code is in no evidence');
});

t.test('a code that cannot be told stays owed', async (t) => {
  const ground = await gatewayGround(t);
  await waitingOn(ground, 1, { tells: 'code' });
  const makeCode = async (): Promise<never> => Promise.reject(new Error('secret'));
  t.equal(await tellCodes(telling(ground, { makeCode })), 0);
  t.match(ground.events.bugs, [{ where: 'pickup.codes' }]);
  ground.events.bugs.length = 0;
  t.equal(await tellCodes(telling(ground)), 1);
});
