// Sets of addresses, domains, accounts and networks: what is exact is looked up, what has a `*` is tried. Entries are read strictly; facts
// bring canonical spellings (mail/address.ts).
import { canonicalAddress, canonicalDomain, isAscii, parseMailbox } from '../mail/address.ts';
import { addressOctets } from '../fetch/ip-address.ts';
import { maskedTo, parseNetworkRange } from '../fetch/network-range.ts';
import { globTest } from './glob.ts';

/** How near a match is: a whole domain, or an address; 0 is none. */
export type Rank = 0 | 1 | 2;

export interface AddressSet {
  /** Both canonical; '' is the null reverse-path. */
  readonly rank: (address: string, domain: string) => Rank;
}

export interface TextSet {
  readonly has: (text: string) => boolean;
}

export interface NetworkSet {
  readonly has: (client: ClientAddress) => boolean;
}

/** An address that is asked for many networks: its first bits are worked out once for each length. */
export type ClientAddress = (bits: number) => string;

/** Null where it is not an address. */
export function clientAddress(address: string): ClientAddress | null {
  const octets = addressOctets(address);
  if (octets === null) return null;
  const known = new Map<number, string>();
  return (bits) => {
    const before = known.get(bits);
    if (before !== undefined) return before;
    const masked = maskedTo(octets, bits);
    known.set(bits, masked);
    return masked;
  };
}

/** A set made of entries, and which of them (by position) are not good for it. */
export interface Made<S> {
  readonly set: S;
  readonly bad: readonly number[];
}

type Test = (text: string) => boolean;

/** Addresses, domains, `*.domain`, patterns such as `lab-*@*.domain`, `*` for every address, `<>` for the empty sender. */
export function addressSet(entries: readonly string[]): Made<AddressSet> {
  const addresses = new Set<string>();
  const globs: { readonly local: Test; readonly domain: Test }[] = [];
  const domains = domainCollector();
  const bad = badOf(entries, (entry) => {
    if (entry === '<>') return addresses.add('').size > 0;
    const at = entry.lastIndexOf('@');
    // A word alone is no domain here: it is more likely half an address.
    if (at < 0) return (entry === '*' || entry.includes('.')) && domains.add(entry);
    const [local, domain] = [entry.slice(0, at).toLowerCase(), entry.slice(at + 1)];
    if (local === '*') return domains.add(domain);
    if (!entry.includes('*')) return parseMailbox(entry) !== null && addresses.add(canonicalAddress(entry)).size > 0;
    const canonical = canonicalPattern(domain);
    if (canonical === null || parseMailbox(`${local.replaceAll('*', 'x')}@x.example`) === null) return false;
    return globs.push({ local: globTest(local), domain: globTest(canonical) }) > 0;
  });
  const rank = (address: string, domain: string): Rank => {
    if (addresses.has(address)) return 2;
    if (address === '') return 0;
    if (globs.length > 0) {
      const local = address.slice(0, address.length - domain.length - 1);
      if (globs.some((glob) => glob.domain(domain) && glob.local(local))) return 2;
    }
    return domains.has(domain) ? 1 : 0;
  };
  return { set: { rank }, bad };
}

/** Domains, `*.domain` (below it, not itself), patterns with `*`. */
export function domainSet(entries: readonly string[]): Made<TextSet> {
  const domains = domainCollector();
  const bad = badOf(entries, domains.add);
  return { set: { has: domains.has }, bad };
}

/** Names of accounts, whatever their case, with `*` for any text. */
export function accountSet(entries: readonly string[]): Made<TextSet> {
  const lower = entries.map((entry) => entry.toLowerCase());
  const names = new Set(lower.filter((entry) => !entry.includes('*')));
  const globs = lower.filter((entry) => entry.includes('*')).map(globTest);
  return { set: { has: (name) => names.has(name) || globs.some((glob) => glob(name)) }, bad: [] };
}

/** Networks in CIDR notation, or single addresses. */
export function networkSet(entries: readonly string[]): Made<NetworkSet> {
  const byLength = new Map<number, Set<string>>();
  const bad = badOf(entries, (entry) => {
    const single = addressOctets(entry);
    const range = single === null ? parseNetworkRange(entry) : { octets: single, bits: 128 };
    if (range === null) return false;
    const keys = byLength.get(range.bits) ?? new Set();
    byLength.set(range.bits, keys.add(maskedTo(range.octets, range.bits)));
    return true;
  });
  const lengths = [...byLength];
  return { set: { has: (client) => lengths.some(([bits, keys]) => keys.has(client(bits))) }, bad };
}

function domainCollector(): { readonly add: (entry: string) => boolean; readonly has: (domain: string) => boolean } {
  const domains = new Set<string>();
  const parents = new Set<string>();
  const globs: Test[] = [];
  return {
    add(entry) {
      const canonical = canonicalPattern(entry);
      if (canonical === null) return false;
      if (!canonical.includes('*')) domains.add(canonical);
      else if (canonical.startsWith('*.') && canonical.lastIndexOf('*') === 0) parents.add(canonical.slice(2));
      else globs.push(globTest(canonical));
      return true;
    },
    has(domain) {
      if (domains.has(domain)) return true;
      if (parents.size > 0)
        for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1))
          if (parents.has(domain.slice(dot + 1))) return true;
      return globs.some((glob) => glob(domain));
    },
  };
}

function badOf(entries: readonly string[], take: (entry: string) => boolean): readonly number[] {
  return entries.flatMap((entry, i) => (take(entry) ? [] : [i]));
}

/** A domain in which `*` may stand, canonical; null where it could match none. */
function canonicalPattern(given: string): string | null {
  const text = given.toLowerCase();
  if (text === '*') return text;
  if (!text.includes('*')) return canonicalDomain(text);
  if (text.startsWith('*.') && !text.slice(2).includes('*')) {
    const parent = canonicalDomain(text.slice(2));
    return parent === null ? null : `*.${parent}`;
  }
  return isAscii(text) && canonicalDomain(text.replaceAll('*', 'x')) !== null ? text : null;
}
