// DKIM-Signature fields (RFC 6376, RFC 8463), relaxed/relaxed. mailauth 7.1.0, which we verify with, cannot oversign: it signs only
// fields that are there. So signing is our own; the private key operation runs in Node's thread pool.
import { createHash, sign as signWithKey } from 'node:crypto';
import type { SigningKey } from './signing-keys.ts';

/** A field of the header in order of appearance: its key in lower case and its exact octets. */
export interface SignedField {
  readonly key: string;
  readonly octets: Uint8Array;
}

/** Signed once more than they occur, so that none can be added (RFC 6376 5.4.2, 8.15). */
const OVERSIGNED = [
  'from',
  'subject',
  'to',
  'cc',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
] as const;
/** Signed as often as they occur (RFC 6376 5.4.1). */
const SIGNED = [
  'reply-to',
  'sender',
  'in-reply-to',
  'references',
  'auto-submitted',
  'resent-date',
  'resent-from',
  'resent-sender',
  'resent-to',
  'resent-cc',
  'resent-message-id',
  'list-id',
  'list-help',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-subscribe',
  'list-post',
  'list-owner',
  'list-archive',
] as const;

/**
 * One DKIM-Signature field, folded, with CRLF at its end.
 * @param fields of the header as it will be sent
 * @param bodyHash of RelaxedBodyHash
 * @param at milliseconds since the epoch
 */
export async function signatureField(fields: readonly SignedField[], bodyHash: string, key: SigningKey, at: number): Promise<string> {
  const names = signedNames(fields);
  const unsigned = [
    `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed;`,
    `d=${key.domain}; s=${key.selector};`,
    `t=${Math.floor(at / 1000)};`,
    `h=${fold(names)};`,
    `bh=${bodyHash};`,
    'b=',
  ].join('\r\n\t');
  const chosen = chooseFields(fields, names);
  const octets = Buffer.concat([
    ...chosen.map((field) => relaxedField(field)),
    relaxedField(Buffer.from(unsigned, 'latin1')).subarray(0, -2),
  ]);
  const signature = await signOctets(octets, key);
  return `${unsigned}${signature.toString('base64').replace(/.{72}(?=.)/g, '$&\r\n\t')}\r\n`;
}

/** The names of the tag `h`. */
function signedNames(fields: readonly SignedField[]): readonly string[] {
  const count = (name: string): number => fields.filter(({ key }) => key === name).length;
  const times = (name: string, n: number): string[] => Array.from({ length: n }, () => name);
  return [...OVERSIGNED.flatMap((name) => times(name, count(name) + 1)), ...SIGNED.flatMap((name) => times(name, count(name)))];
}

/** The fields those names stand for: of several with one name the lowest first (RFC 6376 5.4.2); one too many stands for nothing. */
function chooseFields(fields: readonly SignedField[], names: readonly string[]): readonly Uint8Array[] {
  const left = new Map<string, Uint8Array[]>();
  for (const { key, octets } of fields) left.set(key, [...(left.get(key) ?? []), octets]);
  return names.flatMap((name) => left.get(name)?.pop() ?? []);
}

/** RFC 6376 3.4.2, with CRLF at its end. */
function relaxedField(octets: Uint8Array): Buffer {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).replace(/[ \t]+$/, '');
  const value = text
    .slice(colon + 1)
    .replace(/\r?\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
  return Buffer.from(`${name.toLowerCase()}:${value}\r\n`, 'latin1');
}

/** Ed25519 signs the SHA-256 digest itself (RFC 8463 3). */
function signOctets(octets: Uint8Array, { algorithm, key }: SigningKey): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const done = (error: Error | null, signature: Buffer): void => (error === null ? resolve(signature) : reject(error));
  if (algorithm === 'rsa-sha256') signWithKey('sha256', octets, key, done);
  else signWithKey(null, createHash('sha256').update(octets).digest(), key, done);
  return promise;
}

function fold(names: readonly string[]): string {
  let text = '';
  let column = 2;
  for (const [i, name] of names.entries()) {
    const piece = i === names.length - 1 ? name : `${name}:`;
    if (column + piece.length > 74) {
      text += '\r\n\t ';
      column = 2;
    }
    text += piece;
    column += piece.length;
  }
  return text;
}
