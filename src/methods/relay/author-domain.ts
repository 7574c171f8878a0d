// The domain that a message says it is from: the one a DKIM signature has to speak for (RFC 6376 1.5, RFC 7489 3.1).
import { domainOf } from '../../mail/address.ts';
import { fieldText, type HeaderBlock } from '../../mime/header-block.ts';
import { readOriginators } from '../../mime/originators.ts';

/** A-labels, lower case; null where there is not exactly one From, or where readings of it give several domains. */
export function authorDomain(block: HeaderBlock): string | null {
  const [from, ...more] = block.fields.filter(({ key }) => key === 'from');
  if (from === undefined || more.length > 0) return null;
  const { addresses, reading } = readOriginators(fieldText(block, from));
  const [domain, ...others] = new Set(addresses.map(domainOf));
  return reading === 'unclear' || others.length > 0 || domain === undefined || domain === '' ? null : domain;
}
