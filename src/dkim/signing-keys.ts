// DKIM signing keys by the domain they sign for. Keys come in as PEM text; what cannot sign is told, never used.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { canonicalDomain } from '../mail/address.ts';

export interface SigningKey {
  /** A-labels, lower case. */
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly key: KeyObject;
}

/** Keys of a domain: one of each algorithm at most. */
export type SigningKeys = ReadonlyMap<string, readonly SigningKey[]>;

export interface KeyProblem {
  readonly domain: string;
  readonly selector: string;
  readonly problem: string;
}

export interface KeyEntry {
  readonly domain: string;
  readonly selector: string;
  /** PKCS #8 or PKCS #1, without pass phrase. */
  readonly pem: string;
}

/** RFC 8301 3.2 wants 1024 bits and more of RSA, and recommends 2048. */
const RSA_BITS = 2048;
const SELECTOR = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** Reads the keys (RFC 6376 3.3, RFC 8463). */
export function readSigningKeys(entries: readonly KeyEntry[]): { readonly keys: SigningKeys; readonly problems: readonly KeyProblem[] } {
  const keys = new Map<string, SigningKey[]>();
  const problems: KeyProblem[] = [];
  for (const { domain, selector, pem } of entries) {
    const read = readKey(domain, selector, pem);
    const known = typeof read === 'string' ? [] : (keys.get(read.domain) ?? []);
    if (typeof read === 'string') problems.push({ domain, selector, problem: read });
    else if (known.some(({ algorithm }) => algorithm === read.algorithm)) {
      problems.push({ domain, selector, problem: `a second ${read.algorithm} key for this domain` });
    } else keys.set(read.domain, [...known, read]);
  }
  return { keys, problems };
}

function readKey(domain: string, selector: string, pem: string): SigningKey | string {
  const canonical = canonicalDomain(domain);
  if (canonical === null || canonical.startsWith('[')) return 'the domain is not a domain name';
  if (!SELECTOR.test(selector)) return 'the selector is not a sequence of DNS labels';
  const key = parsePem(pem);
  if (key === null) return 'the file holds no private key in PEM form without pass phrase';
  if (key.asymmetricKeyType === 'ed25519') return { domain: canonical, selector, algorithm: 'ed25519-sha256', key };
  if (key.asymmetricKeyType !== 'rsa') return `a key of type ${key.asymmetricKeyType ?? 'unknown'} cannot sign DKIM: RSA or Ed25519 can`;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < RSA_BITS) return `an RSA key of ${bits} bits is too short: ${RSA_BITS} or more are needed`;
  return { domain: canonical, selector, algorithm: 'rsa-sha256', key };
}

function parsePem(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
