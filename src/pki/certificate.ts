// A certificate chain and its key, checked before anything listens with them: no certificate, no listener.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { addressBytes } from './address-bytes.ts';

export type CertificateProblemCode =
  | 'certificate.unreadable'
  | 'certificate.key-unreadable'
  | 'certificate.key-mismatch'
  | 'certificate.broken-chain'
  | 'certificate.expired'
  | 'certificate.not-yet-valid'
  | 'certificate.wrong-name'
  | 'certificate.weak-key';

/** `text` says what would be right. It holds nothing of the key. */
export interface CertificateProblem {
  readonly code: CertificateProblemCode;
  readonly text: string;
}

/** Ready for `tls.createSecureContext({ cert, key })`. */
export interface CheckedCertificate {
  readonly chainPem: string;
  readonly keyPem: string;
  /** DNS names and IP addresses of the leaf. */
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  /** Hex, of the leaf. */
  readonly sha256: string;
  readonly issuer: 'itself' | 'authority';
}

export type CertificateCheck =
  | { readonly kind: 'good'; readonly certificate: CheckedCertificate }
  | { readonly kind: 'refused'; readonly problems: readonly CertificateProblem[] };

export interface CertificateRequest {
  /** PEM: the leaf first, then those that issued it. */
  readonly chainPem: string;
  /** PEM, without a passphrase. */
  readonly keyPem: string;
  /** Names that the leaf must carry. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MOST_CERTIFICATES = 10;
const LEAST_RSA_BITS = 2048;
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** All problems at once. */
export function checkCertificate(request: CertificateRequest): CertificateCheck {
  const chain = chainOf(request.chainPem);
  const key = keyOf(request.keyPem);
  const problems: CertificateProblem[] = [];
  if ('code' in key) problems.push(key);
  if ('code' in chain) return { kind: 'refused', problems: [chain, ...problems] };
  const [leaf] = chain;
  problems.push(
    ...dateProblems(chain, request.now),
    ...chainProblems(chain),
    ...nameProblems(leaf, request.names),
    ...strengthProblems(leaf),
  );
  if (!('code' in key) && !leaf.checkPrivateKey(key)) {
    problems.push({ code: 'certificate.key-mismatch', text: 'The private key does not belong to the first certificate of the chain.' });
  }
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'good', certificate: describe(leaf, request) };
}

function describe(leaf: X509Certificate, { chainPem, keyPem }: CertificateRequest): CheckedCertificate {
  return {
    chainPem,
    keyPem,
    names: namesOf(leaf),
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
    sha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    issuer: leaf.subject === leaf.issuer && leaf.verify(leaf.publicKey) ? 'itself' : 'authority',
  };
}

/** DNS names and IP addresses of the subject alternative name. */
export function namesOf(certificate: X509Certificate): readonly string[] {
  const entries = (certificate.subjectAltName ?? '').split(', ');
  return entries.flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}

type Chain = readonly [X509Certificate, ...X509Certificate[]];

function chainOf(chainPem: string): Chain | CertificateProblem {
  const blocks = chainPem.match(BLOCK) ?? [];
  if (blocks.length > MOST_CERTIFICATES) return unreadable(`holds more than ${MOST_CERTIFICATES} certificates`);
  try {
    const [leaf, ...rest] = blocks.map((block) => new X509Certificate(block));
    return leaf === undefined ? unreadable('holds no certificate') : [leaf, ...rest];
  } catch {
    return unreadable('holds a certificate that cannot be read');
  }
}

function unreadable(what: string): CertificateProblem {
  return {
    code: 'certificate.unreadable',
    text: `The certificate file ${what}. It must be PEM: the server's certificate first, then those that issued it.`,
  };
}

function keyOf(keyPem: string): KeyObject | CertificateProblem {
  if (/ENCRYPTED/.test(keyPem)) {
    return {
      code: 'certificate.key-unreadable',
      text: 'The private key is protected by a passphrase. Postern starts unattended: store it without one, readable by its user only.',
    };
  }
  try {
    return createPrivateKey(keyPem);
  } catch {
    return { code: 'certificate.key-unreadable', text: 'The key file holds no private key that can be read. It must be PEM.' };
  }
}

function dateProblems(chain: Chain, now: number): readonly CertificateProblem[] {
  return chain.flatMap((certificate, i): readonly CertificateProblem[] => {
    const which = i === 0 ? 'The certificate' : `Certificate ${i + 1} of the chain`;
    if (now > certificate.validToDate.getTime())
      return [{ code: 'certificate.expired', text: `${which} expired on ${certificate.validToDate.toISOString()}.` }];
    if (now >= certificate.validFromDate.getTime()) return [];
    return [
      {
        code: 'certificate.not-yet-valid',
        text: `${which} is valid only from ${certificate.validFromDate.toISOString()}. Is the clock of this machine right?`,
      },
    ];
  });
}

function chainProblems(chain: Chain): readonly CertificateProblem[] {
  return chain.slice(1).flatMap((issuer, i): readonly CertificateProblem[] => {
    const issued = chain[i];
    if (issued === undefined || (issued.checkIssued(issuer) && issued.verify(issuer.publicKey))) return [];
    return [
      {
        code: 'certificate.broken-chain',
        text: `Certificate ${i + 2} of the chain did not issue certificate ${i + 1}. The order is: the server's own first, each followed by its issuer.`,
      },
    ];
  });
}

function nameProblems(leaf: X509Certificate, names: readonly string[]): readonly CertificateProblem[] {
  return names
    .filter((name) => (addressBytes(name) === null ? leaf.checkHost(name, { subject: 'never' }) : leaf.checkIP(name)) === undefined)
    .map((name) => ({
      code: 'certificate.wrong-name' as const,
      text: `The certificate is not for ${name}, but for ${namesOf(leaf).join(', ') || 'no name at all'}.`,
    }));
}

/** NIST SP 800-52r2 3.2.2: at least 112 bits of strength. */
function strengthProblems(leaf: X509Certificate): readonly CertificateProblem[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = leaf.publicKey;
  const strong =
    type === 'rsa' || type === 'rsa-pss'
      ? (details?.modulusLength ?? 0) >= LEAST_RSA_BITS
      : type === 'ec'
        ? CURVES.has(details?.namedCurve ?? '')
        : type === 'ed25519';
  if (strong) return [];
  return [
    {
      code: 'certificate.weak-key',
      text: `The key of the certificate must be RSA with ${LEAST_RSA_BITS} bits or more, EC P-256, P-384 or P-521, or Ed25519.`,
    },
  ];
}
