// Makes certificates (RFC 5280): self-signed for a first start, and a small authority with leaves for the sandbox and for tests.
// Keys are EC P-256: they sign many times faster than RSA. Time is an argument, so that expired ones can be made too.
import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { Integer, Utf8String } from 'asn1js';
import { AttributeTypeAndValue, Certificate, CryptoEngine, PublicKeyInfo, RelativeDistinguishedNames, Time, TimeType } from 'pkijs';
import type { Extension } from 'pkijs';
import { authorityExtensions, leafExtensions } from './certificate-extensions.ts';

export interface Validity {
  /** Milliseconds since the epoch; a certificate knows seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface LeafOrder extends Validity {
  /** DNS names (A-labels, `*.` in front allowed) and IP addresses; the first is the common name too. */
  readonly names: readonly string[];
}

/** PEM: one certificate, and its private key as PKCS #8. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

const COMMON_NAME = '2.5.4.3';
/** Upper bound of a common name (RFC 5280 appendix A.1). */
const NAME_LENGTH = 64;
/** From this year on times are GeneralizedTime (RFC 5280 4.1.2.5). */
const GENERALIZED_FROM = 2050;

const engine = (): CryptoEngine => new CryptoEngine({ name: 'node', crypto: webcrypto });

interface Pair {
  readonly privateKey: string;
  readonly signing: webcrypto.CryptoKey;
  readonly publicKey: PublicKeyInfo;
}

/** For a first start: its own issuer, no authority. */
export async function issueSelfSigned(order: LeafOrder): Promise<IssuedCertificate> {
  const pair = await newPair();
  const name = commonName(order.names[0] ?? '');
  const certificate = await signed({
    subject: name,
    issuer: name,
    validity: order,
    pair,
    signing: pair.signing,
    extensions: leafExtensions(order.names, pair.publicKey, pair.publicKey),
  });
  return { certificate, privateKey: pair.privateKey };
}

/** An authority: its certificate is what others are told to trust. */
export interface Authority extends IssuedCertificate {
  issue(order: LeafOrder): Promise<IssuedCertificate>;
}

/** A fresh authority that may issue leaves, no further authorities. */
export async function newAuthority(order: Validity & { readonly name: string }): Promise<Authority> {
  const own = await newPair();
  const issuer = commonName(order.name);
  const certificate = await signed({
    subject: issuer,
    issuer,
    validity: order,
    pair: own,
    signing: own.signing,
    extensions: authorityExtensions(own.publicKey),
  });
  return {
    certificate,
    privateKey: own.privateKey,
    async issue(leaf) {
      const pair = await newPair();
      const extensions = leafExtensions(leaf.names, pair.publicKey, own.publicKey);
      const subject = commonName(leaf.names[0] ?? '');
      return {
        certificate: await signed({ subject, issuer, validity: leaf, pair, signing: own.signing, extensions }),
        privateKey: pair.privateKey,
      };
    },
  };
}

async function newPair(): Promise<Pair> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const signing = await webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    signing,
    publicKey: PublicKeyInfo.fromBER(spki.buffer),
  };
}

interface ToBeSigned {
  readonly subject: RelativeDistinguishedNames;
  readonly issuer: RelativeDistinguishedNames;
  readonly validity: Validity;
  readonly pair: Pair;
  readonly signing: webcrypto.CryptoKey;
  readonly extensions: Extension[];
}

async function signed({ subject, issuer, validity, pair, signing, extensions }: ToBeSigned): Promise<string> {
  const certificate = new Certificate({
    version: 2, // v3
    serialNumber: new Integer({ valueHex: serialNumber() }),
    subject,
    issuer,
    notBefore: time(validity.notBefore),
    notAfter: time(validity.notAfter),
    subjectPublicKeyInfo: pair.publicKey,
    extensions,
  });
  await certificate.sign(signing, 'SHA-256', engine());
  return pem('CERTIFICATE', Buffer.from(certificate.toSchema().toBER()));
}

/** Positive, 126 bits of chance (RFC 5280 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.buffer;
}

function commonName(name: string): RelativeDistinguishedNames {
  if (name === '') throw new RangeError('a certificate needs a name');
  return new RelativeDistinguishedNames({
    typesAndValues: [new AttributeTypeAndValue({ type: COMMON_NAME, value: new Utf8String({ value: name.slice(0, NAME_LENGTH) }) })],
  });
}

function time(at: number): Time {
  const value = new Date(Math.floor(at / 1000) * 1000);
  return new Time({ type: value.getUTCFullYear() < GENERALIZED_FROM ? TimeType.UTCTime : TimeType.GeneralizedTime, value });
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
