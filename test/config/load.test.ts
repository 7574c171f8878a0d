// A configuration with real files: what is loaded, where secrets go, and every way a file can be wrong.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { formatIssue } from '../../src/config/issue.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { LoadResult } from '../../src/config/load.ts';
import { createTestCa, EXPIRED, NOT_YET_VALID, selfSigned } from '../support/test-ca.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = 'correct-horse-battery-staple';
const PROOF = 'tenant-proof-value-0123456789';
const ca = createTestCa();
const identity = ca.issue({ names: ['mail.clinic.example'] });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const TEXT = `version: 1
hostname: mail.clinic.example
postmaster: it@clinic.example
folders: { data: data, keys: keys, run: run }
tls: { certificate: tls/chain.pem, key: tls/key.pem, client_ca: tls/ca.pem }
listeners:
  submissions: { port: 0 }
  submission: [{ address: 127.0.0.1, port: 0 }, { address: "::1", port: 0 }]
  relay: { port: 0, tls: offered }
trust:
  networks:
    - name: shared
      ranges: [10.1.0.0/16]
      may_use: ["*@clinic.example"]
      tenant_proof: { header: X-Tenant, values_file: proof }
  certificates:
    - { name: imaging, sha256: ${'AB:'.repeat(31)}AB, may_use: [imaging@clinic.example], reports: it@clinic.example, likely_repeats: suppress }
routes:
  - name: inside
    domains: [clinic.example]
    next_hops: [{ host: exchange.clinic.example }]
    final_for: all
  - name: smarthost
    domains: ["*"]
    next_hops: [{ host: smtp.provider.example, port: 465, tls: implicit }]
    final_for: [provider.example]
    onward_enforced: { promised_by: MailProvider Ltd, since: 2026-05-01 }
    credentials: { user: relay, password_file: password }
    client_certificate: { certificate: tls/chain.pem, key: tls/key.pem }
dkim:
  - { domain: clinic.example, selector: r, key_file: rsa.pem }
  - { domain: clinic.example, selector: e, key_file: ed25519.pem }
trust_anchors: { file: tls/ca.pem }
health:
delivery: { hold_for: 48h, rate_per_destination: 60 }
`;

/** A folder with everything that TEXT names. Gives the path of postern.yaml. */
function written(t: Parameters<typeof temporaryFolder>[0], files: Readonly<Record<string, string>> = {}, text = TEXT): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'tls'));
  const all = {
    'tls/chain.pem': identity.certificatePem,
    'tls/key.pem': identity.keyPem,
    'tls/ca.pem': ca.certificatePem,
    proof: `${PROOF}\n`,
    password: `${PASSWORD}\nnote\n`,
    'rsa.pem': rsa,
    'ed25519.pem': ed25519,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content, { mode: 0o600 });
  writeFileSync(join(folder, 'postern.yaml'), text);
  return join(folder, 'postern.yaml');
}

const linesOf = (result: LoadResult, folder: string): readonly string[] =>
  (result.kind === 'refused' ? result.issues : result.warnings).map((issue) =>
    formatIssue(issue).replaceAll(`${folder}/`, '').replace('postern.yaml:', ''),
  );

await t.test('loaded: defaults, units, absolute paths', async (t) => {
  const path = written(t);
  const folder = path.replace('/postern.yaml', '');
  const result = await loadConfig(path, Date.now());
  if (result.kind !== 'loaded') return t.fail(linesOf(result, folder).join('\n'));
  const { config } = result;
  t.same(result.warnings, []);
  t.match(result.fingerprint, /^[0-9a-f]{16}$/);
  t.same(config.folders, { data: join(folder, 'data'), keys: join(folder, 'keys'), run: join(folder, 'run') });
  t.same(config.postmaster, ['it@clinic.example'], 'one stands for a list');
  t.same(config.listeners, [
    { name: 'submissions', kind: 'submissions', address: null, port: 0, tls: 'implicit' },
    { name: 'submission', kind: 'submission', address: '127.0.0.1', port: 0, tls: 'required' },
    { name: 'submission-2', kind: 'submission', address: '::1', port: 0, tls: 'required' },
    { name: 'relay', kind: 'relay', address: null, port: 0, tls: 'offered' },
  ]);
  t.same(config.trust.networks, [
    {
      name: 'shared',
      ranges: ['10.1.0.0/16'],
      mayUse: ['*@clinic.example'],
      reports: null,
      likelyRepeats: 'report',
      tenantProof: { headerName: 'X-Tenant', valuesFile: join(folder, 'proof') },
    },
  ]);
  t.same(config.trust.certificates, [
    {
      name: 'imaging',
      sha256: 'ab'.repeat(32),
      mayUse: ['imaging@clinic.example'],
      reports: 'it@clinic.example',
      likelyRepeats: 'suppress',
    },
  ]);
  t.same(
    config.routes.map(({ finalFor }) => finalFor),
    [['*'], ['provider.example']],
  );
  t.same(config.routes[1]?.onwardEnforced, { promisedBy: 'MailProvider Ltd', since: '2026-05-01' });
  t.same(config.delivery.holdFor, { clockMs: 48 * 3_600_000 });
  t.equal(config.delivery.ratePerDestination, 60);
  t.same(config.health, { address: '127.0.0.1', port: 8465 }, 'written without a value has its defaults');
  t.equal(config.tls?.clientCaPem, ca.certificatePem);
  t.equal(config.trustAnchors.pem, ca.certificatePem);
  t.equal(config.limits.messageSizeBytes, 50_000_000);
});

await t.test('secrets are apart', async (t) => {
  const result = await loadConfig(written(t), Date.now());
  if (result.kind !== 'loaded') return t.fail('loaded');
  const { config, secrets } = result;
  const route = config.routes[1]?.credentials ?? '';
  t.match(route, /^smarthost-[0-9a-f]{8}$/);
  t.same(secrets.nextHops.get(route), {
    login: { user: 'relay', password: PASSWORD },
    certificate: { certificatePem: identity.certificatePem, keyPem: identity.keyPem },
  });
  t.same(secrets.tenantProofs.get('shared'), [PROOF]);
  t.same([...secrets.dkimKeys.keys()], ['r._domainkey.clinic.example', 'e._domainkey.clinic.example']);
  t.equal(secrets.tls?.keyPem, identity.keyPem);
  const shown = JSON.stringify(config);
  for (const secret of [PASSWORD, PROOF, 'PRIVATE KEY']) t.notOk(shown.includes(secret), 'not in the Config');
});

await t.test('credentials are named anew when they are others', async (t) => {
  const names = await Promise.all(
    [TEXT, TEXT.replace('user: relay', 'user: other'), TEXT].map(async (text) => {
      const result = await loadConfig(written(t, {}, text.replaceAll(/: (tls\/|password|proof|rsa|ed25519)/g, ': ./$1')), Date.now());
      return result.kind === 'loaded' ? result.config.routes[1]?.credentials : 'refused';
    }),
  );
  t.not(names[0], names[1]);
});

await t.test('frozen, all the way down', async (t) => {
  const result = await loadConfig(written(t), Date.now());
  if (result.kind !== 'loaded') return t.fail('loaded');
  const soft: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Object.isFrozen(value)) soft.push(path);
    for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  visit(result.config, 'config');
  t.same(soft, []);
});

await t.test('files that are wrong', async (t) => {
  const otherKey = selfSigned().keyPem;
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const cases: readonly (readonly [name: string, files: Readonly<Record<string, string>>, lines: readonly RegExp[]])[] = [
    [
      'a certificate that is none',
      { 'tls/chain.pem': 'hello' },
      [/^5:21: the certificate file holds no certificate; it must be PEM/, /^29:40: the certificate file/],
    ],
    ['a key that is none', { 'tls/key.pem': 'hello' }, [/^5:41: the key file holds no private key/, /^29:60: the key file/]],
    [
      'the key of another certificate',
      { 'tls/key.pem': otherKey },
      [/^5:41: the private key does not belong to the first certificate/, /^29:60: /],
    ],
    [
      'an expired certificate',
      pairOf(EXPIRED),
      [/^5:21: warning: the certificate expired on .*; renew it: clients refuse it/, /^29:40: warning: /],
    ],
    [
      'a certificate of the future',
      pairOf(NOT_YET_VALID),
      [/^5:21: warning: the certificate is valid only from .*; is the clock of this machine right/, /^29:40: warning: /],
    ],
    [
      'a certificate for another name',
      pairOf({ names: ['other.example'] }),
      [/^5:21: warning: the certificate is not for mail.clinic.example, but for other.example; get one that names it/],
    ],
    [
      'authorities that are none',
      { 'tls/ca.pem': 'hello' },
      [/^5:65: this file holds no certificates/, /^33:24: this file holds no certificates/],
    ],
    [
      'a leaf as authority',
      { 'tls/ca.pem': identity.certificatePem.split('-----END CERTIFICATE-----')[0] + '-----END CERTIFICATE-----\n' },
      [/^5:65: warning: a certificate in this file is not a certificate authority/, /^33:24: warning: /],
    ],
    [
      'a password file with an empty first line',
      { password: `\n${PASSWORD}` },
      [/^28:48: the first line of this file is empty; write the password on its first line$/],
    ],
    ['a proof that can be guessed', { proof: 'clinic' }, [/^15:54: a value in this file is too short or not printable/]],
    ['a proof file without a value', { proof: '\n' }, [/^15:54: this file holds 0 values/]],
    ['a short DKIM key', { 'rsa.pem': small }, [/^31:54: an RSA key of 1024 bits is too short/]],
    ['a DKIM key of a kind that does not sign', { 'rsa.pem': ec }, [/^31:54: a key of type ec cannot sign DKIM/]],
    ['a DKIM key that is none', { 'ed25519.pem': '' }, [/^32:54: this file holds no private key/]],
  ];
  for (const [name, files, patterns] of cases) {
    const path = written(t, files);
    const result = await loadConfig(path, Date.now());
    const lines = linesOf(result, path.replace('/postern.yaml', ''));
    t.equal(lines.length, patterns.length, `${name}: ${lines.join(' | ')}`);
    for (const [i, pattern] of patterns.entries()) t.match(lines[i], pattern, name);
    t.notMatch(lines.join('\n'), new RegExp(`${PASSWORD}|${PROOF}|hello`), `${name}: no content is shown`);
  }
});

function pairOf(options: Parameters<typeof ca.issue>[0]): Record<string, string> {
  const issued = ca.issue({ names: ['mail.clinic.example'], ...options });
  return { 'tls/chain.pem': issued.certificatePem, 'tls/key.pem': issued.keyPem };
}

await t.test('secret files that others can reach', async (t) => {
  const cases: readonly (readonly [mode: number, verdict: 'loaded' | 'refused'])[] = [
    [0o600, 'loaded'],
    [0o400, 'loaded'],
    [0o640, 'loaded'],
    [0o644, 'refused'],
    [0o604, 'refused'],
    [0o660, 'refused'],
    [0o602, 'refused'],
  ];
  for (const [mode, verdict] of cases) {
    const path = written(t);
    chmodSync(path.replace('postern.yaml', 'password'), mode);
    const result = await loadConfig(path, Date.now());
    t.equal(result.kind, verdict, mode.toString(8));
    if (verdict === 'refused')
      t.match(linesOf(result, path.replace('/postern.yaml', '')), [
        /^28:48: others may read or change the secret file password; set its mode to 0600/,
      ]);
  }
});

await t.test('files that cannot be read', async (t) => {
  const path = written(
    t,
    {},
    TEXT.replace('values_file: proof', 'values_file: missing')
      .replace('key_file: rsa.pem', 'key_file: tls')
      .replace('key_file: ed25519.pem', 'key_file: proof/inside')
      .replace('password_file: password', 'password_file: pipe'),
  );
  const folder = path.replace('/postern.yaml', '');
  execFileSync('mkfifo', ['-m', '600', join(folder, 'pipe')]);
  const result = await loadConfig(path, Date.now());
  t.match(linesOf(result, folder), [
    /^15:54: missing does not exist; /,
    /^28:48: pipe is not a file; /,
    /^31:54: tls is not a file; /,
    /^32:54: proof\/inside does not exist; /,
  ]);
});

await t.test('the file itself', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'large.yaml'), '#'.repeat(1_100_000));
  const cases: readonly (readonly [file: string, line: RegExp])[] = [
    ['missing.yaml', /missing\.yaml: the file does not exist; name a postern\.yaml with --config/],
    ['.', /: this is not a file; name a postern\.yaml$/],
    ['large.yaml', /large\.yaml: the file is too large; keep it under 1048576 bytes$/],
  ];
  for (const [file, line] of cases) {
    const result = await loadConfig(join(folder, file), 0);
    t.match(result.kind === 'refused' ? result.issues.map(formatIssue) : [], [line], file);
  }
});

await t.test('nothing is read that a wrong value names', async (t) => {
  const path = written(t, {}, TEXT.replace('values_file: proof', 'values_file: "proof\\u0000x"'));
  const result = await loadConfig(path, Date.now());
  t.match(linesOf(result, path.replace('/postern.yaml', '')), [/^15:54: this is not the path of a secret file/]);
});
