// The signed head of a log: a small document, kept away from the data folder, that says how far the chain had come.
// Ed25519 over its canonical bytes (RFC 8032). Keys are passed in, or whatever signs with them.
import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface HeadSigner {
  sign(bytes: Uint8Array): Uint8Array;
}

export interface HeadVerifier {
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

export function headSigner(privateKey: KeyObject): HeadSigner {
  return { sign: (bytes) => sign(null, bytes, privateKey) };
}

export function headVerifier(publicKey: KeyObject): HeadVerifier {
  return { verify: (bytes, signature) => verify(null, bytes, publicKey, signature) };
}

export interface Head {
  readonly logId: string;
  readonly seq: number;
  readonly hash: Uint8Array;
  /** Milliseconds since the epoch, UTC. */
  readonly at: number;
}

/** Domain separation: the signature can be taken for nothing else that the key may sign. */
const LABEL = 'postern evidence head v1\n';

function documentOf(head: Head): string {
  return JSON.stringify({
    v: 1,
    log: head.logId,
    seq: head.seq,
    hash: Buffer.from(head.hash).toString('hex'),
    at: new Date(head.at).toISOString(),
  });
}

/** The head as one line of JSON with its signature. */
export function signHead(head: Head, signer: HeadSigner): string {
  const document = documentOf(head);
  return JSON.stringify({ head: document, signature: Buffer.from(signer.sign(Buffer.from(LABEL + document))).toString('base64') });
}

/** Reads a signed head. Null where it is none or its signature does not hold. */
export function openHead(text: string, verifier: HeadVerifier): Head | null {
  const outer = fields(text);
  if (outer === null || typeof outer['head'] !== 'string' || typeof outer['signature'] !== 'string') return null;
  if (!verifier.verify(Buffer.from(LABEL + outer['head']), Buffer.from(outer['signature'], 'base64'))) return null;
  const { v, log, seq, hash, at } = fields(outer['head']) ?? {};
  if (v !== 1 || typeof log !== 'string' || typeof seq !== 'number' || typeof hash !== 'string' || typeof at !== 'string') return null;
  return { logId: log, seq, hash: Buffer.from(hash, 'hex'), at: Date.parse(at) };
}

function fields(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
