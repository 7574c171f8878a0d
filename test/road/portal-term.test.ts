// The term of a message at the portal of a running gateway, its clock set while it is down: whoever does not open it is reminded, who wrote is told, with
// whom to ask; at the end it is over, and neither the portal nor anybody with all files can open it any more.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { readKeyCheck } from '../../src/keys/key-check.ts';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { openSealed } from '../../src/spool/sealed-stream.ts';
import { fakeTime } from '../support/fake-time.ts';
import { openedKeys } from '../support/key-folder.ts';
import { logIn, post, recordsOf, untilEach } from '../support/posted.ts';
import { Postern } from '../support/postern.ts';
import { readWhole } from '../support/sealed-content.ts';
import { type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import { ID } from '../support/stage.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestCa } from '../support/test-ca.ts';

const DAY_S = 86_400;
const CLIENT = { address: '192.0.2.7', userAgent: 'Mozilla/5.0 Firefox/140.0' };
const SECRET = 'We open at nine on Friday. '.repeat(12_000);
const SECTIONS = {
  policy: 'policy: { file: policy.yaml }',
  inspection: 'inspection: { organisation: [clinic.test] }',
  portal: `portal:
  url: https://portal.clinic.test
  from: messages@clinic.test
  name: Riverside Clinic
  help: "the ward desk, +1 555 0100"
  remind_after: 1d
  alarm_after: 2d
  urgent_after: 1h
  expire_after: 4d
`,
};
const POLICY = `version: 1
rules:
  - { id: inside, when: { to: "*@clinic.test" }, deliver: [relay] }
  - { id: outside, deliver: [portal] }
`;

const readable = ({ content }: SmtpPeer['messages'][number]): string => content.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
const about = (peer: SmtpPeer, name: string): readonly string[] =>
  peer.messages.map(readable).filter((text) => text.includes(`\r\nIn-Reply-To: <${name}@clinic.test>\r\n`));

await t.test('reminded, told of, over, and gone', { timeout: 200_000 }, async (t) => {
  const ca = createTestCa();
  const identity = ca.issue({ names: ['localhost'] });
  const clock = fakeTime(temporaryFolder(t));
  const [mailbox, home] = [await startPeer(t, { identity }), await startPeer(t, { identity })];
  const routes = [
    { domains: ['clinic.test'], port: mailbox.port },
    { domains: ['home.test'], port: home.port },
  ];
  const postern = await Postern.start(t, {
    ca,
    routes,
    sections: SECTIONS,
    files: { 'policy.yaml': POLICY },
    environment: clock.environment,
  });
  const later = async (days: number): Promise<void> => {
    await postern.stop();
    clock.set(days * DAY_S);
    await postern.start();
  };
  const session = await logIn(postern);
  const usual = await post(session, { to: ['pat@home.test'], header: [ID('usual')], body: [SECRET] });
  const urgent = await post(session, { to: ['sam@home.test'], header: [ID('urgent'), 'Priority: urgent'], body: ['Call us.'] });
  session.destroy();
  await home.until(() => home.messages.length === 2);
  const [, link = ''] =
    /\/m\/([a-z0-9-]+)/.exec(home.messages.filter(({ rcpt }) => rcpt.join().includes('pat@')).map(readable)[0] ?? '') ?? [];

  await later(1.1);
  await home.until(() => home.messages.length === 4);
  t.match(
    home.messages.slice(2).map(readable),
    [/^Subject: Your message from Riverside Clinic is still waiting\r$/m, /still waiting/],
    'both are reminded',
  );
  await mailbox.until(() => about(mailbox, 'urgent').length > 0);
  t.match(
    about(mailbox, 'urgent')[0],
    /was not opened yet[^]*the ward desk, \+1 555 0100/,
    'of the urgent one who wrote is told, with whom to ask',
  );
  t.same(about(mailbox, 'usual'), [], 'of the other not yet');

  await later(2.2);
  await mailbox.until(() => about(mailbox, 'usual').length > 0);
  t.match(about(mailbox, 'usual')[0], 'the ward desk, +1 555 0100');
  t.equal(home.messages.length, 4, 'nobody is reminded twice');
  t.equal(about(mailbox, 'urgent').length, 1, 'nor told twice');

  const [copied, wrapped] = [sealedFileOf(postern, usual.id), wrappedKeyOf(postern, usual.id)];
  t.match(
    await opened(postern, usual.id, copied, wrapped),
    SECRET.slice(0, 50),
    'until then whoever has all files and the keys can open it',
  );

  const desk = (): ReturnType<typeof deskClient> => deskClient(deskSocketPath(join(postern.folder, 'run')));
  t.equal(await desk().sendCode(link, 'mail', CLIENT), 'sent');
  await home.until(() => home.messages.length === 5);
  const code = /\d{4}-\d{4}/.exec(readable(home.messages[4] ?? raise()))?.[0] ?? '';

  await later(4.3);
  await untilEach(postern, usual.id, ({ state }) => state === 'expired');
  await mailbox.until(() => about(mailbox, 'usual').length > 1);
  t.match(about(mailbox, 'usual')[1], /Action: failed/, 'who wrote gets a report');
  t.match(await desk().look(link, CLIENT), { state: 'expired' });
  t.same(await desk().enterCode({ link, code, session: null }, CLIENT), { kind: 'gone' }, 'a code that was good for longer opens nothing');
  for (let tries = 0; tries < 60 && !(await kindsOf(usual.id)).includes('content.removed'); tries++) await postern.happened();
  const kinds = await kindsOf(usual.id);
  for (const kind of ['pickup.noticed', 'pickup.alarmed', 'delivery.expired', 'content.removed']) t.ok(kinds.includes(kind), kind);
  t.equal((await kindsOf(urgent.id)).includes('content.removed'), true);
  t.equal(wrappedKeyOf(postern, usual.id).key, null, 'its key is gone');
  t.equal(sealedFileOf(postern, usual.id), null, 'and its sealed file');

  await later(17);
  for (let tries = 0; tries < 60 && !(await kindsOf(null)).includes('period-key.destroyed'); tries++) await postern.happened();
  await t.rejects(
    opened(postern, usual.id, copied, wrapped),
    { code: 'content.unreadable' },
    'and whoever has kept a copy of all files from before cannot open it either',
  );

  async function kindsOf(id: string | null): Promise<readonly string[]> {
    return (await recordsOf(postern, id)).map(({ kind }) => kind);
  }
});

interface Wrapped {
  readonly key: Uint8Array | null;
  readonly period: number;
  readonly sizeBytes: number;
}

function sealedFileOf({ dataFolder }: Postern, id: string): Buffer | null {
  const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.includes(id),
  );
  const [file] = files;
  return file === undefined ? null : readFileSync(join(file.parentPath, file.name));
}

function wrappedKeyOf({ dataFolder }: Postern, id: string): Wrapped {
  const database = new Database(join(dataFolder, 'postern.db'), { readonly: true });
  try {
    return (
      database
        .prepare<[string], Wrapped>('SELECT wrapped_key AS key, period_id AS period, size_bytes AS sizeBytes FROM messages WHERE id = ?')
        .get(id) ?? raise()
    );
  } finally {
    database.close();
  }
}

/** As a thief opens it who has the key folder of now. @throws where it does not open */
async function opened(
  { folder, dataFolder }: Postern,
  id: string,
  sealed: Buffer | null,
  { key, period, sizeBytes }: Wrapped,
): Promise<string> {
  const place = { keyFolder: join(folder, 'keys'), dataFolder, sealedData: 'present', keyCheck: readKeyCheck(dataFolder) } as const;
  const dataKey = openedKeys(place, 'open').unwrapDataKey(id, key ?? raise(), period);
  const content = await readWhole(openSealed(pieces(sealed ?? raise()), { messageId: id, key: dataKey, sizeBytes }));
  return content.toString();
}

async function* pieces(octets: Buffer): AsyncGenerator<Uint8Array> {
  yield octets;
}

function raise(): never {
  throw new Error('nothing came');
}
