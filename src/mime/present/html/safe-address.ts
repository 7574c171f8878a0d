// Addresses in HTML (WHATWG URL): where a link may lead, and what a picture may be made of.
import { pictureTypeOf } from '../told-type.ts';

const LONGEST_LINK = 8_192;
/** Decoded. */
const LARGEST_DATA = 64 * 1024;
const LINK_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** The address as every browser reads it, or null where it may not be followed. */
export function safeLink(href: string): string | null {
  if (href.length > LONGEST_LINK) return null;
  const url = URL.parse(href);
  if (url === null || !LINK_SCHEMES.has(url.protocol)) return null;
  if (url.protocol === 'tel:') return /^tel:[+\d().;=a-z-]{1,64}$/i.test(url.href) ? url.href : null;
  // What stands before the host looks like one, and is none.
  url.username = '';
  url.password = '';
  return url.href.length <= LONGEST_LINK ? url.href : null;
}

export type PictureSource =
  | { readonly kind: 'part'; readonly place: string }
  | { readonly kind: 'data'; readonly url: string }
  | { readonly kind: 'remote'; readonly url: string };

/** What pictures of the message may be shown: by Content-ID. */
export type OwnPictures = ReadonlyMap<string, string>;

/** Null where there is nothing to show. */
export function pictureSource(src: string, pictures: OwnPictures): PictureSource | null {
  const trimmed = src.trim();
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):([^]*)$/i.exec(trimmed) ?? [];
  switch (scheme.toLowerCase()) {
    case 'cid': {
      const place = pictures.get(rest) ?? pictures.get(percentDecoded(rest));
      return place === undefined ? null : { kind: 'part', place };
    }
    // Ours, when what was made safe is looked at again.
    case 'part':
      return [...pictures.values()].includes(rest) ? { kind: 'part', place: rest } : null;
    case 'data': {
      const url = safeDataPicture(rest);
      return url === null ? null : { kind: 'data', url };
    }
    case 'http':
    case 'https': {
      const url = safeLink(trimmed);
      return url === null ? null : { kind: 'remote', url };
    }
    default:
      return null;
  }
}

/** RFC 2397, in base64 only: made anew from the octets, with the type that these have. */
function safeDataPicture(rest: string): string | null {
  const encoded = /^image\/(?:png|jpe?g|gif|webp)\s*;\s*base64\s*,([A-Za-z0-9+/=\s]*)$/i.exec(rest)?.[1];
  if (encoded === undefined || encoded.length > LARGEST_DATA * 2) return null;
  const octets = Buffer.from(encoded, 'base64');
  const type = pictureTypeOf(octets);
  return type === null || octets.length > LARGEST_DATA ? null : `data:${type};base64,${octets.toString('base64')}`;
}

/** RFC 2392: a Content-ID in an address is percent-encoded. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
