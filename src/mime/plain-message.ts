// Whether a message is nothing but plain text, and its reading where it is: by the readers of any message, which then take no file format
// and no library to it. What looks odd in any way is not said to be plain: it is for a reading child.
import type { ReadEvent } from '../mail/read-event.ts';
import type { ReadLimits } from '../mail/read-limits.ts';
import { type BodyDecoding, decodeBody } from './body-decoding.ts';
import { aboutEntity, type EntityAbout } from './extract/entity-fields.ts';
import { messageExtractor } from './extract/message.ts';
import { textExtractor } from './extract/text.ts';
import { type LooseHeader, readLooseHeader } from './loose-header.ts';
import type { Coding, MediaType } from './media-type.ts';
import { extractorsByKind, readMessage } from './read-message.ts';

/**
 * The events of a message whose whole MIME structure is one text/plain entity without a defect or a blind spot (RFC 2045 5.2, 6), just as
 * `readMessage` tells them with every reader; null for any other.
 */
export async function readPlain(bytes: Buffer, limits: ReadLimits): Promise<readonly ReadEvent[] | null> {
  if (bytes.length > limits.messageBytes || !looksPlain(bytes)) return null;
  const events: ReadEvent[] = [];
  const extractors = extractorsByKind([messageExtractor, textExtractor]);
  await readMessage(bytes, { extractors, limits, skip: new Map(), tell: (event) => void events.push(event) });
  return isPlain(events) ? events : null;
}

/** Takes the header apart and the transfer encoding off, and nothing else. */
function looksPlain(bytes: Buffer): boolean {
  const header = readLooseHeader(bytes);
  if (header.end !== 'empty-line' || header.defects.length > 0 || header.otherBodyStarts.length > 0) return false;
  if (!isPlainHeader(bytes.toString('latin1', 0, header.bodyStart)) || hasExtendedParameters(header)) return false;
  const about = aboutEntity(header, header.fields, 'text/plain');
  if (!isPlainEntity(about)) return false;
  const body = bytes.subarray(header.bodyStart);
  // Without a type a delimiter speaks for itself.
  if (about.clarity === 'bare' && body.toString('latin1', 0, 2) === '--') return false;
  const { bytes: octets, defects } = decodeBody(body, about.codings[0] ?? 'unknown', NO_UNPACKING);
  return defects.length === 0 && isPlainBody(octets.toString('latin1'));
}

/** Charsets that Node.js itself decodes, one octet a character or UTF-8. */
const PLAIN_CHARSET = /^(?:us-ascii|utf-8|iso-8859-(?:[1-9]|1[03-6])|windows-125[0-8])$/i;
const PLAIN_CODINGS: ReadonlySet<Coding> = new Set(['identity', 'quoted-printable', 'base64']);
const NO_UNPACKING: BodyDecoding = {
  unpack: () => {
    throw new Error('plain text is not packed');
  },
};

/** No control, no bare CR, and no encoded word but in charsets as above. What follows `=?` begins one, but where it is the end of base64. */
function isPlainHeader(text: string): boolean {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/.test(text)) return false;
  return !text.includes('=?') || [...text.matchAll(/=\?(?!=\s)([^?*]{0,20})/g)].every(([, charset = '']) => PLAIN_CHARSET.test(charset));
}

/** They may be in any charset (RFC 2231 4). */
function hasExtendedParameters({ bytes, fields }: LooseHeader): boolean {
  return fields.some(
    ({ key, valueStart, end }) => /^content-(?:type|disposition)$/.test(key) && bytes.subarray(valueStart, end).includes('*'),
  );
}

function isPlainEntity({ types, codings, disposition, names, clarity, defects }: EntityAbout): boolean {
  const [type] = types;
  const [coding] = codings;
  if (type === undefined || coding === undefined || types.length > 1 || codings.length > 1) return false;
  if (clarity === 'unclear' || defects.length > 0 || names.length > 0 || (disposition !== '' && disposition !== 'inline')) return false;
  return isPlainType(type) && PLAIN_CODINGS.has(coding);
}

function isPlainType(type: MediaType): boolean {
  const charsets = type.readings('charset');
  return (
    type.type === 'text/plain' && type.build === 'proper' && charsets.length < 2 && charsets.every((charset) => PLAIN_CHARSET.test(charset))
  );
}

/** No control, which every binary format has, and no line where a file in the text may begin. */
function isPlainBody(text: string): boolean {
  return !/[\0-\x08\x0b\x0e-\x1f\x7f]/.test(text) && !/(?:^|\n)(?:begin|=ybegin)/.test(text);
}

/** What was found bears it out: a message and its text. */
function isPlain(events: readonly ReadEvent[]): boolean {
  const parts = events.flatMap((event) => (event.event === 'part' ? [event.part] : []));
  const [message, text] = parts;
  if (message?.kind !== 'message' || (text?.kind !== 'text' && text?.kind !== 'empty')) return false;
  return (
    parts.length === 2 && text.role === 'body' && events.every(({ event }) => event === 'part' || event === 'part-read' || event === 'span')
  );
}
