// The relay: the message itself over a TLS floor. Packs it as it is where nothing has to change; else makes it 7-bit and signs it.
// Content is read again for each pass and each next hop; only a small message is kept in memory.
import { RelaxedBodyHash } from '../../dkim/body-hash.ts';
import { signatureField } from '../../dkim/sign.ts';
import type { SigningKey, SigningKeys } from '../../dkim/signing-keys.ts';
import { fieldBytes, HEADER_LIMITS, parseHeaderBlock } from '../../mime/header-block.ts';
import { HeaderCollector } from '../../mime/header-collector.ts';
import { planRecoding, recode, type Recoding } from '../../mime/transfer-encoding.ts';
import { CHUNK_BYTES } from '../../spool/spool.ts';
import type { Wire } from '../../transport/transport.ts';
import type { Content, DeliveryMethod } from '../method.ts';
import { authorDomain } from './author-domain.ts';

export interface RelayDeps {
  /** Those in effect now. */
  readonly signingKeys: () => SigningKeys;
  /** Milliseconds since the epoch: the time of signatures. */
  readonly now: () => number;
}

/** What the 7-bit pass may add to a header: with less room left below the limit it could not be read again to be signed. */
const ROOM = 4_096;
const AS_IS: Recoding = { edits: [], body: '7bit', needs: 'nothing' };

export function relayMethod(deps: RelayDeps): DeliveryMethod {
  return {
    name: 'relay',
    // The delivery attempt itself is the probe (DESIGN.md section 2).
    reach: async () => ({ reach: 'yes' }),
    pack: async (delivery, content) => pack(delivery.message.content.needs, content, deps),
  };
}

/** The road's usual case costs nothing: 7-bit, no key, nothing is read. */
async function pack(needs: 'nothing' | 're-encoding', content: Content, deps: RelayDeps): Promise<Wire> {
  const keys = deps.signingKeys();
  if (needs === 'nothing' && keys.size === 0)
    return { sizeBytes: content.sizeBytes, body: '7bit', needs: 'nothing', read: () => content.read() };
  const source = content.sizeBytes <= CHUNK_BYTES ? await keep(content) : content;
  const own = keys.size === 0 ? [] : await keysFor(source, keys);
  const recoding = needs === 'nothing' ? AS_IS : await planRecoding(source.read(), own.length > 0 ? 'replace' : 'keep');
  const packed =
    recoding.edits.length === 0 && own.length === 0
      ? { sizeBytes: source.sizeBytes, read: () => source.read() }
      : await change(source, recoding, own, deps.now());
  return { ...packed, body: recoding.body, needs: recoding.needs };
}

/** The content with its edits made and its signatures in front. */
async function change(source: Content, recoding: Recoding, keys: readonly SigningKey[], at: number): Promise<Content> {
  const changed = (): AsyncIterable<Uint8Array> => recode(source.read(), recoding);
  const { fields, bodyHash, sizeBytes } = await measure(changed(), keys.length > 0 ? new RelaxedBodyHash() : null);
  const signatures = await Promise.all(keys.map((key) => signatureField(fields, bodyHash, key, at)));
  const prefix = Buffer.from(signatures.join(''), 'latin1');
  const packed: Content = { sizeBytes: prefix.length + sizeBytes, read: () => prefixed(prefix, changed()) };
  return packed.sizeBytes <= CHUNK_BYTES ? keep(packed) : packed;
}

interface Measured {
  readonly fields: readonly { readonly key: string; readonly octets: Uint8Array }[];
  readonly bodyHash: string;
  readonly sizeBytes: number;
}

/** One pass over the content as it will be sent. */
async function measure(pieces: AsyncIterable<Uint8Array>, hash: RelaxedBodyHash | null): Promise<Measured> {
  const collector = new HeaderCollector();
  let header: Uint8Array | null = null;
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (hash === null) continue;
    if (header !== null) {
      hash.update(piece);
      continue;
    }
    const collected = collector.push(piece);
    if (collected.kind === 'too-large') throw new Error('header grew over its limit');
    if (collected.kind === 'more') continue;
    header = collected.header;
    hash.update(collected.rest);
  }
  const block = parseHeaderBlock(header ?? collector.end());
  const fields = block.fields.map((field) => ({ key: field.key, octets: fieldBytes(block, field) }));
  return { fields, bodyHash: hash?.digest() ?? '', sizeBytes };
}

/** The keys that speak for the author's domain. Reads the header only. */
async function keysFor(source: Content, keys: SigningKeys): Promise<readonly SigningKey[]> {
  const collector = new HeaderCollector();
  let header: Uint8Array | null = null;
  for await (const piece of source.read()) {
    const collected = collector.push(piece);
    if (collected.kind === 'too-large') return [];
    if (collected.kind === 'more') continue;
    header = collected.header;
    break;
  }
  const block = parseHeaderBlock(header ?? collector.end());
  const domain = block.end <= HEADER_LIMITS.sizeBytes - ROOM ? authorDomain(block) : null;
  return domain === null ? [] : (keys.get(domain) ?? []);
}

async function keep(content: Content): Promise<Content> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content.read()) pieces.push(piece);
  const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  return { sizeBytes: bytes.length, read: () => once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* prefixed(prefix: Uint8Array, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (prefix.length > 0) yield prefix;
  yield* pieces;
}
