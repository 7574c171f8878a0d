// Header fields as a reader sees them (RFC 5322 2.2.3, RFC 2047, RFC 6532): unfolded, whatever the charset, encoded words decoded.
import { isAscii, isUtf8 } from 'node:buffer';
import type { DefectCode } from '../mail/message.ts';
import { decodeText } from './charset.ts';
import { decodeEncodedWords } from './encoded-words.ts';

export interface FieldText {
  /** Each reading that says something else, the usual one first. */
  readonly readings: readonly string[];
  readonly defects: readonly DefectCode[];
}

/**
 * @param value octets behind the colon, line ends included
 * @param charset of the body: some programs take it for fields in raw octets, too
 */
export function readFieldText(value: Buffer, charset: string | null = null): FieldText {
  const defects: DefectCode[] = [];
  const readings = new Set<string>();
  for (const raw of decodeOctets(value, charset)) {
    const { text, other, build } = decodeEncodedWords(raw);
    readings.add(text);
    if (other !== null) readings.add(other);
    if (build !== 'malformed') continue;
    readings.add(raw);
    defects.push('encoded-word-malformed');
  }
  return { readings: [...readings], defects: [...new Set(defects)] };
}

/** Unfolded, without decoding words. */
function decodeOctets(value: Buffer, charset: string | null): readonly string[] {
  if (isAscii(value) && !value.includes(ESCAPE)) return [unfolded(value.toString('latin1'))];
  const { text, others } = decodeText(value, isUtf8(value) && !value.includes(ESCAPE) ? null : (ownCharset(value) ?? charset));
  return [text, ...others].map(unfolded);
}

function unfolded(text: string): string {
  return (text.includes('\n') ? text.replace(/\r?\n/g, '') : text).trim();
}

const ESCAPE = 27;

/** Raw ISO-2022-JP shows by its escape sequences. */
function ownCharset(value: Buffer): string | null {
  return /\x1b[$(][@BJI]/.test(value.toString('latin1', 0, 10_000)) ? 'iso-2022-jp' : null;
}

/** The octets behind the colon as latin1, unfolded: for fields with a structure. */
export function structuredText(value: Buffer): string {
  return unfolded(value.toString('latin1'));
}
