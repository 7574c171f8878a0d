// OpenPGP (RFC 9580): clear-signed text is read as text, signed and compressed data as what it holds; what is encrypted is a blind spot.
import { decodeText } from '../charset.ts';
import { type Armor, armoredOctets, findArmor, signedText } from '../openpgp-armor.ts';
import { isEncrypted, literalOf, PACKET, type Packet, readPackets } from '../openpgp-packets.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { unpack } from './unpack.ts';

export const pgpExtractor: Extractor = {
  kinds: ['pgp-encrypted', 'pgp-signed'],
  async extract(source, output) {
    if (((source.bytes[0] ?? 0) & 0x80) !== 0 && !source.bytes.includes('-----BEGIN PGP ')) return readData(source.bytes, source, output);
    const { text } = decodeText(source.bytes, source.parameters.get('charset') ?? null);
    let at = 0;
    for (const armor of findArmor(text)) {
      output.text({ area: 'text' }, text.slice(at, armor.start).trim());
      await readArmor(text, armor, source, output);
      at = armor.end;
    }
    output.text({ area: 'text' }, text.slice(at).trim());
  },
};

async function readArmor(text: string, armor: Armor, source: Source, output: Output): Promise<void> {
  if (armor.kind === 'signed-text') output.text({ area: 'text' }, signedText(text, armor));
  if (armor.kind !== 'message') return;
  const octets = armoredOctets(text, armor);
  // Of a message in parts only the first begins with a packet.
  if (octets.length === 0) output.blind('broken');
  else await readData(octets, source, output);
}

/** Compressed data may hold compressed data. */
const DEEPEST = 8;

async function readData(bytes: Buffer, source: Source, output: Output): Promise<void> {
  let packets: readonly Packet[] = readPackets(bytes);
  let found = false;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const inside: Packet[] = [];
    for (const packet of packets) {
      if (isEncrypted(packet)) output.blind('encrypted');
      found ||= isEncrypted(packet) || packet.tag === PACKET.literal || packet.tag === PACKET.compressed;
      if (packet.tag === PACKET.literal) await readLiteral(packet, source, output);
      if (packet.tag === PACKET.compressed) inside.push(...readPackets(decompress(packet.body, output)));
    }
    if (inside.length === 0) break;
    if (depth === DEEPEST - 1) output.blind('too-deep');
    packets = inside;
  }
  if (!found) output.blind('broken');
}

async function readLiteral(packet: Packet, { role, declaredType }: Source, output: Output): Promise<void> {
  const literal = literalOf(packet);
  if (literal === null) return output.blind('broken');
  const type = declaredType?.startsWith('text/') === true ? declaredType : null;
  await output.inner({ bytes: literal.bytes, declaredType: type, parameters: new Map(), name: literal.name, role });
}

/** RFC 9580 9.4: none, ZIP, ZLIB; BZip2 is not read. */
function decompress(body: Buffer, output: Output): Buffer {
  const data = body.subarray(1);
  switch (body[0]) {
    case 0:
      return data;
    case 1:
      return unpack(data, 'deflate', output);
    case 2:
      return unpack(data, 'zlib', output);
    case undefined:
    default:
      output.blind('unknown');
      return Buffer.alloc(0);
  }
}
