// Looks into PEM files that the configuration names: certificates that are none, keys that fit another certificate, dates that have passed.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { checkCertificate } from '../pki/certificate.ts';
import type { CertificateProblem, CertificateProblemCode } from '../pki/certificate.ts';
import type { YamlPath } from '../yaml/positions.ts';
import { complain, warn } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import type { CertificateAndKey } from './secrets.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const SOON_MS = 14 * 86_400_000;

/** All certificates of a PEM file; null where one cannot be read or there is none. */
function certificatesIn(pem: string): readonly X509Certificate[] | null {
  const blocks = pem.match(CERTIFICATE) ?? [];
  try {
    return blocks.length === 0 ? null : blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

/** A private key without a pass phrase; null where it cannot be read. */
function privateKeyIn(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

export interface PairPlace {
  readonly certificate: YamlPath;
  readonly key: YamlPath;
}

/**
 * Certificate chain and key that belong together. `hostname` is the name the certificate should carry, or null.
 * Dates and names are warnings: the service must still start to deliver what it has accepted.
 */
export function checkPair(
  pair: CertificateAndKey,
  at: PairPlace,
  facts: { readonly hostname: string | null; readonly now: number },
): readonly Complaint[] {
  const names = facts.hostname === null ? [] : [facts.hostname];
  const check = checkCertificate({ chainPem: pair.certificatePem, keyPem: pair.keyPem, names, now: facts.now });
  if (check.kind === 'refused') return check.problems.map((problem) => pairComplaint(problem, at));
  const { notAfter } = check.certificate;
  if (notAfter >= facts.now + SOON_MS) return [];
  return [warn(at.certificate, `the certificate ends on ${new Date(notAfter).toISOString().slice(0, 10)}`, 'renew it')];
}

/** The first sentence of a problem says what is wrong, the rest what would be right. */
function pairComplaint({ code, text }: CertificateProblem, at: PairPlace): Complaint {
  const [what = '', ...rest] = text.replace(/\.$/, '').split('. ');
  const right = rest.length > 0 ? rest.join('. ') : RIGHT[code];
  const place = code.startsWith('certificate.key-') ? at.key : at.certificate;
  return MILD.includes(code) ? warn(place, beginLower(what), beginLower(right)) : complain(place, beginLower(what), beginLower(right));
}

const MILD: readonly CertificateProblemCode[] = ['certificate.expired', 'certificate.not-yet-valid', 'certificate.wrong-name'];

const RIGHT: Readonly<Record<CertificateProblemCode, string>> = {
  'certificate.unreadable': 'write the path of a PEM file with the certificate first',
  'certificate.key-unreadable': 'write the path of a PEM file with the private key, without passphrase',
  'certificate.key-mismatch': 'name the key of this certificate',
  'certificate.broken-chain': 'write the own certificate first, each followed by its issuer',
  'certificate.expired': 'renew it: clients refuse it',
  'certificate.not-yet-valid': 'check the clock of this machine, or get a new one',
  'certificate.wrong-name': 'get one that names it: clients that connect by this name refuse this one',
  'certificate.weak-key': 'get one with a stronger key',
};

function beginLower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** A signing key as RFC 8301 and RFC 8463 want it. */
export function checkDkimKey(keyPem: string, at: YamlPath): readonly Complaint[] {
  const key = privateKeyIn(keyPem);
  if (key === null)
    return [complain(at, 'this file holds no private key without pass phrase', 'write the path of a PEM file with the private key')];
  if (key.asymmetricKeyType === 'ed25519') return [];
  if (key.asymmetricKeyType !== 'rsa')
    return [
      complain(at, `a key of type ${key.asymmetricKeyType ?? 'unknown'} cannot sign DKIM`, 'use RSA of 2048 bits or more, or Ed25519'),
    ];
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= 2048 ? [] : [complain(at, `an RSA key of ${bits} bits is too short`, 'use 2048 bits or more (RFC 8301)')];
}

/** Certificate authorities. */
export function checkAuthorities(pem: string, at: YamlPath): readonly Complaint[] {
  const found = certificatesIn(pem);
  if (found === null)
    return [
      complain(
        at,
        'this file holds no certificates, or one that cannot be read',
        'write the path of a PEM file of certificate authorities',
      ),
    ];
  return found.every((one) => one.ca)
    ? []
    : [warn(at, 'a certificate in this file is not a certificate authority', 'name the authority that signs, not the certificate itself')];
}
