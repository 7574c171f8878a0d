// The seam to DNS: a resolver is always passed in. Failure is not absence (DESIGN.md section 3).
import type { Tlsa } from '../mail/next-hop.ts';

export interface Records {
  readonly MX: { readonly preference: number; readonly exchange: string };
  readonly A: string;
  readonly AAAA: string;
  readonly CNAME: string;
  /** Character strings of one record joined. */
  readonly TXT: string;
  readonly TLSA: Tlsa;
}
export type RecordType = keyof Records;

export type Answer<T extends RecordType> =
  | { readonly kind: 'records'; readonly records: readonly Records[T][]; readonly ttlSeconds: number; readonly authenticated: boolean }
  /** The name exists, not with this type. */
  | { readonly kind: 'no-data'; readonly authenticated: boolean }
  | { readonly kind: 'no-name'; readonly authenticated: boolean }
  /** SERVFAIL (a bogus answer too), time-out, refused, malformed. */
  | { readonly kind: 'failed' };

export interface Resolver {
  /** Whether `authenticated` may be believed: a validating resolver over a trusted path, by configuration. */
  readonly validating: 'yes' | 'no';
  /** CNAMEs are followed. `name` has A-labels. */
  query<T extends RecordType>(name: string, type: T, signal?: AbortSignal): Promise<Answer<T>>;
}
