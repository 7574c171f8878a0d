// The seam to DNS: a resolver is always passed in. Failure is not absence (DESIGN.md section 3).
import type { Tlsa } from '../mail/next-hop.ts';

export interface Records {
  /** `exchange` in lower case without a final dot; the root is '.' (null MX, RFC 7505). */
  readonly MX: { readonly preference: number; readonly exchange: string };
  readonly A: string;
  readonly AAAA: string;
  readonly CNAME: string;
  /** Character strings of one record joined, one character per octet. */
  readonly TXT: string;
  readonly TLSA: Tlsa;
}
export type RecordType = keyof Records;

export type Answer<T extends RecordType> =
  | {
      readonly kind: 'records';
      readonly records: readonly Records[T][];
      readonly ttlSeconds: number;
      readonly authenticated: boolean;
      /** Where CNAMEs led, lower case; absent where there were none. */
      readonly canonicalName?: string;
    }
  /** The name exists, not with this type. `ttlSeconds`: how long that may be remembered (RFC 2308), where it was said. */
  | { readonly kind: 'no-data'; readonly authenticated: boolean; readonly ttlSeconds?: number }
  | { readonly kind: 'no-name'; readonly authenticated: boolean; readonly ttlSeconds?: number }
  /** SERVFAIL (a bogus answer too), time-out, refused, malformed. */
  | { readonly kind: 'failed' };

export interface Resolver {
  /** Whether `authenticated` may be believed: a validating resolver over a trusted path, by configuration. */
  readonly validating: 'yes' | 'no';
  /**
   * CNAMEs are followed, unless they are what is asked for. `name` has A-labels. Never throws; stopped by `signal` it answers 'failed'.
   */
  query<T extends RecordType>(name: string, type: T, signal?: AbortSignal): Promise<Answer<T>>;
}
