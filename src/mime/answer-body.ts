// The body of what a reader answers, as it streams in: a text, and files behind it in base64. Nothing of a file is held; no name or type of a file can
// end its line.
import { Base64Encoder } from './base64.ts';
import { QuotedPrintableEncoder } from './quoted-printable.ts';

export interface AnswerFile {
  /** Cleaned by the caller; encoded here whatever it is (RFC 2231). */
  readonly name: string;
  readonly octets: AsyncIterable<Uint8Array>;
}

export interface AnswerBody {
  /** Media type with its parameters. */
  readonly contentType: string;
  readonly transferEncoding: '7bit' | 'quoted-printable';
}

export const TEXT_BODY: AnswerBody = { contentType: 'text/plain; charset=utf-8', transferEncoding: 'quoted-printable' };

/** `=_` stands in no line of quoted-printable or base64 (RFC 2045 6.7): nothing within ends a part. The same form has the same boundary. */
export function boundaryOf(form: string): string {
  return `=_${form}`;
}

export function multipartBody(boundary: string): AnswerBody {
  return { contentType: `multipart/mixed; boundary="${boundary}"`, transferEncoding: '7bit' };
}

/** Octets of a text alone: what goes with TEXT_BODY. */
export function* textOctets(text: string): Generator<Uint8Array, void, undefined> {
  const encoder = new QuotedPrintableEncoder('encode');
  yield encoder.push(Buffer.from(withLineEnds(text)));
  yield encoder.end();
  yield Buffer.from('\r\n');
}

/** Octets of a text and files: what goes with `multipartBody`. Throws what a file's octets throw, and then is no message. */
export async function* multipartOctets(
  text: string,
  files: AsyncIterable<AnswerFile>,
  boundary: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const delimiter = `--${boundary}\r\n`;
  yield Buffer.from(`${delimiter}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`);
  yield* textOctets(text);
  for await (const { name, octets } of files) {
    yield Buffer.from(`${delimiter}${fileHeader(name)}`);
    const encoder = new Base64Encoder();
    for await (const piece of octets) yield encoder.push(piece);
    yield encoder.end();
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

/** What a browser says of a file's type is not passed on: nobody has checked it. */
function fileHeader(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment;',
    // Continuations of RFC 2231 section 3, so that no line is too long.
    ...parameterLines('filename', encoded),
    '',
    '',
  ].join('\r\n');
}

/** Pieces end between escapes, never within one. */
function parameterLines(name: string, encoded: string): readonly string[] {
  const pieces = encoded.match(/(?:%[0-9A-F]{2}|[^%]){1,20}/g) ?? [''];
  if (pieces.length === 1) return [` ${name}*=UTF-8''${pieces[0] ?? ''}`];
  return pieces.map((piece, i) => ` ${name}*${i}*=${i === 0 ? "UTF-8''" : ''}${piece}${i === pieces.length - 1 ? '' : ';'}`);
}

/** A lone line end becomes CRLF. */
function withLineEnds(text: string): string {
  return text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n');
}
