// Reads the records of one name and type out of an answer section, following CNAMEs (RFC 1034 3.6.2, 5.2.2).
import { isIPv4, isIPv6 } from 'node:net';
import type { Answer } from 'dns-packet';
import type { Records, RecordType } from './resolver.ts';

/** CNAMEs followed for one query, over all replies. */
const MAX_CNAMES = 8;

export type Chain<T extends RecordType> =
  | {
      readonly kind: 'records';
      readonly name: string;
      readonly records: readonly Records[T][];
      readonly ttlSeconds: number;
      readonly links: number;
    }
  /** The section ends at this name without records: absent, or to be asked for where a CNAME led here. */
  | { readonly kind: 'end'; readonly name: string; readonly ttlSeconds: number; readonly links: number }
  /** Two CNAMEs at one name, a loop, too many, or a record that says nothing sensible. */
  | { readonly kind: 'malformed' };

const READERS: { readonly [T in RecordType]: (answer: Answer) => Records[T] | null } = {
  A: (answer) => (answer.type === 'A' && isIPv4(answer.data) ? answer.data : null),
  AAAA: (answer) => (answer.type === 'AAAA' && isIPv6(answer.data) ? answer.data : null),
  CNAME: (answer) => (answer.type === 'CNAME' ? canonicalName(answer.data) : null),
  MX: (answer) => {
    if (answer.type !== 'MX') return null;
    return { preference: answer.data.preference ?? 0, exchange: canonicalName(answer.data.exchange) };
  },
  TXT: (answer) => (answer.type === 'TXT' ? joined(answer.data) : null),
  TLSA: (answer) => {
    if (answer.type !== 'TLSA') return null;
    const { usage, selector, matchingType, certificate } = answer.data;
    // A copy: the library's slice would keep the whole message in memory as long as the cache keeps the record.
    return { usage, selector, matchingType, data: Uint8Array.from(certificate) };
  },
};

/** @param links CNAMEs already followed for this query */
export function followChain<T extends RecordType>(answers: readonly Answer[], start: string, type: T, links: number): Chain<T> {
  let name = start;
  let ttlSeconds = Number.POSITIVE_INFINITY;
  for (let followed = links; followed <= MAX_CNAMES; followed++) {
    const own = answers.filter((answer) => canonicalName(answer.name) === name);
    const wanted = own.filter((answer) => answer.type === type);
    ttlSeconds = Math.min(ttlSeconds, ...wanted.map(ttlOf));
    if (wanted.length > 0) {
      const records = wanted.map(READERS[type]).filter((record) => record !== null);
      if (records.length < wanted.length) return { kind: 'malformed' };
      return { kind: 'records', name, records, ttlSeconds, links: followed };
    }
    const aliases = own.filter((answer) => answer.type === 'CNAME');
    const [alias] = aliases;
    if (alias === undefined) return { kind: 'end', name, ttlSeconds, links: followed };
    if (aliases.length > 1) return { kind: 'malformed' };
    ttlSeconds = Math.min(ttlSeconds, ttlOf(alias));
    name = READERS.CNAME(alias) ?? '';
  }
  return { kind: 'malformed' };
}

function canonicalName(name: string): string {
  return name.toLowerCase();
}

function ttlOf(answer: Answer): number {
  return 'ttl' in answer ? (answer.ttl ?? 0) : 0;
}

function joined(data: string | Buffer | (string | Buffer)[]): string {
  const strings = Array.isArray(data) ? data : [data];
  return strings.map((text) => (typeof text === 'string' ? text : text.toString('latin1'))).join('');
}
