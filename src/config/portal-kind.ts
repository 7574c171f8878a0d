// Kinds of values of the portal: its public origin, a colour that can be read on white, and the gateway to telephones.
import { canonicalDomain } from '../mail/address.ts';
import { isPhonePrefix } from '../mail/phone.ts';
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

/** A zone that this runtime knows (IANA time zone database). */
export const timeZone = parsed('a time zone', 'write its IANA name, such as America/Chicago', (given) => {
  if (typeof given !== 'string' || !/^[A-Za-z][\w+/-]{1,40}$/.test(given)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
});

/** `#rrggbb`, in lower case. Whether it can be read is checked apart, where the ratio can be said. */
export const accentColour = parsed('a colour', 'write it as "#0b5fa5", in quotes', (given) =>
  typeof given === 'string' && /^#[0-9a-f]{6}$/i.test(given) ? given.toLowerCase() : null,
);

/** A place that codes are posted to: no user and no query, for a secret in either would stand in logs of others. */
export const gatewayUrl = parsed(
  'an https URL, or an http URL of this machine',
  'write a URL such as https://sms.clinic.example/send, without user, "?" or "#"; http only to localhost or 127.0.0.1',
  (given) => {
    if (typeof given !== 'string' || !/^https?:\/\/[\w./:~%[\]-]{1,500}$/i.test(given) || !URL.canParse(given)) return null;
    const { protocol, hostname, href } = new URL(given);
    return protocol === 'https:' || isLoopbackHost(hostname) ? href : null;
  },
);

/** A host name that never leaves this machine (RFC 6761 6.3). */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** How numbers begin that codes may go to. */
export const phonePrefix = parsed(
  'the beginning of a telephone number',
  'write "+" and a country code, such as "+1", in quotes',
  (given) => (typeof given === 'string' && isPhonePrefix(given) ? given : null),
);

/** Contrast with white (WCAG 2.2, relative luminance): 1 to 21. */
export function contrastOnWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
