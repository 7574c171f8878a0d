// Codes to telephones on the road: configuration, help desk, desk and a gateway of its own, as they run. A message waits; the clinic gives a number over
// the control socket; the patient gets a code there and reads; the next message needs no code of the clinic; nothing of it stands anywhere.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import t from 'tap';
import type { ControlRequest } from '../../src/control/commands.ts';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { startHttpsServer } from '../support/https-server.ts';
import { LeakSearch } from '../support/leak-search.ts';
import { post, recordsOf, untilEach } from '../support/posted.ts';
import { ID, stage } from '../support/stage.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const CLIENT = { address: '192.0.2.7', userAgent: 'Mozilla/5.0 Firefox/140.0' };
const NUMBER = '+15550147265';
const TOKEN = 'qz7Hk2-token-of-the-gateway';
const SECRET = 'Your HIV test of 3 March 2026 was positive, Jane Doe, MRN 12345678.';

t.test('a number given, a code texted, the message read', async (t) => {
  const folder = temporaryFolder(t);
  const texts: { readonly to: string; readonly code: string }[] = [];
  let answer = (response: ServerResponse): unknown => response.writeHead(200).end('queued');
  const arrived = Promise.withResolvers<void>();
  const identity = ca.issue({ names: ['localhost'] });
  await using gateway = await startHttpsServer(identity, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      t.equal(request.headers.authorization, `Bearer ${TOKEN}`);
      texts.push(JSON.parse(Buffer.concat(pieces).toString()) as (typeof texts)[number]);
      answer(response);
      arrived.resolve();
    });
  });
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'ca.pem'), ca.certificatePem);
  const sms = `sms: { url: "${gateway.url('localhost', '/send')}", ca: "${join(folder, 'ca.pem')}", secret_file: "${join(folder, 'token')}", countries: ["+1"] }`;
  const portal = `portal: { url: "https://portal.clinic.test", from: messages@clinic.test, name: Riverside Clinic, help: "+1 555 0100", port: 0, ${sms} }`;
  const peers = { home: { identity, faults: ['strips-starttls'] as const } };
  const scene = await stage(t, ca, peers, { portal, reading: 'reading: { before_reply: 2s }' });
  const { postern, session } = scene;
  const home = scene.peer('home');
  const send = async (
    name: string,
    to = 'jane@home.test',
  ): Promise<{ readonly deliveryId: string; readonly link: string; readonly opensBy: unknown }> => {
    const before = home.messages.length;
    const { id } = await post(session, { to: [to], header: [ID(name)], body: [SECRET] });
    await untilEach(postern, id, ({ state }) => state === 'waiting');
    await home.until(() => home.messages.length > before);
    const notice = home.messages[before]?.content.toString().replace(/=\r\n/g, '') ?? '';
    const [waiting] = (await recordsOf(postern, id)).filter(({ kind }) => kind === 'delivery.waiting');
    return { deliveryId: `${id}/0`, link: /\/m\/([0-9a-z-]+)/.exec(notice)?.[1] ?? '', opensBy: waiting?.codes['opensBy'] };
  };
  const desk = deskClient(deskSocketPath(join(postern.folder, 'run')));

  const first = await send('first');
  t.equal(first.opensBy, 'code');
  const give = (request: Partial<ControlRequest<'pickup.phone'>>) =>
    postern.control.call('pickup.phone', {
      deliveryId: first.deliveryId,
      number: NUMBER,
      person: null,
      who: 'kim',
      checked: 'chart',
      ...request,
    });
  t.match(await give({ number: '+447700900123' }), { kind: 'failed', code: 'refused' });
  t.match(await give({}), { kind: 'done', value: { ends: '65' } });
  t.match(await desk.look(first.link, CLIENT), { phone: ['sms'], mailedCode: 'below-floor', wants: 'clinic' });
  t.equal(await desk.sendCode(first.link, 'voice', CLIENT), 'not-offered');
  t.equal(await desk.sendCode(first.link, 'sms', CLIENT), 'sent');
  await arrived.promise;
  const { to, code = '' } = texts[0] ?? {};
  t.equal(to, NUMBER);
  const entered = await desk.enterCode({ link: first.link, code, session: null }, CLIENT);
  if (entered.kind !== 'signed-in') throw new Error(entered.kind);
  t.match(await desk.open({ session: entered.session, deliveryId: first.deliveryId }, CLIENT), { kind: 'open' });

  const second = await send('second');
  t.equal(second.opensBy, 'enrolled', 'the number opens it too: nobody need tell a code');
  answer = (response) => response.writeHead(500).end(`no credit for ${NUMBER}, qz7Hk2-words-of-the-gateway`);
  t.equal(await desk.sendCode(second.link, 'sms', CLIENT), 'wait', 'one a minute, whichever message');
  const other = await send('other', 'john@home.test');
  t.match(await give({ deliveryId: other.deliveryId }), { kind: 'done' });
  t.equal(await desk.sendCode(other.link, 'sms', CLIENT), 'sent', 'what is said is the same');
  t.match(await postern.until('phone-code.failed'), { deliveryId: other.deliveryId, way: 'sms', why: 'refused' });
  t.match(await give({ number: null }), { kind: 'done' });
  const third = await send('third');
  t.equal(third.opensBy, 'code', 'taken away: it counts no more');
  t.match(
    (await recordsOf(postern, first.deliveryId.slice(0, 26)))
      .map(({ kind }) => kind as string)
      .filter((kind) => /phone|factor|code-sent/.test(kind)),
    ['factor.enrolled', 'pickup.code-sent', 'factor.removed'],
  );

  const search = new LeakSearch({ number: NUMBER.slice(1), code, token: TOKEN, words: 'qz7Hk2-words-of-the-gateway' });
  const files = readdirSync(postern.dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) t.same(search.find(readFileSync(join(parentPath, name)), name), [], name);
  t.same(search.find(Buffer.from(postern.output), 'what it wrote'), []);
});
