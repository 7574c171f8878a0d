// Who is of the organisation.
import { domainOf } from './address.ts';

/** Is an address in the organisation: its domains, and the sender's own (RFC 5321 2.3.11)? `organisation` in lower case. */
export function isInside(address: string, reversePath: string, organisation: readonly string[]): boolean {
  const domain = domainOf(address);
  return domain !== '' && (domain === domainOf(reversePath) || organisation.includes(domain));
}
