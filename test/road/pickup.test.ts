// A message that waits at the portal of a running gateway, picked up over the portal's own socket: notice, link, code, content; and a reader who
// strips TLS and sees all mail, who cannot.
import { join } from 'node:path';
import t from 'tap';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { openSealed } from '../../src/spool/sealed-stream.ts';
import { ID, stage } from '../support/stage.ts';
import { contentOf, post, recordsOf, untilEach } from '../support/posted.ts';
import { readWhole } from '../support/sealed-content.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const CLIENT = { address: '192.0.2.7', userAgent: 'Mozilla/5.0 Firefox/140.0' };
const SECTIONS = {
  policy: 'policy: { file: policy.yaml }',
  inspection: 'inspection: { organisation: [clinic.test] }',
  portal: `portal:
  url: https://portal.clinic.test
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
`,
};
const FILES = {
  'policy.yaml': `version: 1
rules:
  - id: inside
    when: { to: "*@clinic.test" }
    deliver: [relay]
  - id: outside
    deliver: [portal]
`,
};

await t.test('from the notice to the content', async (t) => {
  const scene = await stage(t, ca, { home: {} }, SECTIONS, FILES);
  const { postern, session } = scene;
  const letter = { to: ['pat@home.test'], header: [ID('visit'), 'Subject: Your visit'], body: ['See you on Friday.'] };
  const sent = await post(session, letter);
  const home = scene.peer('home');
  const text = (at: number): string => home.messages[at]?.content.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
  await home.until(() => home.messages.length === 1);
  const [, link = ''] = /https:\/\/portal\.clinic\.test\/m\/([a-z0-9-]+)/.exec(text(0)) ?? [];
  t.notMatch(text(0), /Your visit|Friday/, 'nothing of the message is in its notice');

  const desk = deskClient(deskSocketPath(join(postern.folder, 'run')));
  t.match(await desk.look(link, CLIENT), { state: 'open', wants: 'address', mailedCode: 'may-travel' });
  t.equal(await desk.sendCode(link, 'mail', CLIENT), 'sent');
  await home.until(() => home.messages.length === 2);
  t.match(home.messages[1]?.mail, '<>', 'nobody is told where it fails');
  const code = /\d{4}-\d{4}/.exec(text(1))?.[0] ?? '';
  const entered = await desk.enterCode({ link, code, session: null }, CLIENT);
  if (entered.kind !== 'signed-in') throw new Error(entered.kind);
  const asked = { session: entered.session, deliveryId: `${sent.id}/0` };
  const opened = await desk.open(asked, CLIENT);
  if (opened.kind !== 'open') throw new Error(opened.kind);
  const sealed = await desk.sealed(asked);
  if (sealed === null) throw new Error('no content');
  const content = await readWhole(openSealed(sealed, { messageId: sent.id, key: opened.contentKey, sizeBytes: opened.sizeBytes }));
  t.ok(content.toString().endsWith(contentOf(letter).slice(contentOf(letter).indexOf('\r\n\r\n'))), 'as it was sent');
  t.match(await untilEach(postern, sent.id, ({ state }) => state === 'picked-up'), [{ state: 'picked-up' }]);
  const kinds = (await recordsOf(postern, sent.id)).map(({ kind }) => kind);
  for (const kind of ['delivery.waiting', 'pickup.noticed', 'pickup.looked', 'pickup.code-sent', 'pickup.signed-in', 'pickup.opened'])
    t.ok(
      kinds.some((one) => one === kind),
      kind,
    );
});

await t.test('a reader who strips TLS has the notice, and neither code nor content', async (t) => {
  const scene = await stage(t, ca, { stripped: { faults: ['strips-starttls'] } }, SECTIONS, FILES);
  const { postern, session } = scene;
  const stripped = scene.peer('stripped');
  const sent = await post(session, { to: ['pat@stripped.test'], header: [ID('stripped')] });
  await stripped.until(() => stripped.messages.length === 1);
  const [, link = ''] =
    /https:\/\/portal\.clinic\.test\/m\/([a-z0-9-]+)/.exec(stripped.messages[0]?.content.toString().replaceAll('=\r\n', '') ?? '') ?? [];
  const desk = deskClient(deskSocketPath(join(postern.folder, 'run')));
  t.match(await desk.look(link, CLIENT), { state: 'open' });
  t.equal(await desk.sendCode(link, 'mail', CLIENT), 'sent');
  let code = (await desk.look(link, CLIENT))?.code;
  for (let i = 0; i < 100 && code !== 'not-safe'; i++) {
    await postern.happened();
    code = (await desk.look(link, CLIENT))?.code;
  }
  t.equal(code, 'not-safe', 'the page says that no code can come this way');
  t.equal(stripped.messages.length, 1, 'the code never travelled');
  t.match(await desk.enterCode({ link, code: '1234-5678', session: null }, CLIENT), { kind: 'wrong' });
  t.match(await untilEach(postern, sent.id, ({ state }) => state === 'waiting'), [{ state: 'waiting' }]);
});
