// Spellings by which two addresses are recognised as one slip of a finger apart without comparing every pair: each address with one
// character left out (the idea of deletion neighbourhoods). Pure; the store keeps keyed digests of them only.
import { domainToUnicode } from 'node:url';

/**
 * How a person types an address: the domain in Unicode, not as A-labels (RFC 5890), so that one wrong letter is one wrong character.
 * `address` canonical (mail/address.ts).
 */
export function typedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const typed = domainToUnicode(domain);
  return `${address.slice(0, at + 1)}${typed === '' ? domain : typed}`.normalize('NFC');
}

/** The text with each of its characters (code points) left out in turn: place 0 first. */
export function restsOf(text: string): readonly string[] {
  const characters = [...text];
  return characters.map((_, place) => characters.toSpliced(place, 1).join(''));
}

/** A keyed digest: keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

/** The digests of one recipient. An address and a rest that are the same text have the same digest. */
export interface RecipientDigests {
  readonly address: Uint8Array;
  readonly domain: Uint8Array;
  /** By place; made only where they are needed: there are as many as the address has characters. */
  readonly rests: () => readonly Uint8Array[];
}

/** Digests of a recipient for the memory of correspondents. `address` canonical. */
export function recipientDigests(digest: Digest, address: string): RecipientDigests {
  const typed = typedAddress(address);
  return {
    address: digest('correspondent', typed),
    domain: digest('correspondent-domain', typed.slice(typed.lastIndexOf('@') + 1)),
    rests: () => restsOf(typed).map((rest) => digest('correspondent', rest)),
  };
}
