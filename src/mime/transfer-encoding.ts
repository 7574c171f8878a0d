// The 7-bit pass (RFC 2045 6, RFC 6152 3): leaf parts with octets over 127 or lines over 998 octets are encoded again; everything else,
// and every part that is signed, encrypted or unclear, stays byte for byte. Two readings of the content: one to plan, one to change.
import { isIdentity } from './entity-header.ts';
import { type Entity, MimeWalk, type Walked } from './mime-walk.ts';
import { type Edit, splice } from './splice.ts';

export interface Recoding {
  /** None: the content stays as it is. */
  readonly edits: readonly Edit[];
  /** What the content is then. */
  readonly body: '7bit' | '8bitmime';
  /** What a next hop must offer because of octets that could not be changed. */
  readonly needs: 'nothing' | '8bitmime' | 'smtputf8';
}

/**
 * Reads the content once and plans what has to change.
 * @param signed 'keep': where the message carries a DKIM signature already, nothing is changed that it covers
 */
export async function planRecoding(content: AsyncIterable<Uint8Array>, signed: 'keep' | 'replace'): Promise<Recoding> {
  const walk = new MimeWalk();
  for await (const piece of content) walk.push(piece);
  return recodingOf(walk.finish(), signed);
}

/** The changed content. */
export function recode(content: AsyncIterable<Uint8Array>, recoding: Recoding): AsyncIterable<Uint8Array> {
  return recoding.edits.length === 0 ? content : splice(content, recoding.edits);
}

function recodingOf({ entities, end }: Walked, signed: 'keep' | 'replace'): Recoding {
  const untouched = end === 'over-limits' || (signed === 'keep' && entities[0]?.header.signature === 'dkim');
  const encoded = new Set(untouched ? [] : entities.filter(isToEncode));
  const left = entities.filter((entity) => entity.eightBit && !encoded.has(entity));
  const utf8 = entities.some((entity) => entity.header.eightBit && !isWithinMessage(entity));
  const eightBit = left.length > 0 || entities.some(({ header }) => header.eightBit);
  return {
    edits: untouched
      ? []
      : entities.flatMap((entity) => editsOf(entity, encoded, eightBit)).sort((a, b) => a.start - b.start || a.end - b.end),
    body: eightBit ? '8bitmime' : '7bit',
    needs: utf8 ? 'smtputf8' : eightBit ? '8bitmime' : 'nothing',
  };
}

function isToEncode({ header, eightBit, longLines }: Entity): boolean {
  if (header.kind !== 'leaf' || !(eightBit || longLines)) return false;
  // Octets over 127 in base64 are no base64: what they mean nobody can say.
  return header.encoding !== 'base64' || !eightBit;
}

/** A header inside a message/rfc822 part: old mail with raw octets, not internationalised mail (RFC 6532 3.7). */
function isWithinMessage(entity: Entity): boolean {
  for (let around = entity.parent; around !== null; around = around.parent) if (around.header.kind === 'message') return true;
  return false;
}

function editsOf(entity: Entity, encoded: ReadonlySet<Entity>, eightBitLeft: boolean): readonly Edit[] {
  const { header } = entity;
  if (header.kind === 'opaque') return [];
  const folds = header.folds.map((at): Edit => ({ kind: 'replace', start: at, end: at, text: '\r\n' }));
  if (encoded.has(entity)) return [...folds, ...encodingEdits(entity)];
  // A multipart says 8bit or binary of what is 7-bit now.
  const label = header.encodingField;
  const wrong = header.kind !== 'leaf' && label !== null && header.encoding !== '7bit' && !eightBitLeft;
  return wrong ? [...folds, { kind: 'replace', ...label, text: encodingField('7bit') }] : folds;
}

function encodingEdits(entity: Entity): readonly Edit[] {
  const { header, bodyStart, bodyEnd } = entity;
  const body = { kind: 'encode', start: bodyStart, end: bodyEnd } as const;
  if (header.encoding === 'base64') return [{ ...body, how: 'break-base64', tail: '' }];
  if (header.encoding === 'quoted-printable') return [{ ...body, how: 'mend-quoted-printable', tail: '' }];
  const how = header.contentType.type === 'text' ? 'quoted-printable' : 'base64';
  const field = isIdentity(header.encoding) ? header.encodingField : null;
  const isMessage = entity.parent?.header.kind !== 'multipart';
  const added = [
    isMessage && !header.hasMimeVersion ? 'MIME-Version: 1.0\r\n' : '',
    // What has no type is text/plain (RFC 2045 5.2); octets over 127 have a charset then, or an unknown one (RFC 1428).
    isMessage && !header.hasContentType
      ? `Content-Type: text/plain; charset=${entity.charset === 'utf-8' ? 'utf-8' : 'unknown-8bit'}\r\n`
      : '',
    field === null ? encodingField(how) : '',
  ].join('');
  const edits: Edit[] = [];
  if (field !== null) edits.push({ kind: 'replace', ...field, text: encodingField(how) });
  if (added !== '') edits.push({ kind: 'replace', start: header.insertAt, end: header.insertAt, text: added });
  // A message ends with a line end; in a multipart the line end before the delimiter belongs to that.
  edits.push({ ...body, how, tail: how === 'base64' && !isWithinMultipart(entity) ? '\r\n' : '' });
  return edits;
}

function isWithinMultipart(entity: Entity): boolean {
  for (let around = entity.parent; around !== null; around = around.parent) if (around.header.kind === 'multipart') return true;
  return false;
}

function encodingField(encoding: string): string {
  return `Content-Transfer-Encoding: ${encoding}\r\n`;
}
