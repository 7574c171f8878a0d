// One-click unsubscribe on the road: a running gateway, a policy that declares, a recorded consent; what goes out carries the way to stop it,
// and whoever takes that way is written to no more, by what is queued neither.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { MARKETING } from '../support/consents.ts';
import { testKey, verifyWithMailauth } from '../support/dkim-verifiers.ts';
import { post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import type { Postern } from '../support/postern.ts';
import { ID, stage, type Stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const KEY = testKey('ed25519', 'clinic.test', 'e');
const POLICY = `version: 1
declare:
  - id: news
    when: { header: { name: x-campaign, value: "news*" } }
    as: marketing
  - id: gifts
    when: { header: { name: x-campaign, value: "gifts*" } }
    as: fundraising
rules:
  - id: all
    deliver: [relay]
`;
const PLACE = 'unsubscribe: { url: "https://mail.clinic.test/unsubscribe/", mailto: privacy@clinic.test, name: Riverside Clinic, port: 0 }';
const NEWS = 'X-Campaign: news-11';
const GIFTS = 'X-Campaign: gifts-11';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function clinic(t: Parameters<typeof stage>[0], sections: Readonly<Record<string, string>> = { unsubscribe: PLACE }): Promise<Stage> {
  const scene = await stage(
    t,
    ca,
    { home: {} },
    {
      policy: 'policy: { file: policy.yaml }',
      reading: 'reading: { before_reply: 2s }',
      ...sections,
    },
    { 'policy.yaml': POLICY },
  );
  const consents = ['pat@home.test', 'joe@home.test'].map((address) => ({ ...MARKETING, address, scope: 'clinic.test' }));
  t.match(await scene.postern.control.call('consent.record', { consents, who: 'ann' }), { kind: 'done' });
  return scene;
}

/** Where a message says that one unsubscribes; by the listener, as the proxy would pass it on. */
async function wayOf(postern: Postern, content: Buffer | undefined): Promise<string> {
  const [, token] = /^List-Unsubscribe: <https:\/\/mail\.clinic\.test\/unsubscribe\/([\w-]+)>,/m.exec(content?.toString() ?? '') ?? [];
  const { port } = await postern.until('service.listening', ({ listener }) => listener === 'unsubscribe');
  return `http://127.0.0.1:${String(port)}/unsubscribe/${token ?? 'none'}`;
}

const press = (way: string): Promise<Response> => fetch(way, { method: 'POST', headers: FORM, body: 'List-Unsubscribe=One-Click' });

/** Codes of the consents that recipients changed. */
async function changedByRecipients(postern: Postern): Promise<readonly object[]> {
  return (await recordsOf(postern)).filter(({ codes }) => codes['by'] === 'recipient');
}

t.test('marketing: offered, signed, revoked; the next is refused', async (t) => {
  const scene = await clinic(t);
  const { postern, session } = scene;
  writeFileSync(join(postern.folder, 'dkim.pem'), KEY.pem, { mode: 0o600 });
  postern.configure({ dkim: 'dkim: [{ domain: clinic.test, selector: e, key_file: dkim.pem }]' });
  t.match(await postern.control.call('reload', { who: 'ann' }), { kind: 'done' });
  const sent = await post(session, { to: ['pat@home.test', 'joe@home.test'], header: [NEWS] });
  t.match(await untilOver(postern, sent.id), [{ state: 'relayed' }, { state: 'relayed' }]);
  const toPat = scene.peer('home').messages.find(({ rcpt }) => rcpt.some((line) => line.includes('pat@')))?.content;
  t.match(toPat?.toString(), /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/);
  t.match(toPat?.toString(), /<mailto:privacy@clinic\.test\?subject=unsubscribe%20\w{26}%2F0>/);
  t.match(toPat?.toString(), /h=[^;]*list-unsubscribe[^;]*list-unsubscribe-post/i, 'both are signed');
  t.strictSame(await verifyWithMailauth(toPat ?? Buffer.alloc(0), [KEY]), ['e=pass']);

  const way = await wayOf(postern, toPat);
  t.equal((await fetch(way)).status, 200, 'a link scanner looks');
  t.equal((await fetch(way, { method: 'HEAD' })).status, 200);
  t.equal((await press(way.replace('-0-m-', '-1-m-'))).status, 404, 'nobody unsubscribes another');
  t.same(await changedByRecipients(postern), [], 'and nothing has changed');
  t.match(await post(session, { to: ['pat@home.test'], header: [NEWS], body: ['Still'] }), { reply: /^250 / });

  t.equal((await press(way)).status, 200);
  t.equal((await press(way)).status, 200, 'again');
  t.match(await changedByRecipients(postern), [
    {
      kind: 'consent.revoked',
      codes: { by: 'recipient', consentKind: 'marketing' },
      detail: { address: 'pat@home.test', scope: 'clinic.test', who: 'recipient', why: 'one-click unsubscribe' },
    },
  ]);
  const refused = await post(session, { to: ['pat@home.test'], header: [NEWS], body: ['Next'] });
  t.equal(refused.reply, '550 5.7.1 This is marketing, and the recipient has not authorised it or has unsubscribed (45 CFR 164.508).');
  t.match(await post(session, { to: ['joe@home.test'], header: [NEWS], body: ['Next'] }), { reply: /^250 / }, 'others stay');
  t.match(await post(session, { to: ['pat@home.test'], body: ['Your appointment'] }), { reply: /^250 / }, 'and other mail');

  t.notMatch(postern.output, /home\.test|[mf]-[\w-]{43}/, 'neither addresses nor tokens in the log');
});

t.test('what waits for the one who unsubscribes is returned', async (t) => {
  let answer: string | undefined;
  const identity = ca.issue({ names: ['localhost'] });
  const scene = await stage(
    t,
    ca,
    { late: { identity, script: (step) => (step === 'rcpt' ? answer : undefined) } },
    { policy: 'policy: { file: policy.yaml }', unsubscribe: PLACE },
    { 'policy.yaml': POLICY },
  );
  const { postern, session } = scene;
  const consents = [{ ...MARKETING, address: 'pat@late.test', scope: 'clinic.test' }];
  t.match(await postern.control.call('consent.record', { consents, who: 'ann' }), { kind: 'done' });
  const first = await post(session, { to: ['pat@late.test'], header: [NEWS] });
  t.match(await untilOver(postern, first.id), [{ state: 'relayed' }]);
  answer = '451 4.2.1 Later\r\n';
  const second = await post(session, { to: ['pat@late.test'], header: [NEWS, ID('second')], body: ['Second'] });
  await untilEach(postern, second.id, ({ state }) => state === 'deferred');
  t.equal((await press(await wayOf(postern, scene.peer('late').messages[0]?.content))).status, 200);
  answer = undefined;
  t.match(await untilOver(postern, second.id), [{ state: 'returned', decision: { rule: '<marketing>' } }]);
  const taken = scene.peer('late').messages.filter(({ rcpt }) => rcpt.length > 0);
  t.equal(taken.length, 1, 'the second never went out');
  t.match((await scene.reportsOn('second'))[0]?.text, /has\s+unsubscribed/);
});

t.test('fundraising: opted out with one click, by that person alone', async (t) => {
  const scene = await clinic(t);
  const { postern, session } = scene;
  const sent = await post(session, { to: ['pat@home.test', 'joe@home.test'], header: [GIFTS] });
  t.match(await untilOver(postern, sent.id), [{ state: 'relayed' }, { state: 'relayed' }]);
  const toJoe = scene.peer('home').messages.find(({ rcpt }) => rcpt.some((line) => line.includes('joe@')))?.content;
  const way = await wayOf(postern, toJoe);
  t.match(await (await fetch(way, { headers: { 'accept-language': 'es' } })).text(), 'Dejar de recibirlos');
  t.equal((await press(way)).status, 200);
  t.equal((await press(way)).status, 200);
  t.match(await changedByRecipients(postern), [
    { kind: 'consent.recorded', codes: { consentKind: 'fundraising-opt-out' }, detail: { address: 'joe@home.test', scope: 'clinic.test' } },
  ]);
  const refused = await post(session, { to: ['joe@home.test'], header: [GIFTS], body: ['Next'] });
  t.match(refused.reply, /^550 5\.7\.1 This asks for gifts, and the recipient has opted out/);
  t.match(await post(session, { to: ['pat@home.test'], header: [GIFTS], body: ['Next'] }), { reply: /^250 / });
  t.match(await post(session, { to: ['joe@home.test'], header: [NEWS], body: ['News'] }), { reply: /^250 / }, 'marketing was authorised');
});

t.test('without a place nothing of the kind goes out, and it is said why', async (t) => {
  const scene = await clinic(t, {});
  const { postern, session } = scene;
  const sent = await post(session, { to: ['pat@home.test'], header: [NEWS, ID('nowhere')] });
  t.match(await untilOver(postern, sent.id), [{ state: 'held', hold: { reason: 'delivery.no-unsubscribe' } }]);
  t.match((await scene.reportsOn('nowhere'))[0]?.text, /must\s+let\s+people\s+unsubscribe/);
  t.equal(scene.peer('home').messages.length, 0);
});
