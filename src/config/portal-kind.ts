// Kinds of values of the portal: its public origin, and a colour that can be read on white.
import { canonicalDomain } from '../mail/address.ts';
import { parsed } from './value-kind.ts';

/** Scheme and host: its cookies are those of the whole host, so nothing else may stand there. `http://localhost` is for a sandbox. */
export const portalUrl = parsed(
  'the https URL of a whole host',
  'write a URL such as https://portal.clinic.example, with nothing behind the host but a port',
  (given) => {
    if (typeof given !== 'string' || given.length > 300 || !/^https?:\/\/[\w.-]+(?::\d+)?\/?$/i.test(given) || !URL.canParse(given))
      return null;
    const { protocol, hostname, origin } = new URL(given);
    if (hostname === 'localhost') return origin;
    return protocol === 'https:' && hostname.includes('.') && canonicalDomain(hostname) === hostname ? origin : null;
  },
);

/** `#rrggbb`, in lower case. Whether it can be read is checked apart, where the ratio can be said. */
export const accentColour = parsed('a colour', 'write it as "#0b5fa5", in quotes', (given) =>
  typeof given === 'string' && /^#[0-9a-f]{6}$/i.test(given) ? given.toLowerCase() : null,
);

/** Contrast with white (WCAG 2.2, relative luminance): 1 to 21. */
export function contrastOnWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
