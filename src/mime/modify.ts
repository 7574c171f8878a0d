// What policy changes about a message on its way (DESIGN.md section 6): tags out of the subject, fields in front, a fixed text after the body.
// All else stays octet for octet. Edits are planned from the header alone, so that content of any size streams by.
import { addedFieldProblem } from '../mail/added-field.ts';
import { composePart } from './compose.ts';
import { foldedField, unstructuredField } from './field-writing.ts';
import { type HeaderBlock, type HeaderField, parseHeaderBlock } from './header-block.ts';
import { asBuffer, LF, SP, TAB } from './octets.ts';
import { type Replacement, splice } from './splice.ts';
import { subjectWithoutTags } from './subject-tags.ts';

/** Where a recipient says that no more such mail is wanted: URIs, printable US-ASCII. */
export interface UnsubscribeUris {
  /** Answers a POST of `List-Unsubscribe=One-Click` (RFC 8058 3.2); a token in it says who. */
  readonly https: string;
  /** `mailto:` with whatever it needs (RFC 6068). */
  readonly mailto: string;
}

export interface Changes {
  readonly stripTags: readonly string[];
  readonly addFields: readonly { readonly name: string; readonly value: string }[];
  readonly unsubscribe: UnsubscribeUris | null;
  readonly appendText: string | null;
  /** Unique to the message and not known to its author: letters and digits. Makes the delimiter around an appended text. */
  readonly seed: string;
}

export interface Modification {
  /** None, and no tail: the content stays as it is. */
  readonly edits: readonly Replacement[];
  /** What follows the last octet. */
  readonly tail: string;
}

/**
 * Plans the changes of one message.
 * @param header with its empty line, where the message has one
 * @param body 7-bit or not, as it is once the transfer encodings are made
 * @throws Error where a field or URI cannot stand in a header: the policy or the caller is wrong, and nothing is sent
 */
export function planModification(header: Uint8Array, changes: Changes, body: '7bit' | '8bitmime'): Modification {
  const block = parseHeaderBlock(header);
  const added = [...changes.addFields.map(({ name, value }) => [name, addedField(name, value)] as const), ...unsubscribeFields(changes)];
  const keys = new Set(added.map(([name]) => name.toLowerCase()));
  const wrap = changes.appendText === null ? null : wrapping(block, changes.appendText, changes.seed, body);
  const front = [...added.map(([, field]) => field), wrap?.front ?? ''].join('');
  const edits: Replacement[] = [];
  const at = frontOf(block);
  if (front !== '') edits.push({ kind: 'replace', start: at, end: at, text: front });
  for (const field of block.fields) {
    if (keys.has(field.key) || (wrap !== null && isOfBody(field))) edits.push({ kind: 'replace', ...placeOf(field), text: '' });
    else if (field.key === 'subject' && changes.stripTags.length > 0) edits.push(...subjectEdits(block, field, changes.stripTags));
  }
  if (wrap !== null) edits.push({ kind: 'replace', start: block.bodyStart, end: block.bodyStart, text: wrap.opening });
  return { edits, tail: wrap?.tail ?? '' };
}

/** The changed content. */
export function modify(content: AsyncIterable<Uint8Array>, modification: Modification): AsyncIterable<Uint8Array> {
  return modification.edits.length === 0 && modification.tail === '' ? content : modified(content, modification);
}

async function* modified(content: AsyncIterable<Uint8Array>, { edits, tail }: Modification): AsyncGenerator<Uint8Array> {
  yield* edits.length === 0 ? content : splice(content, edits);
  if (tail !== '') yield Buffer.from(tail, 'latin1');
}

function addedField(name: string, value: string): string {
  const problem = addedFieldProblem(name, value);
  if (problem !== null) throw new Error(`a field cannot be added: ${problem}`);
  return unstructuredField(name, value.trim());
}

/** What ends a URI in a List field, or cannot stand in one (RFC 2369 section 2, RFC 3986 section 2). */
const HTTPS = /^https:\/\/[!#-;=?-[\]_a-z~]{1,900}$/;
const MAILTO = /^mailto:[!#-;=?-[\]_a-z~]{1,900}$/;

/** RFC 8058 section 3.1: both fields, one https URI; what was there before would let others unsubscribe, or nobody. */
function unsubscribeFields({ unsubscribe }: Changes): readonly (readonly [name: string, field: string])[] {
  if (unsubscribe === null) return [];
  const { https, mailto } = unsubscribe;
  if (!HTTPS.test(https) || !MAILTO.test(mailto)) throw new Error('an unsubscribe URI cannot stand in a header field');
  return [
    ['List-Unsubscribe', foldedField('List-Unsubscribe', `<${https}>, <${mailto}>`)],
    ['List-Unsubscribe-Post', foldedField('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click')],
  ];
}

function subjectEdits(block: HeaderBlock, field: HeaderField, tags: readonly string[]): readonly Replacement[] {
  const value = subjectWithoutTags(asBuffer(block.bytes).subarray(field.valueStart, field.end), tags);
  return value === null ? [] : [{ kind: 'replace', ...placeOf(field), text: foldedField(field.name, value) }];
}

interface Wrapping {
  readonly front: string;
  readonly opening: string;
  readonly tail: string;
}

/**
 * The message becomes the first part of a multipart/mixed with all the fields that say how its body reads (RFC 2045 3), the text the second,
 * which readers show after it. So for every message, a multipart/mixed too: nothing within a body is looked for or trusted, so nothing odd
 * or malformed can be broken, and what is signed or encrypted stays whole.
 */
function wrapping(block: HeaderBlock, text: string, seed: string, body: '7bit' | '8bitmime'): Wrapping {
  if (!/^[A-Za-z0-9]{16,60}$/.test(seed)) throw new Error('a seed is letters and digits');
  const boundary = `=_t${seed}`;
  const moved = block.fields.filter(isOfBody).map((field) => octetsOf(block, field));
  const ofMime = block.fields.some(({ key }) => key === 'mime-version');
  const part = composePart(
    { contentType: 'text/plain; charset=utf-8', description: null, disposition: 'inline', content: `${text.toWellFormed().trimEnd()}\n` },
    boundary,
  );
  // A header without an empty line gets one; its last line may lack its end.
  const emptyLine = block.bodyStart > block.end ? '' : `${endsLine(block) ? '' : '\r\n'}\r\n`;
  return {
    // In front: a reader that ends the header early finds them all the same.
    front: [
      ofMime ? '' : 'MIME-Version: 1.0\r\n',
      `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`,
      // What holds 8-bit parts says so (RFC 2045 6.4).
      body === '7bit' ? '' : 'Content-Transfer-Encoding: 8bit\r\n',
    ].join(''),
    opening: `${emptyLine}--${boundary}\r\n${moved.join('')}\r\n`,
    // The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1): the body keeps its own.
    tail: `\r\n--${boundary}\r\n${part}\r\n--${boundary}--\r\n`,
  };
}

/** Content-Type and its kind: all that RFC 2045 9 makes part of the body. */
function isOfBody({ key }: HeaderField): boolean {
  return key.startsWith('content-');
}

function octetsOf(block: HeaderBlock, { start, end }: HeaderField): string {
  const octets = asBuffer(block.bytes).toString('latin1', start, end);
  return octets.endsWith('\n') ? octets : `${octets}\r\n`;
}

function endsLine({ bytes, end }: HeaderBlock): boolean {
  return end === 0 || bytes[end - 1] === LF;
}

/** Where fields go in front: not before a line that would continue the last of them. */
function frontOf({ bytes, fields }: HeaderBlock): number {
  const first = fields[0];
  return first !== undefined && (bytes[0] === SP || bytes[0] === TAB) ? first.end : 0;
}

function placeOf({ start, end }: HeaderField): { readonly start: number; readonly end: number } {
  return { start, end };
}
