// Fetches the MTA-STS policy of a domain (RFC 8461 3.3): HTTPS with a verified certificate, status 200, text/plain, no redirect.
import { fetchHttps } from '../fetch/https-fetch.ts';
import type { FetchFailure } from '../fetch/https-fetch.ts';
import { lookupAddresses } from './mx.ts';
import type { Random } from './mx.ts';
import type { Resolver } from './resolver.ts';
import { parseStsPolicy } from './sts-policy.ts';
import type { StsPolicy } from './sts-policy.ts';

/** RFC 8461 3.3 suggests 64 kB; its minute is too long for mail that waits. */
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

export type StsFetchFailure = FetchFailure | 'bad-status' | 'bad-content-type' | 'bad-policy';

export type FetchedStsPolicy =
  | { readonly kind: 'policy'; readonly policy: StsPolicy; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: StsFetchFailure };

export type StsFetcher = (domain: string, signal?: AbortSignal) => Promise<FetchedStsPolicy>;

export interface StsFetcherOptions {
  readonly resolver: Resolver;
  readonly random: Random;
  /** PEM trust anchors instead of the runtime's own; null for those. */
  readonly ca: readonly string[] | null;
  readonly privateAddresses: 'refused' | 'allowed';
  /** Default 443. */
  readonly port?: number;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

/** A fetcher of policies from `https://mta-sts.<domain>/.well-known/mta-sts.txt`. */
export function stsFetcher(options: StsFetcherOptions): StsFetcher {
  const { resolver, random } = options;
  return async (domain, signal) => {
    const port = options.port === undefined || options.port === 443 ? '' : `:${options.port}`;
    const limits = {
      resolveHost: async (host: string, until: AbortSignal) => {
        const found = await lookupAddresses(resolver, host, random, until);
        return found.kind === 'failed' ? null : found.kind === 'none' ? [] : found.addresses;
      },
      ca: options.ca,
      addresses: options.privateAddresses === 'allowed' ? ('any' as const) : ('public' as const),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      redirects: 0,
    };
    const result = await fetchHttps(`https://mta-sts.${domain}${port}/.well-known/mta-sts.txt`, limits, signal);
    if (result.kind === 'failed') return result;
    if (result.status !== 200) return { kind: 'failed', reason: 'bad-status' };
    // Guards against servers that let strangers place files (RFC 8461 3.2).
    if (!/^text\/plain[ \t]*(?:;|$)/i.test(result.contentType ?? '')) return { kind: 'failed', reason: 'bad-content-type' };
    const text = Buffer.from(result.body).toString('utf8');
    const policy = parseStsPolicy(text);
    return policy === null ? { kind: 'failed', reason: 'bad-policy' } : { kind: 'policy', policy, text };
  };
}
