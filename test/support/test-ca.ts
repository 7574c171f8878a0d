// A certificate authority for tests: leaf, intermediate and self-signed certificates with any names and dates, made in a millisecond each.
// Writes DER by hand, so that it needs no program and no library, and can make certificates that no sound tool would.
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate with its key. `certificatePem` is the leaf and every intermediate above it, as a server sends them. */
export interface TestIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** The leaf alone, DER. */
  readonly der: Buffer;
  /** Its SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
}

export interface LeafOptions {
  /** dNSName entries of the subject alternative name. None: the extension is left out. */
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Common name of the subject; it proves nothing. */
  readonly commonName?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly purpose?: 'server' | 'client';
  /** Appended to what the server sends: the trust anchor itself, for DANE-TA. */
  readonly send?: 'with-root' | 'without-root';
}

export interface TestCa {
  /** The CA's own certificate, PEM: a trust anchor. */
  readonly certificatePem: string;
  readonly der: Buffer;
  readonly spki: Buffer;
  issue(options?: LeafOptions): TestIdentity;
  /** A CA below this one. */
  intermediate(commonName: string): TestCa;
}

const DAY_MS = 86_400_000;
const YESTERDAY = new Date(Date.now() - DAY_MS);
const NEXT_MONTH = new Date(Date.now() + 30 * DAY_MS);

export const EXPIRED = { notBefore: new Date(Date.now() - 60 * DAY_MS), notAfter: YESTERDAY };
export const NOT_YET_VALID = { notBefore: new Date(Date.now() + DAY_MS), notAfter: NEXT_MONTH };

/** A root of its own. */
export function createTestCa(commonName = 'Test Root'): TestCa {
  const keys = newKeys();
  const der = certificate({ subject: commonName, keys, issuer: commonName, issuerKeys: keys, ca: 'yes', options: {} });
  return authority(commonName, keys, der, []);
}

/** A certificate that only it vouches for. */
export function selfSigned(options: LeafOptions = {}): TestIdentity {
  const keys = newKeys();
  const subject = options.commonName ?? options.names?.[0] ?? 'self-signed';
  return identity(certificate({ subject, keys, issuer: subject, issuerKeys: keys, ca: 'no', options }), keys, []);
}

/** @param above certificates between this authority and the root, itself first; empty for a root */
function authority(name: string, keys: Keys, der: Buffer, above: readonly Buffer[]): TestCa {
  return {
    certificatePem: pem(der),
    der,
    spki: spkiOf(keys),
    issue(options = {}) {
      const leaf = newKeys();
      const subject = options.commonName ?? options.names?.[0] ?? 'leaf';
      const issued = certificate({ subject, keys: leaf, issuer: name, issuerKeys: keys, ca: 'no', options });
      return identity(issued, leaf, options.send === 'with-root' && above.length === 0 ? [der] : above);
    },
    intermediate(commonName) {
      const below = newKeys();
      const issued = certificate({ subject: commonName, keys: below, issuer: name, issuerKeys: keys, ca: 'yes', options: {} });
      return authority(commonName, below, issued, [issued, ...above]);
    },
  };
}

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function spkiOf(keys: Keys): Buffer {
  return keys.publicKey.export({ type: 'spki', format: 'der' });
}

function identity(der: Buffer, keys: Keys, chain: readonly Buffer[]): TestIdentity {
  const keyPem = createPrivateKey(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
  return { certificatePem: [der, ...chain].map(pem).join(''), keyPem, der, spki: spkiOf(keys) };
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}

interface CertificateFacts {
  readonly subject: string;
  readonly keys: Keys;
  readonly issuer: string;
  readonly issuerKeys: Keys;
  readonly ca: 'yes' | 'no';
  readonly options: LeafOptions;
}

/** RFC 5280 4.1, version 3, signed by ECDSA with SHA-256. */
function certificate({ subject, keys, issuer, issuerKeys, ca, options }: CertificateFacts): Buffer {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const tbs = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer),
    sequence(time(options.notBefore ?? YESTERDAY), time(options.notAfter ?? NEXT_MONTH)),
    distinguishedName(subject),
    spkiOf(keys),
    tagged(0xa3, sequence(...extensions(keys, issuerKeys, ca, options))),
  );
  return sequence(tbs, algorithm, bitString(sign('sha256', tbs, issuerKeys.privateKey)));
}

function extensions(keys: Keys, issuerKeys: Keys, ca: 'yes' | 'no', options: LeafOptions): readonly Buffer[] {
  const all = [
    extension('2.5.29.19', 'critical', ca === 'yes' ? sequence(TRUE) : sequence()),
    // keyCertSign and cRLSign, or digitalSignature.
    extension('2.5.29.15', 'critical', tagged(0x03, Buffer.from(ca === 'yes' ? [1, 0x06] : [7, 0x80]))),
    extension('2.5.29.14', 'plain', tagged(0x04, keyId(keys))),
    extension('2.5.29.35', 'plain', sequence(tagged(0x80, keyId(issuerKeys)))),
  ];
  if (ca === 'no')
    all.push(extension('2.5.29.37', 'plain', sequence(oid(options.purpose === 'client' ? '1.3.6.1.5.5.7.3.2' : '1.3.6.1.5.5.7.3.1'))));
  const names = [
    ...(options.names ?? []).map((name) => tagged(0x82, Buffer.from(name, 'latin1'))),
    ...(options.addresses ?? []).map((address) => tagged(0x87, Buffer.from(address.split('.').map(Number)))),
  ];
  if (names.length > 0) all.push(extension('2.5.29.17', 'plain', sequence(...names)));
  return all;
}

function keyId(keys: Keys): Buffer {
  return createHash('sha256').update(spkiOf(keys)).digest().subarray(0, 20);
}

function extension(id: string, weight: 'critical' | 'plain', value: Buffer): Buffer {
  return sequence(oid(id), ...(weight === 'critical' ? [TRUE] : []), tagged(0x04, value));
}

const TRUE = Buffer.from([0x01, 0x01, 0xff]);

function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tagged(0x30, ...content);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), bytes);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tagged(0x06, Buffer.from(octets));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(commonName, 'utf8')))));
}

/** UTCTime, good until 2049. */
function time(date: Date): Buffer {
  return tagged(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'latin1'));
}
