// The portal as its unit runs it: a process of its own, of another user where the tests are root, with a copy of the configuration, over the socket of a
// running gateway. Killed and started again; all that it writes is kept.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PORTAL_HOST } from './portal-pages.ts';
import type { Postern } from './postern.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|TAP|_TAP)/.test(name)));
const NOBODY = 65_534;
/** Nothing where the tests are not root: then the portal is ours. */
export const PORTAL_USER: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The section of a portal that holds its own certificate. */
export function portalSection(port: number): string {
  return `portal:
  url: https://${PORTAL_HOST}
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
  port: ${port}
  certificate: certificate.pem
  key: key.pem
  return: { domain: return.clinic.test, address: 127.0.0.1, port: 0 }
`;
}

export class PortalProcess {
  /** All that it and its children wrote. */
  output = '';
  readonly #folder: string;
  #child: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Beside a gateway that runs. */
  static async start(t: { teardown(handler: () => Promise<void>): void }, postern: Postern): Promise<PortalProcess> {
    const folder = join(postern.folder, 'portal');
    mkdirSync(folder);
    const text = readFileSync(postern.configPath, 'utf8').replace(
      'keys: keys, run: run',
      `keys: ${join(postern.folder, 'keys')}, run: ${join(postern.folder, 'run')}`,
    );
    writeFileSync(join(folder, 'postern.yaml'), text);
    for (const name of ['certificate.pem', 'key.pem']) cpSync(join(postern.folder, 'tls', name), join(folder, name));
    const { uid, gid } = PORTAL_USER;
    if (uid !== undefined && gid !== undefined) {
      for (const name of ['', 'postern.yaml', 'certificate.pem', 'key.pem']) chownSync(join(folder, name), uid, gid);
      // As systemd/postern.tmpfiles.conf makes it, for a gateway that is started again; and as it would have made the socket.
      chownSync(`${join(postern.folder, 'run')}-portal`, 0, gid);
      chmodSync(`${join(postern.folder, 'run')}-portal`, 0o2750);
      chownSync(join(`${join(postern.folder, 'run')}-portal`, 'desk.sock'), 0, gid);
      chmodSync(postern.folder, 0o711);
    }
    const portal = new PortalProcess(folder);
    t.teardown(() => portal.kill());
    await portal.start();
    return portal;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const from = this.output.length;
    const args = [MAIN, 'portal', '--config', join(this.#folder, 'postern.yaml')];
    const child = spawn(process.execPath, args, { env: ENVIRONMENT, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...PORTAL_USER });
    this.#child = child;
    this.#ended = once(child, 'close').catch(() => undefined);
    const listens = Promise.withResolvers<void>();
    const heard = (piece: Buffer): void => {
      this.output += piece.toString('utf8');
      if (this.output.includes('service.listening', from)) listens.resolve();
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    void this.#ended.then(() => listens.reject(new Error(`the portal ended: ${this.output.slice(from)}`)));
    await listens.promise;
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}
