// What a next hop offers in its reply to EHLO (RFC 5321 4.1.1.1). Only what it says after the TLS handshake counts.
import type { RawReply } from './reply-reader.ts';

/** Keyword in upper case -> its parameters, as said. */
export type Offer = ReadonlyMap<string, string>;

/** The first line is the greeting; each other one is a keyword with parameters. */
export function parseOffer(reply: RawReply): Offer {
  const offer = new Map<string, string>();
  for (const line of reply.lines.slice(1)) {
    const space = line.indexOf(' ');
    const keyword = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    if (keyword !== '' && !offer.has(keyword)) offer.set(keyword, space < 0 ? '' : line.slice(space + 1).trim());
  }
  return offer;
}

/** The largest message it takes, or null where it sets no limit (RFC 1870 section 3: 0 is none). */
export function sizeLimit(offer: Offer): number | null {
  const size = offer.get('SIZE') ?? '';
  if (!/^\d{1,15}$/.test(size)) return null;
  const limit = Number(size);
  return limit === 0 ? null : limit;
}

/** Does it offer a mechanism of AUTH (RFC 4954 section 3)? */
export function offersAuth(offer: Offer, mechanism: string): boolean {
  return (offer.get('AUTH') ?? '').toUpperCase().split(/\s+/).includes(mechanism);
}
