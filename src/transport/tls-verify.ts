// The verdict on a next hop's certificate. The path itself is checked by OpenSSL against the trust anchors of the context; here are the
// name (RFC 9525), DANE (RFC 7672), and what OpenSSL's answer is called in evidence.
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { NextHop } from '../mail/next-hop.ts';
import type { CertificateVerdict } from '../mail/tls.ts';
import { DANE_EE, DANE_TA, matchesTlsa } from './dane.ts';
import { isDaneInForce } from './floor.ts';

export type Referenced = Pick<NextHop, 'referenceNames' | 'tlsa'>;

const WRONG_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** What Node asks of checkServerIdentity: undefined where one of the names is in the certificate, else an error whose code says so. */
export function nameError(certificate: Uint8Array, referenceNames: readonly string[]): Error | undefined {
  try {
    const parsed = new X509Certificate(certificate);
    if (referenceNames.some((name) => isNamed(parsed, name))) return undefined;
  } catch {
    // Node calls this from the socket's own code, where a throw would end the process. What cannot be read has no name.
  }
  return Object.assign(new Error('no reference name in the certificate'), { code: WRONG_NAME });
}

/** Only dNSName counts, a wildcard only as the whole left-most label; the subject's common name is not looked at (RFC 9525 section 6). */
function isNamed(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  return (
    certificate.checkHost(name, {
      subject: 'never',
      wildcards: true,
      partialWildcards: false,
      multiLabelWildcards: false,
      singleLabelSubdomains: false,
    }) !== undefined
  );
}

/**
 * @param leaf the certificate (DER), or null where the peer showed none
 * @param pathError OpenSSL's or nameError's code; null where path and name are good
 */
export function verdictOf(hop: Referenced, leaf: Uint8Array | null, pathError: string | null): CertificateVerdict {
  if (leaf === null) return 'untrusted-chain';
  if (hop.tlsa === null || !isDaneInForce(hop)) return pathError === null ? 'chain-and-name' : refusal(pathError);
  if (matchesTlsa(leaf, hop.tlsa, DANE_EE)) return 'dane-ee';
  // With DANE the context's only anchors are certificates that matched usage 2: a good path is a path to one of them.
  if (hop.tlsa.some((record) => record.usage === DANE_TA) && pathError === null) return 'dane-ta';
  const reason = pathError === null ? 'dane-mismatch' : refusal(pathError);
  return reason === 'untrusted-chain' ? 'dane-mismatch' : reason;
}

function refusal(pathError: string): CertificateVerdict {
  switch (pathError) {
    case WRONG_NAME:
      return 'wrong-name';
    case 'CERT_HAS_EXPIRED':
      return 'expired';
    case 'CERT_NOT_YET_VALID':
      return 'not-yet-valid';
    case 'CERT_REVOKED':
      return 'revoked';
    default:
      return 'untrusted-chain';
  }
}
