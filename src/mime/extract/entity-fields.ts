// What the header of an entity says about its body: type, transfer encoding, disposition and names, in each reading that differs.
import { isAscii } from 'node:buffer';
import type { DefectCode, PartRole } from '../../mail/message.ts';
import { readFieldText, structuredText } from '../field-text.ts';
import type { LooseField, LooseHeader } from '../loose-header.ts';
import { type Coding, type Disposition, type MediaType, parseDisposition, parseMediaType, parseTransferEncoding } from '../media-type.ts';
import type { Output } from './extractor.ts';

export interface EntityAbout {
  /** The usual reading first; at least one. */
  readonly types: readonly MediaType[];
  readonly codings: readonly Coding[];
  /** Of Content-Disposition, '' for none. */
  readonly disposition: string;
  readonly contentId: string | null;
  /** File names, each reading once. */
  readonly names: readonly string[];
  /** The header may mean more than was understood: what the body looks like is tried as well; 'bare' has no type at all. */
  readonly clarity: 'clear' | 'unclear' | 'bare';
  readonly defects: readonly DefectCode[];
}

const MOST_TYPES = 3;

/** @param fields those that count: some readers end the header early */
export function aboutEntity(header: LooseHeader, fields: readonly LooseField[], defaultType: string): EntityAbout {
  const { bytes } = header;
  const defects = new Set<DefectCode>();
  const valuesOf = (key: string): readonly string[] => {
    const found = fields.filter((field) => field.key === key).slice(0, 20);
    return [...new Set(found.map(({ valueStart, end }) => structuredText(bytes.subarray(valueStart, end))))];
  };
  const typeValues = valuesOf('content-type');
  const types = typeValues.slice(0, MOST_TYPES).map(parseMediaType);
  const codingsRead = valuesOf('content-transfer-encoding').map(parseTransferEncoding);
  const codings = [...new Set(codingsRead.map(({ coding }) => coding))].slice(0, MOST_TYPES);
  const dispositions = valuesOf('content-disposition').slice(0, MOST_TYPES).map(parseDisposition);
  if (types.some(({ typeBuild }) => typeBuild === 'malformed')) defects.add('content-type-malformed');
  if ([...types, ...dispositions].some(({ build }) => build === 'malformed')) defects.add('parameter-malformed');
  if (types.length > 1 || codings.length > 1 || dispositions.length > 1) defects.add('field-repeated');
  if (codingsRead.some(({ build }) => build === 'malformed')) defects.add('transfer-encoding-unknown');
  const odd =
    types.length > 1 ||
    types.some(({ build }) => build === 'malformed') ||
    codingsRead.length > 1 ||
    codingsRead.some(({ build }) => build === 'malformed');
  return {
    types: types.length > 0 ? types : [parseMediaType(defaultType)],
    codings: codings.length > 0 ? codings : ['identity'],
    disposition: dispositions[0]?.type ?? '',
    contentId: valuesOf('content-id')[0] ?? null,
    names: namesOf(dispositions, types),
    clarity: odd || saysMore(header, types, codings) ? 'unclear' : types.length === 0 ? 'bare' : 'clear',
    defects: [...defects],
  };
}

function namesOf(dispositions: readonly Disposition[], types: readonly MediaType[]): readonly string[] {
  const found = [...dispositions.flatMap((one) => one.readings('filename')), ...types.flatMap((one) => one.readings('name'))];
  return [...new Set(found.map((name) => name.trim()))].filter((name) => name !== '');
}

/** Words of structure stand where they were not understood: in a field that is hidden from us but not from every reader. */
function saysMore({ bytes, fields }: LooseHeader, types: readonly MediaType[], codings: readonly Coding[]): boolean {
  const noMultipart = !types.some(({ type }) => type.startsWith('multipart/'));
  for (const { key, start, end } of fields.slice(0, MOST_FIELDS_LOOKED_AT)) {
    const text = bytes.toString('latin1', start, Math.min(end, start + LOOKED_AT));
    if (key !== '' && !/content|encoding|mime/.test(key) && !/content-?t/i.test(text)) continue;
    if (noMultipart && /multipart|boundary/i.test(text)) return true;
    if (codings.length === 0 && key !== 'content-type' && /base64|quoted-printable|uuencode/i.test(text)) return true;
  }
  return false;
}

const MOST_FIELDS_LOOKED_AT = 1_000;
const LOOKED_AT = 8_192;

/** Boundaries that a reader may take from the field, the usual one first. */
export function boundariesOf(type: MediaType): readonly string[] {
  const found = [...new Set(['boundary', 'boundary*'].flatMap((name) => type.readings(name)))];
  return found.map((one) => (isAscii(Buffer.from(one)) ? one : Buffer.from(one).toString('latin1')));
}

/** Fields that stand once (RFC 5322 3.6, RFC 2045). */
const ONCE: ReadonlySet<string> = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'date',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'content-description',
]);

/** Tells every field as text, each reading of it, and what is odd. */
export function tellFields(header: LooseHeader, output: Output): void {
  const { bytes, fields, bodyStart, defects } = header;
  const charset = isAscii(bytes.subarray(0, bodyStart)) ? null : charsetOf(header);
  for (const defect of defects) output.defect(defect);
  const seen = new Set<string>();
  for (const { key, valueStart, end } of fields) {
    if (ONCE.has(key) && seen.has(key)) output.defect('field-repeated');
    seen.add(key);
    const { readings, defects: found } = readFieldText(bytes.subarray(valueStart, end), charset);
    for (const defect of found) output.defect(defect);
    for (const text of readings) output.text(key === '' ? { area: 'header' } : { area: 'header', field: key.slice(0, 80) }, text);
  }
}

function charsetOf({ bytes, fields }: LooseHeader): string | null {
  const field = fields.find(({ key }) => key === 'content-type');
  if (field === undefined) return null;
  return parseMediaType(structuredText(bytes.subarray(field.valueStart, field.end))).values.get('charset') ?? null;
}

/** Chooses the role of each part of one multipart, in order. */
export type RoleOf = (about: EntityAbout) => PartRole;

/**
 * What is shown as the message is its first text: of related parts the root, of alternatives each.
 * @param start Content-ID that names the root of multipart/related, or null
 */
export function rolesWithin(parent: PartRole, subtype: string, start: string | null): RoleOf {
  let given = false;
  return (about) => {
    if (parent === 'other-reading' || parent === 'member') return parent;
    const type = about.types[0]?.type ?? '';
    const isText = /^(?:text\/|$)/.test(type);
    const shown = about.disposition !== 'attachment' && (isText || SHOWN.test(type));
    if (parent === 'body' && shown) {
      const isRoot = subtype !== 'related' || start === null || start === about.contentId;
      if (subtype === 'alternative') return 'body';
      if (!given && isRoot) {
        given = true;
        return 'body';
      }
    }
    const within =
      about.disposition === 'inline' ||
      (subtype === 'related' && about.disposition !== 'attachment') ||
      (isText && about.disposition === '' && about.names.length === 0);
    return within && parent !== 'attachment' ? 'inline' : 'attachment';
  };
}

const SHOWN = /^(?:multipart\/|application\/(?:x-)?pkcs7-mime$)/;
