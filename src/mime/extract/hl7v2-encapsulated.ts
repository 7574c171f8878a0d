// What a field of HL7 v2 encapsulates: a document in data type ED, or base64 that systems put where text should stand.
import { innerOf, looksLikeBase64 } from './base64-content.ts';
import type { Inner } from './extractor.ts';
import { unescape } from './hl7v2-fields.ts';
import type { Separators } from './hl7v2-segments.ts';

/**
 * Takes what is encapsulated out of a field (data type ED, HL7 v2.9 2A.2.25: source, type, subtype, encoding, data).
 * @param dataType of the field
 * @returns what is left of the field as text
 */
export function takeEncapsulated(field: string, dataType: string, separators: Separators, found: Inner[]): string {
  const left: string[] = [];
  for (const repetition of field.split(separators.repetition, MOST)) {
    const parts = repetition.split(separators.component, MOST);
    const media = dataType === 'ED' ? mediaType(parts[1] ?? '', parts[2] ?? '') : null;
    const rest = parts.filter((part, place) => {
      const isData = dataType === 'ED' && place === 4;
      const bytes = isData ? decoded(part, parts[3] ?? '', separators) : looksLikeBase64(part) ? Buffer.from(part, 'base64') : null;
      if (bytes === null || bytes.length === 0) return true;
      found.push(innerOf(bytes, media));
      return false;
    });
    left.push(rest.join(separators.component));
  }
  return left.join(separators.repetition);
}

/** Long fields with more than these are text. */
const MOST = 10_000;

/** Octets of ED's data (HL7 table 0299), or null where it is text that is read as it stands. */
function decoded(data: string, encoding: string, separators: Separators): Buffer | null {
  if (/^base64/i.test(encoding)) return Buffer.from(data, 'base64');
  if (/^hex/i.test(encoding)) return Buffer.from(data.replace(/[^0-9A-Fa-f]/g, ''), 'hex');
  if (looksLikeBase64(data)) return Buffer.from(data, 'base64');
  const plain = unescape(data, separators);
  return /^\s{0,20}(?:<[?!a-z]|\{\\rtf)/i.test(plain.slice(0, 50)) ? Buffer.from(plain) : null;
}

/** HL7 table 0191 and 0291; many send a media type's two halves. */
function mediaType(type: string, subtype: string): string | null {
  const main = { ap: 'application', im: 'image', tx: 'text', ft: 'text' }[type.toLowerCase()] ?? type.toLowerCase();
  return /^(?:application|image|text|audio|video)$/.test(main) ? `${main}/${subtype}` : null;
}
