// Names in certificates (RFC 9525), and what OpenSSL's findings are called.
import t from 'tap';
import type { Tlsa } from '../../src/mail/next-hop.ts';
import type { CertificateVerdict } from '../../src/mail/tls.ts';
import { nameError, verdictOf } from '../../src/transport/tls-verify.ts';
import { createTestCa, type LeafOptions } from '../support/test-ca.ts';

const ca = createTestCa();

await t.test('names', async (t) => {
  const table: readonly (readonly [name: string, leaf: LeafOptions, references: readonly string[], match: boolean])[] = [
    ['the name', { names: ['mx.peer.test'] }, ['mx.peer.test'], true],
    ['in another case', { names: ['MX.Peer.test'] }, ['mx.peer.test'], true],
    ['one of several in the certificate', { names: ['a.test', 'mx.peer.test'] }, ['mx.peer.test'], true],
    ['one of several references', { names: ['peer.test'] }, ['mx.peer.test', 'peer.test'], true],
    ['wildcard', { names: ['*.peer.test'] }, ['mx.peer.test'], true],
    ['wildcard for one label only', { names: ['*.peer.test'] }, ['a.mx.peer.test'], false],
    ['wildcard is not the domain itself', { names: ['*.peer.test'] }, ['peer.test'], false],
    ['wildcard in part of a label', { names: ['m*.peer.test'] }, ['mx.peer.test'], false],
    ['wildcard not left-most', { names: ['mx.*.test'] }, ['mx.peer.test'], false],
    ['wildcard for a top level', { names: ['*.test'] }, ['peer.test'], false],
    ['A-label', { names: ['mx.xn--bcher-kva.test'] }, ['mx.xn--bcher-kva.test'], true],
    ['another name', { names: ['mx.other.test'] }, ['mx.peer.test'], false],
    ['a longer name', { names: ['mx.peer.test.evil.test'] }, ['mx.peer.test'], false],
    ['a NUL in the name', { names: ['mx.peer.test\0.evil.test'] }, ['mx.peer.test'], false],
    ['common name only', { commonName: 'mx.peer.test' }, ['mx.peer.test'], false],
    ['common name beside another name', { commonName: 'mx.peer.test', names: ['other.test'] }, ['mx.peer.test'], false],
    ['no reference at all', { names: ['mx.peer.test'] }, [], false],
    ['an address', { addresses: ['127.0.0.1'] }, ['127.0.0.1'], true],
    ['another address', { addresses: ['127.0.0.2'] }, ['127.0.0.1'], false],
    ['an address as a name', { names: ['127.0.0.1'] }, ['127.0.0.1'], false],
  ];
  for (const [name, leaf, references, match] of table) {
    const error = nameError(ca.issue(leaf).der, references);
    if (match) t.equal(error, undefined, name);
    else t.match(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, name);
  }
});

await t.test('what is no certificate has no name', async (t) => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('no certificate')])
    t.match(nameError(bytes, ['mx.peer.test']), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

await t.test('verdicts', async (t) => {
  const leaf = ca.issue({ names: ['mx.peer.test'] });
  const ee: Tlsa = { usage: 3, selector: 0, matchingType: 0, data: leaf.der };
  const wrongEe: Tlsa = { ...ee, data: ca.der };
  const ta: Tlsa = { usage: 2, selector: 0, matchingType: 0, data: ca.der };
  const table: readonly (readonly [tlsa: readonly Tlsa[] | null, error: string | null, verdict: CertificateVerdict])[] = [
    [null, null, 'chain-and-name'],
    [[], null, 'chain-and-name'],
    [null, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted-chain'],
    [null, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted-chain'],
    [null, 'something new', 'untrusted-chain'],
    [null, 'CERT_HAS_EXPIRED', 'expired'],
    [null, 'CERT_NOT_YET_VALID', 'not-yet-valid'],
    [null, 'CERT_REVOKED', 'revoked'],
    [null, 'ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-name'],
    [[ee], 'CERT_HAS_EXPIRED', 'dane-ee'],
    [[ee], 'ERR_TLS_CERT_ALTNAME_INVALID', 'dane-ee'],
    [[ee], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'dane-ee'],
    // DANE is in force: what the trust anchors say does not count.
    [[wrongEe], null, 'dane-mismatch'],
    [[wrongEe], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'dane-mismatch'],
    [[ta], null, 'dane-ta'],
    [[ta], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'dane-mismatch'],
    [[ta], 'ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-name'],
    [[ta], 'CERT_HAS_EXPIRED', 'expired'],
    [[wrongEe, ta], null, 'dane-ta'],
  ];
  for (const [tlsa, error, verdict] of table) {
    const usages = tlsa?.map(({ usage }) => usage).join(',') ?? 'none';
    t.equal(verdictOf({ referenceNames: ['mx.peer.test'], tlsa }, leaf.der, error), verdict, `TLSA ${usages}, ${error ?? 'no error'}`);
  }
  t.equal(verdictOf({ referenceNames: ['mx.peer.test'], tlsa: null }, null, null), 'untrusted-chain', 'no certificate at all');
});
