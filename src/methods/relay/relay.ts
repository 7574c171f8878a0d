// The relay: the message itself over a TLS floor. Packs it as it is where nothing has to change; else makes it 7-bit, changes what policy
// asked for, and signs it. Content is read again for each pass and each next hop; only a small message is kept in memory.
import { RelaxedBodyHash } from '../../dkim/body-hash.ts';
import { signatureField } from '../../dkim/sign.ts';
import type { SigningKey, SigningKeys } from '../../dkim/signing-keys.ts';
import { fieldBytes, HEADER_LIMITS, parseHeaderBlock } from '../../mime/header-block.ts';
import { HeaderCollector } from '../../mime/header-collector.ts';
import { type Changes, type Modification, modify, planModification } from '../../mime/modify.ts';
import { planRecoding, recode, type Recoding } from '../../mime/transfer-encoding.ts';
import { CHUNK_BYTES } from '../../spool/spool.ts';
import type { Wire } from '../../transport/transport.ts';
import type { Content, SendingMethod } from '../method.ts';
import { authorDomain } from './author-domain.ts';
import { changesOf, headerGrowth, type UnsubscribeUrl } from './changes.ts';

export interface RelayDeps {
  /** Those in effect now. */
  readonly signingKeys: () => SigningKeys;
  /** Milliseconds since the epoch: the time of signatures. */
  readonly now: () => number;
  /** Asked only where policy decided that unsubscribing is offered; where it gives null, such mail is not sent. */
  readonly unsubscribeUrl: UnsubscribeUrl;
}

/** What the 7-bit pass may add to a header: with less room left below the limit it could not be read again to be signed. */
const ROOM = 4_096;
const AS_IS: Recoding = { edits: [], body: '7bit', needs: 'nothing' };
const UNCHANGED: Modification = { edits: [], tail: '' };

export function relayMethod(deps: RelayDeps): SendingMethod {
  return {
    name: 'relay',
    does: 'send',
    // The delivery attempt itself is the probe (DESIGN.md section 2).
    reach: async (delivery) =>
      delivery.decision.modifiers.unsubscribe !== null && deps.unsubscribeUrl(delivery) === null
        ? { reach: 'no', code: 'delivery.no-unsubscribe' }
        : { reach: 'yes' },
    pack: async (delivery, content) => pack(delivery.message.content.needs, changesOf(delivery, deps.unsubscribeUrl), content, deps),
  };
}

/** The road's usual case costs nothing: 7-bit, no change, no key, nothing is read. */
async function pack(needs: 'nothing' | 're-encoding', changes: Changes | null, content: Content, deps: RelayDeps): Promise<Wire> {
  const keys = deps.signingKeys();
  if (needs === 'nothing' && changes === null && keys.size === 0)
    return { sizeBytes: content.sizeBytes, body: '7bit', needs: 'nothing', read: () => content.read() };
  const source = content.sizeBytes <= CHUNK_BYTES ? await keep(content) : content;
  const own = keys.size === 0 ? [] : await keysFor(source, keys, ROOM + headerGrowth(changes));
  // A text behind the body leaves no signature of another that could still hold.
  const signed = own.length > 0 || (changes !== null && changes.appendText !== null) ? 'replace' : 'keep';
  const recoding = needs === 'nothing' ? AS_IS : await planRecoding(source.read(), signed);
  const modification = changes === null ? UNCHANGED : await planFor(recode(source.read(), recoding), changes, recoding.body);
  const packed = isSame(recoding, modification, own)
    ? { sizeBytes: source.sizeBytes, read: () => source.read() }
    : await change(() => modify(recode(source.read(), recoding), modification), own, deps.now());
  return { ...packed, body: recoding.body, needs: recoding.needs };
}

function isSame(recoding: Recoding, { edits, tail }: Modification, keys: readonly SigningKey[]): boolean {
  return recoding.edits.length === 0 && edits.length === 0 && tail === '' && keys.length === 0;
}

/** Of encoded content, so that what is moved around it says how it is encoded. */
async function planFor(pieces: AsyncIterable<Uint8Array>, changes: Changes, body: Recoding['body']): Promise<Modification> {
  const header = await headerOf(pieces);
  // Sent without the changes it would not be what policy decided.
  if (header === null) throw new Error('a header over its limit cannot be changed');
  return planModification(header, changes, body);
}

/** The content as it will be sent, its signatures in front. */
async function change(changed: () => AsyncIterable<Uint8Array>, keys: readonly SigningKey[], at: number): Promise<Content> {
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

/** The keys that speak for the author's domain, where the header leaves so much room below the limit. */
async function keysFor(source: Content, keys: SigningKeys, room: number): Promise<readonly SigningKey[]> {
  const header = await headerOf(source.read());
  if (header === null) return [];
  const block = parseHeaderBlock(header);
  const domain = block.end <= HEADER_LIMITS.sizeBytes - room ? authorDomain(block) : null;
  return domain === null ? [] : (keys.get(domain) ?? []);
}

/** Reads no further than the header; null where it is over its limit. */
async function headerOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const collector = new HeaderCollector();
  for await (const piece of pieces) {
    const collected = collector.push(piece);
    if (collected.kind === 'too-large') return null;
    if (collected.kind === 'header') return collected.header;
  }
  return collector.end();
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
