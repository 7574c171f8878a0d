// What the portal's bench measures: a gateway as it is served, the portal's process beside it, a mail server for the readers' domain, and readers who
// came in by the link of their notice and a code, each from an address of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { logIn, post } from '../test/support/posted.ts';
import { Postern } from '../test/support/postern.ts';
import { startPeer, type PeerMessage, type SmtpPeer } from '../test/support/smtp-peer.ts';
import { createTestCa } from '../test/support/test-ca.ts';
import { stopChild } from './peers/peer.ts';
import { type Browser, browser } from './portal-browser.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** As systemd/postern.service and postern-portal.service start them. */
const AS_SERVED = { MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=4' } as const;
export const HOST = 'portal.bench.test';

const PORTAL = `portal:
  url: https://${HOST}
  address: 127.0.0.1
  port: 0
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
  start: [nurse@clinic.test]
  return: { domain: return.clinic.test, address: 127.0.0.1, port: 0 }
`;
const POLICY = `version: 1
rules:
  - id: inside
    when: { to: "*@clinic.test" }
    deliver: [relay]
  - id: outside
    deliver: [portal]
`;

export interface Reader {
  readonly browser: Browser;
  readonly link: string;
  /** Of the message that they came for. */
  readonly path: string;
}

export interface PortalGround {
  readonly portalPid: number;
  readonly portalPort: number;
  readonly gatewayPid: number;
  /** One letter for so many people, and each of them signed in. */
  readers(count: number): Promise<readonly Reader[]>;
  /** A message with one file of so many octets, opened with the code that the originator was told. */
  readerOfFile(octets: Buffer): Promise<Reader>;
  /** Mail that the originator has got. */
  readonly mailbox: SmtpPeer;
}

export interface Undo {
  teardown(handler: () => void | Promise<void>): void;
}

export async function portalGround(undo: Undo): Promise<PortalGround> {
  const ca = createTestCa();
  const identity = ca.issue({ names: ['localhost'] });
  const [home, mailbox] = [await startPeer(undo, { identity }), await startPeer(undo, { identity })];
  const routes = [
    { domains: ['clinic.test'], port: mailbox.port },
    { domains: ['home.test'], port: home.port },
  ];
  const sections = { portal: PORTAL, policy: 'policy: { file: policy.yaml }', inspection: 'inspection: { organisation: [clinic.test] }' };
  const postern = await Postern.start(undo, { ca, routes, sections, files: { 'policy.yaml': POLICY }, environment: AS_SERVED });
  const portal = await startPortal(undo, postern.configPath);
  const session = await logIn(postern);
  undo.teardown(() => session.destroy());
  let people = 0;

  const enter = async (to: string, about: string): Promise<Reader> => {
    const notice = await arrived(home, (message) => isFor(message, to) && LINK.test(readable(message)));
    const [, link = ''] = LINK.exec(readable(notice)) ?? [];
    const one = browser({ port: portal.port, host: HOST, address: `203.0.113.${++people}` });
    await one.get(`/m/${link}`);
    const sent = await one.post(`/m/${link}/send`, { by: 'mail' });
    // What could not be read counts as PHI where policy says so: then the originator was told the code.
    const code =
      sent.headers.location?.endsWith('said=mailed') === true
        ? await arrived(home, (message) => isFor(message, to) && hasCode(message))
        : await arrived(mailbox, (message) => message.content.includes(about) && hasCode(message));
    const { status, headers } = await one.post(`/m/${link}/code`, { code: codeIn(code) });
    const path = headers.location ?? '';
    if (status !== 303 || !path.startsWith('/messages/')) throw new Error(`${to} did not get in: ${status} ${path}`);
    return { browser: one, link, path };
  };
  return {
    portalPid: portal.pid,
    portalPort: portal.port,
    gatewayPid: postern.pid,
    mailbox,
    async readers(count) {
      const to = Array.from({ length: count }, (_, i) => `reader-${people + i}@home.test`);
      const { reply, id } = await post(session, { to, body: ['We open at nine on Friday.'] });
      if (id === '') throw new Error(reply);
      const inside: Reader[] = [];
      for (const one of to) inside.push(await enter(one, ''));
      return inside;
    },
    async readerOfFile(octets) {
      const to = `file-${people}@home.test`;
      const header = [`Message-ID: <file-${people}@clinic.test>`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b1'];
      const body = [
        ...['--b1', 'Content-Type: text/plain', '', 'The pictures.', '--b1', 'Content-Type: application/octet-stream; name=scan.bin'],
        ...['Content-Disposition: attachment; filename=scan.bin', 'Content-Transfer-Encoding: base64', ''],
        ...octets.toString('base64').replace(/.{76}/g, '$&\r\n').split('\r\n'),
        ...['--b1--'],
      ];
      const { reply, id } = await post(session, { to: [to], header, body });
      if (id === '') throw new Error(reply);
      return enter(to, `<file-${people}@clinic.test>`);
    },
  };
}

async function startPortal(undo: Undo, configPath: string): Promise<{ readonly pid: number; readonly port: number }> {
  const child = spawn(process.execPath, [MAIN, 'portal', '--config', configPath], {
    env: { ...process.env, ...AS_SERVED },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  undo.teardown(() => stopChild(child));
  const ended = once(child, 'exit').then(() => null);
  const listening = (async (): Promise<number | null> => {
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /"listener":"portal".*?"port":(\d+)|"port":(\d+).*?"listener":"portal"/.exec(line);
      if (port !== null) return Number(port[1] ?? port[2]);
    }
    return null;
  })();
  const port = await Promise.race([listening, ended]);
  if (port === null || child.pid === undefined) throw new Error('the portal did not start');
  child.stdout.resume();
  return { pid: child.pid, port };
}

const LINK = /\/m\/([a-z0-9-]{20,})/;
const CODE = /\b\d{4}-\d{4}\b/;
const readable = ({ content }: PeerMessage): string =>
  content.length > 100_000 ? '' : content.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
const isFor = ({ rcpt }: PeerMessage, to: string): boolean => rcpt.some((line) => line.includes(`<${to}>`));
const hasCode = (message: PeerMessage): boolean => CODE.test(readable(message));
const codeIn = (message: PeerMessage): string => CODE.exec(readable(message))?.[0] ?? '';

async function arrived(peer: SmtpPeer, is: (message: PeerMessage) => boolean): Promise<PeerMessage> {
  const giveUp = setTimeout(() => peer.happened(), 60_000);
  const until = performance.now() + 60_000;
  await peer.until(() => peer.messages.some(is) || performance.now() > until);
  clearTimeout(giveUp);
  const found = peer.messages.find(is);
  if (found === undefined) throw new Error('the mail that was waited for never came');
  return found;
}
