// The portal as a process and user of its own, beside a gateway that runs: it is killed in the middle of a download and of an upload, the gateway is killed
// under it, and afterwards everything that it left (output, environment, arguments, folder) is searched. What its user may touch is tried as that user.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { messagePath } from '../../src/portal/paths.ts';
import { readDurable } from '../support/evidence.ts';
import { LeakSearch } from '../support/leak-search.ts';
import { noticeIn } from '../support/patients.ts';
import { allPickups } from '../support/pickup-conservation.ts';
import { portalClient, type PortalClient, type PortalReply } from '../support/portal-client.ts';
import { PORTAL_HOST, PORTAL_URL } from '../support/portal-pages.ts';
import { freePort, PORTAL_USER, PortalProcess, portalSection } from '../support/portal-process.ts';
import { portalStage } from '../support/portal-stage.ts';
import { logIn, post } from '../support/posted.ts';

const SECRETS = {
  subject: 'Qzsubject5Hk biopsy of Roe',
  body: 'Qzbody7Kw your knee shows no break',
  attachment: 'Qzfile9Jw-knee.txt',
  recipient: 'qzpat.wx4@home.test',
  password: 'Qzpassword3Vn horse battery',
  answer: 'Qzanswer2Xf thank you very much',
};
const WRONG = '9999-8888';
/** Larger than what sockets hold. */
const LARGE = 24_000_000;

const port = await freePort();
const stage = await portalStage(t, { sections: { portal: portalSection(port) } });
const { postern, home, clinic } = stage;
const portal = await PortalProcess.start(t, postern);
const session = await logIn(postern);
const sent = await post(session, {
  to: [SECRETS.recipient],
  header: [`Subject: ${SECRETS.subject}`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'],
  body: [
    ...['--b', '', SECRETS.body],
    ...['--b', `Content-Disposition: attachment; filename="${SECRETS.attachment}"`, ''],
    ...Array.from({ length: LARGE / 1_000 }, () => 'x'.repeat(998)),
    '--b--',
  ],
});
const deliveryId = `${sent.id}/0`;
const page = messagePath(deliveryId);
await home.until(() => home.messages.length > 0);
const link = home.messages.map(noticeIn)[0]?.link ?? '';
const client = portalClient(port);
const codes: string[] = [];

async function signIn(one: PortalClient): Promise<void> {
  const given = await postern.control.call('pickup.code', { deliveryId, who: 'ann', checked: 'called back' });
  if (given.kind !== 'done') throw new Error(given.kind);
  codes.push(given.value.code);
  await one.get(`/m/${link}`);
  const { status } = await one.post(`/m/${link}/code`, { code: given.value.code });
  if (status !== 303) throw new Error(`not signed in: ${status}`);
}

async function recordsOf(kind: string): Promise<number> {
  return (await readDurable(postern)).evidence.filter((record) => record.kind === kind).length;
}

async function answersOf(): Promise<number> {
  return (await allPickups(stage)).find((pickup) => pickup.deliveryId === deliveryId)?.answers ?? -1;
}

/** A request as it goes out, to be broken off. */
function begun(method: string, path: string, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof https.request> {
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const verify = { checkServerIdentity: () => undefined, ['rejectUnauthorized']: false, agent: false } as const;
  const request = https.request({ host: '127.0.0.1', port, path, method, ...verify, headers: { host: PORTAL_HOST, cookie, ...headers } });
  request.on('error', () => undefined);
  return request;
}

/** A form with a file that never ends. */
function uploading(): ReturnType<typeof https.request> {
  const part = (name: string, value: string): string => `--f\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const request = begun('POST', `${page}/answer`, { origin: PORTAL_URL, 'content-type': 'multipart/form-data; boundary=f' });
  request.write(part('seal', client.seal()) + part('to', 'originator') + part('text', SECRETS.answer));
  request.write('--f\r\nContent-Disposition: form-data; name="files"; filename="half.bin"\r\n\r\n');
  request.write(Buffer.alloc(2_000_000, 'y'));
  return request;
}

function spooled(): number {
  const root = join(postern.dataFolder, 'spool');
  return readdirSync(root).reduce((sum, folder) => sum + readdirSync(join(root, folder)).length, 0);
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await postern.happened(20);
}

function answered(one: PortalClient, text: string): Promise<PortalReply> {
  const part = (name: string, value: string): string => `--f\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const form = part('seal', one.seal()) + part('form', 'R'.repeat(22)) + part('to', 'originator') + part('text', text);
  const headers = { origin: PORTAL_URL, 'content-type': 'multipart/form-data; boundary=f' };
  return one.send('POST', `${page}/answer`, Buffer.from(`${form}--f--\r\n`), headers);
}

await t.test('read: a wrong code, a right one, a password for the next time', async (t) => {
  await client.get(`/m/${link}`);
  t.equal((await client.post(`/m/${link}/code`, { code: WRONG })).status, 400);
  await signIn(client);
  const read = await client.get(page);
  t.match(read.text, SECRETS.body);
  await client.get('/security/password');
  t.equal((await client.post('/security/password', { password: SECRETS.password })).status, 303);
});

await t.test('killed in the middle of a download', async (t) => {
  const opened = await recordsOf('pickup.opened');
  const request = begun('GET', `${page}/parts/2/download`);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  t.equal(response.statusCode, 200);
  response.on('error', () => undefined);
  await once(response, 'data');
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  await portal.kill();
  await closed;
  t.notOk(response.complete, 'it never looks as if it were whole');
  t.equal(await recordsOf('pickup.downloaded'), 1, 'that content left is in the evidence before its first octet does');
  t.equal(await recordsOf('pickup.opened'), opened, 'and it is no further reading');
  const other = await post(session, { to: ['ok-1@good.test'] });
  t.match(other.reply, /^250 /, 'the gateway goes on');
  await clinic.until(() => clinic.messages.some(({ rcpt }) => rcpt.join().includes('ok-1@')));
  await portal.start();
  t.match((await client.get(page)).text, SECRETS.body, 'who was signed in still is');
});

await t.test('half an upload leaves nothing, whoever goes away', async (t) => {
  for (const who of ['the browser', 'the portal'] as const) {
    await client.get(`${page}/answer`);
    const before = spooled();
    const request = uploading();
    await until(() => spooled() > before);
    if (who === 'the browser') request.destroy();
    else await portal.kill();
    await until(() => spooled() === before);
    t.equal(await answersOf(), 0, who);
    if (who === 'the portal') await portal.start();
    request.destroy();
  }
  t.same(
    postern.log.filter(({ event }) => event === 'bug'),
    [],
    'no bug of the gateway',
  );
  t.notMatch(portal.output, '"event":"bug"', 'and none of the portal');
});

await t.test('a form from before it was killed: the text comes back, and goes once', async (t) => {
  await client.get(`${page}/answer`);
  await portal.kill();
  await portal.start();
  const old = await answered(client, SECRETS.answer);
  t.equal(old.status, 400);
  t.match(old.text, SECRETS.answer);
  for (const time of ['first', 'again, as if nobody had said that it went'])
    t.equal((await answered(client, SECRETS.answer)).headers['location'], `${page}?done=answered`, time);
  await clinic.until(() => clinic.messages.some(({ content }) => content.includes(SECRETS.answer)));
  t.equal(await answersOf(), 1);
});

await t.test('the gateway is killed under it', async (t) => {
  await client.get(`${page}/answer`);
  await postern.kill('SIGKILL');
  const gone = await client.get(page);
  t.equal(gone.status, 503);
  t.equal(gone.headers['retry-after'], '60');
  await postern.start();
  t.equal((await client.get(page)).status, 401, 'sessions live in the memory of the gateway');
  t.equal((await client.post(`/m/${link}/code`, { code: codes[0] ?? '' })).status, 400, 'a spent code stays spent');
  await client.get(`/m/${link}/password`);
  t.equal((await client.post(`/m/${link}/password`, { password: SECRETS.password })).status, 303, 'a password that was set is kept');
  t.match((await client.get(page)).text, SECRETS.body);
});

await t.test('what it leaves says nothing of all this', async (t) => {
  const cookies = Object.fromEntries([...client.cookies].map(([name, value]) => [`cookie ${name}`, value]));
  const numbers = Object.fromEntries([...codes, WRONG].map((code, i) => [`code ${i}`, code]));
  const search = new LeakSearch({ ...SECRETS, ...numbers, ...cookies, 'seal of the link': link.slice(-26) });
  const children = readdirSync(`/proc/${portal.pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${portal.pid}/task/${task}/children`, 'latin1')
      .split(' ')
      .filter((pid) => pid !== ''),
  );
  const run = `${join(postern.folder, 'run')}-portal`;
  const files = readdirSync(join(postern.folder, 'portal')).map((name) => join(postern.folder, 'portal', name));
  const places = [String(portal.pid), ...children].flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  t.ok(places.length > 2, 'its children too');
  for (const place of [...files, ...places]) t.same(search.find(readFileSync(place), place), [], place);
  t.same(readdirSync(run), ['desk.sock'], 'one socket, and nothing written beside it');
  t.match(portal.output, 'service.started');
  t.same(search.find(Buffer.from(portal.output), 'its log'), []);
  const shown = await client.get(page);
  const planted = Buffer.from(portal.output + shown.text + JSON.stringify([link, codes, WRONG, [...client.cookies], SECRETS]));
  t.equal(
    new Set(search.find(planted, 'planted').map(({ canary }) => canary)).size,
    Object.keys({ ...SECRETS, ...numbers, ...cookies }).length + 1,
    'each would be found',
  );
});

if (PORTAL_USER.uid !== undefined) {
  await t.test('as its user: one socket, and no key, database, queue or password', async (t) => {
    const at = (name: string): string => join(postern.folder, name);
    const tries: Readonly<Record<string, string>> = {
      [`list ${at('data')}`]: `fs.readdirSync(${JSON.stringify(at('data'))})`,
      [`read the database`]: `fs.readFileSync(${JSON.stringify(at('data/postern.db'))})`,
      [`append to the database`]: `fs.openSync(${JSON.stringify(at('data/postern.db'))}, 'a')`,
      [`list ${at('keys')}`]: `fs.readdirSync(${JSON.stringify(at('keys'))})`,
      [`read the configuration`]: `fs.readFileSync(${JSON.stringify(at('postern.yaml'))})`,
      [`read the gateway's own TLS key`]: `fs.readFileSync(${JSON.stringify(at('tls/key.pem'))})`,
      [`list ${at('run')}`]: `fs.readdirSync(${JSON.stringify(at('run'))})`,
      [`put a file beside the socket`]: `fs.writeFileSync(${JSON.stringify(at('run-portal/x'))}, '')`,
      [`take the socket away`]: `fs.unlinkSync(${JSON.stringify(at('run-portal/desk.sock'))})`,
      [`read the memory of the gateway`]: `fs.readFileSync('/proc/${postern.pid}/mem')`,
      [`read the environment of the gateway`]: `fs.readFileSync('/proc/${postern.pid}/environ')`,
      [`end the gateway`]: `process.kill(${postern.pid}, 0)`,
    };
    const program = `import fs from 'node:fs'; const said = {}; ${Object.entries(tries)
      .map(
        ([name, call]) =>
          `try { ${call}; said[${JSON.stringify(name)}] = 'done'; } catch (error) { said[${JSON.stringify(name)}] = error.code; }`,
      )
      .join('\n')} console.log(JSON.stringify(said));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: '/', ...PORTAL_USER });
    const said = JSON.parse(stdout) as Readonly<Record<string, string>>;
    t.equal(Object.keys(said).length, Object.keys(tries).length);
    for (const [name, code] of Object.entries(said)) t.match(code, /^(?:EACCES|EPERM)$/, name);
  });
}
