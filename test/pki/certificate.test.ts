// Certificates as an administrator gives them: what is good, and every way in which they are not.
import t from 'tap';
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { checkCertificate } from '../../src/pki/certificate.ts';
import type { CertificateCheck } from '../../src/pki/certificate.ts';
import { issueSelfSigned, newAuthority } from '../../src/pki/issue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;
const CURRENT = { notBefore: NOW - DAY, notAfter: NOW + DAY };
const authority = await newAuthority({ name: 'Postern test authority', ...CURRENT });
const leaf = await authority.issue({ names: ['mx.example.org', '*.in.example.org', '127.0.0.1'], ...CURRENT });
const chain = leaf.certificate + authority.certificate;

const codes = (check: CertificateCheck): readonly string[] => (check.kind === 'good' ? [] : check.problems.map(({ code }) => code));
const check = (change: {
  readonly chainPem?: string;
  readonly keyPem?: string;
  readonly names?: readonly string[];
  readonly now?: number;
}): CertificateCheck => checkCertificate({ chainPem: chain, keyPem: leaf.privateKey, names: ['mx.example.org'], now: NOW, ...change });

t.test('good ones', async (t) => {
  const good = check({ names: ['mx.example.org', 'a.in.example.org', '127.0.0.1'] });
  t.match(good, {
    kind: 'good',
    certificate: {
      names: ['mx.example.org', '*.in.example.org', '127.0.0.1'],
      notBefore: CURRENT.notBefore,
      notAfter: CURRENT.notAfter,
      issuer: 'authority',
      sha256: /^[0-9a-f]{64}$/,
    },
  });
  if (good.kind === 'good') t.ok(createSecureContext({ cert: good.certificate.chainPem, key: good.certificate.keyPem }));
  t.same(codes(check({ chainPem: leaf.certificate })), [], 'without its issuer');
  t.same(codes(check({ chainPem: `Bag Attributes: some text\n${chain}` })), [], 'with text around');
  t.same(codes(check({ names: [] })), []);
  const itself = await issueSelfSigned({ names: ['localhost'], ...CURRENT });
  t.match(check({ chainPem: itself.certificate, keyPem: itself.privateKey, names: ['localhost'] }), {
    kind: 'good',
    certificate: { issuer: 'itself' },
  });
});

t.test('refused', async (t) => {
  const other = await authority.issue({ names: ['mx.example.org'], ...CURRENT });
  const stranger = await newAuthority({ name: 'Postern test authority', ...CURRENT });
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const cases: readonly (readonly [name: string, change: Parameters<typeof check>[0], codes: readonly string[]])[] = [
    ['the key of another', { keyPem: other.privateKey }, ['certificate.key-mismatch']],
    ['expired', { now: CURRENT.notAfter + 1000 }, ['certificate.expired', 'certificate.expired']],
    ['not yet valid', { now: CURRENT.notBefore - 1000 }, ['certificate.not-yet-valid', 'certificate.not-yet-valid']],
    ['another name', { names: ['mx.example.net'] }, ['certificate.wrong-name']],
    ['a wildcard does not reach two labels', { names: ['a.b.in.example.org'] }, ['certificate.wrong-name']],
    ['another address', { names: ['127.0.0.2'] }, ['certificate.wrong-name']],
    [
      'the wrong order',
      { chainPem: authority.certificate + leaf.certificate },
      ['certificate.broken-chain', 'certificate.wrong-name', 'certificate.key-mismatch'],
    ],
    [
      'an issuer of the same name that did not issue it',
      { chainPem: leaf.certificate + stranger.certificate },
      ['certificate.broken-chain'],
    ],
    ['no certificate', { chainPem: '' }, ['certificate.unreadable']],
    [
      'a certificate that is none',
      { chainPem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
      ['certificate.unreadable'],
    ],
    ['far too many', { chainPem: authority.certificate.repeat(11) }, ['certificate.unreadable']],
    ['no key', { keyPem: '' }, ['certificate.key-unreadable']],
    ['a key with a passphrase', { keyPem: encrypted.privateKey }, ['certificate.key-unreadable']],
    [
      'everything at once',
      { keyPem: 'x', names: ['a.example', 'b.example'], now: CURRENT.notAfter + DAY },
      ['certificate.key-unreadable', 'certificate.expired', 'certificate.expired', 'certificate.wrong-name', 'certificate.wrong-name'],
    ],
  ];
  for (const [name, change, wanted] of cases) t.same(codes(check(change)), wanted, name);
});

t.test('whatever is in the files: a value, never an exception', (t) => {
  const near = (text: string): fc.Arbitrary<string> =>
    fc
      .tuple(fc.nat(text.length - 1), fc.nat(60), fc.string({ maxLength: 8 }))
      .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
  const check = fc.property(near(chain), near(leaf.privateKey), fc.array(fc.string(), { maxLength: 2 }), (chainPem, keyPem, names) => {
    const { kind } = checkCertificate({ chainPem, keyPem, names, now: NOW });
    return kind === 'good' || kind === 'refused';
  });
  t.doesNotThrow(() => fc.assert(check, { seed: 2026, numRuns: 400 }));
  t.end();
});

t.test('weak keys, made by openssl', (t) => {
  const folder = temporaryFolder(t);
  for (const [algorithm, wanted] of [
    ['rsa:1024', ['certificate.weak-key']],
    ['rsa:2048', []],
    ['ec -pkeyopt ec_paramgen_curve:secp224r1', ['certificate.weak-key']],
    ['ec -pkeyopt ec_paramgen_curve:P-384', []],
    ['ed25519', []],
  ] as const) {
    const args = [
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      ...algorithm.split(' '),
      '-subj',
      '/CN=a',
      '-addext',
      'subjectAltName=DNS:mx.example.org',
    ];
    const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert'), '-days', '2'];
    execFileSync('openssl', [...args, ...files], { stdio: 'ignore' });
    const [chainPem, keyPem] = ['cert', 'key'].map((name) => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' }));
    t.same(codes(check({ chainPem: chainPem ?? '', keyPem: keyPem ?? '', now: Date.now() + 60_000 })), wanted, algorithm);
  }
  t.end();
});
