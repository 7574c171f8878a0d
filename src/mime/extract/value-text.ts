// Text of short values: too little to guess an encoding from as one does with a whole file.
import { isAscii, isUtf8 } from 'node:buffer';
import { decodeText } from '../charset.ts';

/**
 * ASCII and UTF-8 as what they are, whatever is declared: systems often leave a declaration as it was.
 * @param charset as declared, or null: windows-1252 then
 */
export function valueText(bytes: Buffer, charset: string | null): string {
  // An escape switches charsets within octets that are all ASCII (ISO 2022).
  const escapes = charset !== null && charset.startsWith('iso-2022');
  if (!escapes && isAscii(bytes)) return bytes.toString('latin1');
  if (!escapes && isUtf8(bytes)) return bytes.toString('utf8');
  return decodeText(bytes, charset ?? 'windows-1252').text;
}
