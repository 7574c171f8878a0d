// postern start: the first ten minutes. Makes what is missing below one folder, then serves in sandbox mode.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePassword } from '../access/password.ts';
import { DEFAULT_CONFIG_TEXT } from '../config/default-config.ts';
import { type Loaded, loadConfig } from '../config/load.ts';
import { canonicalDomain } from '../mail/address.ts';
import { issueSelfSigned } from '../pki/issue.ts';
import { SANDBOX_DOMAINS } from '../sandbox/domains.ts';
import { sandboxMailFolder } from '../sandbox/mailbox.ts';
import { parseYaml } from '../yaml/parse.ts';
import { openOffline } from './offline.ts';
import { serveLoaded } from './serve.ts';
import { type PortalChild, startPortalChild } from './portal-child.ts';
import type { NotReached, Running, SandboxSettings, SandboxStart } from './work.ts';

/** The one account of a fresh sandbox. */
export const NEWCOMER = 'newcomer@clinic.test';
const MAY_USE = ['*@clinic.test'];
const HOST = 'localhost';
const DAY_MS = 86_400_000;

export async function start({ folder }: { readonly folder: string }): Promise<SandboxStart> {
  const configPath = join(folder, 'postern.yaml');
  await setUp(folder, configPath);
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused') return loaded;
  if (loaded.config.mode !== 'sandbox') return { kind: 'not-reached', text: `${configPath} says mode: live; use postern serve.` };
  const account = await ensureAccount(folder, loaded);
  if ('kind' in account) return account;
  const served = await serveLoaded(loaded, configPath, { file: logFileOf(folder) });
  if (served.kind === 'not-reached') return served;
  const { service } = served;
  const running =
    loaded.config.portal === null ? served.running : withPortal(served.running, startPortalChild(configPath, portalLogFileOf(folder)));
  return { kind: 'running', running, settings: settingsOf(folder, configPath, loaded, service.ports, account.password) };
}

/** Ends before the gateway does, so that nobody is left waiting. */
function withPortal(running: Running, portal: PortalChild): Running {
  return {
    ...running,
    async stop(why) {
      await portal.stop();
      await running.stop(why);
    },
  };
}

/** Configuration, certificate and folders, where they are not there yet. */
async function setUp(folder: string, configPath: string): Promise<void> {
  for (const name of ['tls', 'log']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  if (!existsSync(configPath)) writeFileSync(configPath, DEFAULT_CONFIG_TEXT, { mode: 0o600 });
  const certificateFile = join(folder, 'tls/certificate.pem');
  const keyFile = join(folder, 'tls/key.pem');
  if (existsSync(certificateFile) && existsSync(keyFile)) return;
  const now = Date.now();
  const names = [...new Set([HOST, hostnameOf(configPath), '127.0.0.1', '::1'])];
  const { certificate, privateKey } = await issueSelfSigned({ names, notBefore: now - DAY_MS, notAfter: now + 365 * DAY_MS });
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  writeFileSync(certificateFile, certificate, { mode: 0o644 });
}

/** The name in the file, as far as it can be read: what is wrong with the file is said when it is loaded. */
function hostnameOf(configPath: string): string {
  const yaml = parseYaml(readFileSync(configPath));
  const value = yaml.kind === 'document' ? yaml.document.value : null;
  const named = typeof value === 'object' && value !== null && 'hostname' in value ? value.hostname : null;
  return (typeof named === 'string' ? canonicalDomain(named) : null) ?? HOST;
}

/** The log of a sandbox: the terminal is for what a newcomer reads. */
function logFileOf(folder: string): string {
  return join(folder, 'log/postern.log');
}

function portalLogFileOf(folder: string): string {
  return join(folder, 'log/portal.log');
}

/** One account, with its password in a file of the form that curl reads, so that it stands in no command line. */
async function ensureAccount(folder: string, loaded: Loaded): Promise<{ readonly password: string | null } | NotReached> {
  const offline = await openOffline(loaded);
  if (offline.kind === 'not-reached') return offline;
  try {
    const known = await offline.handlers['account.list']({});
    if (known.kind === 'done' && known.value.accounts.some(({ name }) => name === NEWCOMER)) return { password: null };
    const password = generatePassword();
    writeFileSync(join(folder, 'netrc'), `machine ${HOST} login ${NEWCOMER} password ${password}\n`, { mode: 0o600 });
    const added = await offline.handlers['account.add']({
      name: NEWCOMER,
      password,
      mayUse: MAY_USE,
      reports: null,
      likelyRepeats: 'report',
      who: 'postern start',
    });
    return added.kind === 'done' ? { password } : { kind: 'not-reached', text: added.text };
  } finally {
    await offline.close();
  }
}

/** The password that `ensureAccount` wrote; null where the file has gone. */
export function newcomerPassword(folder: string): string | null {
  const path = join(folder, 'netrc');
  return existsSync(path) ? (/ password (\S+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? null) : null;
}

function settingsOf(
  folder: string,
  configPath: string,
  loaded: Loaded,
  ports: Readonly<Record<string, number>>,
  password: string | null,
): SandboxSettings {
  const submissionsPort = ports['submissions'] ?? 0;
  const certificateFile = loaded.config.tls?.certificateFile ?? '';
  const passwordFile = join(folder, 'netrc');
  const from = 'nurse@clinic.test';
  const to = 'jane@good.test';
  return {
    configPath,
    host: HOST,
    submissionsPort,
    submissionPort: ports['submission'] ?? 0,
    user: NEWCOMER,
    password,
    passwordFile,
    certificateFile,
    logFile: logFileOf(folder),
    mailFolder: sandboxMailFolder(loaded.config.folders.run),
    mayUse: MAY_USE,
    firstMessage: [
      `printf 'From: ${from}\\r\\nTo: ${to}\\r\\nSubject: Hello\\r\\n\\r\\nHello Jane\\r\\n' |`,
      `  curl -sSv --url smtps://${HOST}:${submissionsPort} --cacert ${certificateFile} \\`,
      `    --netrc-file ${passwordFile} --mail-from ${from} --mail-rcpt ${to} -T - 2>&1 |`,
      // What the server says, and what curl has to complain about; the password that it shows as well stays out.
      `  grep -E '^(<|curl)'`,
    ].join('\n'),
    portalUrl: loaded.config.portal?.brands[0]?.url ?? null,
    recipients: SANDBOX_DOMAINS.map(({ domain, plays }) => ({ address: `jane@${domain}`, plays })),
  };
}
