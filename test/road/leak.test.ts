// Mail of every kind through a real Postern, full of secrets; then everything that it left behind is searched for them: what it wrote, its
// folders while it runs, after kill -9 and after a stop, the reports it sent, its metrics, and whatever lies where it ran.
import t, { type Test } from 'tap';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QueueEntry } from '../../src/store/queue.ts';
import { type Leak, LeakSearch } from '../support/leak-search.ts';
import { contentOf, type Letter, logIn, post, untilEach } from '../support/posted.ts';
import { Postern } from '../support/postern.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import { createTestCa } from '../support/test-ca.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ca = createTestCa();
const identity = ca.issue({ names: ['localhost'] });
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** In the message, or told to the gateway: in no report either. */
const CONTENT = {
  subject: 'Qzsubj7Kw Biopsy of Roe',
  body: 'QzBody4Tn: carcinoma confirmed',
  attachment: 'QzAttach9Lp,1957-03-02,positive',
  'attachment name': 'qzfile-roe-jane-8Vd.csv',
  'name in From': 'Qzfrom Nurse Hh5',
  'name in To': 'Qzto Jane Roe Mm3',
  'Thread-Topic': 'QzTopic2Bx chemotherapy',
  'X-Patient': 'QzPatient6Rj MRN 88123',
};
const TOLD = {
  password: 'qz-password-Yc8-correct-horse',
  'wrong password': 'qz-wrong-Zu1-guess-guess',
  'password of the smarthost': 'qz-smart-Xe6-secret',
  'tenant proof': 'qz-tenant-proof-Jq9-0123456789',
  'reason of a person': 'qzwhy Sd4 patient asked for it',
  'name of the client machine': 'qzward7-bed3-pc.local',
  'address of the client machine': '127.91.182.173',
};

/** In the reports on their own message, and nowhere else. */
const ADDRESSES = {
  relayed: 'qzrelayed.ab1@good-qz77.test',
  held: 'qzheld.cd2@plain-qz78.test',
  deferred: 'qzlater.ef3@later-qz79.test',
  returned: 'never.qzgone.gh4@mixed-qz80.test',
  repeating: 'qzrepeat.ij5@repeating-qz81.test',
  smarthost: 'qzsmart.kl6@elsewhere-qz82.test',
  refused: 'qzrefused.mn7@good-qz77.test',
  'original recipient': 'qzorcpt.op8@old-qz83.test',
  'reverse-path': 'qznurse.st9@clinic-qz84.test',
};
/** Of people outside: who writes to whom shows in a domain too. */
const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);
const DOMAINS = Object.fromEntries(
  Object.entries(ADDRESSES).flatMap(([name, address]) => (name === 'reverse-path' ? [] : [[`domain of ${name}`, domainOf(address)]])),
);

const search = new LeakSearch({ ...CONTENT, ...TOLD, ...ADDRESSES, ...DOMAINS });
const inReports = new LeakSearch({ ...CONTENT, ...TOLD });

/** A message that holds every secret that content can hold. */
function letter(
  to: readonly string[],
  { lines = 1, header = [] }: { readonly lines?: number; readonly header?: readonly string[] } = {},
): Letter {
  const attachment = Buffer.from(`${CONTENT.attachment}\n`.repeat(40 * lines)).toString('base64');
  return {
    from: ADDRESSES['reverse-path'],
    to,
    mail: 'BODY=8BITMIME',
    header: [
      `From: "${CONTENT['name in From']}" <${ADDRESSES['reverse-path']}>`,
      `To: "${CONTENT['name in To']}" <${to[0]?.replace(/^<|>.*$/g, '') ?? ''}>`,
      ...[`Subject: ${CONTENT.subject}`, `Thread-Topic: ${CONTENT['Thread-Topic']}`, `X-Patient: ${CONTENT['X-Patient']}`],
      ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=qq', ...header],
    ],
    body: [
      ...['--qq', 'Content-Type: text/plain', '', ...Array.from({ length: lines }, (_, i) => `${i} ${CONTENT.body} Gr\u00fc\u00dfe`)],
      ...['--qq', `Content-Type: text/csv; name="${CONTENT['attachment name']}"`, 'Content-Transfer-Encoding: base64'],
      ...[
        `Content-Disposition: attachment; filename="${CONTENT['attachment name']}"`,
        '',
        ...(attachment.match(/.{1,76}/g) ?? []),
        '--qq--',
      ],
    ],
  };
}

/** More than lies in a row of the journal. */
const LARGE = { lines: 200 };

interface Scene {
  readonly postern: Postern;
  readonly peers: Readonly<Record<keyof typeof PEERS, SmtpPeer>>;
  readonly healthPort: number;
  /** Where it runs, with its temporary folder: what it dumps lies here. */
  readonly ground: string;
}

/** By the name of the address that goes there. Those that can repeat what they are told. */
const PEERS = {
  'reverse-path': { identity },
  relayed: { identity },
  held: {},
  deferred: { identity, script: (step, { line }) => (step === 'rcpt' ? `451 4.7.1 ${line} ${CONTENT.subject}\r\n` : undefined) },
  returned: { identity, faults: ['mixed-recipients'] },
  repeating: { identity, faults: ['repeats-content'] },
  smarthost: {
    identity,
    faults: ['offers-auth'],
    script: (step, { line }) => (step === 'auth' ? `535 5.7.8 ${line} is wrong\r\n` : undefined),
  },
} as const satisfies Readonly<Record<string, PeerOptions>>;

const NAMES = Object.keys(PEERS) as (keyof typeof PEERS)[];

async function open(t: Test): Promise<Scene> {
  const started = await Promise.all(NAMES.map(async (name) => [name, await startPeer(t, PEERS[name])] as const));
  const ground = temporaryFolder(t);
  mkdirSync(join(ground, 'tmp'));
  mkdirSync(join(ground, 'secrets'));
  const secret = (name: string, text: string): string => {
    writeFileSync(join(ground, 'secrets', name), `${text}\n`, { mode: 0o600 });
    return join(ground, 'secrets', name);
  };
  const login = `credentials: { user: relay, password_file: ${secret('smarthost', TOLD['password of the smarthost'])} }`;
  const routes = started.map(([name, { port }], i) => {
    const domain = domainOf(ADDRESSES[name]);
    return `  - { name: r${i}, domains: [${domain}], next_hops: [{ host: localhost, port: ${port} }], final_for: all${name === 'smarthost' ? `, ${login}` : ''} }`;
  });
  const proof = `tenant_proof: { header: X-Proof, values_file: ${secret('proof', TOLD['tenant proof'])} }`;
  const healthPort = await freePort();
  const postern = await Postern.start(t, {
    ca,
    routes: [],
    launcher: ['env', '-C', ground, 'prlimit', '--core=unlimited'],
    environment: { TMPDIR: join(ground, 'tmp'), NODE_OPTIONS: '--report-on-signal --report-on-fatalerror --heapsnapshot-signal=SIGUSR2' },
    sections: {
      log: 'log: { level: debug }',
      health: `health: { port: ${healthPort} }`,
      listeners: 'listeners: { submissions: { address: 127.0.0.1, port: 0 }, relay: { address: 127.0.0.1, port: 0 } }',
      trust: `trust: { networks: [{ name: shared, ranges: [${TOLD['address of the client machine']}/32], may_use: ["*"], ${proof} }] }`,
      delivery: 'delivery: { retry: { first: 1h, longest: 1h } }',
      limits: 'limits: { message_size: 3MB }',
      routes: ['routes:', ...routes].join('\n'),
    },
  });
  return { postern, peers: Object.fromEntries(started) as Scene['peers'], healthPort, ground };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Every file below the folders, but those that the administrator wrote. */
function filesLeft({ postern, ground }: Scene): readonly string[] {
  const written = [postern.configPath, join(ground, 'secrets')];
  const all = [postern.folder, ground].flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  return all
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !written.some((own) => path.startsWith(own)));
}

function leaksIn(scene: Scene): readonly Leak[] {
  const inFiles = filesLeft(scene).flatMap((path) => search.find(readFileSync(path), path));
  return [...inFiles, ...search.find(Buffer.from(scene.postern.output), 'what it wrote to stdout and stderr')];
}

/** The command line, as an administrator types it. */
function command(scene: Scene, ...words: readonly string[]): string {
  return execFileSync(process.execPath, [MAIN, '--config', scene.postern.configPath, ...words], { encoding: 'utf8', cwd: scene.ground });
}

/** Refused logins and messages, a client that hangs up, a network that proves its tenant. */
async function whatIsRefused({ postern }: Scene): Promise<void> {
  for (const [name, password] of [
    ['qz', TOLD['wrong password']],
    [TOLD['wrong password'], 'x'],
    ['nobody', TOLD.password],
  ] as const)
    await logIn(postern, { name, password }).catch(() => null);
  const session = await logIn(postern, { name: 'qz', password: TOLD.password });
  await post(
    session,
    letter([ADDRESSES.refused], { header: Array.from({ length: 60 }, () => 'Received: from a by b; Sun, 22 Nov 2026 10:00:00 +0000') }),
  );
  await post(session, { ...letter([ADDRESSES.refused]), from: 'somebody@else.test' });
  await post(session, { ...letter([ADDRESSES.refused]), body: [`${CONTENT.body}\n${CONTENT.body}`] });
  await post(session, { ...letter([ADDRESSES.refused]), mail: `SIZE=99999999 X-${ADDRESSES.refused}` });
  await session.say(`VRFY ${ADDRESSES.refused}`);
  await session.say(`${CONTENT.subject} ${ADDRESSES.refused}`);
  for (const line of [`MAIL FROM:<${ADDRESSES['reverse-path']}>`, `RCPT TO:<${ADDRESSES.refused}>`, 'DATA']) await session.say(line);
  session.write(contentOf(letter([ADDRESSES.refused], LARGE)).slice(0, -200));
  session.destroy();
  const relayPort = Number((await postern.until('service.listening', ({ listener }) => listener === 'relay'))['port']);
  for (const header of [[], [`X-Proof: ${TOLD['tenant proof']}`]]) {
    const client = await Dialogue.connect(relayPort, {
      tls: { ca: ca.certificatePem },
      localAddress: TOLD['address of the client machine'],
    });
    await client.reply();
    await client.startTls(TOLD['name of the client machine']);
    await post(client, letter([ADDRESSES.relayed], { header: [...header, 'Message-ID: <proof@qz.test>'] }));
    client.destroy();
  }
}

t.test('nothing of any message is left behind in clear', { timeout: 150_000 }, async (t) => {
  const scene = await open(t);
  const { postern, peers } = scene;
  const account = {
    name: 'qz',
    password: TOLD.password,
    mayUse: ['*@clinic-qz84.test'],
    reports: null,
    likelyRepeats: 'report' as const,
    who: 'test',
  };
  await postern.control.call('account.add', account);
  await whatIsRefused(scene);
  const session = await Dialogue.connect(postern.port, { tls: { ca: ca.certificatePem }, mode: 'implicit' });
  await session.reply();
  await session.say(`EHLO ${TOLD['name of the client machine']}`);
  await session.login('qz', TOLD.password);
  const ids: string[] = [];
  for (const size of [{}, LARGE]) {
    const orcpt = `ORCPT=rfc822;${ADDRESSES['original recipient']} NOTIFY=SUCCESS,FAILURE,DELAY`;
    const to = [
      ADDRESSES.relayed,
      ADDRESSES.held,
      ADDRESSES.deferred,
      `<${ADDRESSES.returned}> ${orcpt}`,
      ADDRESSES.repeating,
      ADDRESSES.smarthost,
    ];
    ids.push((await post(session, letter(to, size))).id, (await post(session, letter([ADDRESSES.relayed], size))).id);
  }
  // A smarthost that refuses the login is backed off as a whole: the next message for it waits.
  const isWorkedOn = ({ state, recipient }: QueueEntry): boolean =>
    state !== 'undecided' && state !== 'active' && (recipient === ADDRESSES.smarthost || state !== 'queued');
  for (const id of ids) await untilEach(postern, id, isWorkedOn);
  t.ok(
    ids.every((id) => id !== ''),
    'all were taken',
  );
  command(scene, 'queue', 'hold', `${ids[0] ?? ''}/2`, '--why', TOLD['reason of a person']);
  command(scene, 'queue', 'cancel', `${ids[2] ?? ''}/2`, '--why', TOLD['reason of a person']);
  // One report for each message: what becomes of its recipients at about the same time is told together.
  await peers['reverse-path'].until(({ messages }) => messages.length >= 2);

  const [sent] = peers.relayed.messages.filter(({ mail }) => mail.includes('MAIL FROM'));
  const travelled = new LeakSearch(CONTENT).find(sent?.content ?? Buffer.alloc(0), 'sent').map(({ canary }) => canary);
  t.same(new Set(travelled), new Set(Object.keys(CONTENT)), 'what was relayed holds them all: the search sees what there is');
  const proof = peers.relayed.messages.find(({ content }) => content.includes('<proof@qz.test>'));
  t.same(
    new LeakSearch(TOLD).find(proof?.content ?? Buffer.from(TOLD.password), 'proof'),
    [],
    'proof and client machine are not passed on',
  );
  t.ok(proof, 'proven mail was taken');
  t.ok(
    peers.smarthost.lines.some((line) => line.startsWith('AUTH')),
    'the smarthost heard the password',
  );

  for (const { content } of peers['reverse-path'].messages) t.same(inReports.find(content, 'a report'), []);
  for (const path of ['/health', '/metrics', `/${ADDRESSES.held}`]) {
    const answer = await (await fetch(`http://127.0.0.1:${scene.healthPort}${path}`)).text();
    t.same(search.find(Buffer.from(answer), path), [], path);
  }
  t.same(search.find(Buffer.from(command(scene, 'audit', 'list', '--limit', '1000')), 'audit list'), []);
  t.same(search.find(Buffer.from(command(scene, 'status')), 'status'), []);

  t.same(leaksIn(scene), [], 'while it runs');
  t.ok(
    filesLeft(scene).some((path) => path.endsWith('-wal')) && filesLeft(scene).some((path) => path.includes('/spool/')),
    'log of commits and spool were there',
  );
  for (const signal of ['SIGUSR2', 'SIGSEGV', 'SIGABRT'] as const) {
    await postern.kill(signal);
    t.same(leaksIn(scene), [], `after ${signal}, which asks for a dump`);
    await postern.start();
  }
  await postern.kill('SIGTERM');
  t.same(leaksIn(scene), [], 'after a stop');
  t.same(
    filesLeft(scene).filter((path) => path.startsWith(scene.ground)),
    [],
    'no core, heap snapshot, report or temporary file',
  );
  session.destroy();
});
