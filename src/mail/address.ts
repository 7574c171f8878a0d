// Mailboxes of the envelope (RFC 5321 4.1.2, RFC 6531 3.3). Addresses are kept as the client wrote them;
// everything that compares uses the canonical form made here.
import { domainToASCII } from 'node:url';

/** An address split at its last "@". `domain` is an A-label in lower case, or an address literal in brackets. */
export interface Mailbox {
  readonly localPart: string;
  readonly domain: string;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";
// Beyond US-ASCII (RFC 6532 3.1), less what only deceives or breaks lines: control characters, lone surrogates, line ends, bidi controls.
const UTF8 = '(?![\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}])[\\u0080-\\u{10FFFF}]';
const ATOM8 = `(?:${ATOM}|${UTF8})`;
const DOT_STRING = new RegExp(`^${ATOM}+(?:\\.${ATOM}+)*$`);
const DOT_STRING8 = new RegExp(`^${ATOM8}+(?:\\.${ATOM8}+)*$`, 'u');
const QUOTED = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/;
const QUOTED8 = new RegExp(`^"(?:[ !#-\\[\\]-~]|${UTF8}|\\\\[ -~])*"$`, 'u');
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** What an internationalised domain may be made of. Needed because `domainToASCII` reads its argument as part of a URL: it drops CR and LF, cuts at "/". */
const UNICODE_DOMAIN = new RegExp(`^(?:[A-Za-z0-9.-]|${UTF8})+$`, 'u');
const LITERAL = /^\[(?:IPv6:)?[0-9A-Fa-f:.]{2,45}\]$/;

/**
 * Splits and checks a mailbox. Returns null where it is not one.
 * Limits: local part 64 octets, domain 255 octets (RFC 5321 4.5.3.1).
 */
export function parseMailbox(address: string): Mailbox | null {
  const at = address.lastIndexOf('@');
  if (at <= 0) return null;
  const localPart = address.slice(0, at);
  if (Buffer.byteLength(localPart) > 64) return null;
  const ascii = isAscii(localPart);
  if (!(ascii ? DOT_STRING : DOT_STRING8).test(localPart) && !(ascii ? QUOTED : QUOTED8).test(localPart)) return null;
  const domain = canonicalDomain(address.slice(at + 1));
  return domain === null ? null : { localPart, domain };
}

/** The A-label form of a domain in lower case, an address literal as it is, or null where it is neither (RFC 5890). */
export function canonicalDomain(domain: string): string | null {
  if (LITERAL.test(domain)) return domain;
  if (domain.length > 255) return null;
  if (!isAscii(domain) && !UNICODE_DOMAIN.test(domain)) return null;
  const ascii = isAscii(domain) ? domain.toLowerCase() : domainToASCII(domain);
  if (ascii === '' || ascii.length > 255) return null;
  const labels = ascii.split('.');
  // A last label of digits is an IP number, not a name (RFC 3696 2): it must stand in brackets.
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '') ? ascii : null;
}

/** Domain of an address already known to be a mailbox, canonical. */
export function domainOf(address: string): string {
  return canonicalDomain(address.slice(address.lastIndexOf('@') + 1)) ?? '';
}

/** One spelling for comparing and for keyed digests: the local part is case-folded, as receivers in practice do. */
export function canonicalAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address.toLowerCase() : `${address.slice(0, at).toLowerCase()}@${domainOf(address)}`;
}

/** True where every character is US-ASCII. */
export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

/** Does a domain pattern of the configuration match a canonical domain? */
export function matchesDomain(pattern: string, domain: string): boolean {
  if (pattern === '*') return true;
  const subdomains = pattern.startsWith('*.');
  const canonical = canonicalDomain(subdomains ? pattern.slice(2) : pattern) ?? pattern;
  return subdomains ? domain.endsWith(`.${canonical}`) : domain === canonical;
}

/**
 * Does an address match a pattern of the configuration: `user@domain`, `*@domain`, `*@*.domain`, `*`.
 * `<>` matches only the null reverse-path.
 */
export function matchesAddress(pattern: string, address: string): boolean {
  if (pattern === '<>' || address === '') return pattern === '<>' && address === '';
  if (pattern === '*') return true;
  const wanted = pattern.toLowerCase();
  const [local = '', domain = ''] = splitAtLast(wanted);
  const [givenLocal = '', givenDomain = ''] = splitAtLast(canonicalAddress(address));
  if (local !== '*' && local !== givenLocal) return false;
  if (domain === '*') return true;
  const canonical = canonicalDomain(domain.startsWith('*.') ? domain.slice(2) : domain);
  if (canonical === null) return false;
  return domain.startsWith('*.') ? givenDomain.endsWith(`.${canonical}`) : givenDomain === canonical;
}

function splitAtLast(address: string): [string, string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}
