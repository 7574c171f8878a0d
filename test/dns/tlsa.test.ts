// Which TLSA records can be used (RFC 7672 3.1, RFC 6698 4.1).
import { createHash } from 'node:crypto';
import t from 'tap';
import { isUsable } from '../../src/dns/tlsa.ts';
import type { Tlsa } from '../../src/mail/next-hop.ts';
import { createTestCa } from '../support/test-ca.ts';

void t.test('usable records', async (t) => {
  const { der, spki, certificatePem } = createTestCa().issue({ names: ['mail.test'] });
  const sha256 = createHash('sha256').update(spki).digest();
  const sha512 = createHash('sha512').update(spki).digest();
  const tlsa = (usage: number, selector: number, matchingType: number, data: Uint8Array): Tlsa => ({ usage, selector, matchingType, data });
  const CASES: readonly (readonly [title: string, record: Tlsa, wanted: boolean])[] = [
    ['3 1 1', tlsa(3, 1, 1, sha256), true],
    ['3 1 2', tlsa(3, 1, 2, sha512), true],
    ['2 0 1', tlsa(2, 0, 1, sha256), true],
    ['3 0 0, a certificate', tlsa(3, 0, 0, der), true],
    ['2 1 0, a public key', tlsa(2, 1, 0, spki), true],
    ['PKIX-TA', tlsa(0, 1, 1, sha256), false],
    ['PKIX-EE', tlsa(1, 1, 1, sha256), false],
    ['PrivCert', tlsa(255, 1, 1, sha256), false],
    ['unknown usage', tlsa(4, 1, 1, sha256), false],
    ['unknown selector', tlsa(3, 2, 1, sha256), false],
    ['unknown matching type', tlsa(3, 1, 3, sha256), false],
    ['SHA-256 too short', tlsa(3, 1, 1, sha256.subarray(1)), false],
    ['SHA-256 too long', tlsa(3, 1, 1, sha512), false],
    ['SHA-512 too short', tlsa(3, 1, 2, sha256), false],
    ['a digest as certificate', tlsa(3, 0, 0, sha256), false],
    ['a digest as public key', tlsa(3, 1, 0, sha256), false],
    ['a public key as certificate', tlsa(3, 0, 0, spki), false],
    ['a certificate as public key', tlsa(3, 1, 0, der), false],
    ['PEM', tlsa(3, 0, 0, Buffer.from(certificatePem)), false],
    ['octets behind the certificate', tlsa(3, 0, 0, Buffer.concat([der, Buffer.from([0])])), false],
    ['nothing', tlsa(3, 0, 0, new Uint8Array()), false],
  ];
  for (const [title, record, wanted] of CASES) t.equal(isUsable(record), wanted, title);
});
