// What of a message is its body and what is attached, as good mail programs have it: of alternatives the richest that can be shown, of related
// parts the root, of mixed ones each in its order (RFC 2046 5.1, RFC 2387, RFC 1847). What is neither shown nor said another way is attached.
import type { OutlinePart } from './outline.ts';

export interface BodyPiece {
  readonly part: OutlinePart;
  readonly shownAs: 'text' | 'html';
}

export interface Chosen {
  readonly pieces: readonly BodyPiece[];
  readonly attached: readonly OutlinePart[];
}

interface Choosing {
  readonly pieces: BodyPiece[];
  readonly attached: OutlinePart[];
}

export function choose(root: OutlinePart): Chosen {
  const choosing: Choosing = { pieces: [], attached: [] };
  collect(root, choosing);
  const order = (part: OutlinePart): number => part.start;
  return { pieces: choosing.pieces, attached: choosing.attached.toSorted((a, b) => order(a) - order(b)) };
}

function collect(part: OutlinePart, choosing: Choosing): void {
  const [first, ...others] = part.parts;
  if (first === undefined) {
    const shownAs = shownAsOf(part, choosing.pieces.length === 0 ? 'first' : 'further');
    if (shownAs === null) choosing.attached.push(part);
    else choosing.pieces.push({ part, shownAs });
    return;
  }
  switch (part.type) {
    case 'multipart/alternative': {
      const shown = part.parts.findLast((one) => holdsText(one) && !isEmpty(one)) ?? part.parts.findLast(holdsText);
      for (const one of part.parts) {
        if (one === shown) collect(one, choosing);
        else attachOnly(one, choosing);
      }
      break;
    }
    case 'multipart/related': {
      const root = part.parts.find(({ contentId }) => contentId !== null && contentId === part.rootId) ?? first;
      collect(root, choosing);
      for (const one of part.parts) if (one !== root) attach(one, choosing);
      break;
    }
    case 'multipart/signed':
      collect(first, choosing);
      for (const one of others) if (!SIGNATURE.test(one.type)) attach(one, choosing);
      break;
    case 'multipart/encrypted':
      for (const one of part.parts) attach(one, choosing);
      break;
    default:
      for (const one of part.parts) collect(one, choosing);
  }
}

const SIGNATURE = /^application\/(?:pgp-signature|(?:x-)?pkcs7-signature)$/;

function attach(part: OutlinePart, choosing: Choosing): void {
  if (part.parts.length === 0) choosing.attached.push(part);
  for (const one of part.parts) attach(one, choosing);
}

/** Of an alternative that is not shown only files: its words are said by the one that is. */
function attachOnly(part: OutlinePart, choosing: Choosing): void {
  if (part.parts.length === 0 && !isWords(part)) choosing.attached.push(part);
  for (const one of part.parts) attachOnly(one, choosing);
}

function isWords({ type, disposition, name }: OutlinePart): boolean {
  return disposition !== 'attachment' && name === null && type.startsWith('text/') && !FILES.test(type);
}

function holdsText(part: OutlinePart): boolean {
  const [first] = part.parts;
  if (first === undefined) return shownAsOf(part, 'first') !== null;
  if (part.type === 'multipart/encrypted') return false;
  return part.type === 'multipart/related' || part.type === 'multipart/signed' ? holdsText(first) : part.parts.some(holdsText);
}

function isEmpty({ parts, start, end }: OutlinePart): boolean {
  return parts.length === 0 && end - start <= 2;
}

/** Text that is a file of its own. */
const FILES = /^text\/(?:calendar|(?:x-)?vcard|directory|csv|tab-separated-values|rtf|richtext|xml|javascript|css|x-amp-html)$/;

/** Text of an unknown kind is text (RFC 2046 4.1.4); what carries a name is a file, unless nothing else is said. */
function shownAsOf({ type, disposition, name }: OutlinePart, place: 'first' | 'further'): BodyPiece['shownAs'] | null {
  if (disposition === 'attachment') return null;
  if (name !== null && (disposition !== '' || place === 'further')) return null;
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  // A multipart without one part is what stands there.
  return (type.startsWith('text/') && !FILES.test(type)) || type === '' || type.startsWith('multipart/') ? 'text' : null;
}
