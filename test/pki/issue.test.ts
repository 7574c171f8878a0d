// Certificates made here, judged by others: openssl verify and the TLS of Node.
import t from 'tap';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { issueSelfSigned, newAuthority } from '../../src/pki/issue.ts';
import type { IssuedCertificate } from '../../src/pki/issue.ts';
import { addressBytes } from '../../src/pki/address-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.now();
const DAY = 86_400_000;
const CURRENT = { notBefore: NOW - DAY, notAfter: NOW + DAY };

/** What openssl says of a certificate, strictly. */
function opensslVerify(folder: string, authority: string, certificate: string, ...options: readonly string[]): string {
  writeFileSync(join(folder, 'ca.pem'), authority);
  writeFileSync(join(folder, 'leaf.pem'), certificate);
  const args = [
    'verify',
    '-x509_strict',
    '-check_ss_sig',
    '-purpose',
    'sslserver',
    '-CAfile',
    join(folder, 'ca.pem'),
    ...options,
    join(folder, 'leaf.pem'),
  ];
  try {
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .trim()
      .replace(/^.*: /, '');
  } catch (error) {
    return error instanceof Error && 'stderr' in error
      ? (/error \d+ at \d depth lookup: (.*)/.exec(String(error.stderr))?.[1] ?? String(error.stderr))
      : String(error);
  }
}

t.test('openssl accepts what is in order', async (t) => {
  const folder = temporaryFolder(t);
  const authority = await newAuthority({ name: 'Postern test authority', ...CURRENT });
  const names = ['mx.example.org', '*.in.example.org', '127.0.0.1', '::1', '2001:db8::ff00:42:8329'];
  const leaf = await authority.issue({ names, ...CURRENT });
  t.equal(opensslVerify(folder, authority.certificate, leaf.certificate), 'OK');
  for (const name of ['mx.example.org', 'a.in.example.org']) {
    t.equal(opensslVerify(folder, authority.certificate, leaf.certificate, '-verify_hostname', name), 'OK', name);
  }
  for (const address of ['127.0.0.1', '::1', '2001:db8::ff00:42:8329']) {
    t.equal(opensslVerify(folder, authority.certificate, leaf.certificate, '-verify_ip', address), 'OK', address);
  }
  const itself = await issueSelfSigned({ names: ['localhost'], ...CURRENT });
  t.equal(opensslVerify(folder, itself.certificate, itself.certificate), 'OK', 'self-signed');
});

t.test('openssl refuses what is not', async (t) => {
  const folder = temporaryFolder(t);
  const authority = await newAuthority({ name: 'Postern test authority', ...CURRENT });
  const other = await newAuthority({ name: 'Postern test authority', ...CURRENT });
  const good = await authority.issue({ names: ['mx.example.org'], ...CURRENT });
  const expired = await authority.issue({ names: ['mx.example.org'], notBefore: NOW - 3 * DAY, notAfter: NOW - DAY });
  const early = await authority.issue({ names: ['mx.example.org'], notBefore: NOW + DAY, notAfter: NOW + 2 * DAY });
  t.equal(opensslVerify(folder, authority.certificate, expired.certificate), 'certificate has expired');
  t.equal(opensslVerify(folder, authority.certificate, early.certificate), 'certificate is not yet valid');
  t.equal(opensslVerify(folder, authority.certificate, good.certificate, '-verify_hostname', 'mx.example.net'), 'hostname mismatch');
  t.match(
    opensslVerify(folder, other.certificate, good.certificate),
    /unable to get (?:local )?issuer certificate|certificate signature failure/,
    'of another authority with the same name',
  );
});

t.test('what is inside', async (t) => {
  const notAfter = Date.UTC(2055, 11, 31, 23, 59, 59);
  const authority = await newAuthority({ name: 'A'.repeat(80), ...CURRENT });
  const leaf = await authority.issue({ names: ['mx.example.org', '::1'], notBefore: Date.UTC(2026, 0, 1), notAfter });
  const [issuer, certificate] = [new X509Certificate(authority.certificate), new X509Certificate(leaf.certificate)];
  t.equal(certificate.subjectAltName, 'DNS:mx.example.org, IP Address:0:0:0:0:0:0:0:1');
  t.equal(certificate.subject, 'CN=mx.example.org');
  t.equal(certificate.validFromDate.getTime(), Date.UTC(2026, 0, 1));
  t.equal(certificate.validToDate.getTime(), notAfter, 'past 2049, where the form of times changes');
  t.ok(certificate.checkPrivateKey(createPrivateKey(leaf.privateKey)));
  t.ok(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  t.equal(issuer.ca, true);
  t.equal(certificate.ca, false);
  t.equal(issuer.subject, `CN=${'A'.repeat(64)}`);
  t.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  const serials = new Set<string>();
  for (let i = 0; i < 20; i++)
    serials.add(new X509Certificate((await authority.issue({ names: ['a.example'], ...CURRENT })).certificate).serialNumber);
  t.equal(serials.size, 20);
  t.ok(
    [...serials].every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial)),
    'positive, 16 octets',
  );
  await t.rejects(authority.issue({ names: [], ...CURRENT }), RangeError);
});

/** Serves one certificate on loopback; gives the error of a client that wants `name`, or null. */
async function handshake(own: IssuedCertificate, authority: string, name: string): Promise<string | null> {
  const server = createServer({ cert: own.certificate, key: own.privateKey }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', servername: name, ca: authority });
  try {
    await once(client, 'secureConnect');
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    client.destroy();
    server.close();
    await once(server, 'close');
  }
}

t.test('the TLS of Node', async (t) => {
  const authority = await newAuthority({ name: 'Postern test authority', ...CURRENT });
  const stranger = await newAuthority({ name: 'Another', ...CURRENT });
  const leaf = (names: readonly string[], validity = CURRENT): Promise<IssuedCertificate> => authority.issue({ names, ...validity });
  const itself = await issueSelfSigned({ names: ['mx.example.org'], ...CURRENT });
  const cases: readonly (readonly [name: string, own: IssuedCertificate, trusted: string, error: string | null])[] = [
    ['accepts a good one', await leaf(['mx.example.org']), authority.certificate, null],
    ['accepts a wildcard', await leaf(['*.example.org']), authority.certificate, null],
    [
      'refuses an expired one',
      await leaf(['mx.example.org'], { notBefore: NOW - 2 * DAY, notAfter: NOW - DAY }),
      authority.certificate,
      'CERT_HAS_EXPIRED',
    ],
    [
      'refuses an early one',
      await leaf(['mx.example.org'], { notBefore: NOW + DAY, notAfter: NOW + 2 * DAY }),
      authority.certificate,
      'CERT_NOT_YET_VALID',
    ],
    ['refuses a wrong name', await leaf(['mx.example.net']), authority.certificate, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['refuses an unknown authority', await leaf(['mx.example.org']), stranger.certificate, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['refuses a self-signed one', itself, authority.certificate, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['accepts a self-signed one that is trusted', itself, itself.certificate, null],
  ];
  for (const [name, own, trusted, error] of cases) {
    const said = await handshake(own, trusted, 'mx.example.org');
    if (name === 'refuses an unknown authority') t.match(said, /UNABLE_TO/, name);
    else t.equal(said, error, name);
  }
});

t.test('IP addresses', (t) => {
  for (const [name, hex] of [
    ['127.0.0.1', '7f000001'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['1::', `0001${'0'.repeat(28)}`],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['2001:DB8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['mx.example.org', null],
    ['1.2.3', null],
    ['fe80::1%eth0', null],
    ['', null],
  ] as const) {
    const bytes = addressBytes(name);
    t.equal(bytes === null ? null : Buffer.from(bytes).toString('hex'), hex, name);
  }
  t.end();
});
