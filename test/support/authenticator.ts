// An authenticator in software for tests: ES256 credentials, attestation 'none' (WebAuthn 3), and every way to do it wrong.
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface SoftCredential {
  readonly id: string;
  readonly key: KeyObject;
  readonly x: Buffer;
  readonly y: Buffer;
}

export interface Ceremony {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  /** User present, user verified. */
  readonly flags?: number;
  readonly counter?: number;
}

const PRESENT = 1;
const VERIFIED = 4;
const ATTESTED = 64;
export const PRESENT_ONLY = PRESENT;

export function softCredential(): SoftCredential {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { id: randomBytes(16).toString('base64url'), key: privateKey, x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
}

/** What `navigator.credentials.create` gives, as JSON. */
export function created(credential: SoftCredential, ceremony: Ceremony): object {
  const id = Buffer.from(credential.id, 'base64url');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(credential)]);
  const authData = Buffer.concat([authenticatorData(ceremony, ATTESTED), attested]);
  const attestationObject = cborMap([
    [cborText('fmt'), cborText('none')],
    [cborText('attStmt'), cborMap([])],
    [cborText('authData'), cborBytes(authData)],
  ]);
  const response = { clientDataJSON: clientData('webauthn.create', ceremony), attestationObject: attestationObject.toString('base64url') };
  return { id: credential.id, rawId: credential.id, type: 'public-key', response: { ...response, transports: ['internal'] } };
}

/** What `navigator.credentials.get` gives, as JSON. */
export function asserted(credential: SoftCredential, ceremony: Ceremony): object {
  const data = authenticatorData(ceremony, 0);
  const clientDataJSON = clientData('webauthn.get', ceremony);
  const signed = Buffer.concat([data, createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()]);
  const signature = createSign('sha256').update(signed).sign(credential.key).toString('base64url');
  const response = { clientDataJSON, authenticatorData: data.toString('base64url'), signature };
  return { id: credential.id, rawId: credential.id, type: 'public-key', response };
}

function authenticatorData({ rpId, flags = PRESENT | VERIFIED, counter = 1 }: Ceremony, more: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags | more]), count]);
}

function clientData(type: string, { challenge, origin }: Ceremony): string {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url');
}

/** RFC 9053 7.1.1: kty EC2, alg ES256, crv P-256. */
function coseKey({ x, y }: SoftCredential): Buffer {
  return cborMap([
    [Buffer.from([0x01]), Buffer.from([0x02])],
    [Buffer.from([0x03]), Buffer.from([0x26])],
    [Buffer.from([0x20]), Buffer.from([0x01])],
    [Buffer.from([0x21]), cborBytes(x)],
    [Buffer.from([0x22]), cborBytes(y)],
  ]);
}

function cborMap(pairs: readonly (readonly [key: Buffer, value: Buffer])[]): Buffer {
  return Buffer.concat([Buffer.from([0xa0 | pairs.length]), ...pairs.flat()]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)]);
}

function cborBytes(octets: Buffer): Buffer {
  const head =
    octets.length < 24
      ? [0x40 | octets.length]
      : octets.length < 256
        ? [0x58, octets.length]
        : [0x59, octets.length >> 8, octets.length & 255];
  return Buffer.concat([Buffer.from(head), octets]);
}
