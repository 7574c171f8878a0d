// Base64 that stands as a value in a health document: a PDF in an OBX, a picture in an Attachment.
import type { Inner } from './extractor.ts';

const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,90}$/i;
const ALPHABET = /^[A-Za-z0-9+/\s]*(?:=[=\s]*)?$/;
/** Shorter values may be words. */
const LEAST = 200;

/** Whether a value is base64 though nothing says so: long, without blanks, and as mixed as no text is. */
export function looksLikeBase64(value: string): boolean {
  if (value.length < LEAST) return false;
  const head = value.slice(0, LEAST);
  return !head.includes(' ') && /[a-z]/.test(head) && /[A-Z]/.test(head) && /\d/.test(head) && ALPHABET.test(head) && ALPHABET.test(value);
}

/** @param mediaType as the document says, or null */
export function innerOf(bytes: Buffer, mediaType: string | null): Inner {
  const declaredType = mediaType !== null && MEDIA_TYPE.test(mediaType) ? mediaType.toLowerCase() : null;
  return { bytes, declaredType, parameters: new Map(), name: null, role: 'member' };
}
