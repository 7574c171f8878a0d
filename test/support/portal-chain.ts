// The whole chain that a message to a patient takes: a running gateway, the portal's own process over the desk socket with its certificate, mail systems
// with and without TLS, a browser on a phone, and the help desk's commands.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runCommand } from './command-line.ts';
import { testKey, type TestKey } from './dkim-verifiers.ts';
import { launchPortalBrowser, type PortalBrowsers } from './portal-browser.ts';
import { PORTAL_HOST, PORTAL_URL, spkiOf } from './portal-pages.ts';
import type { Postern } from './postern.ts';
import type { PeerMessage, SmtpPeer } from './smtp-peer.ts';
import { stage, type Stage } from './stage.ts';
import type { TestCa } from './test-ca.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|TAP|_TAP)/.test(name)));
const RETURN = 'return.clinic.test';

/** Mail inside is relayed; `safe.test` is to use the portal; whatever else is relayed where that is safe, and waits at the portal where it is not. */
const POLICY = `version: 1
rules:
  - id: inside
    when: { to: "*@clinic.test" }
    deliver: [relay]
  - id: soon-over
    when: { to: "*@safe.test", subject: { tag: "[short]" } }
    deliver: [portal]
    expire: 2s
  - id: kept
    when: { to: "*@safe.test" }
    deliver: [portal]
  - id: outside
    deliver: [relay, portal]
`;

export interface Chain extends Stage {
  readonly browsers: PortalBrowsers;
  /** Signs for the domain that answers come from. */
  readonly key: TestKey;
  /** What a command of the help desk printed. @throws where it failed, with what it said */
  command(...given: readonly string[]): Promise<string>;
}

/** home.test has no TLS, safe.test has. */
export async function portalChain(t: Parameters<typeof stage>[0], ca: TestCa): Promise<Chain> {
  const identity = ca.issue({ names: [PORTAL_HOST] });
  const key = testKey('ed25519', RETURN, 'p');
  const sections = {
    policy: 'policy: { file: policy.yaml }',
    inspection: 'inspection: { organisation: [clinic.test] }',
    reading: 'reading: { before_reply: 2s }',
    dkim: `dkim: [{ domain: ${RETURN}, selector: p, key_file: sign.pem }, { domain: clinic.test, selector: p, key_file: sign.pem }]`,
    portal: `portal:
  url: ${PORTAL_URL}
  address: 127.0.0.1
  port: 0
  certificate: portal.pem
  key: portal-key.pem
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
  return: { domain: ${RETURN}, address: 127.0.0.1, port: 0 }
`,
  };
  const files = { 'policy.yaml': POLICY, 'portal.pem': identity.certificatePem, 'portal-key.pem': identity.keyPem };
  const scene = await stage(t, ca, { home: { faults: ['strips-starttls'] }, safe: {} }, sections, { ...files, 'sign.pem': key.pem });
  const { postern } = scene;
  const port = await startPortal(t, postern);
  return {
    ...scene,
    browsers: await launchPortalBrowser(t, { port, spki: spkiOf(identity) }),
    key,
    async command(...given) {
      const { code, out, err } = await runCommand(postern.configPath, given, { folder: postern.folder });
      if (code !== 0) throw new Error(err);
      return out;
    },
  };
}

async function startPortal(t: Parameters<typeof stage>[0], { configPath, folder }: Postern): Promise<number> {
  const child = spawn(process.execPath, [MAIN, 'portal', '--config', configPath], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => ended(child));
  const said: string[] = [];
  child.stderr.on('data', (piece: Buffer) => said.push(piece.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const { event, port } = JSON.parse(line) as { readonly event?: string; readonly port?: number };
    if (event === 'service.listening' && port !== undefined) {
      child.stdout.on('data', (piece: Buffer) => said.push(piece.toString())).resume();
      t.teardown(() => writeFileSync(join(folder, 'portal.log'), said.join('\n')));
      return port;
    }
  }
  throw new Error(`the portal did not start: ${said.join('\n')}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Quoted-printable taken off, as far as notices use it. */
export function readable({ content }: PeerMessage): string {
  return content.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
}

/** The link of the newest notice in a mailbox, once there are so many messages. */
export async function linkIn(mailbox: SmtpPeer, count: number): Promise<string> {
  await mailbox.until(() => mailbox.messages.length >= count);
  const text = mailbox.messages.slice(0, count).map(readable).reverse();
  const found = text.map((one) => new RegExp(`${PORTAL_URL}/m/[a-z0-9-]+`).exec(one)?.[0]).find((one) => one !== undefined);
  if (found === undefined) throw new Error('no link came');
  return found;
}
