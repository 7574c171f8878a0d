// The portal on the road: a running gateway, a next hop that strips TLS, and what becomes of a message that must not go that way.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LeakSearch } from '../support/leak-search.ts';
import { post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import { ID, stage, type Stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const PORTAL = `portal: { url: "https://portal.clinic.test", from: messages@clinic.test, name: Riverside Clinic, help: "+1 555 0100", port: 0 }`;
const SECRET = 'Your HIV test of 3 March 2026 was positive, Jane Doe, MRN 12345678.';

function clinic(t: Parameters<typeof stage>[0], sections: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const identity = ca.issue({ names: ['localhost'] });
  const peers = { home: { identity, faults: ['strips-starttls'] as const }, good: { identity } };
  return stage(t, ca, peers, { portal: PORTAL, reading: 'reading: { before_reply: 2s }', ...sections });
}

t.test('TLS is stripped: the message waits, the notice goes in the clear without a word of it, the code to the originator', async (t) => {
  const scene = await clinic(t);
  const { postern, session, mailbox } = scene;
  const sent = await post(session, { to: ['jane@home.test'], header: [ID('stripped')], body: [SECRET] });
  t.match(await untilEach(postern, sent.id, ({ state }) => state === 'waiting'), [{ state: 'waiting' }]);
  const home = scene.peer('home');
  await home.until(() => home.messages.length > 0);
  await mailbox.until(() => mailbox.messages.some(({ content }) => content.includes('In-Reply-To: <stripped@clinic.test>')));
  const [notice, ...more] = home.messages;
  t.same(more, []);
  const text = notice?.content.toString().replace(/=\r\n/g, '') ?? '';
  t.match(text, /^From: Riverside Clinic <messages@clinic\.test>\r\n/m);
  t.match(text, /https:\/\/portal\.clinic\.test\/m\/[0-9a-z-]+/);
  t.notMatch(text, /HIV|Doe|12345678|\d{4}-\d{4}/, 'neither content nor code');
  const told =
    mailbox.messages.map(({ content }) => content.toString()).find((content) => content.includes('<stripped@clinic.test>')) ?? '';
  const [code = 'none'] = /\d{4}-\d{4}/.exec(told.replace(/=\r\n/g, '')) ?? [];
  t.match(code, /^\d{4}-\d{4}$/, 'the originator tells it');
  t.notMatch(told, /portal\.clinic\.test\/m\//, 'and has no link beside it');

  const records = await recordsOf(postern, sent.id);
  t.match(
    records.filter(({ kind }) => kind === 'delivery.waiting'),
    [{ codes: { method: 'portal', minimum: 'clinic', mailedCode: 'below-floor', opensBy: 'code' } }],
  );
  const kinds = records.map(({ kind }) => kind as string);
  for (const kind of ['pickup.noticed', 'pickup.code-made']) t.ok(kinds.includes(kind), kind);
  t.equal(kinds.filter((kind) => /^delivery\.(?:relayed|returned|expired|cancelled|picked-up)$/.test(kind)).length, 0, 'no end yet');
  t.notMatch(postern.output, /home\.test|HIV|\d{4}-\d{4}-?\d*-0-/, 'nothing of it in the log');
});

t.test('a notice that is refused returns the message, and the originator is told', async (t) => {
  const identity = ca.issue({ names: ['localhost'] });
  const script = (step: string): string | undefined => (step === 'rcpt' ? '550 5.1.1 no such mailbox\r\n' : undefined);
  const peers = { gone: { identity, faults: ['strips-starttls'] as const, script } };
  const scene = await stage(t, ca, peers, { portal: PORTAL, reading: 'reading: { before_reply: 2s }' });
  const { id } = await post(scene.session, { to: ['jane@gone.test'], header: [ID('gone')], body: [SECRET] });
  t.match(await untilOver(scene.postern, id), [{ state: 'returned', lastStatus: { code: 'pickup.notice-bounced' } }]);
  const { mailbox } = scene;
  const isReport = (content: Buffer): boolean => content.includes('Action: failed') && content.includes('<gone@clinic.test>');
  await mailbox.until(() => mailbox.messages.some(({ content }) => isReport(content)));
  t.pass('by a DSN about their message');
});

t.test('safe enough: it is relayed as ever', async (t) => {
  const scene = await clinic(t);
  const { id } = await post(scene.session, { to: ['joe@good.test'], body: [SECRET] });
  t.match(await untilOver(scene.postern, id), [{ state: 'relayed' }]);
});

t.test('what waits leaves nothing in the clear: neither content nor recipient, neither link nor code', async (t) => {
  const scene = await clinic(t);
  const { postern, session, mailbox } = scene;
  const to = 'qzjane.wx4@home.test';
  const subject = 'Qzportal5Hk biopsy of Roe';
  const sent = await post(session, { to: [to], header: [ID('kept'), `Subject: ${subject}`], body: [SECRET] });
  await untilEach(postern, sent.id, ({ state }) => state === 'waiting');
  const home = scene.peer('home');
  await home.until(() => home.messages.length > 0);
  const told = (): string =>
    mailbox.messages.map(({ content }) => content.toString().replace(/=\r\n/g, '')).find((text) => text.includes('<kept@')) ?? '';
  await mailbox.until(() => told() !== '');
  const link = /\/m\/([0-9a-z-]+)/.exec(home.messages[0]?.content.toString().replace(/=\r\n/g, '') ?? '')?.[1] ?? '';
  const code = /\d{4}-\d{4}/.exec(told())?.[0] ?? '';
  t.match(link, /^[0-9a-z-]{50,}$/);
  t.match(code, /^\d{4}-\d{4}$/);
  const search = new LeakSearch({
    subject,
    body: SECRET,
    recipient: to,
    'seal of the link': link.slice(-26),
    code,
  });
  const files = readdirSync(postern.dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  t.ok(files.length > 1, 'there is something to look through');
  for (const { parentPath, name } of files) t.same(search.find(readFileSync(join(parentPath, name)), name), [], name);
  t.same(search.find(Buffer.from(postern.output), 'what it wrote'), []);
});
