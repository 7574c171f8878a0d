// What may stand in a log line: ids, codes, counts, durations and keyed digests. The types keep addresses and free text out,
// and `safeText` keeps them out at run time too, should a type have been got round.

/** Keyed digest of an address, an account or a destination, as hex. Only `logDigest` makes one. */
export type LogDigest = string & { readonly kind: 'keyed digest' };

/** Shortens a keyed digest (keys.digest) to what a log needs to group by. */
export function logDigest(digest: Uint8Array): LogDigest {
  return Buffer.from(digest.subarray(0, 8)).toString('hex') as LogDigest;
}

type SafeValue = string | number | boolean | null;

/** An id, a code or a word: no space, no "@", at most 128 characters. Anything else is replaced whole. */
const SAFE = /^[A-Za-z0-9_.:/+-]{0,128}$/;
const REMOVED = '(removed)';

export function safeText(text: string): string {
  return SAFE.test(text) ? text : REMOVED;
}

/** The fields of an event, each a plain value that passes `safeText`. */
export function safeFields(fields: object): Readonly<Record<string, SafeValue>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, safeValue(value)]));
}

function safeValue(value: unknown): SafeValue {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'number') return Math.round(value * 1000) / 1000;
  return typeof value === 'boolean' || value === null ? value : REMOVED;
}
