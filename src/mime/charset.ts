// Octets to Unicode, whatever the charset: by its name, or where that is missing, unknown or wrong, by what the octets are.
import { isUtf8 } from 'node:buffer';
import type { DefectCode } from '../mail/message.ts';

export interface Decoded {
  readonly text: string;
  readonly defects: readonly DefectCode[];
}

/** @param charset as declared, or null */
export function decodeText(bytes: Buffer, charset: string | null): Decoded {
  const label = charset ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252');
  try {
    return { text: new TextDecoder(label).decode(bytes), defects: [] };
  } catch {
    return { text: new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes), defects: ['charset-unknown'] };
  }
}
