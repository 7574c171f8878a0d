// Header fields as a reader sees them (RFC 5322 2.2.3, RFC 2047, RFC 6532): unfolded, whatever the charset, encoded words decoded.
import { isAscii } from 'node:buffer';
import type { DefectCode } from '../mail/message.ts';
import { decodeText } from './charset.ts';
import { decodeEncodedWords } from './encoded-words.ts';

export interface FieldText {
  /** Each reading that says something else, the usual one first. */
  readonly readings: readonly string[];
  readonly defects: readonly DefectCode[];
}

/** @param value octets behind the colon, line ends included */
export function readFieldText(value: Buffer): FieldText {
  const defects: DefectCode[] = [];
  const raw = decodeOctets(value).trim();
  const { text, build } = decodeEncodedWords(raw);
  if (build === 'malformed') defects.push('encoded-word-malformed');
  return { readings: build === 'malformed' && text !== raw ? [text, raw] : [text], defects };
}

/** Unfolded, without decoding words. */
function decodeOctets(value: Buffer): string {
  const text = isAscii(value) && !value.includes(ESCAPE) ? value.toString('latin1') : decodeText(value, charsetOf(value)).text;
  return text.includes('\n') ? text.replace(/\r?\n/g, '') : text;
}

const ESCAPE = 27;

/** Raw ISO-2022-JP shows by its escape sequences. */
function charsetOf(value: Buffer): string | null {
  return /\x1b[$(][@BJI]/.test(value.toString('latin1', 0, 10_000)) ? 'iso-2022-jp' : null;
}

/** The octets behind the colon as latin1, unfolded: for fields with a structure. */
export function structuredText(value: Buffer): string {
  const text = value.toString('latin1');
  return (text.includes('\n') ? text.replace(/\r?\n/g, '') : text).trim();
}
