// Messages (RFC 5322, RFC 6532) and multiparts (RFC 2046) as trees of parts, numbered as IMAP counts them (RFC 3501 6.4.5).
import { looksLikeBase64 } from '../body-decoding.ts';
import { boundariesNamed, readEntity, readParts } from './entity.ts';
import { rolesWithin } from './entity-fields.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { OtherReadings } from './other-readings.ts';

export const messageExtractor: Extractor = {
  kinds: ['message'],
  async extract(source, output) {
    if (source.declaredType === 'message/partial') return readPartial(source, output);
    if (source.declaredType === 'message/external-body') output.defect('body-elsewhere');
    await readWhole(source, output);
  },
};

export const multipartExtractor: Extractor = {
  kinds: ['multipart'],
  async extract({ bytes, declaredType, parameters, role }, output) {
    const subtype = declaredType?.slice('multipart/'.length) ?? 'mixed';
    const boundaries = boundariesNamed(parameters);
    await readParts({ body: bytes, subtype, boundaries, start: parameters.get('start') ?? null, role }, new OtherReadings(output));
  },
};

/** An entity that is a node of its own: a message, or what an S/MIME signature holds. */
export async function readWhole({ bytes, role }: Pick<Source, 'bytes' | 'role'>, output: Output): Promise<void> {
  const roleOf = rolesWithin(role === 'other-reading' ? role : 'body', 'mixed', null);
  const place = { standing: 'node', defaultType: 'text/plain', roleOf, beyond: null, outerBoundary: null } as const;
  await readEntity(bytes, place, new OtherReadings(output));
}

/**
 * One piece of a message that was sent in pieces (RFC 2046 5.2.2). The first has the header of the whole; the others begin anywhere, also
 * within an encoded file.
 */
async function readPartial(source: Source, output: Output): Promise<void> {
  output.defect('part-incomplete');
  const { bytes, parameters, role } = source;
  const number = Number(parameters.get('number') ?? 1);
  if (number <= 1) return readWhole(source, output);
  const piece = { parameters: new Map<string, string>(), name: null, role };
  await output.inner({ ...piece, bytes, declaredType: 'text/plain' });
  if (!looksLikeBase64(bytes)) return;
  output.blind('unknown');
  const decoded = { ...piece, bytes: Buffer.from(bytes.toString('latin1'), 'base64'), declaredType: null };
  await new OtherReadings(output).other('', decoded);
}
