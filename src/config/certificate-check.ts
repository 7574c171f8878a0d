// Looks into PEM files that the configuration names: certificates that are none, keys that fit another certificate, dates that have passed.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { YamlPath } from '../yaml/positions.ts';
import { complain, warn } from './complaint.ts';
import type { Complaint } from './complaint.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const SOON_MS = 14 * 86_400_000;

/** All certificates of a PEM file; null where one cannot be read or there is none. */
export function certificatesIn(pem: string): readonly X509Certificate[] | null {
  const blocks = pem.match(CERTIFICATE) ?? [];
  try {
    return blocks.length === 0 ? null : blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

/** A private key without a pass phrase; null where it cannot be read. */
export function privateKeyIn(pem: string): KeyObject | null {
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

/** Certificate chain and key that belong together. `hostname` is the name the certificate should carry, or null. */
export function checkPair(
  certificatePem: string,
  keyPem: string,
  at: PairPlace,
  facts: { readonly hostname: string | null; readonly now: number },
): readonly Complaint[] {
  const leaf = certificatesIn(certificatePem)?.[0];
  const key = privateKeyIn(keyPem);
  const complaints: Complaint[] = [];
  if (leaf === undefined)
    complaints.push(complain(at.certificate, 'this file holds no certificate', 'write the path of a PEM file with the certificate first'));
  if (key === null)
    complaints.push(
      complain(at.key, 'this file holds no private key without pass phrase', 'write the path of a PEM file with the private key'),
    );
  if (leaf === undefined) return complaints;
  if (key !== null && !leaf.checkPrivateKey(key))
    complaints.push(complain(at.key, 'this key belongs to another certificate', `name the key of ${at.certificate.join('.')}`));
  complaints.push(...dates(leaf, at.certificate, facts.now));
  if (facts.hostname !== null && leaf.checkHost(facts.hostname) === undefined) {
    complaints.push(
      warn(
        at.certificate,
        `the certificate does not name ${facts.hostname}`,
        'clients that connect by this name will refuse it: get one that names it',
      ),
    );
  }
  return complaints;
}

/** Dates are a warning: the service must still start to deliver what it has accepted. */
function dates(leaf: X509Certificate, at: YamlPath, now: number): Complaint[] {
  const day = (time: Date): string => time.toISOString().slice(0, 10);
  if (leaf.validFromDate.getTime() > now)
    return [
      warn(
        at,
        `the certificate is not valid before ${day(leaf.validFromDate)}`,
        'clients will refuse it: check the clock, or get a new one',
      ),
    ];
  if (leaf.validToDate.getTime() < now)
    return [warn(at, `the certificate ended on ${day(leaf.validToDate)}`, 'clients refuse it: renew it')];
  if (leaf.validToDate.getTime() < now + SOON_MS) return [warn(at, `the certificate ends on ${day(leaf.validToDate)}`, 'renew it')];
  return [];
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
