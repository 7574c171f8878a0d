// What S/MIME signs or compresses without hiding it (RFC 8551 3.5.2, 3.6): the entity inside, read as if it stood there itself. What is
// enveloped has no extractor: it is a blind spot.
import { cmsContent, cmsEnd, DATA } from '../cms-content.ts';
import type { Extractor, Inner } from './extractor.ts';
import { readWhole } from './message.ts';
import { unpack } from './unpack.ts';

export const smimeExtractor: Extractor = {
  kinds: ['smime-signed'],
  async extract(source, output) {
    const octets = withoutArmor(source.bytes);
    const found = cmsContent(octets);
    // Behind the structure nothing is signed, and some programs look there.
    const behind = octets.subarray(cmsEnd(octets));
    if (behind.length > LONGEST_PADDING) {
      output.defect('container-malformed');
      await output.inner({ ...innerOf(behind, 'other-reading'), declaredType: null });
    }
    // Certificates of a usual signature are short.
    if (found.kind === 'detached') return octets.length > LONGEST_SIGNATURE ? output.blind('unknown') : undefined;
    if (found.kind === 'enveloped') return output.blind('encrypted');
    if (found.kind === 'unknown') return output.blind('broken');
    const bytes = found.kind === 'compressed' ? unpack(found.content, 'zlib', output) : found.content;
    if (bytes.length === 0) return output.blind('broken');
    // Anything but data is another CMS structure, or something of its own.
    if (found.contentType === DATA) return readWhole({ bytes, role: source.role }, output);
    await output.inner(innerOf(bytes, source.role));
  },
};

/** Line ends and the like. */
const LONGEST_PADDING = 4;
const LONGEST_SIGNATURE = 65_536;

function innerOf(bytes: Buffer, role: Inner['role']): Inner {
  return { bytes, declaredType: 'application/pkcs7-mime', parameters: new Map(), name: null, role };
}

/** PEM (RFC 7468), or base64 without anything around it. */
function withoutArmor(bytes: Buffer): Buffer {
  // Base64 of a sequence begins with M.
  if (bytes[0] === 0x30) return bytes;
  const text = bytes.toString('latin1');
  const [, inside] = /-----BEGIN [A-Z0-9 ]{1,40}-----([^-]+)/.exec(text) ?? [];
  return Buffer.from(inside ?? text, 'base64');
}
