// Addresses of which every combination of a policy's patterns has one: exact ones, and for patterns a part before and a part behind the "@".
import { canonicalAddress, canonicalDomain } from '../../mail/address.ts';
import { type Words, wordsOf } from './words.ts';

export interface Addresses {
  /** Canonical, the plainest first; '' where "<>" is named. */
  readonly addresses: readonly string[];
  readonly covers: 'all' | 'part';
}

const MOST_ADDRESSES = 200_000;
/** More patterns of domains than these are not run side by side. */
const MOST_PATTERNS = 60;

/**
 * @param entries of conditions, lists and settings on addresses
 * @param domains of conditions on domains
 * @param roles are there conditions on addresses of an office
 */
export function addressesFor(entries: readonly string[], domains: readonly string[], roles: 'asked' | 'not-asked'): Addresses {
  const exact = new Set<string>();
  const locals = new Set<string>();
  const patterns = new Set(domains.map(canonicalPattern));
  for (const entry of entries) {
    const at = entry.lastIndexOf('@');
    if (entry === '<>') exact.add('');
    else if (at >= 0 && !entry.includes('*')) exact.add(canonicalAddress(entry));
    else {
      if (at > 0) locals.add(entry.slice(0, at).toLowerCase());
      patterns.add(canonicalPattern(entry.slice(at + 1)));
    }
  }
  const named = [...exact].map((one) => one.split('@', 1)[0] ?? '').filter((one) => one !== '');
  const before = wordsOf(
    [...locals].filter((one) => one !== '*'),
    'local',
    named,
  );
  const localWords = before.words.filter((word) => !named.includes(word) || locals.has(word));
  const behind = domainWords([...patterns]);
  const parts = roles === 'asked' ? localWords.flatMap(withRoles) : localWords;
  const whole = parts.length * behind.words.length + exact.size <= MOST_ADDRESSES;
  const made = behind.words.flatMap((domain) => parts.map((local) => `${local}@${domain}`));
  return {
    addresses: [...(whole ? made : made.slice(0, MOST_ADDRESSES)), ...exact],
    covers: whole && before.covers === 'all' && behind.covers === 'all' ? 'all' : 'part',
  };
}

/** The word, and one like it that is an office, and one that is not. What is behind a "+" does not make an office. */
function withRoles(word: string): readonly string[] {
  const middle = Math.ceil(word.length / 2);
  const within = (text: string): string => word.slice(0, middle) + text + word.slice(middle);
  return [word, 'info', `info+${word}`, `${word}-team`, within('-team+'), within('+'), 'someone'];
}

/** Domains of which one is matched by each combination of patterns that can be. */
function domainWords(patterns: readonly string[]): Words {
  const starred = patterns.filter((one) => one.includes('*') && one !== '*');
  const parents = starred.filter((one) => one.startsWith('*.') && one.lastIndexOf('*') === 0).map((one) => one.slice(2));
  // Below one domain only the domains above it matter: a name of its own below each, and one below none, tell all apart.
  if (parents.length === starred.length) {
    const exact = patterns.filter((one) => !one.includes('*'));
    const label = freshLabel(patterns);
    return {
      words: [`${label}.example`, ...exact, ...parents, ...parents.map((one) => `${label}.${one}`), `${label}.invalid`],
      covers: 'all',
    };
  }
  const words = wordsOf(patterns.slice(0, MOST_PATTERNS), 'domain');
  return patterns.length <= MOST_PATTERNS
    ? words
    : { words: [...words.words, ...patterns.filter((one) => !one.includes('*'))], covers: 'part' };
}

function freshLabel(patterns: readonly string[]): string {
  const taken = new Set(patterns.flatMap((one) => one.split('.')));
  let label = 'elsewhere';
  for (let n = 2; taken.has(label); n++) label = `elsewhere${n}`;
  return label;
}

function canonicalPattern(text: string): string {
  const lower = text.toLowerCase();
  if (!lower.includes('*')) return canonicalDomain(lower) ?? lower;
  if (lower.startsWith('*.') && !lower.slice(2).includes('*')) return `*.${canonicalDomain(lower.slice(2)) ?? lower.slice(2)}`;
  return lower;
}
