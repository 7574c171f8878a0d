// What the header of a part says about how it is shown: the usual reading of its fields only, bounded, so that thousands can be kept.
import { boundariesOf } from '../extract/entity-fields.ts';
import type { EntityHeader } from '../entity-header.ts';
import { structuredText } from '../field-text.ts';
import { type HeaderBlock, parseHeaderBlock } from '../header-block.ts';
import { type Coding, parseDisposition, parseMediaType, parseTransferEncoding } from '../media-type.ts';
import type { Inside } from '../mime-walk.ts';
import { asBuffer } from '../octets.ts';

export interface PartHeader {
  /** In lower case: `text/plain`; `text/plain` where there is none, and '' where it cannot be read. */
  readonly type: string;
  readonly charset: string | null;
  /** RFC 3676: what a soft line break leaves behind; null where the text is not flowed. */
  readonly flowed: 'space' | 'nothing' | null;
  /** Content-ID that names the root of multipart/related (RFC 2387). */
  readonly rootId: string | null;
  /** Of Content-Disposition (RFC 2183), '' for none. */
  readonly disposition: string;
  /** Decoded, and no more than that. */
  readonly name: string | null;
  /** Without angle brackets. */
  readonly contentId: string | null;
  readonly coding: Coding;
}

const LONGEST_NAME = 1_000;
const LONGEST_VALUE = 250;

/** @param octets of the header */
export function readPartHeader(octets: Buffer, { hasContentType, contentType }: EntityHeader): PartHeader {
  const block = parseHeaderBlock(octets);
  const typeField = hasContentType ? fieldValue(block, 'content-type') : null;
  const type = parseMediaType(typeField ?? `${contentType.type}/${contentType.subtype}`);
  const disposition = parseDisposition(fieldValue(block, 'content-disposition') ?? '');
  const encoding = fieldValue(block, 'content-transfer-encoding');
  const value = (name: string): string | null => type.values.get(name)?.trim().slice(0, LONGEST_VALUE) ?? null;
  const name = disposition.values.get('filename') ?? type.values.get('name') ?? '';
  return {
    type: type.type,
    charset: value('charset'),
    flowed: value('format')?.toLowerCase() === 'flowed' ? (value('delsp')?.toLowerCase() === 'yes' ? 'nothing' : 'space') : null,
    rootId: withoutBrackets(value('start')),
    disposition: disposition.type,
    name: name.trim() === '' ? null : name.slice(-LONGEST_NAME),
    contentId: withoutBrackets(fieldValue(block, 'content-id')),
    coding: encoding === null ? 'identity' : parseTransferEncoding(encoding).coding,
  };
}

/** The parts of a multipart are followed, also of one that is signed; a message inside is an attachment. */
export function insideOf(octets: Buffer, { type }: PartHeader): Inside {
  if (!type.startsWith('multipart/')) return { kind: 'nothing' };
  const [boundary] = boundariesOf(parseMediaType(fieldValue(parseHeaderBlock(octets), 'content-type') ?? ''));
  const trimmed = boundary?.trimEnd() ?? '';
  return trimmed === '' ? { kind: 'nothing' } : { kind: 'multipart', boundary: trimmed };
}

/** Of the first field of that name, as latin1. */
function fieldValue(block: HeaderBlock, key: string): string | null {
  const field = block.fields.find((one) => one.key === key);
  return field === undefined ? null : structuredText(asBuffer(block.bytes).subarray(field.valueStart, field.end));
}

function withoutBrackets(value: string | null): string | null {
  const id = /<([^<>]*)>/.exec(value?.slice(0, 2_000) ?? '')?.[1] ?? value;
  const trimmed = id?.trim().slice(0, LONGEST_VALUE) ?? '';
  return trimmed === '' ? null : trimmed;
}
