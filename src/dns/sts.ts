// Which MTA-STS policy is in force for a domain now (RFC 8461 3.3, 5.1): the TXT record says which one is current, the cache outlives
// a record or a web server that someone suppresses. Guarantee: an unexpired cached policy is applied whatever DNS and HTTPS say.
import { MailError } from '../mail/mail-error.ts';
import type { Resolver } from './resolver.ts';
import { stsPolicyId } from './sts-record.ts';
import type { StsFetcher, StsFetchFailure } from './sts-fetch.ts';
import { parseStsPolicy } from './sts-policy.ts';
import type { StsPolicy } from './sts-policy.ts';
import { untilStopped } from './until-stopped.ts';

export interface StoredStsPolicy {
  readonly id: string;
  readonly text: string;
  readonly fetchedAt: number;
  readonly expiresAt: number;
}

/** What is needed of a store: by keyed digest of the domain, kept over restarts. */
export interface StsPolicyStore {
  readStsPolicy(domain: Uint8Array): Promise<StoredStsPolicy | null>;
  writeStsPolicy(domain: Uint8Array, policy: StoredStsPolicy | null): Promise<void>;
}

export interface StsOptions {
  readonly resolver: Resolver;
  readonly fetchPolicy: StsFetcher;
  readonly store: StsPolicyStore;
  readonly digestOf: (domain: string) => Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /**
   * Told when a domain announces a policy that cannot be had. `applied` says what was done: the policy in the cache, or none, as
   * RFC 8461 3.3 demands. The domain is somebody's: only its digest may be logged.
   */
  readonly unavailable: (event: { readonly domain: string; readonly reason: StsFetchFailure; readonly applied: 'cached' | 'none' }) => void;
}

export type StsInForce =
  | { readonly kind: 'policy'; readonly policy: StsPolicy }
  | { readonly kind: 'none' }
  /** Whether there is a policy is not known, and no cached one helps: not absence. */
  | { readonly kind: 'failed'; readonly code: 'route.dns-failed' | 'route.sts-unavailable' };

export type StsLookup = (domain: string, signal?: AbortSignal) => Promise<StsInForce>;

/** RFC 8461 3.3 and 10.2: refreshed daily, so that the policy does not run out while someone suppresses the new one. */
const REFRESH_AFTER_MS = 24 * 3600 * 1000;
/** RFC 8461 3.3: five minutes or more between failed fetches of one policy id. */
const RETRY_AFTER_MS = 5 * 60 * 1000;
const MAX_FAILURES_KEPT = 2000;

interface Failure {
  readonly id: string;
  readonly at: number;
}

/** A look-up of the policy in force. Equal look-ups at the same time are one. */
export function stsLookup(options: StsOptions): StsLookup {
  const failures = new Map<string, Failure>();
  const underWay = new Map<string, Promise<StsInForce>>();
  return (domain, signal) => {
    let lookup = underWay.get(domain);
    if (lookup === undefined) {
      // Shared, so no caller's signal ends it; DNS and HTTPS have limits of their own.
      lookup = policyInForce(domain, options, failures).finally(() => underWay.delete(domain));
      underWay.set(domain, lookup);
    }
    return untilStopped(lookup, signal, { kind: 'failed', code: 'route.dns-failed' });
  };
}

async function policyInForce(domain: string, options: StsOptions, failures: Map<string, Failure>): Promise<StsInForce> {
  const { resolver, fetchPolicy, store, digestOf, now } = options;
  const digest = digestOf(domain);
  const [cached, answer] = await Promise.all([readCached(store, digest, now()), resolver.query(`_mta-sts.${domain}`, 'TXT')]);
  // A cache that cannot be read may hold a policy.
  if (cached === 'unreadable') return { kind: 'failed', code: 'route.sts-unavailable' };
  const fallback: StsInForce = cached === null ? { kind: 'none' } : { kind: 'policy', policy: cached.policy };
  // A failed look-up is not absence (DESIGN.md section 3); with a policy in the cache it does not matter (RFC 8461 3.3).
  if (answer.kind === 'failed') return cached === null ? { kind: 'failed', code: 'route.dns-failed' } : fallback;
  const id = answer.kind === 'records' ? stsPolicyId(answer.records) : null;
  if (id === null) return fallback;
  if (cached !== null && cached.stored.id === id && now() - cached.stored.fetchedAt < REFRESH_AFTER_MS) return fallback;
  if (hasJustFailed(failures.get(domain), id, now())) return fallback;
  const fetched = await fetchPolicy(domain);
  if (fetched.kind === 'failed') {
    note(failures, domain, { id, at: now() });
    // The domain announces a policy that nobody can read. RFC 8461 3.3 demands to go on as if it had none: else a broken web server
    // would stop a domain's mail. It is recorded, and the floor of the decision holds all the same.
    options.unavailable({ domain, reason: fetched.reason, applied: cached === null ? 'none' : 'cached' });
    return fallback;
  }
  const fetchedAt = now();
  await writeCached(store, digest, { id, text: fetched.text, fetchedAt, expiresAt: fetchedAt + fetched.policy.maxAgeSeconds * 1000 });
  return { kind: 'policy', policy: fetched.policy };
}

interface Cached {
  readonly stored: StoredStsPolicy;
  readonly policy: StsPolicy;
}

async function readCached(store: StsPolicyStore, digest: Uint8Array, now: number): Promise<Cached | null | 'unreadable'> {
  let stored: StoredStsPolicy | null;
  try {
    stored = await store.readStsPolicy(digest);
  } catch (error) {
    if (error instanceof MailError) return 'unreadable';
    throw error;
  }
  if (stored === null || stored.expiresAt <= now) return null;
  const policy = parseStsPolicy(stored.text);
  return policy === null ? null : { stored, policy };
}

/** A policy that cannot be kept still applies now. */
async function writeCached(store: StsPolicyStore, digest: Uint8Array, policy: StoredStsPolicy): Promise<void> {
  try {
    await store.writeStsPolicy(digest, policy);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
  }
}

function hasJustFailed(failure: Failure | undefined, id: string, now: number): boolean {
  return failure !== undefined && failure.id === id && Math.abs(now - failure.at) < RETRY_AFTER_MS;
}

function note(failures: Map<string, Failure>, domain: string, failure: Failure): void {
  failures.delete(domain);
  const [oldest] = failures.keys();
  if (failures.size >= MAX_FAILURES_KEPT && oldest !== undefined) failures.delete(oldest);
  failures.set(domain, failure);
}
